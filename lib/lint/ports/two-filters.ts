import { FAMILIES, Family } from '../../net/address';
import { localTo } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { point } from '../../net/range';
import { isAnybody } from '../addresses';
import { viewsFrom } from '../owners';
import { wholeOf } from '../per-owner';
import { LintRule } from '../rule';
import { servicesIn } from '../services-in';
import { FIREWALL_PAGE, NFT_PAGE } from '../sources';
import { Filter, SubjectOwner } from '../subject';
import { everythingOpenTo } from '../targets';
import { TCP_UDP, allowedAt } from '../verdicts';

export const twoFilters: LintRule = {
  code: 'ports/two-filters',
  severity: 'warning',
  title: 'Two firewalls of one host each drop what they do not open',
  decidedBy: 'text',
  explanation: {
    why: 'Two programs, or a program and rules by hand, may each keep a list of their own in the kernel: a packet has to pass both. A port that one of them opens stays closed, which is looked for everywhere but in the other; and who stops one of them, sure that it did nothing, opens what it alone had closed.',
    when: 'Found in a text of others where two lists of the input hook, each taken alone, drop nearly every TCP port for everybody. Not found where the second one drops by name (bans), or accepts by default. Two programs whose rules stand in one list are not told apart: there the first rule decides.',
    remedy:
      'One of them. Where both have to stay, open a port in each, and take away the one whose default nobody needs. On a server with cPanel the vendor wants firewalld gone where another firewall is there.',
    source: `${NFT_PAGE}; ${FIREWALL_PAGE}`,
  },
  find: ({ owners }) =>
    owners.flatMap((owner) => {
      const beside = FAMILIES.map((family) => (owner.filters ?? []).filter((one) => isClosed(owner, one, family)));
      const found = FAMILIES.flatMap((family, at) =>
        beside[at]!.length > 1 ? beside[at]!.map((one) => ({ one, family })) : [],
      );
      const lists = [...new Set(found.map(({ one }) => one))];
      if (lists.length === 0) return [];
      const vain = lists.flatMap((list) => {
        const families = found.filter(({ one }) => one === list).map(({ family }) => PacketMap.set({ family }));
        const services = servicesIn(openInVain(owner, list, PacketMap.first(families)));
        return services === '' ? [] : `${services}, which ${called(list)} opens.`;
      });
      return {
        where: wholeOf(owner),
        what: `What comes to the server has to pass ${lists.map(called).join(' and ')}, each of which drops what it doesn't open.${vain.map((one) => ` Closed to most all the same: ${one}`).join('')}`,
        instead: 'One of them; until then a port is opened in each.',
      };
    }),
};

const called = ({ at, programs }: Filter): string => (programs.length === 0 ? at : `${at} (${programs.join(', ')})`);

const toItself = ({ device }: SubjectOwner): PacketSet =>
  PacketMap.set({ destination: [...localTo(device)].map(point) });

/** Whether it drops by default: nearly every TCP port is closed to anybody, and nearly all are open to a few at most. */
function isClosed(owner: SubjectOwner, { exposure }: Filter, family: Family): boolean {
  const here = toItself(owner).within(PacketMap.set({ family }));
  const passing = PacketMap.first(viewsFrom({ ...owner, exposure }, true).map(({ verdicts }) => verdicts.domain));
  const ofAnybody = ({ below }: { readonly below: PacketSet }): boolean =>
    isAnybody(everythingOpenTo(below, family), family);
  const closed = here.apartFrom(passing).groups('destination');
  return closed.length > 0 && closed.every(ofAnybody) && !here.within(passing).groups('destination').some(ofAnybody);
}

/** What a list lets in from anybody, of these families, and nothing of it gets in. */
function openInVain(owner: SubjectOwner, { exposure }: Filter, families: PacketSet): PacketSet {
  const of = (views: SubjectOwner['exposure']['views']): PacketSet =>
    PacketMap.first(views.map(({ verdicts }) => verdicts.domain));
  const open = PacketMap.first(viewsFrom({ ...owner, exposure }, true).map(({ verdicts }) => allowedAt(verdicts)));
  const vain = open
    .within(TCP_UDP)
    .within(families)
    .within(toItself(owner))
    .apartFrom(of(viewsFrom(owner, true)));
  return PacketMap.first(
    vain
      .groups('destination')
      .flatMap(({ family, below }) => below.groups('source').filter(({ ranges }) => isAnybody(ranges, family)))
      .map(({ below }) => below),
  );
}
