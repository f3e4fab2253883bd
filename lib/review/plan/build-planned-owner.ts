// Builds one owner's part of a Terraform plan: the releases that the device may run before, the release after the
// apply, the action, changed settings, and objections.

import * as say from './plan-problems';
import { Problem } from '../../problems/problem';
import { PossibleRelease, PlannedOwner, RecordedRelease } from '../plan';
import { OwnerObjects } from './owner-objects';
import { FieldChange, DeliverySettings, compareFields, listSettingFields } from './delivery-fields';
import { OwnershipInput, parseOwnershipInput, findId, printLogin } from './ownership-input';
import { listChangedTriggers, parseRecordedRelease } from './recorded-release';
import { ResourceChange } from './plan-schema';
import { StateObject } from './recorded-resources';

/**
 * Returns the delivery settings that change between the inputs of two ownership records; for a first release all of
 * them. No policy decides these settings.
 */
const compareSettings = (before: DeliverySettings | undefined, after: DeliverySettings): readonly FieldChange[] =>
  compareFields(before ? listSettingFields(before) : [], listSettingFields(after));

/** The facts about the rest of the plan that an owner's outcome depends on. */
interface PlanContext {
  readonly plan: string;
  /**
   * Returns true if the destroy provisioner of the ownership record runs when Terraform destroys it; otherwise the
   * reason why not.
   */
  retracts(resource: ResourceChange): true | string;
  readonly unknowns: Problem[];
  readonly objections: Problem[];
}

type ResourceFate = 'create' | 'replace' | 'update' | 'keep' | 'destroy' | 'forget' | undefined;

const FATE_BY_ACTIONS: Readonly<Record<string, ResourceFate>> = {
  create: 'create',
  'create delete': 'replace',
  'delete create': 'replace',
  update: 'update',
  'no-op': 'keep',
  delete: 'destroy',
  forget: 'forget',
};
const getFate = (change: ResourceChange | undefined): ResourceFate => {
  const actions = change?.change.actions.join(' ') ?? '';
  return Object.hasOwn(FATE_BY_ACTIONS, actions) ? FATE_BY_ACTIONS[actions] : undefined;
};
const isLeaving = (fate: ResourceFate): boolean => fate === 'destroy' || fate === 'forget';

/**
 * Returns one owner's part of the plan. Undefined where even its name can't be read; then `context` gets a doubt or an
 * objection.
 */
