import { Release } from '../lib/agent-protocol/release';
import { GatewayPolicy } from '../lib/policy/policy';
import { printable } from '../lib/problems/problem';
import { natDiffers, natNotes } from './cpanel-nat';
import { cpanelNotes } from './cpanel-rules';
import { PortDrift, addressesAbsent, driftOrReason, isDrift, printDrift } from './drift';
import { Recorded, stateDifferences } from './drift-state';
import { Held, Look } from './look';
import { loginNotes } from './login-notes';
import { loopbackNotes } from './loopback-asked';
import { afterRestart, startFaults } from './next-start';
import { findOtherPlatform } from './other-platform';
import { Project } from './project';
import { Assumed, Prove } from './proof';
import { legacyRules } from './prove';
import { madeBy } from './made-by';
import { Holder } from './synthesized';
import { RULES_ELSEWHERE } from './steps';
import { NEXT_NARROWER, nextOf, undoneWhen } from './verify-next';

export interface Verified {
  /** Nothing differs from what is asked for. */
  readonly same: boolean;
  /** Nothing of ours does, and others' rules close to most what the release opens. */
  readonly narrower: boolean;
  readonly lines: readonly string[];
  readonly owners: readonly VerifiedOwner[];
}

/** What was found out about one owner, in words. */
export interface VerifiedOwner {
  readonly role: string;
  readonly owner: string;
  readonly same: boolean;
  /** What differs: in ports first, then in lines, then why it isn't proven. */
  readonly differs: readonly string[];
  /** What a person should know and what is no drift: somebody else closes something. */
  readonly notes: readonly string[];
  /** What others close to most of those that the release opens it to: no drift, and not as delivered. */
  readonly narrower: readonly string[];
  readonly drift: readonly PortDrift[];
  /** What the next start of the device brings, in words. */
  readonly afterRestart: string;
  /** What to type. */
  readonly next?: string;
}

interface Judges {
  readonly assumed: Assumed;
  readonly prove: Prove;
}

export interface Compared {
  readonly holders: readonly Holder[];
  /** All that the stacks have, for servers behind them. */
  readonly gateways?: () => readonly GatewayPolicy[];
  /** What Terraform's state says, where it was given. */
  readonly recorded?: readonly Recorded[];
}

/** What the device holds, against what the synthesized stacks say of it; without holders, as far as the device alone can tell. */
export function verified(
  seen: Look,
  device: string,
  { holders, gateways = () => [], recorded }: Compared,
  /** Where the commands for an owner are typed; without one, for what the device alone has. */
  projectFor: (holder?: Holder) => Project,
  judges: Judges,
): Verified {
  const ours = (held: Held): boolean => holders.some(({ owner, role }) => owner === held.owner && role === held.role);
  const at = (holder?: Holder) => ({ device, folder: projectFor(holder).folder });
  const compared = holders.map((holder) => {
    const held = seen.owners.find(({ owner, role }) => owner === holder.owner && role === holder.role);
    const found = differencesOf(held, holder, holders, gateways, seen, judges);
    const state = recorded === undefined ? [] : stateDifferences(recorded, held, holder);
    const differs = { ...found, differs: [...found.differs, ...state] };
    return block(at(holder), holder, held, differs, (is) => nextOf(is, device, held, holder, projectFor(holder)));
  });
  const others = seen.owners
    .filter((held) => !ours(held))
    .map((held) => {
      const found = { ...nothingFound, differs: [...faultsOf(held), ...editsOf(held, seen)] };
      return block(at(), held, held, found, (is) =>
        holders.length > 0 ? undefined : nextOf(is, device, held, undefined, projectFor()),
      );
    });
  // What others do with their part is theirs, where somebody said what is ours.
  const decisive = holders.length > 0 ? compared : others;
  const all = [...compared, ...others];
  return {
    same: decisive.every(({ same }) => same),
    narrower: decisive.some(({ of }) => of.narrower.length > 0),
    lines: all.length > 0 ? all.flatMap(({ lines }) => lines) : [`${device} holds nothing of cpanel-edge`],
    owners: all.map(({ of }) => of),
  };
}

type Named = Pick<Held, 'owner' | 'role'>;

type Found = Pick<VerifiedOwner, 'differs' | 'notes' | 'narrower' | 'drift'>;
const nothingFound: Found = { differs: [], notes: [], narrower: [], drift: [] };

interface Block {
  readonly same: boolean;
  readonly lines: readonly string[];
  readonly of: VerifiedOwner;
}

