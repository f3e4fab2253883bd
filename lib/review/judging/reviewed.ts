import { Plan } from '../plan';
import { Policies, unforeseen } from '../policies';
import { REVIEW_FORMAT, Remark, Review } from '../review';
import { splitAcknowledged } from '../rules/acknowledge';
import { rulesChanged } from '../rules/changed';
import { afterwards } from './afterwards';
import {
  foreignNotes,
  missingPlans,
  noCommand,
  otherCommit,
  otherReleases,
  unusedAnswers,
  unwanted,
} from './circumstances';
import { hasOtherSettings, isTouched, unjudged } from './devices';
import { Part, partOf } from './group';
import { groupsOf } from './groups';
import { headlineOf } from './headline/headline';
import { leadingOf } from './headline/devices';
import { Known } from './known';
import { Owned, claimedTwice, ownedOnce } from './ownership';
import { Room, joinedChanges } from './rows';
import { Shapes } from '../../verifier/shapes';
import { Remarks } from './state';
import { otherVersions } from './versions';
import { Written } from './written';

/** What the plans of one change do together, judged whole. Never throws: what can't be decided, for whatever reason, is unknown. */
export function reviewOf(plans: readonly Plan[], known: Known): Review {
  const steps = reviewInSteps(plans, known);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/**
 * The same, a group after the other. What a group needed is given back where its caller lets others run between two steps: until then an engine of
 * JavaScript keeps whatever was looked at through a weak reference. Source: ECMA-262, ClearKeptObjects.
 */
export function* reviewInSteps(plans: readonly Plan[], known: Known): Generator<Step, Review> {
  try {
    return yield* judgedTogether(plans, known);
  } catch (error) {
    return nothingJudged(plans, unforeseen(error));
  }
}

/** How many groups of all are judged. */
interface Step {
  readonly judged: number;
  readonly of: number;
}

function* judgedTogether(plans: readonly Plan[], known: Known): Generator<Step, Review> {
  const remarks = new Remarks();
  for (const { doubts, objections, notes = [] } of plans) {
    remarks.unknown.push(...doubts);
    remarks.objections.push(...objections);
    remarks.notes.push(...notes);
  }
  remarks.unknown.push(...missingPlans(known));
  const owned = ownedOnce(plans, remarks);
  const shared = { known, policies: known.policies ?? new Policies(), shapes: new Shapes(), room: new Room() };
  const parts: Part[] = [];
  const groups = groupsOf(owned, shared.policies);
  for (const group of groups) {
    parts.push(partOf(group, shared));
    yield { judged: parts.length, of: groups.length };
  }
  const changes = joinedChanges(parts.flatMap((part) => part.changes ?? []));
  for (const { found } of parts) remarks.add(found);
  remarks.objections.push(
    ...claimedTwice(parts.flatMap(({ claiming }) => claiming)),
    ...unwanted(changes.counts, known),
  );
  const [commit, unused] = [otherCommit(plans, known), unusedAnswers(plans, known)];
  remarks.objections.push(...commit.objections, ...otherReleases(plans, known));
  remarks.unknown.push(...commit.unknown, ...unused.unknown);
  for (const { besides } of parts) remarks.add(besides);
  const devices = new Map(parts.flatMap((part) => [...part.devices]));
  remarks.notes.push(
    ...parts.flatMap(({ hosts }) => hosts),
    ...foreignNotes(plans),
    ...noCommand(plans),
    ...unused.notes,
    ...moreRows(changes),
  );
  const devicesChanged = touchedBy(owned);
  remarks.objections.push(...otherVersions(plans, remarks.otherTexts));
  const then = afterwards(
    parts.flatMap(({ after }) => after ?? []),
    devicesChanged,
    remarks.objections,
    known,
  );
  const beside = splitAcknowledged(known.rules?.rules ?? {}, remarks.objections, known.today);
  remarks.notes.push(...then.notes, ...beside.notes);
  const { unknown, notes } = remarks;
  const written = new Written(plans);
  const objections = [...beside.objections, ...then.objections].map((one) => written.at(one));
  const { rules } = known;
  const policy = rules
    ? { name: rules.name, changed: rules.before ? rulesChanged(rules.before, rules.rules) : [] }
    : undefined;
  const { warnings } = then;
  const told = parts.flatMap((part) => part.told);
  const notJudged = parts
    .filter((part) => part.changes === undefined)
    .reduce((sum, part) => sum + part.devices.size, 0);
  return {
    format: REVIEW_FORMAT,
    verdict: verdictOf(unknown.length + changes.counts.unknown, objections.length, warnings.fresh),
    headline: headlineOf(told, changes.counts, {
      objections,
      unknown,
      warnings,
      notJudged,
      policy,
      devices: [...leadingOf(owned), ...parts.flatMap(({ leading }) => leading)],
    }),
    counts: { ...changes.counts, devices: devicesChanged },
    objections,
    unknown,
    notes,
    changes: changes.rows,
    lint: then.lint.map((one) => written.at(one)),
    devices: owned.map((one) => devices.get(one)!),
    plans: planRemarks(plans),
    universe: UNIVERSE,
    ...(policy ? { policy } : {}),
  };
}

/** How many devices a change does something to. */
const touchedBy = (owned: readonly Pick<Owned, 'planned'>[]): number =>
  new Set(
    owned.filter(({ planned }) => isTouched(planned) || hasOtherSettings(planned)).map(({ planned }) => planned.device),
  ).size;

const verdictOf = (unknown: number, objections: number, warnings: number): Review['verdict'] =>
  unknown > 0 ? 'unknown' : objections > 0 ? 'objections' : warnings > 0 ? 'warnings' : 'nothing to object to';

const planRemarks = (plans: readonly Plan[]): Review['plans'] =>
  plans.map(({ name, madeBy, foreign, command, owners }) => ({
    name,
    madeBy,
    foreignUnchanged: foreign.unchanged,
    ...(command !== undefined && owners.some(isTouched) ? { command } : {}),
    foreignChanged: foreign.changed.map(({ address, actions }) => `${address} (${actions.join(', ')})`),
  }));

/** What is asked of devices, in words. */
export const UNIVERSE =
  'The first packet of every connection, of all protocols 0 to 255, ports and ICMP types, IPv4 and IPv6: to our public addresses, to the inside addresses behind them when they come from outside, to the servers, and what mapped hosts and servers send. What is not listed stays as it is. That planned texts do no more than their policies ask for is judged of sessions, strays and everything else, too.';

function moreRows({ rows, counts }: ReturnType<typeof joinedChanges>): readonly Remark[] {
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
const nothingJudged = (plans: readonly Plan[], why: Remark): Review => ({
  format: REVIEW_FORMAT,
  verdict: 'unknown',
  headline: 'the change can not be judged; 1 unknown',
  counts: {
    opened: 0,
    closed: 0,
    moved: 0,
    identity: 0,
    unknown: 0,
    devices: touchedBy(plans.flatMap(({ owners }) => owners.map((planned) => ({ planned })))),
  },
  objections: plans.flatMap(({ objections }) => objections),
  unknown: [why, ...plans.flatMap(({ doubts }) => doubts)],
  notes: [],
  changes: [],
  lint: [],
  devices: plans.flatMap(({ name, owners }) => owners.map((planned) => unjudged(planned, name))),
  plans: planRemarks(plans),
  universe: UNIVERSE,
});
