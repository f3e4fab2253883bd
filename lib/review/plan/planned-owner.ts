import { Problem } from '../../problems/problem';
import { MaybeRunning, PlannedOwner, RecordedRelease } from '../plan';
import { OwnerObjects } from './owner-objects';
import { FieldChange } from './fields';
import { HolderInput, holderInput, idOf, reachedAt } from './holder';
import * as say from './problems';
import { diffSettings } from './settings';
import { changedTriggers, recordedRelease } from './recorded';
import { ResourceChange } from './shape';
import { StateObject } from './state';

/** What the rest of the plan says that an owner's fate depends on. */
interface Surroundings {
  readonly plan: string;
  /** Whether the holder's destroy provisioner runs when Terraform destroys it; if not, why. */
  retracts(holder: ResourceChange): true | string;
  readonly doubts: Problem[];
  readonly objections: Problem[];
}

type Fate = 'create' | 'replace' | 'update' | 'keep' | 'destroy' | 'forget' | undefined;

const FATES: Readonly<Record<string, Fate>> = {
  create: 'create',
  'create delete': 'replace',
  'delete create': 'replace',
  update: 'update',
  'no-op': 'keep',
  delete: 'destroy',
  forget: 'forget',
};
const fateOf = (one: ResourceChange | undefined): Fate => {
  const actions = one?.change.actions.join(' ') ?? '';
  return Object.hasOwn(FATES, actions) ? FATES[actions] : undefined;
};
const leaves = (fate: Fate): boolean => fate === 'destroy' || fate === 'forget';

/** One owner's part of the plan; undefined where even its name can't be read, which is a doubt then. */
export function plannedOwner(found: OwnerObjects, around: Surroundings): PlannedOwner | undefined {
  const { plan, doubts, objections } = around;
  const where = (one: { readonly address: string } | undefined): string => `${plan}: ${one?.address ?? found.base}`;
  const current = found.releases.filter(({ deposed }) => deposed === undefined);
  const staying = current.filter((one) => !leaves(fateOf(one)));
  const holder = found.holders.find(({ deposed }) => deposed === undefined);
  const recordedHolder = found.recordedHolders.find(({ deposed_key: deposed }) => deposed === undefined);
  const was = holderInput(holder?.change.before) ?? holderInput(recordedHolder?.values);
  const known = inputOf(holder, was);

  if (!holder && !recordedHolder) {
    objections.push(...[...current, ...found.recordedReleases].slice(0, 1).map((one) => say.releaseAlone(where(one))));
    return undefined;
  }
  if (!known) {
    doubts.push(say.unreadableHolder(where(holder ?? recordedHolder)));
    return undefined;
  }
  const { device, owner } = known;
  if (found.base !== `${device}_${owner}` && !found.base.endsWith(`.${device}_${owner}`))
    objections.push(say.notAsWritten(where(holder ?? recordedHolder)));
  if (was && nameOwner(was) !== nameOwner(known))
    objections.push(
      say.staysOpen(where(holder), `the plan makes the holder of ${nameOwner(was)} that of ${nameOwner(known)}`),
    );
  if (staying.length > 1 || found.holders.filter(({ deposed }) => deposed === undefined).length > 1)
    objections.push(say.ownerTwice(where(staying[0] ?? holder), `${device}/${owner}`));

  const { before, mayRunNone } = beforeOf(found, plan, doubts);
  const release = staying[0] ?? current[0];
  const of = { holder, release, tainted: recordedHolder?.tainted === true, before, mayRunNone };
  const { action, after } = outcomeOf(of, around, where);
  const last = before.find(({ as }) => as !== 'deposed') ?? before[0];
  const moved = was && reachedAt(was) !== reachedAt(known);
  const goes = action === 'retired' || action === 'released' || action === 'stays open';
  const settings = goes ? [] : [...diffSettings(was, known), ...leaseChanges(holder, recordedHolder)];
  return {
    device,
    owner,
    role: known.role,
    action,
    before,
    mayRunNone,
    after,
    uncertain: uncertainOf(found, of, action),
    changedTriggers: after && last && action !== 'unchanged' ? changedTriggers(last, after) : [],

    onRetract: known.onRetract,
    rollbackSeconds: known.rollbackSeconds,
    reachedAt: reachedAt(known),
    ...(moved ? { reachedBefore: reachedAt(was) } : {}),
    ...(settings.length > 0 ? { settings } : {}),
  };
}

