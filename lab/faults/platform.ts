// The platforms that the fault tests run on, each with its stop points, the actions of other programs on its devices,
// and the outage that it permits. Also reads the running rules and the status of a device.

import { StopPoints } from '../../lib/agent-protocol/stop-points';
import { platforms } from '../../lib/registry';
import { systems } from '../../lib/device-systems';
import { Capabilities } from '../../lib/generate/capabilities';
import { must, run } from '../command';
import { Lab } from '../lab';
import { DEVICES, DeviceName, Moment, Step } from './moment';
import { firewalld } from './others/firewalld';
import { iptables } from './others/iptables';
import { nftables } from './others/nftables';
import { Others } from './others/platform-actions';
import { ROLLBACK_SECONDS } from './version-options';

/**
 * The faults' knowledge of a platform: its capabilities, the stop points of its devices, and the actions of other
 * programs there.
 */
export interface FaultPlatform extends StopPoints {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly others: Others;
  /** Devices of the lab that run it. If the gateway isn't one of them, it runs the first of all platforms. */
  readonly devices: readonly DeviceName[];
}

const OTHERS: Readonly<Record<string, Others>> = { nftables, iptables, firewalld };

/**
 * The platforms whose devices the lab can stop, by id; first those for every device. A platform with stop points but
 * without actions of others is an error.
 */
export const faultPlatforms: ReadonlyMap<string, FaultPlatform> = new Map(
  Object.entries(platforms).flatMap(([id, { capabilities }]) => {
    const { agentProgram } = systems[id as keyof typeof systems];
    if (!agentProgram.stopPoints) return [];
    const others = OTHERS[id];
    if (!others) throw new Error(`lab/faults/others/ has nothing of ${id}.`);
    const devices = DEVICES.filter((device) => device === 'web1' || 'gateway' in capabilities);
    return [[id, { id, capabilities, others, devices, ...agentProgram.stopPoints }] as const];
  }),
);

/** Returns the platform of a device while web1 runs this one. */
export function platformOf(device: DeviceName, platform: FaultPlatform): FaultPlatform {
  if (platform.devices.includes(device)) return platform;
  return [...faultPlatforms.values()].find(({ devices }) => devices.includes(device)) ?? platform;
}

const named = ({ id, others }: FaultPlatform) => ({ platform: id, version: others.version });

/** Returns the same for each device, as an intent names it. */
export const platformsOf = (platform: FaultPlatform) => ({
  edge1: named(platformOf('edge1', platform)),
  web1: named(platformOf('web1', platform)),
});

interface Status {
  readonly owners: readonly Readonly<Record<string, string>>[];
  /** True while a release is armed, or is being rolled back. */
  readonly onTrial: boolean;
}

/**
 * Milliseconds for which a program may take to load its rules while nothing answers. firewalld needs four to eight
 * seconds on a slow machine. The limit is less than the rollback time, so an outage that only the rollback ends fails.
 */
export const LOADING_TIME = 20_000;

/** Milliseconds for which packets may be lost if only the rollback timer ends a delivery. */
export const TIME_TO_ROLL_BACK = ROLLBACK_SECONDS * 1000 + LOADING_TIME;

/** Returns the milliseconds for which packets may be lost while one release replaces another. */
export function outageAllowed({ transition }: Capabilities): number {
  return transition === 'atomic' || transition === 'never wider' ? 0 : LOADING_TIME;
}

/**
 * Returns all our running rules as text. It is read from outside the device, because it is needed often and a login
 * takes longer.
 */
export const textOfOurs = async (lab: Lab, device: DeviceName, platform: FaultPlatform): Promise<string> =>
  must(await lab.device(device).inside(['sh', '-c', platformOf(device, platform).snapshot]));

/** Returns the owners on a device, as it reports them; undefined if it can't be asked. */
export async function deviceStatus(lab: Lab, device: DeviceName): Promise<Status | undefined> {
  if (!lab.device(device).running) return undefined;
  const { out } = await run(await lab.device(device).inside(['/usr/local/sbin/cpanel-edge-device', 'status']), {
    seconds: 20,
  });
  const result = /^cpanel-edge: ok status (.*)$/m.exec(out)?.[1];
  if (result === undefined) return undefined;
  const owners = [...out.matchAll(/^\|(owner=.*)$/gm)].map(([, line = '']) =>
    Object.fromEntries(
      line.split(' ').map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    ),
  );
  return { owners, onTrial: /armed=yes/.test(result) };
}

/** Returns the stop points of a step. */
export const placesWithin = (platform: StopPoints, step: Step): readonly Moment[] =>
  (platform.within[step] ?? []).map((point) => ({ step, point }));
