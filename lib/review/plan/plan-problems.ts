// Creates every problem that the plan parser reports: refusals, if the file is no plan; unknowns, if a fact can't be
// known; objections, if a fact is known and wrong.

import { Problem } from '../../problems/problem';

const SHOW_COMMAND = 'terraform show -json of the plan file that will be applied.';

export const createNotAPlan = (where: string, what: string, instead = SHOW_COMMAND): Problem => ({
  code: 'review/not-a-plan',
  where,
  what,
  instead,
});

export const createRulesForPlan = (where: string): Problem =>
  createNotAPlan(
    where,
    'It is a file of review rules, by which plans are judged.',
    `--rules with this file, and as a plan ${SHOW_COMMAND}`,
  );

export const createNothingOfOurs = (where: string): Problem => ({
  code: 'review/nothing-of-ours',
  where,
  what: 'It holds no gateway and no server of cpanel-edge, so nothing is known of what it opens, and that is no yes.',
  instead: 'the plans and stacks with the gateways and servers; or leave this step out where there are none.',
});

export const createUnsupportedFormat = (where: string, version: string): Problem => ({
  code: 'review/foreign-plan-format',
  where,
  what: `The plan has format_version ${version}; this reads 1.x, and 1.2 is what was tried.`,
  instead: 'a cpanel-edge that knows this version of Terraform.',
});

export const createUntestedFormat = (where: string, version: string): Problem => ({
  code: 'review/untried-plan-format',
  where,
  what: `The plan has format_version ${version}; 1.2 is what was tried, and another may say things by words that are not looked at.`,
  instead: 'Terraform 1.5 or later, or a cpanel-edge that knows this one.',
});

export const createUntestedParts = (where: string, partNames: readonly string[]): Problem => ({
  code: 'review/untried-plan-format',
  where,
  what: `The plan has ${partNames.slice(0, 5).join(', ')}, which is not looked at and may say what else is done.`,
  instead: 'a plan without it, or a cpanel-edge that knows it.',
});

export const createErroredPlan = (where: string): Problem => ({
  code: 'review/plan-errored',
  where,
  what: 'Terraform met an error while it planned, so what is missing in the plan is not known.',
  instead: 'put the error right and plan again.',
});

export const createIncompletePlan = (where: string, what: string): Problem => ({
  code: 'review/plan-incomplete',
  where,
  what,
  instead: 'plan without -target, -exclude and -refresh-only; or apply it and review the whole plan that follows.',
});

export const createRefreshOnly = (where: string): Problem => ({
  code: 'review/refresh-only',
  where,
  what: 'Nothing is planned for any resource: with -refresh-only a plan says nothing of what the next apply will do.',
  instead: 'plan without -refresh-only.',
});

export const createEditedState = (where: string): Problem => ({
  code: 'review/state-edited',
  where,
  what: 'Terraform found it changed outside of Terraform, which nothing but an edited state can do.',
  instead: 'cpanel-edge verify, which asks the device; then give its answer to review with --live.',
});

export const createKnownAfterApply = (where: string): Problem => ({
  code: 'review/known-after-apply',
  where,
  what: 'Its text or policy is known only after the apply, so nothing can be proven of it.',
  instead: 'values that are known at synthesis; a release whose text holds tokens was not made by cpanel-edge.',
});

export const createUnreadableRelease = (where: string, description: string, explanation: string): Problem => ({
  code: 'review/release-unreadable',
  where,
  what: `The release ${description} can't be read: ${explanation}.`,
  instead: 'the version of cpanel-edge that made it; cpanel-edge verify says what the device runs.',
});

export const createUnreadableOwnership = (where: string): Problem => ({
  code: 'review/holder-unreadable',
  where,
  what: 'It looks like an ownership record, and names no device, owner, role and connection as this version writes them.',
  instead: 'review with the version of cpanel-edge that synthesized the stack.',
});

export const createUnforeseenActions = (where: string, actions: readonly string[]): Problem => ({
  code: 'review/unforeseen-actions',
  where,
  what: `Terraform plans ${actions.join(' and ')} for it, and what that does to the device is not known.`,
  instead: 'a plan that only creates, replaces or keeps it.',
});

export const createContradiction = (where: string, what: string): Problem => ({
  code: 'review/plan-contradicts-itself',
  where,
  what,
  instead: 'the plan as Terraform printed it.',
});

export const createNotInState = (where: string): Problem => ({
  code: 'review/plan-contradicts-itself',
  where,
  what: 'The plan changes an object that its own record of the state does not have.',
  instead: 'the plan as Terraform printed it.',
});