export function buildPlannedOwner(objects: OwnerObjects, context: PlanContext): PlannedOwner | undefined {
  const { plan, unknowns, objections } = context;
  const printLocation = (change: { readonly address: string } | undefined): string =>
    `${plan}: ${change?.address ?? objects.base}`;
  const currentReleases = objects.releases.filter(({ deposed }) => deposed === undefined);
  const stayingReleases = currentReleases.filter((change) => !isLeaving(getFate(change)));
  const ownership = objects.ownershipRecords.find(({ deposed }) => deposed === undefined);
  const recordedOwnership = objects.recordedOwnershipRecords.find(({ deposed_key: deposed }) => deposed === undefined);
  const inputBefore = parseOwnershipInput(ownership?.change.before) ?? parseOwnershipInput(recordedOwnership?.values);
  const ownershipInput = selectInput(ownership, inputBefore);

  if (!ownership && !recordedOwnership) {
    objections.push(
      ...[...currentReleases, ...objects.recordedReleases]
        .slice(0, 1)
        .map((change) => say.createReleaseWithoutOwnership(printLocation(change))),
    );
    return undefined;
  }
  if (!ownershipInput) {
    unknowns.push(say.createUnreadableOwnership(printLocation(ownership ?? recordedOwnership)));
    return undefined;
  }
  const { device, owner } = ownershipInput;
  if (objects.base !== `${device}_${owner}` && !objects.base.endsWith(`.${device}_${owner}`))
    objections.push(say.createRenamedResource(printLocation(ownership ?? recordedOwnership)));
  if (inputBefore && printOwner(inputBefore) !== printOwner(ownershipInput))
    objections.push(
      say.createStaysOpen(
        printLocation(ownership),
        `the plan makes the ownership record of ${printOwner(inputBefore)} that of ${printOwner(ownershipInput)}`,
      ),
    );
  if (stayingReleases.length > 1 || objects.ownershipRecords.filter(({ deposed }) => deposed === undefined).length > 1)
    objections.push(say.createDuplicateOwner(printLocation(stayingReleases[0] ?? ownership), `${device}/${owner}`));

  const { before, mayRunNone: mayRunNothing } = collectReleasesBefore(objects, plan, unknowns);
  const releaseChange = stayingReleases[0] ?? currentReleases[0];
  const resources = {
    ownershipRecord: ownership,
    release: releaseChange,
    tainted: recordedOwnership?.tainted === true,
    before,
    mayRunNone: mayRunNothing,
  };
  const { action, after } = resolveOutcome(resources, context, printLocation);
  const lastRelease = before.find(({ origin }) => origin !== 'deposed') ?? before[0];
  const isMoved = inputBefore && printLogin(inputBefore) !== printLogin(ownershipInput);
  const isGoing = action === 'retired' || action === 'released' || action === 'stays open';
  const settings = isGoing
    ? []
    : [...compareSettings(inputBefore, ownershipInput), ...listTokenChanges(ownership, recordedOwnership)];
  return {
    device,
    owner,
    role: ownershipInput.role,
    action,
    before,
    mayRunNone: mayRunNothing,
    after,
    uncertain: listUncertainties(objects, resources, action),
    changedTriggers: after && lastRelease && action !== 'unchanged' ? listChangedTriggers(lastRelease, after) : [],

    onRetract: ownershipInput.onRetract,
    rollbackSeconds: ownershipInput.rollbackSeconds,
    login: printLogin(ownershipInput),
    ...(isMoved ? { previousLogin: printLogin(inputBefore) } : {}),
    ...(settings.length > 0 ? { settings } : {}),
  };
}

/** Returns `gateway web on edge1`: the three names by which the device keeps what it has of an owner. */
const printOwner = ({ role, owner, device }: OwnershipInput): string => `${role} ${owner} on ${device}`;

/**
 * Returns the change of the owner token by which the device knows the state, and the token that the state adopts from
 * another.
 */
function listTokenChanges(
  ownership: ResourceChange | undefined,
  recordedOwnership: StateObject | undefined,
): readonly FieldChange[] {
  const [tokenBefore, importedToken] = [findId(recordedOwnership?.values), findId(ownership?.change.importing)];
  const isNew = getFate(ownership) === 'create' || getFate(ownership) === 'replace';
  const tokenAfter = findId(ownership?.change.after) ?? (isNew ? 'known after the apply' : tokenBefore);
  const isReplaced = tokenBefore !== undefined && tokenAfter !== undefined && tokenBefore !== tokenAfter;
  return [
    ...(isReplaced
      ? [
          {
            name: 'lease',
            description: 'id of the ownership record, by which the device knows this state',
            before: tokenBefore,
            after: tokenAfter,
          },
        ]
      : []),
    ...(importedToken === undefined
      ? []
      : [
          {
            name: 'adopt',
            description: 'owner token of another state that is taken over',
            before: 'none',
            after: importedToken,
          },
        ]),
  ];
}

/**
 * Returns the recorded input where the ownership record leaves, because a destroy provisioner reads that; otherwise the
 * planned one.
 */
const selectInput = (
  ownership: ResourceChange | undefined,
  inputBefore: OwnershipInput | undefined,
): OwnershipInput | undefined =>
  isLeaving(getFate(ownership)) ? inputBefore : (parseOwnershipInput(ownership?.change.after) ?? inputBefore);

interface ReleasesBefore {
  readonly before: readonly PossibleRelease[];
  readonly mayRunNone: boolean;
}