/** `gateway web on edge1`: by these three the device keeps what it has of an owner. */
const nameOwner = ({ role, owner, device }: HolderInput): string => `${role} ${owner} on ${device}`;

/** The id by which the device knows the state, and the one that the state takes over from another. */
function leaseChanges(holder: ResourceChange | undefined, recorded: StateObject | undefined): readonly FieldChange[] {
  const [was, imported] = [idOf(recorded?.values), idOf(holder?.change.importing)];
  const isNew = fateOf(holder) === 'create' || fateOf(holder) === 'replace';
  const will = idOf(holder?.change.after) ?? (isNew ? 'known after the apply' : was);
  const isOther = was !== undefined && will !== undefined && was !== will;
  return [
    ...(isOther
      ? [{ name: 'lease', words: 'id of the holder, by which the device knows this state', before: was, after: will }]
      : []),
    ...(imported === undefined
      ? []
      : [{ name: 'adopt', words: 'lease of another state that is taken over', before: 'none', after: imported }]),
  ];
}

/** A destroy provisioner reads what is recorded; whoever stays will have what is planned. */
const inputOf = (holder: ResourceChange | undefined, was: HolderInput | undefined): HolderInput | undefined =>
  leaves(fateOf(holder)) ? was : (holderInput(holder?.change.after) ?? was);

interface Before {
  readonly before: readonly MaybeRunning[];
  readonly mayRunNone: boolean;
}

/**
 * Everything that is recorded, former objects included: a failed apply leaves the new one tainted and the former one deposed, several
 * leave more; a deposed one that isn't tainted below one that isn't either was not cleared away, or somebody untainted the newer one.
 */
function beforeOf({ recordedReleases, releases }: OwnerObjects, plan: string, doubts: Problem[]): Before {
  const before: MaybeRunning[] = [];
  // Keys of deposed objects are random: what failed comes before what was delivered, so that one record is always read alike.
  const rank = ({ tainted, deposed_key: deposed }: StateObject): number =>
    deposed === undefined ? 0 : tainted ? 1 : 2;
  const inOrder = [...recordedReleases].sort((a, b) => rank(a) - rank(b));
  for (const { address, values, tainted = false, deposed_key: deposed } of inOrder) {
    const release = recordedRelease(values);
    if (typeof release === 'string')
      doubts.push(say.unreadableRelease(`${plan}: ${address}`, 'that is recorded', release));
    else before.push({ ...release, as: tainted ? 'tainted' : deposed === undefined ? 'applied' : 'deposed' });
  }
  for (const { address, deposed, change } of releases) {
    if (change.before === null || change.before === undefined) continue;
    if (!recordedReleases.some((one) => one.address === address && one.deposed_key === deposed))
      doubts.push(say.notInRecord(`${plan}: ${address}`));
  }
  return { before: distinct(before), mayRunNone: before.every(({ as }) => as === 'tainted') };
}

/** Several failed applies of one release are one release. What was delivered for sure stands for what may have been. */
function distinct(all: readonly MaybeRunning[]): readonly MaybeRunning[] {
  const found: MaybeRunning[] = [];
  for (const one of all) {
    const at = found.findIndex(({ text, policy }) => text === one.text && policy === one.policy);
    if (at < 0) found.push(one);
    else if (found[at]!.as === 'tainted') found[at] = one;
  }
  return found;
}

interface Of extends Before {
  readonly holder: ResourceChange | undefined;
  readonly release: ResourceChange | undefined;
  readonly tainted: boolean;
}

interface Outcome {
  readonly action: PlannedOwner['action'];
  readonly after: RecordedRelease | undefined;
}

