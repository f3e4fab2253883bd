// Merges the owners of several plans, so that each owner is judged once, and finds owners that own the same addresses
// of a device.

import { toRange, printRange } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { Range, mergeRanges, intersectRanges, toSingleRange } from '../../net/range';
import { Policy } from '../../policy/policy';
import { Plan, PlannedOwner } from '../plan';
import { listChangedTriggers } from '../plan/recorded-release';
import { Remark } from '../review';
import { JudgedOwner, RemarkCollector } from './review-state';

/** An owner of the plans, to be judged once. */
export interface PlanOwner {
  readonly name: string;
  readonly plan: Plan;
  readonly plannedOwner: PlannedOwner;
}

/**
 * Returns every owner of the plans once. An owner that one plan gives up and another adopts is handed over: the
 * releases of the first plan are before, that of the second after. Any other owner in two plans is an objection: one
 * plan delivers over the other, or the device refuses the second owner token.
 */
export function mergeOwners(plans: readonly Plan[], { objections, notes }: RemarkCollector): readonly PlanOwner[] {
  const owners = plans.flatMap((plan) =>
    plan.owners.map((plannedOwner): PlanOwner => ({
      name: `${plannedOwner.device}/${plannedOwner.owner}`,
      plan,
      plannedOwner,
    })),
  );
  return [...groupBy(owners, ({ name }) => name).values()].map((sameOwners) => {
    const [firstOwner, ...otherOwners] = sameOwners;
    const handedOwner = otherOwners.length === 1 ? findHandedOver(sameOwners) : undefined;
    if (!handedOwner)
      objections.push(
        ...otherOwners.map(({ plan }) => createOwnedTwiceObjection(firstOwner.name, firstOwner.plan.name, plan.name)),
      );
    else
      notes.push(
        createHandedOverNote(
          handedOwner,
          sameOwners.find(({ plannedOwner }) => plannedOwner.action === 'released')!.plan.name,
        ),
      );
    // A duplicate owner has an objection, and its first plan is judged.
    return handedOwner ?? firstOwner;
  });
}

function findHandedOver(owners: readonly PlanOwner[]): PlanOwner | undefined {
  const releasedOwner = owners.find(({ plannedOwner }) => plannedOwner.action === 'released');
  const adoptedOwner = owners.find(({ plannedOwner }) => plannedOwner.action === 'adopted');
  if (!releasedOwner || !adoptedOwner || releasedOwner.plannedOwner.role !== adoptedOwner.plannedOwner.role)
    return undefined;
  const { before, mayRunNone: mayRunNothing, uncertain: uncertainties } = releasedOwner.plannedOwner;
  const [lastRelease] = before;
  const triggerNames =
    adoptedOwner.plannedOwner.after && lastRelease
      ? listChangedTriggers(lastRelease, adoptedOwner.plannedOwner.after)
      : [];
  return {
    ...adoptedOwner,
    plannedOwner: {
      ...adoptedOwner.plannedOwner,
      before,
      mayRunNone: mayRunNothing,
      uncertain: uncertainties,
      changedTriggers: triggerNames,
    },
  };
}

const createHandedOverNote = ({ name, plan }: PlanOwner, formerPlan: string): Remark => ({
  code: 'review/handed-over',
  where: name,
  what: `The plan ${formerPlan} gives it up and ${plan.name} adopts it: ${formerPlan} is to be applied first.`,
  instead: '',
});

const createOwnedTwiceObjection = (where: string, planName: string, otherPlanName: string): Remark => ({
  code: 'review/owned-twice',
  where,
  what: `${planName === otherPlanName ? `Two plans named ${planName}` : `The plans ${planName} and ${otherPlanName}`} both have this owner, so the second to be applied is refused by the device, or delivers over the first.`,
  instead:
    'one stack for each owner on a device. Where it goes from one stack to another, HandedOverOwner in the one that had it and adopt in the other (docs/reference/constructs/removed-owners.md); a second owner on the device takes another name.',
});

/** An owner after the change, with the policy that gives its owned prefixes. */
export interface PrefixOwner {
  readonly name: string;
  readonly plannedOwner: Pick<PlannedOwner, 'device' | 'owner'>;
  readonly policy: Policy;
}

export const listPrefixOwners = ({
  name,
  plannedOwner,
  after: { is: stateKind, specified },
}: JudgedOwner): readonly PrefixOwner[] =>
  specified === undefined || stateKind === 'unreadable' ? [] : [{ name, plannedOwner, policy: specified.policy }];

/**
 * Returns an objection for owners of one device that own the same addresses after the change. The device refuses the
 * second.
 */
export function findOverlappingOwners(prefixOwners: readonly PrefixOwner[]): readonly Remark[] {
  return [...groupBy(prefixOwners, ({ plannedOwner }) => plannedOwner.device).values()].flatMap((deviceOwners) =>
    deviceOwners.flatMap((prefixOwner, index) =>
      deviceOwners.slice(index + 1).flatMap((otherOwner): Remark[] => {
        if (prefixOwner.plannedOwner.owner === otherOwner.plannedOwner.owner) return [];
        const [ownPrefixes, otherPrefixes] = [prefixOwner, otherOwner].map(({ policy }) => listOwnedPrefixes(policy));
        const commonRanges = ownPrefixes!.flatMap(
          (ranges, side) => findFirstCommon(ranges, otherPrefixes![side]!) ?? [],
        );
        return commonRanges.length === 0
          ? []
          : [createOverlapObjection(prefixOwner.name, otherOwner.plannedOwner.owner, commonRanges)];
      }),
    ),
  );
}

/** Returns the outside and the inside prefixes of an owner. */
function listOwnedPrefixes(policy: Policy): readonly (readonly Range[])[] {
  if (policy.kind === 'server') return [[], mergeRanges(policy.localAddresses.map(toSingleRange))];
  const externalRanges = [...policy.virtualIps, ...policy.mappings].map((part) => toRange(part.external));
  return [mergeRanges(externalRanges), mergeRanges(policy.mappings.map(({ internal }) => toRange(internal)))];
}

/** Returns the first common range of two lists, each ascending and disjoint. */
function findFirstCommon(a: readonly Range[], b: readonly Range[]): Range | undefined {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const commonRange = intersectRanges(a[i]!, b[j]!);
    if (commonRange) return commonRange;
    if (a[i]!.last < b[j]!.first) i += 1;
    else j += 1;
  }
  return undefined;
}

const createOverlapObjection = (where: string, otherOwner: string, commonRanges: readonly Range[]): Remark => ({
  code: 'review/claims-overlap',
  where,
  what: `Owner ${otherOwner} of the same device claims the same addresses (${commonRanges.map(printRange).join(', ')}), so the device refuses whichever comes second.`,
  instead: 'each address in one owner only; what moves between owners is taken off one first.',
});
