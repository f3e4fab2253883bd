import { PLANS_WORK, TooMuchWork, isSpent, withinWork } from '../../net/work';
import { MORE_WORK } from '../../problems/more-work';
import { Policies, unforeseen } from '../policies';
import { DeviceReview, Remark } from '../review';
import { Found, foundAfter } from './afterwards';
import { edgeBlocks, serverBlocks } from './blocks';
import { routesThatFollow } from './default-route';
import { deviceNotes, deviceReview, isChanged, unjudged } from './devices';
import { edgesOf } from './edges';
import { Group } from './groups';
import { Leading, leadingIn } from './headline/devices';
import { Told, toldOf } from './headline/told';
import { unknownHosts } from './hosts';
import { Known } from './known';
import { mixedRemarks } from './mixed';
import { Claiming, Owned, claimOf } from './ownership';
import { Names } from './reaches';
import { Changes, Room, changesOf } from './rows';
import { Shapes } from '../../verifier/shapes';
import { objectToSettings } from './settings';
import { Sides } from './sides';
import { Remarks } from './state';
import { judgedOwner } from './states';
import { staying } from './staying';
import { Texts } from './texts';

/** What is said of owners that were judged together. It holds nothing of what was read, so that many need no more memory than one. */
export interface Part {
  /** What was found while they were read and compared. */
  readonly found: Remarks;
  /** What is said of what becomes of them. */
  readonly besides: Remarks;
  readonly hosts: readonly Remark[];
  readonly changes: Changes | undefined;
  readonly told: readonly Told[];
  readonly leading: readonly Leading[];
  readonly claiming: readonly Claiming[];
  readonly devices: ReadonlyMap<Owned, DeviceReview>;
  readonly after: Found | undefined;
}

/** What every group of a review shares. */
interface Shared {
  readonly known: Known;
  readonly policies: Policies;
  readonly shapes: Shapes;
  readonly room: Room;
}

/** Each group has a limit of work of its own, for each of its gateways: one that is too much, or shows a mistake of ours, makes none of the others unknown. */
export const partOf = (group: Group, shared: Shared): Part =>
  withinWork(
    PLANS_WORK * Math.max(1, gatewaysOf(group).length),
    () => {
      try {
        return judged(group, shared);
      } catch (error) {
        if (error instanceof TooMuchWork) throw error;
        return notJudged(group, isSpent() ? tooMuch : (where) => unforeseen(error, where));
      }
    },
    () => notJudged(group, tooMuch),
  );

function judged(owned: Group, { known, policies, shapes, room }: Shared): Part {
  const [found, besides] = [new Remarks(), new Remarks()];
  const texts = new Texts(policies, shapes);
  const owners = owned.map((one) => ({ one, judged: judgedOwner(one.planned, one.plan, known, texts, found) }));
  const all = owners.flatMap(({ judged: its }) => (its ? [{ judged: its, sides: new Sides(its) }] : []));
  const edges = edgesOf(all);
  const servers = all.filter(({ judged: its }) => its.planned.role === 'server');
  const through = edges.flatMap(edgeBlocks);
  const blocks = [...through, ...servers.flatMap((server) => serverBlocks(server, edges, through))];
  const changes = changesOf(blocks, new Names(servers), room);
  edges.forEach((edge) => mixedRemarks(edge, found));
  const routes = routesThatFollow(all, edges);
  besides.notes.push(...routes);
  for (const { judged: its } of all) {
    staying(its, besides);
    besides.notes.push(...deviceNotes(its, isChanged(its, blocks)));
    besides.objections.push(...objectToSettings(its));
  }
  return {
    found,
    besides,
    changes,
    hosts: edges.flatMap(unknownHosts),
    told: blocks.map(toldOf),
    leading: leadingIn(
      all.map(({ judged: its }) => its),
      routes,
    ),
    claiming: all.flatMap(({ judged: its }) => claimOf(its)),
    devices: new Map(
      owners.map(({ one, judged: its }) => [
        one,
        its ? deviceReview(its, blocks) : unjudged(one.planned, one.plan.name),
      ]),
    ),
    after: foundAfter(all, edges, known),
  };
}

/** What is said of owners of which nothing can be. */
function notJudged(owned: Group, why: (where: string) => Remark): Part {
  const [found, besides] = [new Remarks(), new Remarks()];
  const gateways = gatewaysOf(owned);
  for (const { name } of gateways.length > 0 ? gateways : owned) found.unknown.push(why(name));
  for (const one of owned) staying(one, besides);
  return {
    found,
    besides,
    hosts: [],
    changes: undefined,
    told: [],
    leading: [],
    claiming: [],
    after: undefined,
    devices: new Map(owned.map((one) => [one, unjudged(one.planned, one.plan.name)])),
  };
}

const gatewaysOf = (owned: Group): Group => owned.filter(({ planned }) => planned.role === 'gateway');

const tooMuch = (where: string): Remark => ({
  code: 'review/too-much-to-judge',
  where,
  what: 'To tell apart all packets that its rules and those of the servers behind it tell apart takes more work than is spent on one gateway.',
  instead: `rules that share their sets of addresses and ports; several gateways in place of one. ${MORE_WORK}`,
});