export const createWorkNotShown = (where: string, explanation: string): Problem => ({
  code: 'review/work-not-shown',
  where,
  what: `The plan does not show what its provisioner will deliver, so it may be something else than the text that is reviewed: ${explanation}.`,
  instead: 'a plan of the stack as cpanel-edge synthesizes it, in JSON.',
});

export const createOtherWork = (where: string, what: string): Problem => ({
  code: 'review/other-work',
  where,
  what,
  instead: 'synthesize and plan again; only an edited stack makes this, or one whose variables are set from outside.',
});

export const createShownOtherwise = (where: string, what: string): Problem => ({
  code: 'review/shown-otherwise',
  where,
  what,
  instead: '',
});

export const createTakeover = (where: string, what: string): Problem => ({
  code: 'review/takes-over',
  where,
  what: `${what} With it the delivery takes the device over from the state that has this owner token.`,
  instead:
    "adopt: '<owner token>' on its Gateway or CpanelServer, which plans an import that the review shows; else the stack as it is synthesized.",
});

export const createOtherCommands = (where: string, paths: readonly string[]): Problem => ({
  code: 'review/other-commands',
  where,
  what: `Its deliveries and removals start different programs: ${paths.join(', ')}.`,
  instead: 'the stack as it is synthesized, which starts one command of cpanel-edge.',
});

export const createProvisionerOtherwise = (where: string, verb: 'deliver' | 'retract'): Problem => ({
  code: 'review/provisioner-otherwise',
  where,
  what: `The stack runs its cpanel-edge ${verb} at another time, lets its failure pass, or tells it more (when, on_failure, …), which the plan's JSON does not show.`,
  instead: 'synthesize and plan again; nothing but an edited stack makes this.',
});

export const createOtherProvisioner = (where: string, verb: string, explanation: string): Problem => ({
  code: 'review/foreign-provisioner',
  where,
  what: `It has other provisioners than the one that starts cpanel-edge ${verb}: ${explanation}.`,
  instead: 'the stack as it is synthesized; commands of your own belong to resources of your own.',
});

export const createOtherConfiguration = (where: string): Problem => ({
  code: 'review/another-configuration',
  where,
  what: 'The stack beside the plan is not the one that it was made from: their resources differ.',
  instead: 'synthesize, plan and review the same commit; or give review the plan file itself, which carries its stack.',
});

export const createDuplicateOwner = (where: string, owner: string): Problem => ({
  code: 'review/owner-twice',
  where,
  what: `${owner} is in the plan more than once, and each would deliver over the other.`,
  instead: 'one Gateway or CpanelServer for each owner on a device.',
});

export const createRenamedResource = (where: string): Problem => ({
  code: 'review/renamed-resource',
  where,
  what: 'Its address is not the one that cpanel-edge gives to its device and owner, so it was moved or written by hand.',
  instead: 'the stack as it is synthesized, without moved blocks for these resources.',
});

export const createReleaseWithoutOwnership = (where: string): Problem => ({
  code: 'review/release-without-holder',
  where,
  what: 'It is a release, and there is no ownership record for it under its address: nothing would ever take it off the device.',
  instead: 'the stack as it is synthesized; its releases are neither moved nor renamed.',
});

export const createReplacedOwnership = (where: string): Problem => ({
  code: 'review/holder-replaced',
  where,
  what: 'The ownership record is replaced. Its owner token changes, which the device refuses, and a replaced record removes nothing.',
  instead:
    'terraform untaint of the ownership record, or a plan without -replace for it; to deliver again, -replace the release.',
});

export const createLostOwnership = (where: string): Problem => ({
  code: 'review/holder-lost',
  where,
  what: 'A release is recorded and its ownership record is not: a new one gets a new owner token, which the device refuses.',
  instead:
    "adopt: '<owner token>' on its Gateway or CpanelServer, with the owner token that cpanel-edge verify prints.",
});

export const createStaysOpen = (where: string, explanation: string): Problem => ({
  code: 'review/stays-open',
  where,
  what: `Terraform forgets it and nothing takes it off the device, which stays open as it is: ${explanation}.`,
  instead:
    'new DecommissionedOwner(…) with this device and owner in the stack: a gateway’s rules go, and a server keeps those for what comes in unless it said onRemove: "as before"; or new HandedOverOwner(…), where another state has it.',
});

export const createReleasePlannedAway = (where: string): Problem => ({
  code: 'review/release-planned-away',
  where,
  what: 'The release is destroyed and its ownership record stays: the device goes on as it is, and Terraform does not know with what release.',
  instead: 'keep both, or retire the owner with new DecommissionedOwner(…).',
});
