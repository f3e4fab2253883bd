import { Rewrite, moved } from '../../reachability/exposure';
import { prefixRange, printPrefix } from '../../net/address';
import { GatewayPolicy, Mapping } from '../../policy/policy';
import { some } from '../addresses';
import { leavingIn, leavingOf } from '../hosts';
import { perGatewayOfMappings } from '../per-owner';
import { SubjectOwner } from '../subject';
import { LintRule } from '../rule';
import { NAT_PAGE, NFT_PAGE } from '../sources';

export const foreignOutboundNat: LintRule = {
  code: 'nat/foreign-outbound-nat',
  severity: 'error',
  title: 'Somebody else translates what our mapping should',
  decidedBy: 'intent',
  explanation: {
    why: 'The first translation that matches wins. An outbound NAT of somebody else that is looked at before ours lets the server leave as another address, while it is still reached by the public one.',
    when: "Found where a mapping for everybody leaves, by what was read of the device, as another address than its public one. Our own text alone can't show this; a text read from the device can.",
    remedy: 'Take the mapped hosts out of the other outbound NAT, or let it come after ours.',
    source: `${NAT_PAGE}; ${NFT_PAGE}`,
  },
  find: perGatewayOfMappings(overruled, (found) => ({
    what: `${some(found.map(({ inside, outside }) => `${printPrefix(inside)} doesn't leave as ${printPrefix(outside)}`))}: another outbound NAT comes first.`,
    instead: 'The mapped hosts left out of that NAT, or that NAT after ours.',
  })),
};

function overruled({ mappings }: GatewayPolicy, gateway: SubjectOwner): readonly Mapping[] {
  const ways = leavingOf(gateway);
  return mappings.filter(({ enabled, inboundOnly, peers, exclude, inside, outside, interface: on }) => {
    if (!enabled || inboundOnly || peers !== 'anywhere' || exclude.length > 0) return false;
    const expected: Rewrite = moved(outside.first - inside.first);
    // One way out has no name; of several, the mapping leaves by its own.
    const leaving = leavingIn(ways.get(on) ?? ways.get('') ?? [], prefixRange(inside));
    return leaving.some(({ translations }) => translations.some(({ source }) => source !== expected));
  });
}
