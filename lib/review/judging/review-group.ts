// Judges one group of owners within a step budget: the changes, findings and remarks that a review has of them.

import { PLAN_STEP_BUDGET, StepBudgetExceeded, isBudgetSpent, runWithinBudget } from '../../net/step-budget';
import { RAISE_BUDGET_HINT } from '../../problems/step-budget-problems';
import { PolicyCache, createUnforeseenProblem } from '../policy-cache';
import { DeviceReview, Remark } from '../review';
import { findAddressChanges } from './address-changes';
import { AfterFindings, checkAfterChange } from './check-after-change';
import { computeEdgeBlocks, computeServerBlocks } from './change-blocks';
import { AddressChanges, describeAddressChanges } from './describe-address-changes';
import { findDefaultRouteChanges } from './default-route';
import { listDeviceNotes, createDeviceReview, isChanged, createUnjudgedReview } from './device-review';
import { createEdges } from './gateway-edges';
import { OwnerGroup } from './group-owners';
import { DevicePhrase, describeJudged } from './headline/device-phrases';
import { HeadlineBlock, createHeadlineBlock } from './headline/headline-block';
import { listUnknownHosts } from './unknown-hosts';
import { ReviewInputs } from './review-inputs';
import { checkMixedStates } from './mixed-states';
import { PrefixOwner, PlanOwner, listPrefixOwners } from './plan-owners';
import { ServerNames } from './reached-hosts';
import { RankedChanges, RowBudget, createChanges } from './change-rows';
import { VerifiedShapes } from '../../verifier/release-shapes';
import { checkSettings } from './delivery-settings';
import { ComparisonScope } from './comparison-scope';
import { RemarkCollector } from './review-state';
import { judgeOwner } from './judge-owner';
import { checkRemaining } from './remaining-releases';
import { EvaluatedTexts } from './evaluated-texts';

/**
 * The review of owners that were judged together. It keeps none of the evaluated texts, so that many groups need no
 * more memory than one.
 */
export interface GroupReview {
  /** The remarks from evaluating and comparing the owners. */
  readonly evaluationRemarks: RemarkCollector;
  /** The remarks on the owners' actions and settings. They follow the other remarks in the review. */
  readonly laterRemarks: RemarkCollector;
  readonly hosts: readonly Remark[];
  readonly changes: RankedChanges | undefined;
  readonly addresses: Omit<AddressChanges, 'blocks'>;
  readonly headlineBlocks: readonly HeadlineBlock[];
  readonly leadingPhrases: readonly DevicePhrase[];
  readonly prefixOwners: readonly PrefixOwner[];
  readonly devices: ReadonlyMap<PlanOwner, DeviceReview>;
  readonly after: AfterFindings | undefined;
}

/** The resources that all groups of a review share. */
interface SharedResources {
  readonly inputs: ReviewInputs;
  readonly policies: PolicyCache;
  readonly shapes: VerifiedShapes;
  readonly rowBudget: RowBudget;
}

/**
 * Returns the review of a group. Each group has a step budget of its own, which grows with its number of gateways. A
 * group that exceeds it, or shows a mistake of ours, makes no other group unknown.
 */
export const reviewGroup = (group: OwnerGroup, resources: SharedResources): GroupReview =>
  runWithinBudget(
    PLAN_STEP_BUDGET * Math.max(1, listGateways(group).length),
    () => {
      try {
        return judgeGroup(group, resources);
      } catch (error) {
        if (error instanceof StepBudgetExceeded) throw error;
        return createUnjudgedGroup(
          group,
          isBudgetSpent() ? createBudgetRemark : (where) => createUnforeseenProblem(error, where),
        );
      }
    },
    () => createUnjudgedGroup(group, createBudgetRemark),
  );

