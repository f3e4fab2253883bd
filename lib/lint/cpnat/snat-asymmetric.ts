import { moved } from '../../reachability/exposure';
import { Range, overlap } from '../../net/range';
import { prefixRange, printRange } from '../../net/address';
import { some } from '../addresses';
import { cpanelHostsOf } from '../cpanel-hosts';
import { Host, leavingIn, leavingOf } from '../hosts';
import { perGatewayOfHosts } from '../per-owner';
import { SubjectOwner } from '../subject';
import { LintRule } from '../rule';
import { NAT_PAGE } from '../sources';

export const snatAsymmetric: LintRule = {
  code: 'cpnat/snat-asymmetric',
  severity: 'error',
  title: 'A server leaves as another address than the one it is reached by',
  decidedBy: 'text',
  explanation: {
    why: "The server asks the internet as whom it is seen and writes that down as its public address. When it leaves as another one than clients reach it by, its DNS zones, its mail name and its certificates are for an address that doesn't lead to it.",
    when: "Found for a cPanel host that is reached by a public address and leaves for the internet as another, or untranslated. Where a policy's mapping of the host is for listed peers, licence/restricted-mapping speaks of it instead.",
    remedy: 'Let the mapping work both ways: no `inboundOnly`, and one inside address for each public one.',
    source: NAT_PAGE,
  },
  find: perGatewayOfHosts(
    (gateway, subject) => cpanelHostsOf(subject, gateway).filter((host) => isAsymmetric(gateway, host)),
    (found) => ({
      what: `${some(found.map(({ inside, outside }) => `${printRange(inside)} is reached at ${printRange(outside)} and doesn't leave as it`))}: the server will record another public address.`,
      instead: 'A mapping that works both ways, and an inside address of its own for each public one.',
    }),
  ),
};

function isAsymmetric(gateway: SubjectOwner, { outside, inside }: Host): boolean {
  const ways = [...leavingOf(gateway).values()].flatMap((list) => leavingIn(list, inside));
  const source = moved(outside.first - inside.first);
  if (ways.length === 0 || ways.some(({ translations }) => translations.every((one) => one.source === source)))
    return false;
  // As which address others' rules let it leave isn't known where ours leave it alone.
  return !isForListedPeers(gateway, inside);
}

const isForListedPeers = ({ policy }: SubjectOwner, inside: Range): boolean =>
  policy?.kind === 'gateway' &&
  policy.mappings.some(
    (one) =>
      one.enabled &&
      !one.inboundOnly &&
      one.peers !== 'anywhere' &&
      overlap(prefixRange(one.inside), inside) !== undefined,
  );
