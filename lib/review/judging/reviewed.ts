import { PLANS_WORK, withinWork } from '../../net/work';
import { MORE_WORK } from '../../problems/more-work';
import { Plan } from '../plan';
import { REVIEW_FORMAT, Remark, Review } from '../review';
import { rulesChanged } from '../rules/changed';
import { afterwards } from './afterwards';
import { edgeBlocks, serverBlocks } from './blocks';
import { foreignNotes, missingPlans, otherCommit, otherReleases, unusedAnswers, unwanted } from './circumstances';
import { deviceNotes, deviceReview, isChanged, isTouched, unjudged } from './devices';
import { edgesOf } from './edges';
import { headlineOf } from './headline';
import { unknownHosts } from './hosts';
import { Known } from './known';
import { mixedRemarks } from './mixed';
import { claimedTwice, ownedOnce } from './ownership';
import { Names } from './reaches';
import { changesOf } from './rows';
import { Sides } from './sides';
import { Remarks } from './state';
import { judgedOwner } from './states';
import { staying } from './staying';
import { Texts, unforeseen } from './texts';

/** What the plans of one change do together, judged whole. Never throws: what can't be decided, for whatever reason, is unknown. */
export function reviewOf(plans: readonly Plan[], known: Known): Review {
  try {
    return withinWork(
      PLANS_WORK,
      () => judgedTogether(plans, known),
      () => notJudged(plans, tooMuch),
    );
  } catch (error) {
    return notJudged(plans, unforeseen(error));
  }
}

function judgedTogether(plans: readonly Plan[], known: Known): Review {
  const remarks = new Remarks();
  for (const { doubts, objections } of plans) {
    remarks.unknown.push(...doubts);
    remarks.objections.push(...objections);
  }
  remarks.unknown.push(...missingPlans(known));
  const texts = new Texts();
  const owners = ownedOnce(plans, remarks).map(({ plan, planned }) => ({
    ...{ plan, planned },
    judged: judgedOwner(planned, plan, known, texts, remarks),
  }));
  const all = owners.flatMap(({ judged }) => (judged ? [{ judged, sides: new Sides(judged) }] : []));
  const edges = edgesOf(all);
  const servers = all.filter(({ judged }) => judged.planned.role === 'server');
  const through = edges.flatMap(edgeBlocks);
  const blocks = [...through, ...servers.flatMap((server) => serverBlocks(server, edges, through))];
  const changes = changesOf(blocks, new Names(servers));
  edges.forEach((edge) => mixedRemarks(edge, remarks));
  remarks.objections.push(...claimedTwice(all.map(({ judged }) => judged)), ...unwanted(changes.counts, known));
  const [commit, unused] = [otherCommit(plans, known), unusedAnswers(plans, known)];
  remarks.objections.push(...commit.objections, ...otherReleases(plans, known));
  remarks.unknown.push(...commit.unknown, ...unused.unknown);
  for (const { judged } of all) staying(judged, plans, remarks);
  const devices = owners.map(({ plan, planned, judged }) => (judged ? deviceReview(judged, blocks) : unjudged(planned, plan.name)));
  for (const { judged } of all) remarks.notes.push(...deviceNotes(judged, isChanged(judged, blocks)));
  remarks.notes.push(...edges.flatMap(unknownHosts), ...foreignNotes(plans), ...unused.notes, ...moreRows(changes));
  const devicesChanged = new Set(owners.filter(({ planned }) => isTouched(planned)).map(({ planned }) => planned.device)).size;
  const then = afterwards(all, edges, { changes: changes.rows, devicesChanged }, known);
  remarks.objections.push(...then.objections);
  remarks.notes.push(...then.notes);
  const { objections, unknown, notes } = remarks;
  const { rules } = known;
  const policy = rules ? { name: rules.name, changed: rules.before ? rulesChanged(rules.before, rules.rules) : [] } : undefined;
  const { warnings } = then;
  return {
    format: REVIEW_FORMAT,
    verdict: verdictOf(unknown.length + changes.counts.unknown, objections.length, warnings.fresh),
    headline: headlineOf(blocks, changes.counts, { objections, unknown, warnings, rulesChange: (policy?.changed.length ?? 0) > 0 }),
    counts: { ...changes.counts, devices: devicesChanged },
    ...{ objections, unknown, notes, changes: changes.rows, devices, lint: then.lint },
    plans: planRemarks(plans),
    universe: UNIVERSE,
    ...(policy ? { policy } : {}),
  };
}

const verdictOf = (unknown: number, objections: number, warnings: number): Review['verdict'] =>
  unknown > 0 ? 'unknown' : objections > 0 ? 'objections' : warnings > 0 ? 'warnings' : 'nothing to object to';

const planRemarks = (plans: readonly Plan[]): Review['plans'] =>
  plans.map(({ name, terraformVersion, foreign }) => ({
    ...{ name, terraformVersion, foreignUnchanged: foreign.unchanged },
    foreignChanged: foreign.changed.map(({ address, actions }) => `${address} (${actions.join(', ')})`),
  }));

const UNIVERSE =
  'The first packet of every connection, of all protocols 0 to 255, ports and ICMP types, IPv4 and IPv6: to our public addresses, to the inside addresses behind them when they come from outside, to the servers, and what mapped hosts and servers send. What is not listed stays as it is. That planned texts do no more than their policies ask for is judged of sessions, strays and everything else, too.';

function moreRows({ rows, counts }: ReturnType<typeof changesOf>): readonly Remark[] {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (all === rows.length) return [];
  return [
    {
      code: 'review/more-rows',
      where: 'this change',
      what: `${all} rows change, of which the first ${rows.length} are listed, the worst first; the verdict and the counts are about all of them.`,
      instead: '',
    },
  ];
}

/** A review that says nothing but why it says nothing. */
const notJudged = (plans: readonly Plan[], why: Remark): Review => ({
  format: REVIEW_FORMAT,
  verdict: 'unknown',
  headline: 'the change can not be judged; 1 unknown',
  counts: { opened: 0, closed: 0, moved: 0, identity: 0, unknown: 0, devices: 0 },
  objections: plans.flatMap(({ objections }) => objections),
  unknown: [why, ...plans.flatMap(({ doubts }) => doubts)],
  ...{ notes: [], changes: [], lint: [] },
  devices: plans.flatMap(({ name, owners }) => owners.map((planned) => unjudged(planned, name))),
  plans: planRemarks(plans),
  universe: UNIVERSE,
});

const tooMuch: Remark = {
  code: 'review/too-much-to-judge',
  where: 'this change',
  what: 'To tell apart all packets that its rules tell apart takes more work than is spent on one change.',
  instead: `several changes one after another; rules that share their sets of addresses and ports. ${MORE_WORK}`,
};
