import { createMove } from '../../reachability/reachability';
import { Range, intersectRanges } from '../../net/range';
import { toRange, printRange } from '../../net/address';
import { printList } from '../addresses';
import { getCpanelHosts } from '../find-cpanel-hosts';
import { TranslatedHost, selectLeaving, getLeavingSources } from '../translated-hosts';
import { createHostFinder } from '../owner-findings';
import { SubjectOwner } from '../lint-subject';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds cPanel hosts that leave for the internet by another address than they are reached by. cPanel asks for its
 * address from there and publishes the wrong one.
 */
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
  find: createHostFinder(
    (gateway, subject) => getCpanelHosts(subject, gateway).filter((host) => isAsymmetric(gateway, host)),
    (hosts) => ({
      what: `${printList(hosts.map(({ internal, external }) => `${printRange(internal)} is reached at ${printRange(external)} and doesn't leave as it`))}: the server will record another public address.`,
      instead: 'A mapping that works both ways, and an inside address of its own for each public one.',
    }),
  ),
};

function isAsymmetric(gateway: SubjectOwner, { external, internal }: TranslatedHost): boolean {
  const leavingSources = [...getLeavingSources(gateway).values()].flatMap((list) => selectLeaving(list, internal));
  const source = createMove(external.first - internal.first);
  if (
    leavingSources.length === 0 ||
    leavingSources.some(({ translations }) => translations.every((translation) => translation.source === source))
  )
    return false;
  // If our rules leave its source alone, the address that other rules give it isn't known.
  return !isForListedPeers(gateway, internal);
}

const isForListedPeers = ({ policy }: SubjectOwner, internal: Range): boolean =>
  policy?.kind === 'gateway' &&
  policy.mappings.some(
    (mapping) =>
      mapping.enabled &&
      !mapping.inboundOnly &&
      mapping.peers !== 'anywhere' &&
      intersectRanges(toRange(mapping.internal), internal) !== undefined,
  );
