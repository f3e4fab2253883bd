// Judges plans together: plans and `ReviewInputs` come in, a `Review` goes out, decided and in words. Nothing here
// prints, reads files or asks a device: answers of devices come in as `ReviewInputs`.

import { JSON_SCHEMA } from '../../problems/print-json';
import { Plan } from '../plan';
import { PolicyCache, createUnforeseenProblem } from '../policy-cache';
import { Remark, Review } from '../review';
import { splitAcknowledged } from '../rules/apply-acknowledgements';
import { compareRules } from '../rules/compare-rules';
import { MAX_ADDRESS_CHANGES } from './describe-address-changes';
import { summarizeAfterChange } from './check-after-change';
import {
  listOtherResources,
  listMissingPlans,
  findMissingCommands,
  compareWithCommit,
  findOtherReleases,
  findUnusedAnswers,
  checkUnwantedKinds,
} from './plan-circumstances';
import { hasOtherSettings, isTouched, createUnjudgedReview } from './device-review';
import { GroupReview, reviewGroup } from './review-group';
import { groupOwners } from './group-owners';
import { createHeadline } from './headline/headline';
import { describePlanned } from './headline/device-phrases';
import { ReviewInputs } from './review-inputs';
import { PlanOwner, findOverlappingOwners, mergeOwners } from './plan-owners';
import { RowBudget, mergeRankedChanges } from './change-rows';
import { VerifiedShapes } from '../../verifier/release-shapes';
import { RemarkCollector } from './review-state';
import { checkVersions } from './other-versions';
import { SourceLineIndex } from './source-line-index';

/**
 * Returns the review of all plans of one change, judged together. Never throws: whatever can't be decided, for any
 * reason, is unknown.
 */