/**
 * Returns every recorded release, former objects included. A failed apply leaves the new object tainted and the former
 * one deposed; several failed applies leave more. A deposed object that isn't tainted, below a current one that isn't
 * tainted either, was not cleared away, or the newer one was untainted by hand.
 */
function collectReleasesBefore(
  { recordedReleases, releases }: OwnerObjects,
  planName: string,
  unknowns: Problem[],
): ReleasesBefore {
  const before: PossibleRelease[] = [];
  // Keys of deposed objects are random. Failed releases come before delivered ones, so that one record always gives one
  // order.
  const getRank = ({ tainted: isTainted, deposed_key: deposed }: StateObject): number =>
    deposed === undefined ? 0 : isTainted ? 1 : 2;
  const orderedReleases = [...recordedReleases].sort((a, b) => getRank(a) - getRank(b));
  for (const { address, values, tainted: isTainted = false, deposed_key: deposed } of orderedReleases) {
    const release = parseRecordedRelease(values);
    if (typeof release === 'string')
      unknowns.push(say.createUnreadableRelease(`${planName}: ${address}`, 'that is recorded', release));
    else before.push({ ...release, origin: isTainted ? 'tainted' : deposed === undefined ? 'applied' : 'deposed' });
  }
  for (const { address, deposed, change } of releases) {
    if (change.before === null || change.before === undefined) continue;
    if (
      !recordedReleases.some(
        (recordedRelease) => recordedRelease.address === address && recordedRelease.deposed_key === deposed,
      )
    )
      unknowns.push(say.createNotInState(`${planName}: ${address}`));
  }
  return { before: removeDuplicates(before), mayRunNone: before.every(({ origin }) => origin === 'tainted') };
}

/**
 * Returns each release once: several failed applies of one release are one release. A release that was surely delivered
 * replaces its tainted copy.
 */
function removeDuplicates(releases: readonly PossibleRelease[]): readonly PossibleRelease[] {
  const distinctReleases: PossibleRelease[] = [];
  for (const release of releases) {
    const index = distinctReleases.findIndex(({ text, policy }) => text === release.text && policy === release.policy);
    if (index < 0) distinctReleases.push(release);
    else if (distinctReleases[index]!.origin === 'tainted') distinctReleases[index] = release;
  }
  return distinctReleases;
}

interface OwnerResources extends ReleasesBefore {
  readonly ownershipRecord: ResourceChange | undefined;
  readonly release: ResourceChange | undefined;
  readonly tainted: boolean;
}

interface PlannedOutcome {
  readonly action: PlannedOwner['action'];
  readonly after: RecordedRelease | undefined;
}

function resolveOutcome(
  resources: OwnerResources,
  context: PlanContext,
  printLocation: (change: { readonly address: string } | undefined) => string,
): PlannedOutcome {
  const {
    ownershipRecord: ownership,
    release: releaseChange,
    tainted: isTainted,
    before,
    mayRunNone: mayRunNothing,
  } = resources;
  const { unknowns, objections } = context;
  const [ownershipFate, releaseFate] = [getFate(ownership), getFate(releaseChange)];
  for (const change of [ownership, releaseChange])
    if (change && getFate(change) === undefined)
      unknowns.push(say.createUnforeseenActions(printLocation(change), change.change.actions));

  if (ownership && isLeaving(ownershipFate)) {
    if (releaseChange && !isLeaving(releaseFate))
      objections.push(say.createReleaseWithoutOwnership(printLocation(releaseChange)));
    if (ownershipFate === 'forget') return { action: 'released', after: undefined };
    const removal = isTainted
      ? 'the ownership record is tainted, and Terraform runs no destroy provisioner of a tainted one'
      : context.retracts(ownership);
    if (removal === true) return { action: 'retired', after: undefined };
    objections.push(say.createStaysOpen(printLocation(ownership), removal));
    return { action: 'stays open', after: undefined };
  }
  if (ownershipFate === 'replace') objections.push(say.createReplacedOwnership(printLocation(ownership)));
  if (ownershipFate === 'create' && before.length > 0 && ownership?.change.importing === undefined)
    objections.push(say.createLostOwnership(printLocation(ownership)));
  if (releaseChange && isLeaving(releaseFate)) {
    objections.push(say.createReleasePlannedAway(printLocation(releaseChange)));
    return { action: 'stays open', after: undefined };
  }
  // It is recorded and not planned. `listUnmentioned` gives the doubt for that.
  if (!releaseChange && before.length > 0) return { action: 'unchanged', after: before[0] };
  if (!releaseChange) {
    unknowns.push(
      say.createIncompletePlan(printLocation(ownership), 'The plan has its ownership record, and no release.'),
    );
    return { action: 'first', after: undefined };
  }

  const after = parseReleaseAfter(releaseChange, printLocation, unknowns);
  if (releaseFate === 'keep') return { action: 'unchanged', after };
  if (before.length === 0) return { action: isImported(ownership) ? 'adopted' : 'first', after };
  const isSameRelease =
    !mayRunNothing && before.every(({ text, policy }) => text === after?.text && policy === after.policy);
  return { action: isSameRelease ? 'program' : 'changed', after };
}

