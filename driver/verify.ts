import { Release } from '../lib/delivering/release';
import { printable } from '../lib/problems/problem';
import { Held, Look } from './look';
import { Project, quoted, typed } from './project';
import { Assumed, Prove } from './proof';
import { Holder } from './synthesized';

export interface Verified {
  /** Nothing differs from what is asked for. */
  readonly same: boolean;
  readonly lines: readonly string[];
}

export interface Judges {
  readonly assumed: Assumed;
  readonly prove: Prove;
}

/** What the device holds, against what the synthesized stack says of it; without holders, as far as the device alone can tell. */
export function verified(seen: Look, device: string, holders: readonly Holder[], project: Project, judges: Judges): Verified {
  const ours = (held: Held): boolean => holders.some(({ owner, role }) => owner === held.owner && role === held.role);
  const at = { device, folder: project.folder };
  const compared = holders.map((holder) => {
    const held = seen.owners.find(({ owner, role }) => owner === holder.owner && role === holder.role);
    return block(at, holder, held, differencesOf(held, holder, seen, judges), (state) => nextOf(state, device, held, holder, project));
  });
  const others = seen.owners
    .filter((held) => !ours(held))
    .map((held) =>
      block(at, held, held, faultsOf(held), (state) => (holders.length > 0 ? undefined : nextOf(state, device, held, undefined, project))),
    );
  // What others do with their part is theirs, where somebody said what is ours.
  const decisive = holders.length > 0 ? compared : others;
  const all = [...compared, ...others];
  return {
    same: decisive.every(({ same }) => same),
    lines: all.length > 0 ? all.flatMap(({ lines }) => lines) : [`${device} holds nothing of cpanel-edge`],
  };
}

type Named = Pick<Held, 'owner' | 'role'>;

function block(
  { device, folder }: { readonly device: string; readonly folder: string },
  { role, owner }: Named,
  held: Held | undefined,
  differences: readonly string[],
  next: (state: Held['state']) => string | undefined,
): Verified {
  const state = held?.state ?? 'nothing';
  const todo = differences.length > 0 ? next(state) : undefined;
  const lines = [
    `${device}: ${role} ${owner}`,
    `  state: ${state}${held && state === 'armed' ? `; undone in ${held.seconds} s unless it is confirmed` : ''}`,
    `  release: ${held?.digest ?? 'none'}${held && held.tried !== 'none' ? `, on trial ${held.tried}` : ''}`,
    `  lease: ${held?.lease ?? 'none'}`,
    `  rules: ${held?.rules ?? 'none'}${held?.rules === 'edited' ? `, fingerprint ${held.fingerprint}` : ''}`,
    ...differences.map((line) => `  differs: ${printable(line)}`),
    ...(todo === undefined ? [] : [`  Next, in ${printable(folder)}: ${todo}`]),
  ];
  return { same: differences.length === 0, lines };
}

const SAID: Readonly<Record<Held['state'], string | undefined>> = {
  confirmed: undefined,
  nothing: 'the device holds nothing of this owner',
  kept: 'the rules that run belong to nobody: they were retracted and stay closed, or forgotten',
  offered: 'a delivery has begun: its release is uploaded',
  checked: 'a delivery has begun: its release is checked',
  armed: 'a release is on trial',
  undoing: 'a release is being undone',
  retracting: 'the owner is being retracted',
};

/** What the device alone can tell. */
function faultsOf(held: Held): readonly string[] {
  const state = held.state === 'kept' ? undefined : SAID[held.state];
  return [...(state === undefined ? [] : [state]), ...ruleFaults(held)];
}

function ruleFaults({ rules }: Held): readonly string[] {
  if (rules === 'edited') return ['somebody edited our rules by hand'];
  return rules === 'absent' ? ['our rules are absent: somebody flushed them'] : [];
}

function differencesOf(held: Held | undefined, { release }: Holder, seen: Look, { assumed, prove }: Judges): readonly string[] {
  if (!held) return [SAID.nothing!];
  const state = SAID[held.state];
  const faults = [...(state === undefined ? [] : [state]), ...ruleFaults(held)];
  if (!release) return [...faults, 'the synthesized stack has no release for it'];
  if (held.digest !== release.digest) return [...faults, anotherOne(release)];
  if (faults.length > 0) return faults;
  return [...assumed(release, seen.facts).refusals, ...prove(release, seen.ruleset, seen.facts).refusals];
}

const anotherOne = ({ digest }: Release): string => `it runs another release than this folder's, which is ${digest}`;

function nextOf(state: Held['state'], device: string, held: Held | undefined, holder: Holder | undefined, where: Project): string {
  const verify = typed(where, ['verify', device], holder?.connection, device);
  const again =
    holder?.address === undefined
      ? where.apply
      : `${where.apply}; where the plan shows no change: ${where.terraform} apply -replace=${quoted(holder.address)}`;
  switch (state) {
    case 'offered':
    case 'checked':
      return `wait for it, a minute at most, then ask again: ${verify}`;
    case 'armed':
      return `wait until it is confirmed or undone${held ? `, ${held.seconds} s at most` : ''}, then ask again: ${verify}`;
    case 'undoing':
    case 'retracting':
      return `it finishes before the next delivery: ${again}`;
    case 'nothing':
    case 'confirmed':
    case 'kept':
      return held?.rules === 'edited'
        ? `to overwrite exactly these edits: ${typed(where, ['accept', device, held.fingerprint], holder?.connection, device)}; then ${again}`
        : again;
    default:
      return state satisfies never;
  }
}