function judgeGroup(
  group: OwnerGroup,
  { inputs, policies, shapes: verifiedShapes, rowBudget }: SharedResources,
): GroupReview {
  const [remarks, laterRemarks] = [new RemarkCollector(), new RemarkCollector()];
  const texts = new EvaluatedTexts(policies, verifiedShapes);
  const owners = group.map((planOwner) => ({
    owner: planOwner,
    judgedOwner: judgeOwner(planOwner.plannedOwner, planOwner.plan, inputs, texts, remarks),
  }));
  const scopedOwners = owners.flatMap(({ judgedOwner }) =>
    judgedOwner ? [{ judgedOwner, comparison: new ComparisonScope(judgedOwner) }] : [],
  );
  const edges = createEdges(scopedOwners);
  const servers = scopedOwners.filter(({ judgedOwner }) => judgedOwner.plannedOwner.role === 'server');
  const gatewayBlocks = edges.flatMap(computeEdgeBlocks);
  const blocks = [...gatewayBlocks, ...servers.flatMap((server) => computeServerBlocks(server, edges, gatewayBlocks))];
  const serverNames = new ServerNames(servers);
  const addressChanges = findAddressChanges(edges.map(({ gateway }) => gateway));
  const addresses = describeAddressChanges(addressChanges, edges, blocks, serverNames);
  const changes = createChanges(addresses.blocks, serverNames, rowBudget);
  edges.forEach((edge) => checkMixedStates(edge, remarks));
  const routeRemarks = findDefaultRouteChanges(scopedOwners, edges);
  laterRemarks.notes.push(...routeRemarks);
  for (const { judgedOwner } of scopedOwners) {
    checkRemaining(judgedOwner, laterRemarks);
    laterRemarks.notes.push(...listDeviceNotes(judgedOwner, isChanged(judgedOwner, blocks)));
    laterRemarks.objections.push(...checkSettings(judgedOwner));
  }
  return {
    evaluationRemarks: remarks,
    laterRemarks,
    changes,
    hosts: edges.flatMap(listUnknownHosts),
    addresses: { listed: addresses.listed, count: addresses.count, phrases: addresses.phrases },
    headlineBlocks: addresses.blocks
      .filter(({ followsAddressChange }) => !followsAddressChange)
      .map(createHeadlineBlock),
    leadingPhrases: describeJudged(
      scopedOwners.map(({ judgedOwner }) => judgedOwner),
      routeRemarks,
    ),
    prefixOwners: scopedOwners.flatMap(({ judgedOwner }) => listPrefixOwners(judgedOwner)),
    devices: new Map(
      owners.map(({ owner: planOwner, judgedOwner }) => [
        planOwner,
        judgedOwner
          ? createDeviceReview(judgedOwner, blocks)
          : createUnjudgedReview(planOwner.plannedOwner, planOwner.plan.name),
      ]),
    ),
    after: checkAfterChange(scopedOwners, edges, inputs),
  };
}

/** Returns the review of a group that can't be judged. */
function createUnjudgedGroup(group: OwnerGroup, createReason: (where: string) => Remark): GroupReview {
  const [remarks, laterRemarks] = [new RemarkCollector(), new RemarkCollector()];
  const gateways = listGateways(group);
  for (const { name } of gateways.length > 0 ? gateways : group) remarks.unknown.push(createReason(name));
  for (const owner of group) checkRemaining(owner, laterRemarks);
  return {
    evaluationRemarks: remarks,
    laterRemarks,
    hosts: [],
    changes: undefined,
    addresses: { listed: [], count: 0, phrases: [] },
    headlineBlocks: [],
    leadingPhrases: [],
    prefixOwners: [],
    after: undefined,
    devices: new Map(group.map((owner) => [owner, createUnjudgedReview(owner.plannedOwner, owner.plan.name)])),
  };
}

const listGateways = (group: OwnerGroup): OwnerGroup =>
  group.filter(({ plannedOwner }) => plannedOwner.role === 'gateway');

const createBudgetRemark = (where: string): Remark => ({
  code: 'review/too-much-to-judge',
  where,
  what: 'To tell apart all packets that its rules and those of the servers behind it tell apart takes more work than is spent on one gateway.',
  instead: `rules that share their sets of addresses and ports; several gateways in place of one. ${RAISE_BUDGET_HINT}`,
});
