import { prefixRange, printPrefix } from '../../net/address';
import { joined } from '../../net/range';
import { VirtualIp } from '../../policy/policy';
import { some, touchesAny } from '../addresses';
import { namedVirtualIps, perGateway } from '../places';
import { SubjectOwner } from '../subject';
import { LintRule } from '../rule';
import { MANUAL } from '../sources';

export const vipUnused: LintRule = {
  code: 'nat/vip-unused',
  severity: 'note',
  title: 'No mapping uses a virtual IP',
  decidedBy: 'intent',
  explanation: {
    why: 'A virtual IP alone translates nothing: the gateway takes the address, and drops what arrives at it. Often its mapping was forgotten, or removed without it.',
    when: 'Found for virtual IPs of which no mapping has an address, not even one that is switched off, and at which the gateway itself answers nothing. An address that is kept for later is right that way, so this is a note.',
    remedy: 'A mapping of it, or `answers`; or no virtual IP.',
    source: MANUAL,
  },
  find: perGateway(unused, (found, gateway) => ({
    where: `${gateway.name}, ${namedVirtualIps(
      gateway,
      found.map(({ outside }) => prefixRange(outside)),
    )}`,
    what: `No mapping uses ${some(found.map(({ outside }) => printPrefix(outside)))}: the gateway takes what arrives there, and drops it.`,
    instead: 'A mapping of it; or no virtual IP, where nothing is to come.',
  })),
};

function unused({ policy }: SubjectOwner): readonly VirtualIp[] {
  if (policy?.kind !== 'gateway') return [];
  const mapped = joined(policy.mappings.map(({ outside }) => prefixRange(outside)));
  return policy.virtualIps.filter(({ outside, answers }) => answers.entries.length === 0 && !touchesAny(mapped, prefixRange(outside)));
}
