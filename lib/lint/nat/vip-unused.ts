import { toRange } from '../../net/address';
import { mergeRanges } from '../../net/range';
import { GatewayPolicy, VirtualIp } from '../../policy/policy';
import { overlapsAny } from '../addresses';
import { createVirtualIpFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { MANUAL } from '../source-documents';

/**
 * Finds virtual IPs without a mapping and without `answers`. The gateway takes the address and drops all packets to it.
 */
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
  find: createVirtualIpFinder(findUnusedVips, (prefixes) => ({
    what: `No mapping uses ${prefixes}: the gateway takes what arrives there, and drops it.`,
    instead: 'A mapping of it; or no virtual IP, where nothing is to come.',
  })),
};

function findUnusedVips({ mappings, virtualIps }: GatewayPolicy): readonly VirtualIp[] {
  const mappedRanges = mergeRanges(mappings.map(({ external }) => toRange(external)));
  return virtualIps.filter(
    ({ external, answers }) => answers.entries.length === 0 && !overlapsAny(mappedRanges, toRange(external)),
  );
}
