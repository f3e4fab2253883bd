import { FAMILIES, Family } from '../../net/address';
import { getLocalAddresses } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { isInternetWide } from '../addresses';
import { selectViews } from '../owners';
import { printOwner } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { printServicePorts } from '../print-packets';
import { FIREWALL_PAGE, NFT_PAGE } from '../source-documents';
import { InputFilter, SubjectOwner } from '../lint-subject';
import { getFullyOpenSources } from '../lint-targets';
import { TCP_UDP, selectAllowed } from '../select-view-packets';

/**
 * Finds two input chains that each drop by default, made by two programs or by hand. A packet must pass both, so a port
 * that one opens stays closed.
 */
export const twoFilters: LintRule = {
  code: 'ports/two-filters',
  severity: 'warning',
  title: 'Two firewalls of one host each drop what they do not open',
  decidedBy: 'text',
  explanation: {
    why: 'Two programs, or a program and rules by hand, may each keep a list of their own in the kernel: a packet has to pass both. A port that one of them opens stays closed, which is looked for everywhere but in the other; and who stops one of them, sure that it did nothing, opens what it alone had closed.',
    when: 'Found in a text of others where two lists of the input hook, each taken alone, drop nearly every TCP port for all sources. Not found where the second one drops by name (bans), or accepts by default. Two programs whose rules stand in one list are not told apart: there the first rule decides.',
    remedy:
      'One of them. Where both have to stay, open a port in each, and take away the one whose default is not needed. On a server with cPanel the vendor wants firewalld gone where another firewall is there.',
    source: `${NFT_PAGE}; ${FIREWALL_PAGE}`,
  },
  find: ({ owners }) =>
    owners.flatMap((owner) => {
      const closedByFamily = FAMILIES.map((family) =>
        (owner.filters ?? []).filter((item) => dropsByDefault(owner, item, family)),
      );
      const closedLists = FAMILIES.flatMap((family, index) =>
        closedByFamily[index]!.length > 1 ? closedByFamily[index]!.map((item) => ({ inputFilter: item, family })) : [],
      );
      const lists = [...new Set(closedLists.map(({ inputFilter }) => inputFilter))];
      if (lists.length === 0) return [];
      const ineffectiveTexts = lists.flatMap((list) => {
        const families = closedLists
          .filter(({ inputFilter }) => inputFilter === list)
          .map(({ family }) => PacketMap.createSet({ family }));
        const services = printServicePorts(getVainlyOpenPackets(owner, list, PacketMap.mergeFirst(families)));
        return services === '' ? [] : `${services}, which ${printFilter(list)} opens.`;
      });
      return {
        where: printOwner(owner),
        what: `What comes to the server has to pass ${lists.map(printFilter).join(' and ')}, each of which drops what it doesn't open.${ineffectiveTexts.map((item) => ` Closed to most all the same: ${item}`).join('')}`,
        instead: 'One of them; until then a port is opened in each.',
      };
    }),
};

const printFilter = ({ place, programs }: InputFilter): string =>
  programs.length === 0 ? place : `${place} (${programs.join(', ')})`;

const getLocalPackets = ({ device }: SubjectOwner): PacketSet =>
  PacketMap.createSet({ destination: [...getLocalAddresses(device)].map(toSingleRange) });

/**
 * Returns whether a list drops by default: nearly every TCP port is closed to the internet, and nearly all are open to
 * a few sources at most.
 */
function dropsByDefault(owner: SubjectOwner, { reachability }: InputFilter, family: Family): boolean {
  const localPackets = getLocalPackets(owner).intersect(PacketMap.createSet({ family }));
  const passingPackets = PacketMap.mergeFirst(
    selectViews({ ...owner, reachability }, true).map(({ dispositions }) => dispositions.domain),
  );
  const isFromAnyone = ({ below }: { readonly below: PacketSet }): boolean =>
    isInternetWide(getFullyOpenSources(below, family), family);
  const closedGroups = localPackets.subtract(passingPackets).groupAlong('destination');
  return (
    closedGroups.length > 0 &&
    closedGroups.every(isFromAnyone) &&
    !localPackets.intersect(passingPackets).groupAlong('destination').some(isFromAnyone)
  );
}

/** Returns the packets of these families that a list lets in from the internet and of which nothing gets in. */
function getVainlyOpenPackets(owner: SubjectOwner, { reachability }: InputFilter, families: PacketSet): PacketSet {
  const mergePassing = (views: SubjectOwner['reachability']['views']): PacketSet =>
    PacketMap.mergeFirst(views.map(({ dispositions }) => dispositions.domain));
  const openPackets = PacketMap.mergeFirst(
    selectViews({ ...owner, reachability }, true).map(({ dispositions }) => selectAllowed(dispositions)),
  );
  const closedPackets = openPackets
    .intersect(TCP_UDP)
    .intersect(families)
    .intersect(getLocalPackets(owner))
    .subtract(mergePassing(selectViews(owner, true)));
  return PacketMap.mergeFirst(
    closedPackets
      .groupAlong('destination')
      .flatMap(({ family, below }) => below.groupAlong('source').filter(({ ranges }) => isInternetWide(ranges, family)))
      .map(({ below }) => below),
  );
}