const isImported = (ownership: ResourceChange | undefined): boolean =>
  ownership?.change.importing !== undefined && ownership.change.importing !== null;

function parseReleaseAfter(
  releaseChange: ResourceChange,
  printLocation: (one: ResourceChange) => string,
  unknowns: Problem[],
): RecordedRelease | undefined {
  const parsedRelease = parseRecordedRelease(releaseChange.change.after);
  if (typeof parsedRelease !== 'string') return parsedRelease;
  const isUnknownYet = isKnownAfterApply(releaseChange.change.after_unknown);
  unknowns.push(
    isUnknownYet
      ? say.createKnownAfterApply(printLocation(releaseChange))
      : say.createUnreadableRelease(printLocation(releaseChange), 'that is planned', parsedRelease),
  );
  return undefined;
}

/**
 * Whether any trigger but the owner token is known only after the apply. A new ownership record makes the token known
 * only then.
 */
function isKnownAfterApply(marks: unknown): boolean {
  if (typeof marks !== 'object' || marks === null) return marks === true;
  const entries = Object.entries(marks as Record<string, unknown>);
  return entries.some(
    ([key, mark]) =>
      (key === 'triggers_replace' || key === 'triggers') && (mark === true || hasOtherMark(mark, 'lease')),
  );
}

const hasOtherMark = (marks: unknown, allowedKey: string): boolean =>
  typeof marks === 'object' &&
  marks !== null &&
  Object.entries(marks as Record<string, unknown>).some(([key, mark]) => key !== allowedKey && mark === true);

const KILLED_APPLY_NOTE = 'This is what Terraform has recorded; an apply that was killed leaves no trace in it.';

function listUncertainties(
  { recordedReleases }: OwnerObjects,
  { ownershipRecord: ownership, before }: OwnerResources,
  action: PlannedOwner['action'],
): readonly string[] {
  const failedCount = recordedReleases.filter(({ tainted: isTainted }) => isTainted).length;
  const currentRelease = recordedReleases.find(({ deposed_key: deposed }) => deposed === undefined);
  const isFormerLeft = currentRelease && !currentRelease.tainted && recordedReleases.length > 1;
  const isOrphan =
    before.length === 0 && ownership !== undefined && getFate(ownership) !== 'create' && !isImported(ownership);
  return [
    ...(failedCount > 0
      ? [
          `${failedCount === 1 ? 'An apply' : `${failedCount} applies`} failed: it may run what was delivered before, or what failed.`,
        ]
      : []),
    ...(isFormerLeft
      ? [
          'A former release was not cleared away: an apply was interrupted, or a release that had failed was untainted by hand.',
        ]
      : []),
    ...(action === 'adopted' ? ['It comes from another state, and what that one delivered is not known here.'] : []),
    ...(isOrphan
      ? ['Its ownership record is recorded and no release is: an apply may have been killed while it delivered.']
      : []),
    KILLED_APPLY_NOTE,
  ];
}
