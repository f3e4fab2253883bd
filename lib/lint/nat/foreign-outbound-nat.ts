import { Rewrite, createMove } from '../../reachability/reachability';
import { toRange, printPrefix } from '../../net/address';
import { GatewayPolicy, Mapping } from '../../policy/policy';
import { printList } from '../addresses';
import { selectLeaving, getLeavingSources } from '../translated-hosts';
import { createMappingFinder } from '../owner-findings';
import { SubjectOwner } from '../lint-subject';
import { LintRule } from '../lint-rule';
import { NAT_PAGE, NFT_PAGE } from '../source-documents';

/**
 * Finds mappings whose host leaves by another address than its external one. An outbound NAT of another owner matches
 * before the mapping.
 */
export const foreignOutboundNat: LintRule = {
  code: 'nat/foreign-outbound-nat',
  severity: 'error',
  title: 'Another rule translates what our mapping should',
  decidedBy: 'intent',
  explanation: {
    why: 'The first translation that matches wins. An unmanaged outbound NAT that is looked at before ours lets the server leave as another address, while it is still reached by the public one.',
    when: "Found where a mapping for all peers leaves, by what was read of the device, as another address than its public one. Our own text alone can't show this; a text read from the device can.",
    remedy: 'Take the mapped hosts out of the other outbound NAT, or let it come after ours.',
    source: `${NAT_PAGE}; ${NFT_PAGE}`,
  },
  find: createMappingFinder(findOverruledMappings, (mappings) => ({
    what: `${printList(mappings.map(({ internal, external }) => `${printPrefix(internal)} doesn't leave as ${printPrefix(external)}`))}: another outbound NAT comes first.`,
    instead: 'The mapped hosts left out of that NAT, or that NAT after ours.',
  })),
};

function findOverruledMappings({ mappings }: GatewayPolicy, gateway: SubjectOwner): readonly Mapping[] {
  const leavingSources = getLeavingSources(gateway);
  return mappings.filter(({ enabled, inboundOnly, peers, exclude, internal, external, interface: interfaceName }) => {
    if (!enabled || inboundOnly || peers !== 'anywhere' || exclude.length > 0) return false;
    const expectedRewrite: Rewrite = createMove(external.first - internal.first);
    // A single way out has no name. With several, the mapping leaves by its own.
    const leaving = selectLeaving(leavingSources.get(interfaceName) ?? leavingSources.get('') ?? [], toRange(internal));
    return leaving.some(({ translations }) => translations.some(({ source }) => source !== expectedRewrite));
  });
}