function outcomeOf(
  of: Of,
  around: Surroundings,
  where: (one: { readonly address: string } | undefined) => string,
): Outcome {
  const { holder, release, tainted, before, mayRunNone } = of;
  const { doubts, objections } = around;
  const [holds, delivers] = [fateOf(holder), fateOf(release)];
  for (const one of [holder, release])
    if (one && fateOf(one) === undefined) doubts.push(say.unforeseenActions(where(one), one.change.actions));

  if (holder && leaves(holds)) {
    if (release && !leaves(delivers)) objections.push(say.releaseAlone(where(release)));
    if (holds === 'forget') return { action: 'released', after: undefined };
    const retracts = tainted
      ? 'the holder is tainted, and Terraform runs no destroy provisioner of a tainted one'
      : around.retracts(holder);
    if (retracts === true) return { action: 'retired', after: undefined };
    objections.push(say.staysOpen(where(holder), retracts));
    return { action: 'stays open', after: undefined };
  }
  if (holds === 'replace') objections.push(say.holderReplaced(where(holder)));
  if (holds === 'create' && before.length > 0 && holder?.change.importing === undefined)
    objections.push(say.holderLost(where(holder)));
  if (release && leaves(delivers)) {
    objections.push(say.releasePlannedAway(where(release)));
    return { action: 'stays open', after: undefined };
  }
  // Recorded and not planned: whoever reads the plan as a whole has said why that is a doubt.
  if (!release && before.length > 0) return { action: 'unchanged', after: before[0] };
  if (!release) {
    doubts.push(say.targeted(where(holder), 'The plan has its holder, and no release.'));
    return { action: 'first', after: undefined };
  }

  const after = afterOf(release, where, doubts);
  if (delivers === 'keep') return { action: 'unchanged', after };
  if (before.length === 0) return { action: isImported(holder) ? 'adopted' : 'first', after };
  const same = !mayRunNone && before.every(({ text, policy }) => text === after?.text && policy === after.policy);
  return { action: same ? 'program' : 'changed', after };
}

const isImported = (holder: ResourceChange | undefined): boolean =>
  holder?.change.importing !== undefined && holder.change.importing !== null;

function afterOf(
  release: ResourceChange,
  where: (one: ResourceChange) => string,
  doubts: Problem[],
): RecordedRelease | undefined {
  const read = recordedRelease(release.change.after);
  if (typeof read !== 'string') return read;
  const unknown = isUnknown(release.change.after_unknown);
  doubts.push(
    unknown ? say.knownAfterApply(where(release)) : say.unreadableRelease(where(release), 'that is planned', read),
  );
  return undefined;
}

/** Whether anything of it but the lease is known only after the apply. The lease is, where the holder is new. */
function isUnknown(marks: unknown): boolean {
  if (typeof marks !== 'object' || marks === null) return marks === true;
  const all = Object.entries(marks as Record<string, unknown>);
  return all.some(
    ([key, mark]) => (key === 'triggers_replace' || key === 'triggers') && (mark === true || marksBut(mark, 'lease')),
  );
}

const marksBut = (marks: unknown, but: string): boolean =>
  typeof marks === 'object' &&
  marks !== null &&
  Object.entries(marks as Record<string, unknown>).some(([key, mark]) => key !== but && mark === true);

const KILLED = 'This is what Terraform has recorded; an apply that was killed leaves no trace in it.';

function uncertainOf(
  { recordedReleases }: OwnerObjects,
  { holder, before }: Of,
  action: PlannedOwner['action'],
): readonly string[] {
  const failed = recordedReleases.filter(({ tainted }) => tainted).length;
  const current = recordedReleases.find(({ deposed_key: deposed }) => deposed === undefined);
  const left = current && !current.tainted && recordedReleases.length > 1;
  const orphan = before.length === 0 && holder !== undefined && fateOf(holder) !== 'create' && !isImported(holder);
  return [
    ...(failed > 0
      ? [
          `${failed === 1 ? 'An apply' : `${failed} applies`} failed: it may run what was delivered before, or what failed.`,
        ]
      : []),
    ...(left
      ? [
          'A former release was not cleared away: an apply was interrupted, or somebody untainted a release that had failed.',
        ]
      : []),
    ...(action === 'adopted' ? ['It comes from another state, and what that one delivered is not known here.'] : []),
    ...(orphan ? ['Its holder is recorded and no release is: an apply may have been killed while it delivered.'] : []),
    KILLED,
  ];
}
