import { Device } from '../net/device';

/** Hooks of bridge tables for what comes to the device by a bridge. Source: br_handle_frame and br_pass_frame_up in Linux. */
export const BRIDGE_INPUT_HOOKS: readonly string[] = ['prerouting', 'input'];

/**
 * Hooks of bridge tables for what leaves by an interface, if that is a bridge: what goes on to another port of the one that it came by has
 * `forward`, and nothing else. Source: br_dev_xmit and br_forward.
 */
export function getBridgeOutputHooks({
  iif,
  oif,
}: {
  readonly iif: string | undefined;
  readonly oif: string | undefined;
}): readonly string[] {
  return iif === oif ? ['forward', 'output', 'postrouting'] : ['output', 'postrouting'];
}

/** Whether it may be a bridge, for all that was told. */
export const canBeBridge = ({ unbridged }: Pick<Device, 'unbridged'>, name: string | undefined): boolean =>
  name === undefined || unbridged?.has(name) !== true;
