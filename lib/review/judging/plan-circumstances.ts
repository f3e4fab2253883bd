// Remarks on the plans themselves, not on packets: missing plans, resources of others, missing commands, unused answers
// of devices.

import { printCount } from '../../reachability/print-packets';
import { groupBy } from '../../net/group-by';
import { Plan } from '../plan';
import { Change, Remark } from '../review';
import { isTouched } from './device-review';
import { ReviewInputs } from './review-inputs';
import { limitItems } from './address-words';

/** Returns a remark for each stack whose plan is missing. */
export const listMissingPlans = ({ missing: stackNames = [] }: ReviewInputs): readonly Remark[] =>
  stackNames.map((stackName) => ({
    code: 'review/plan-missing',
    where: stackName,
    what: 'There is no plan of this stack: what it changes at the same time is not known.',
    instead: 'plan every stack of the change, and give all the plans to one review.',
  }));

/** Returns remarks on plans that deliver something else than the commit under review synthesizes. */
export function compareWithCommit(
  plans: readonly Plan[],
  { synthesized }: ReviewInputs,
): Readonly<Record<'objections' | 'unknown', readonly Remark[]>> {
  if (!synthesized) return { objections: [], unknown: [] };
  // One plan may give an owner up and another adopt it: the delivering one comes last and wins.
  const plannedOwners = plans
    .flatMap(({ owners }) => owners)
    .sort((a, b) => Number(a.after !== undefined) - Number(b.after !== undefined));
  const ownersByLocation = new Map<string, Plan['owners'][number]>(
    plannedOwners.map((owner) => [`${owner.device}/${owner.owner}`, owner] as const),
  );
  const objections = [...ownersByLocation].flatMap(([location, { after }]): Remark[] => {
    const synthesizedRelease = synthesized.get(location);
    if (!after)
      return synthesizedRelease
        ? [createCommitRemark(location, 'The commit synthesizes a release for it, and the plan delivers none.')]
        : [];
    if (!synthesizedRelease)
      return [createCommitRemark(location, 'The commit synthesizes no release for it, and the plan delivers one.')];
    const differingPart =
      synthesizedRelease.text === after.text
        ? synthesizedRelease.policy === after.policy
          ? undefined
          : 'policy'
        : 'text';
    return differingPart
      ? [createCommitRemark(location, `The ${differingPart} in the plan is not the one that the commit synthesizes.`)]
      : [];
  });
  const unknown = [...synthesized.keys()]
    .filter((location) => !ownersByLocation.has(location))
    .map((where): Remark => ({
      code: 'review/not-planned',
      where,
      what: 'The commit synthesizes a release for it, and no plan has it: what becomes of it is not known.',
      instead: 'the plans of all stacks of the commit.',
    }));
  return { objections, unknown };
}

const createCommitRemark = (where: string, what: string): Remark => ({
  code: 'review/not-this-commit',
  where,
  what,
  instead: 'a plan made anew from the commit under review, with the same version of cpanel-edge.',
});

/**
 * Returns a note on each plan's resources that aren't ours: the review doesn't judge them, and a reviewer must know
 * that.
 */
export const listOtherResources = (plans: readonly Plan[]): readonly Remark[] =>
  plans
    .filter(({ otherResources }) => otherResources.changed.length > 0)
    .map(({ name, otherResources }) => ({
      code: 'review/foreign-resources',
      where: name,
      what: `${printCount(otherResources.changed.length, 'resource')} that ${otherResources.changed.length === 1 ? 'is' : 'are'} not ours ${otherResources.changed.length === 1 ? 'changes' : 'change'}, and nothing is said of ${otherResources.changed.length === 1 ? 'it' : 'them'} here: ${limitItems(otherResources.changed.map(({ address, actions }) => `${address} (${actions.join(', ')})`)).join(', ')}.`,
      instead: '',
    }));

/** Returns a note on plans that can't be applied where they are reviewed. On another machine they may be. */
export function findMissingCommands(plans: readonly Plan[]): readonly Remark[] {
  const affectedPlans = plans.filter(({ commandIsMissing, owners }) => commandIsMissing && owners.some(isTouched));
  return [...groupBy(affectedPlans, ({ command = '' }) => command)].map(([command, commandPlans]) => ({
    code: 'review/no-command-here',
    where: limitItems(commandPlans.map(({ name }) => name)).join(', '),
    what: `From the stack's folder each delivery starts ${command}, and there is no such file on this machine. Applied here, no delivery would begin, and its release would be tainted.`,
    instead:
      'where it is applied: npm ci in the same layout, or CPANEL_EDGE with the command; nothing, where that is another machine that has it.',
  }));
}

/**
 * Returns remarks on answers of devices that no plan has. If a device of the plans lacks an answer, its name may be
 * spelled in another way, and the operator would take the review for one of what the device runs. Then the remark is an
 * unknown.
 */
export function findUnusedAnswers(
  plans: readonly Plan[],
  { live }: ReviewInputs,
): Readonly<Record<'unknown' | 'notes', readonly Remark[]>> {
  const plannedDevices = [...new Set(plans.flatMap(({ owners }) => owners.map(({ device }) => device)))];
  const unusedDevices = [...(live?.keys() ?? [])].filter((device) => !plannedDevices.includes(device));
  const unansweredDevices = plannedDevices.filter((device) => !live?.has(device));
  const remarks = unusedDevices.map((device): Remark => {
    const silentWords =
      unansweredDevices.length === 0
        ? ''
        : `, while ${limitItems(unansweredDevices, 5).join(', ')} of the plans ${unansweredDevices.length === 1 ? 'has' : 'have'} none`;
    return {
      code: 'review/answer-unused',
      where: device,
      what: `An answer of this device was given, and no plan is about it${silentWords}.`,
      instead:
        unansweredDevices.length === 0 ? '' : 'the answers of the devices that the plans are about, and no others.',
    };
  });
  return unansweredDevices.length === 0 ? { unknown: [], notes: remarks } : { unknown: remarks, notes: [] };
}

/**
 * Returns an objection for each device that runs another release than the plans were made against. It is from another
 * checkout, or newer than a restored state.
 */
export const findOtherReleases = (plans: readonly Plan[], { live }: ReviewInputs): readonly Remark[] =>
  plans
    .flatMap(({ owners }) => owners)
    .flatMap(({ device, owner }): Remark[] => {
      const runningRelease = live?.get(device)?.otherReleases?.get(owner);
      if (runningRelease === undefined) return [];
      return [
        {
          code: 'review/another-runs',
          where: `${device}/${owner}`,
          what: `The device runs ${runningRelease}. That is no release of the state that this plan was made against: another checkout or a newer state delivered it, or an apply that was killed.`,
          instead:
            'a plan made from the state and the commit that delivered it; where these are lost, what changes is said above, against what the device runs.',
        },
      ];
    });

/** Returns an objection for each kind of change that `failOn` names. */
export const checkUnwantedKinds = (
  counts: Readonly<Record<Change['kind'], number>>,
  { failOn = [] }: ReviewInputs,
): readonly Remark[] =>
  [...new Set(failOn)].flatMap((kind): Remark[] => {
    if (kind === 'warning' || kind === 'new-warning' || counts[kind] === 0) return [];
    return [
      {
        code: `review/fail-on-${kind}`,
        where: 'this change',
        what: `${printCount(counts[kind], 'row')} of kind "${kind}", and this review objects to any (--fail-on ${kind}).`,
        instead: 'a change without them, or a review that does not object to them.',
      },
    ];
  });