export function createReview(plans: readonly Plan[], inputs: ReviewInputs): Review {
  const steps = reviewInSteps(plans, inputs);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/**
 * Returns the same review, with a pause after each group. A caller that lets other tasks run in the pauses frees the
 * memory of each group. Until then a JavaScript engine keeps every object that was looked at through a weak reference.
 * Source: ECMA-262, ClearKeptObjects.
 */
export function* reviewInSteps(plans: readonly Plan[], inputs: ReviewInputs): Generator<ReviewProgress, Review> {
  try {
    return yield* judgePlans(plans, inputs);
  } catch (error) {
    return createUnknownReview(plans, createUnforeseenProblem(error));
  }
}

/** The number of groups that are judged, of all groups. */
interface ReviewProgress {
  readonly judged: number;
  readonly total: number;
}

function* judgePlans(plans: readonly Plan[], inputs: ReviewInputs): Generator<ReviewProgress, Review> {
  const remarks = new RemarkCollector();
  for (const { unknowns, objections, notes = [] } of plans) {
    remarks.unknown.push(...unknowns);
    remarks.objections.push(...objections);
    remarks.notes.push(...notes);
  }
  remarks.unknown.push(...listMissingPlans(inputs));
  const owners = mergeOwners(plans, remarks);
  const resources = {
    inputs,
    policies: inputs.policies ?? new PolicyCache(),
    shapes: new VerifiedShapes(),
    rowBudget: new RowBudget(),
  };
  const groupReviews: GroupReview[] = [];
  const groups = groupOwners(owners, resources.policies);
  for (const group of groups) {
    groupReviews.push(reviewGroup(group, resources));
    yield { judged: groupReviews.length, total: groups.length };
  }
  const changes = mergeRankedChanges(groupReviews.flatMap((groupReview) => groupReview.changes ?? []));
  for (const { evaluationRemarks: groupRemarks } of groupReviews) remarks.add(groupRemarks);
  remarks.objections.push(
    ...findOverlappingOwners(groupReviews.flatMap(({ prefixOwners }) => prefixOwners)),
    ...checkUnwantedKinds(changes.counts, inputs),
  );
  const [commitRemarks, unusedRemarks] = [compareWithCommit(plans, inputs), findUnusedAnswers(plans, inputs)];
  remarks.objections.push(...commitRemarks.objections, ...findOtherReleases(plans, inputs));
  remarks.unknown.push(...commitRemarks.unknown, ...unusedRemarks.unknown);
  for (const { laterRemarks } of groupReviews) remarks.add(laterRemarks);
  const devices = new Map(groupReviews.flatMap((groupReview) => [...groupReview.devices]));
  remarks.notes.push(
    ...groupReviews.flatMap(({ hosts }) => hosts),
    ...listOtherResources(plans),
    ...findMissingCommands(plans),
    ...unusedRemarks.notes,
    ...createMoreRowsNote(changes),
  );
  const devicesChanged = countTouched(owners);
  remarks.objections.push(...checkVersions(plans, remarks.otherVersionTexts));
  const afterChange = summarizeAfterChange(
    groupReviews.flatMap(({ after }) => after ?? []),
    devicesChanged,
    remarks.objections,
    inputs,
  );
  const splitObjections = splitAcknowledged(inputs.rules?.rules ?? {}, remarks.objections, inputs.today);
  remarks.notes.push(...afterChange.notes, ...splitObjections.notes);
  const { unknown, notes } = remarks;
  const sourceLines = new SourceLineIndex(plans);
  const objections = [...splitObjections.objections, ...afterChange.objections].map((remark) =>
    sourceLines.addSourceLines(remark),
  );
  const { rules } = inputs;
  const policy = rules
    ? { name: rules.name, changes: rules.before ? compareRules(rules.before, rules.rules) : [] }
    : undefined;
  const { warnings } = afterChange;
  const headlineBlocks = groupReviews.flatMap((groupReview) => groupReview.headlineBlocks);
  const unjudgedCount = groupReviews
    .filter((groupReview) => groupReview.changes === undefined)
    .reduce((total, groupReview) => total + groupReview.devices.size, 0);
  return {
    schema: JSON_SCHEMA,
    verdict: getVerdict(unknown.length + changes.counts.unknown, objections.length, warnings.fresh),
    headline: createHeadline(headlineBlocks, changes.counts, {
      objections,
      unknown,
      warnings,
      notJudged: unjudgedCount,
      policy,
      addresses: groupReviews.flatMap(({ addresses }) => addresses.phrases),
      devices: [
        ...describePlanned(owners),
        ...groupReviews.flatMap(({ leadingPhrases: devicePhrases }) => devicePhrases),
      ],
    }),
    counts: {
      ...changes.counts,
      devices: devicesChanged,
      addresses: groupReviews.reduce((total, { addresses }) => total + addresses.count, 0),
    },
    addresses: groupReviews.flatMap(({ addresses }) => addresses.listed).slice(0, MAX_ADDRESS_CHANGES),
    objections,
    unknown,
    notes,
    changes: changes.rows,
    findings: afterChange.lint.map((remark) => sourceLines.addSourceLines(remark)),
    devices: owners.map((remark) => devices.get(remark)!),
    plans: describePlans(plans),
    coverage: UNIVERSE_TEXT,
    ...(policy ? { rules: policy } : {}),
  };
}

/** Returns how many devices a change touches. */
const countTouched = (owners: readonly Pick<PlanOwner, 'plannedOwner'>[]): number =>
  new Set(
    owners
      .filter(({ plannedOwner }) => isTouched(plannedOwner) || hasOtherSettings(plannedOwner))
      .map(({ plannedOwner }) => plannedOwner.device),
  ).size;

const getVerdict = (unknownCount: number, objectionCount: number, warningCount: number): Review['verdict'] =>
  unknownCount > 0
    ? 'unknown'
    : objectionCount > 0
      ? 'objections'
      : warningCount > 0
        ? 'warnings'
        : 'nothing to object to';

const describePlans = (plans: readonly Plan[]): Review['plans'] =>
  plans.map(({ name, program, otherResources, command, owners }) => ({
    name,
    madeBy: program,
    unmanagedUnchanged: otherResources.unchanged,
    ...(command !== undefined && owners.some(isTouched) ? { command } : {}),
    unmanagedChanged: otherResources.changed.map(({ address, actions }) => `${address} (${actions.join(', ')})`),
  }));

/** The packets that a review covers, in words. */
export const UNIVERSE_TEXT =
  'The first packet of every connection, of all protocols 0 to 255, ports and ICMP types, IPv4 and IPv6: to our public addresses, to the inside addresses behind them when they come from outside, to the servers, and what mapped hosts and servers send. What is not listed stays as it is. That planned texts do no more than their policies ask for is judged of sessions, strays and everything else, too.';

function createMoreRowsNote({ rows, counts }: ReturnType<typeof mergeRankedChanges>): readonly Remark[] {
  const rowCount = Object.values(counts).reduce((total, count) => total + count, 0);
  if (rowCount === rows.length) return [];
  return [
    {
      code: 'review/more-rows',
      where: 'this change',
      what: `${rowCount} rows change, of which the first ${rows.length} are listed, the worst first; the verdict and the counts are about all of them.`,
      instead: '',
    },
  ];
}

/** Returns a review that only has the reason why the plans can't be judged. */
const createUnknownReview = (plans: readonly Plan[], reason: Remark): Review => ({
  schema: JSON_SCHEMA,
  verdict: 'unknown',
  headline: 'the change can not be judged; 1 unknown',
  counts: {
    opened: 0,
    closed: 0,
    moved: 0,
    identity: 0,
    unknown: 0,
    devices: countTouched(plans.flatMap(({ owners }) => owners.map((plannedOwner) => ({ plannedOwner })))),
    addresses: 0,
  },
  addresses: [],
  objections: plans.flatMap(({ objections }) => objections),
  unknown: [reason, ...plans.flatMap(({ unknowns }) => unknowns)],
  notes: [],
  changes: [],
  findings: [],
  devices: plans.flatMap(({ name, owners }) => owners.map((planned) => createUnjudgedReview(planned, name))),
  plans: describePlans(plans),
  coverage: UNIVERSE_TEXT,
});
