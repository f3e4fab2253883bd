import { LATER_PHASES } from '../exposure/phase';
import { withFirsts } from '../meaning/alike';
import { meaningOf } from '../meaning/meaning';
import { Device } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { Stands } from '../net/standing-in';
import { Excess } from '../policy/excess';
import { Policy } from '../policy/policy';
import { Alike, Reading } from '../reading/reader';
import { Written } from '../writing/writer';
import { differences } from './compare';

interface Meant {
  readonly policy: Policy;
  readonly written: Written;
  readonly device: Device;
}

/**
 * Whether a proof of the first of hosts that are alike is one of all: neither the text tells them apart, nor what is asked for, nor what the
 * text was written around. Then whatever a packet of others comes to differs in their addresses alone from what the same packet of the first comes to.
 * Where it isn't, nothing follows.
 */
export function isProvenByFirsts(
  { policy, written, device }: Meant,
  excess: Excess,
  { alike, ...reading }: Reading,
  rest: Reading,
): boolean {
  if (!alike || policy.kind !== 'gateway' || written.surroundings.captured) return false;
  const few = withFirsts(policy, alike.sorts);
  if (!few || !isIndifferent(rest, alike)) return false;
  const firsts: Reading = { ...reading, ...alike.firsts };
  return differences({ expected: meaningOf(few, excess), reading: firsts, besides: { whole: firsts, rest }, device }).length === 0;
}

/** Whether a text says the same of all of them, and of whatever becomes of their packets. */
function isIndifferent(reading: Reading, { sorts }: Alike): boolean {
  const stands = new Stands(
    sorts.flatMap((hosts) => hosts.flatMap((host) => host.map((at, role) => ({ at, from: hosts[0]![role]!, like: 0 })))),
  );
  const same = <V>(map: PacketMap<V>): boolean =>
    map.standingIn('source', stands).equals(map) && map.standingIn('destination', stands).equals(map);
  return [reading.exposure, ...LATER_PHASES.flatMap((phase) => reading.later(phase) ?? [])].every(({ views }) =>
    views.every(({ verdicts, translations }) => same(verdicts) && same(translations)),
  );
}
