import { prefixRange, printRange } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { Range, joined, overlap, point } from '../../net/range';
import { Policy } from '../../policy/policy';
import { Plan, PlannedOwner } from '../plan';
import { changedTriggers } from '../plan/recorded';
import { Remark } from '../review';
import { Judged, Remarks } from './state';

/** An owner of the plans, to be judged once. */
export interface Owned {
  readonly name: string;
  readonly plan: Plan;
  readonly planned: PlannedOwner;
}

/**
 * Every owner of the plans once. One that a plan gives up and another adopts is handed over: what ran under the first is followed by what
 * the second delivers. Any other that two plans have is delivered over by the other, or the device refuses the second lease.
 */
export function ownedOnce(plans: readonly Plan[], { objections, notes }: Remarks): readonly Owned[] {
  const owned = plans.flatMap((plan) =>
    plan.owners.map((planned): Owned => ({ name: `${planned.device}/${planned.owner}`, plan, planned })),
  );
  return [...groupBy(owned, ({ name }) => name).values()].map((all) => {
    const [first, ...others] = all;
    const handed = others.length === 1 ? handedOver(all) : undefined;
    if (!handed) objections.push(...others.map(({ plan }) => twice(first.name, first.plan.name, plan.name)));
    else notes.push(handing(handed, all.find(({ planned }) => planned.action === 'released')!.plan.name));
    // Of an owner that is there twice, which is objected to, the first is judged.
    return handed ?? first;
  });
}

function handedOver(both: readonly Owned[]): Owned | undefined {
  const given = both.find(({ planned }) => planned.action === 'released');
  const taken = both.find(({ planned }) => planned.action === 'adopted');
  if (!given || !taken || given.planned.role !== taken.planned.role) return undefined;
  const { before, mayRunNone, uncertain } = given.planned;
  const [last] = before;
  const changed = taken.planned.after && last ? changedTriggers(last, taken.planned.after) : [];
  return { ...taken, planned: { ...taken.planned, before, mayRunNone, uncertain, changedTriggers: changed } };
}

const handing = ({ name, plan }: Owned, from: string): Remark => ({
  code: 'review/handed-over',
  where: name,
  what: `The plan ${from} gives it up and ${plan.name} adopts it: ${from} is to be applied first.`,
  instead: '',
});

const twice = (where: string, one: string, other: string): Remark => ({
  code: 'review/owned-twice',
  where,
  what: `${one === other ? `Two plans named ${one}` : `The plans ${one} and ${other}`} both have this owner, so the second to be applied is refused by the device, or delivers over the first.`,
  instead:
    'one stack for each owner on a device. Where it goes from one stack to another, Released in the one that had it and adopt in the other (docs/constructs/retired.md); a second owner on the device takes another name.',
});

/** An owner after the change, for what it claims. */
export interface Claiming {
  readonly name: string;
  readonly planned: Pick<PlannedOwner, 'device' | 'owner'>;
  readonly policy: Policy;
}

export const claimOf = ({ name, planned, after: { is, meant } }: Judged): readonly Claiming[] =>
  meant === undefined || is === 'unreadable' ? [] : [{ name, planned, policy: meant.policy }];

/** Owners of one device that claim the same addresses after the change: the device refuses the second. */
export function claimedTwice(all: readonly Claiming[]): readonly Remark[] {
  return [...groupBy(all, ({ planned }) => planned.device).values()].flatMap((claiming) =>
    claiming.flatMap((one, i) =>
      claiming.slice(i + 1).flatMap((other): Remark[] => {
        if (one.planned.owner === other.planned.owner) return [];
        const [mine, theirs] = [one, other].map(({ policy }) => claimsOf(policy));
        const common = mine!.flatMap((ranges, side) => firstCommon(ranges, theirs![side]!) ?? []);
        return common.length === 0 ? [] : [overlapping(one.name, other.planned.owner, common)];
      }),
    ),
  );
}

/** What is outside, and what is inside, of what an owner has. */
function claimsOf(policy: Policy): readonly (readonly Range[])[] {
  if (policy.kind === 'server') return [[], joined(policy.localAddresses.map(point))];
  const outside = [...policy.virtualIps, ...policy.mappings].map((part) => prefixRange(part.outside));
  return [joined(outside), joined(policy.mappings.map(({ inside }) => prefixRange(inside)))];
}

/** Both ascending and disjoint. */
function firstCommon(a: readonly Range[], b: readonly Range[]): Range | undefined {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const common = overlap(a[i]!, b[j]!);
    if (common) return common;
    if (a[i]!.last < b[j]!.first) i += 1;
    else j += 1;
  }
  return undefined;
}

const overlapping = (where: string, other: string, common: readonly Range[]): Remark => ({
  code: 'review/claims-overlap',
  where,
  what: `Owner ${other} of the same device claims the same addresses (${common.map(printRange).join(', ')}), so the device refuses whichever comes second.`,
  instead: 'each address in one owner only; what moves between owners is taken off one first.',
});
