import { prefixRange, printRange } from '../../net/address';
import { Range, joined, overlap, point } from '../../net/range';
import { Policy } from '../../policy/policy';
import { Plan } from '../plan';
import { Remark } from '../review';
import { Judged } from './state';

/** Owners that two plans have: each would deliver over the other, and the device refuses the second lease. */
export function ownedTwice(plans: readonly Plan[]): readonly Remark[] {
  const first = new Map<string, string>();
  return plans.flatMap((plan) =>
    plan.owners.flatMap(({ device, owner }): Remark[] => {
      const name = `${device}/${owner}`;
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, plan.name);
      return earlier === undefined ? [] : [twice(name, earlier, plan.name)];
    }),
  );
}

const twice = (where: string, one: string, other: string): Remark => ({
  code: 'review/owned-twice',
  where,
  what: `${one === other ? `Two plans named ${one}` : `The plans ${one} and ${other}`} both have this owner, so the second to be applied is refused by the device, or delivers over the first.`,
  instead: 'one stack for each owner on a device; a second owner on it takes another name.',
});

/** Owners of one device that claim the same addresses after the change: the device refuses the second. */
export function claimedTwice(all: readonly Judged[]): readonly Remark[] {
  const claiming = all.filter(({ after }) => after.is === 'release');
  return claiming.flatMap((one, i) =>
    claiming.slice(i + 1).flatMap((other): Remark[] => {
      if (one.planned.device !== other.planned.device || one.planned.owner === other.planned.owner) return [];
      const [mine, theirs] = [one, other].map(({ after }) => claimsOf(after.meant!.policy));
      const common = mine!.flatMap((ranges, side) => firstCommon(ranges, theirs![side]!) ?? []);
      return common.length === 0 ? [] : [overlapping(one.name, other.planned.owner, common)];
    }),
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
