// The hooks of nftables bridge tables that a packet passes if it comes or leaves by a bridge, and the test whether an
// interface may be a bridge.

import { Device } from '../net/device';

/**
 * Hooks of bridge tables for packets that come to the device by a bridge. Source: br_handle_frame and br_pass_frame_up
 * in Linux.
 */
export const BRIDGE_INPUT_HOOKS: readonly string[] = ['prerouting', 'input'];

/**
 * Returns the hooks of bridge tables for packets that leave by an interface, if that is a bridge. A packet that goes on
 * to another port of the bridge that it came by has `forward`, and nothing else. Source: br_dev_xmit and br_forward.
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

/** Returns whether an interface may be a bridge, as far as the facts tell. */
export const canBeBridge = (
  { unbridgedInterfaces }: Pick<Device, 'unbridgedInterfaces'>,
  name: string | undefined,
): boolean => name === undefined || unbridgedInterfaces?.has(name) !== true;