function block(
  { device, folder }: { readonly device: string; readonly folder: string },
  { role, owner }: Named,
  held: Held | undefined,
  { differs, notes, narrower, drift }: Found,
  next: (state: Held['state']) => string | undefined,
): Block {
  const state = held?.state ?? 'nothing';
  const same = differs.length === 0;
  const todo = same ? (narrower.length === 0 ? undefined : NEXT_NARROWER) : next(state);
  const restart = held ? afterRestart(held) : 'nothing of it';
  const lines = [
    `${device}: ${role} ${owner}`,
    `  state: ${state}${held && state === 'armed' ? `; ${undoneWhen(held)}` : ''}`,
    `  release: ${held?.digest ?? 'none'}${held ? madeBy(held) : ''}${held && held.tried !== 'none' ? `, on trial ${held.tried}` : ''}`,
    `  lease: ${held?.lease ?? 'none'}`,
    `  rules: ${held?.rules ?? 'none'}${held?.rules === 'edited' ? `, fingerprint ${held.fingerprint}` : ''}`,
    ...differs.map((line) => `  differs: ${printable(line)}`),
    ...narrower.map((line) => `  narrower: ${printable(line)}`),
    ...notes.map((line) => `  no drift: ${printable(line)}`),
    `  a restart brings: ${restart}`,
    ...(todo === undefined ? [] : [`  Next, in ${printable(folder)}: ${todo}`]),
  ];
  return {
    same,
    lines,
    of: {
      role,
      owner,
      same,
      differs,
      notes,
      narrower,
      drift,
      afterRestart: restart,
      ...(todo === undefined ? {} : { next: todo }),
    },
  };
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
  return [...(state === undefined ? [] : [state]), ...ruleFaults(held), ...startFaults(held)];
}

function ruleFaults({ rules, runs }: Held): readonly string[] {
  if (runs === 'closed')
    return [
      'its release could not be loaded, so all that it opens is closed, but for management: see the journal of cpanel-edge.service',
    ];
  if (rules === 'edited') return ['somebody edited our rules by hand'];
  if (rules === 'elsewhere') return [RULES_ELSEWHERE];
  return rules === 'absent' ? ['our rules are absent: somebody flushed them'] : [];
}

function differencesOf(
  held: Held | undefined,
  { release, owner, role }: Holder,
  holders: readonly Holder[],
  gateways: () => readonly GatewayPolicy[],
  seen: Look,
  { assumed, prove }: Judges,
): Found {
  if (!held) return { ...nothingFound, differs: [SAID.nothing!] };
  const state = SAID[held.state];
  const faults = [...(state === undefined ? [] : [state]), ...ruleFaults(held)];
  const start = startFaults(held);
  if (!release)
    return { ...nothingFound, differs: [...faults, ...start, 'the synthesized stack has no release for it'] };
  const otherPlatform = findOtherPlatform(release, held);
  if (otherPlatform !== undefined) faults.push(anotherPlatform(release, otherPlatform));
  else if (held.digest !== release.digest) faults.push(anotherOne(release));
  // On their way, rules may be anything.
  if (held.state !== 'confirmed' || otherPlatform !== undefined)
    return { ...nothingFound, differs: [...faults, ...start] };
  const known = holders.flatMap((one) =>
    one.release && (one.owner !== owner || one.role !== role) ? [one.release] : [],
  );
  const { drift, unread } = driftOrReason(release, known, seen);
  const intact = faults.length === 0;
  const ports = drift.filter((one) => isDrift(one, intact));
  const lines = [
    ...addressesAbsent(release, seen),
    ...natDiffers(seen.facts.cpanelNat, release),
    ...editsOf(held, seen),
  ];
  const others = drift.filter((one) => !ports.includes(one));
  // What is missing or other rules is no proof's matter: the next delivery brings them back.
  const judged = intact ? prove(release, seen.ruleset, seen.facts) : undefined;
  const proof = judged ? [...assumed(release, seen.facts).refusals, ...judged.refusals] : [];
  // The proof says the same of what is open as the ports do, only longer.
  const more = ports.length === 0 ? proof : proof.filter((line) => !/nothing asks for it|than asked for/.test(line));
  // Where ours are not as delivered, they may close less than the release.
  const beside = intact && ports.length + more.length === 0 ? cpanelNotes(seen.facts.cpanelRules) : [];
  return {
    differs: [
      ...faults,
      ...start,
      ...ports.map(printDrift),
      ...lines,
      ...more,
      ...(ports.length + more.length > 0 ? [] : unread),
    ],
    notes: [
      ...others.map(printDrift),
      ...legacyRules(seen.facts).reports,
      ...beside,
      ...natNotes(seen.facts.cpanelNat, release, gateways),
      ...loopbackNotes(seen, release, gateways),
      ...loginNotes(seen.logins),
    ],
    narrower: judged?.narrower ?? [],
    drift,
  };
}

/** How many lines are shown of what somebody changed. */
const MOST_EDITS = 20;

function editsOf({ owner, role, rules }: Held, { edits = [] }: Look): readonly string[] {
  if (rules !== 'edited') return [];
  const lines = edits
    .filter((edit) => edit.owner === owner && edit.role === role)
    .map(({ is, text }) =>
      is === 'gone' ? `a line of ours is gone: ${text}` : `a line that is not ours is in our table: ${text}`,
    );
  return lines.length > MOST_EDITS
    ? [...lines.slice(0, MOST_EDITS), `and ${lines.length - MOST_EDITS} more lines`]
    : lines;
}

const anotherPlatform = ({ digest, platform }: Release, runs: string): string =>
  `it runs a release of platform ${runs} of this owner; this folder's, ${digest}, is of platform ${platform}`;

const anotherOne = ({ digest }: Release): string => `it runs another release than this folder's, which is ${digest}`;
