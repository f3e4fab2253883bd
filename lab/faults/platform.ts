import { StopPoints } from '../../lib/agent-protocol/stop-points';
import { platforms } from '../../lib/registry';
import { systems } from '../../lib/systems';
import { Capabilities } from '../../lib/generate/capabilities';
import { must, run } from '../command';
import { Lab } from '../lab';
import { DEVICES, DeviceName, Moment, Step } from './moment';
import { firewalld } from './others/firewalld';
import { iptables } from './others/iptables';
import { nftables } from './others/nftables';
import { Others } from './others/others';

/** What the faults know of a platform: its capabilities, the places at which its devices can be stopped, and what others do there. */
export interface FaultPlatform extends StopPoints {
  readonly id: string;
  readonly capabilities: Capabilities;
  readonly others: Others;
  /** Those of the lab that are on it. The gateway is on the first of all platforms where this is none. */
  readonly devices: readonly DeviceName[];
}

const OTHERS: Readonly<Record<string, Others>> = { nftables, iptables, firewalld };

/**
 * Those whose devices the lab can stop, by their ids, first what can be anything. A room that says how, and for which nobody has said what
 * others do, is an error.
 */
export const faultPlatforms: ReadonlyMap<string, FaultPlatform> = new Map(
  Object.entries(platforms).flatMap(([id, { capabilities }]) => {
    const { runs } = systems[id as keyof typeof systems];
    if (!runs.places) return [];
    const others = OTHERS[id];
    if (!others) throw new Error(`lab/faults/others/ has nothing of ${id}.`);
    const devices = DEVICES.filter((device) => device === 'web1' || 'gateway' in capabilities);
    return [[id, { id, capabilities, others, devices, ...runs.places }] as const];
  }),
);

/** What a device is on while web1 is on this one. */
export function platformOf(device: DeviceName, platform: FaultPlatform): FaultPlatform {
  if (platform.devices.includes(device)) return platform;
  return [...faultPlatforms.values()].find(({ devices }) => devices.includes(device)) ?? platform;
}

const named = ({ id, others }: FaultPlatform) => ({ platform: id, version: others.version });

/** The same of each device, as an intent names it. */
export const platformsOf = (platform: FaultPlatform) => ({
  edge1: named(platformOf('edge1', platform)),
  web1: named(platformOf('web1', platform)),
});

interface Status {
  readonly owners: readonly Readonly<Record<string, string>>[];
  /** Whether a release is on trial, or is being undone. */
  readonly onTrial: boolean;
}

/** How long packets may be lost while one release takes the other's place, in milliseconds. */
export function outageAllowed({ transition }: Capabilities): number {
  return transition === 'atomic' || transition === 'never wider' ? 0 : 5000;
}

/** Everything of ours that runs, as text. From outside the device: it is asked for all the time, and a login costs more than the answer. */
export const textOfOurs = async (lab: Lab, device: DeviceName, platform: FaultPlatform): Promise<string> =>
  must(await lab.device(device).inside(['sh', '-c', platformOf(device, platform).snapshot]));

/** What the device itself says of its owners; undefined when it can't be asked. */
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

/** Where it can be stopped within a step. */
export const placesWithin = (platform: StopPoints, step: Step): readonly Moment[] =>
  (platform.within[step] ?? []).map((point) => ({ step, point }));
