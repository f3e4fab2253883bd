import { STRANGERS_WORK, withinWork } from '../net/work';
import { tooMuchToCompare } from '../problems/more-work';
import { Problem, Refusal } from '../problems/problem';
import { Outside, outsideOf } from '../verifier/outside';
import { proofProblems, prove } from '../verifier/prove';
import { Found, FoundEntry, Left } from '../parse/importing';
import { platforms } from '../registry';
import { Captured, capturedBy } from './captured';
import { Changes, Known, Platform, changesBetween, knownOf } from './changes';
import { Draft, draftOf } from './draft';
import { NothingMade, leftWords, orNothing } from './nothing';
import { settled } from './settle';

interface Wish {
  readonly device: string;
  readonly owner: string;
  readonly globalHelper: boolean;
}

/** A configuration as an intent, what stays of it on the device, and the proof that both together expose what it did. */
export interface Imported {
  readonly draft: Draft;
  readonly captured: Captured['captured'];
  /** The capture without what the intent has now. */
  readonly surroundings: string;
  /** Entries that the intent replaces: a person takes them off the device. */
  readonly taken: readonly FoundEntry[];
  readonly objections: readonly Objection[];
  readonly left: readonly Left[];
  readonly assumed: readonly Left[];
  readonly changes: Changes;
  /** Why synthesis would refuse the stack as it is. */
  readonly refused: readonly Problem[];
  /** What the internet reaches by it. */
  readonly outside: Outside;
}

/** What is never carried over, and what of the exposure it alone makes. It stays among what is on the device until somebody takes it off. */
interface Objection extends Left {
  readonly opens: readonly string[];
}

/** Past this many it isn't said what each one opens. */
const MOST_ASKED = 50;

/** Throws Refusal for a text that can't be read, and NothingMade where nothing of it could become an intent. */
export function imported(text: string, wish: Wish): Imported {
  const captured = capturedBy(text);
  const tooMuch = (): never => tooMuchToCompare('import/too-much-to-compare', 'the configuration');
  return orNothing(() => withinWork(STRANGERS_WORK, () => importedFrom(captured, wish), tooMuch));
}

function importedFrom({ platform, captured }: Captured, wish: Wish): Imported {
  const { importing } = platform;
  if (!importing) throw new Refusal([notImported(platform)]);
  const wanted = { ...wish, platform: idOf(platform) };
  const around = (draft: Draft, found: Found): string => importing.without(captured.text, takenBy(draft, found));
  const { found, draft, policy } = settled(
    (left) => {
      const now = importing.find(captured.text, left);
      if (!now.interfaces.some(({ role }) => role === 'outside'))
        throw new NothingMade([noOutside(platform, now)], leftWords(now.left));
      return { found: now, draft: draftOf(now, { ...wanted, version: versionOf(now, captured) }) };
    },
    around,
    platform,
  );
  const surroundings = around(draft, found);
  const before = knownOf(platform, captured.text);
  const proof = prove(policy, surroundings);
  return {
    draft,
    captured,
    surroundings,
    taken: takenBy(draft, found),
    objections: found.objections.map((one, at) => ({
      ...one,
      opens:
        at < MOST_ASKED
          ? changesBetween(before, known(platform, importing.without(captured.text, [one.entry]), before)).closed
          : [],
    })),
    left: found.left,
    assumed: found.assumed,
    changes: changesBetween(before, knownOf(platform, platform.writer.write(policy, surroundings).text)),
    refused: proofProblems(proof),
    outside: outsideOf({ own: [proof] }),
  };
}

/** What the intent has whole: an opening's entry only where every mapping that it opens to is there. */
function takenBy({ mappings, virtualIps }: Draft, found: Found): readonly FoundEntry[] {
  const kept = new Set(mappings.map((one) => one.found));
  const openings = new Map<number, { readonly entry: FoundEntry; goes: boolean }>();
  for (const mapping of found.mappings) {
    for (const { entry, opensMore } of mapping.openings) {
      const goes = !opensMore && kept.has(mapping);
      openings.set(entry.line, { entry, goes: goes && (openings.get(entry.line)?.goes ?? true) });
    }
  }
  return [
    ...virtualIps.map((one) => one.found.entry),
    ...mappings.map((one) => one.found.entry),
    ...[...openings.values()].flatMap(({ entry, goes }) => (goes ? [entry] : [])),
  ];
}

/** A configuration that can't be read without one entry says nothing about it. */
function known(platform: Platform, text: string, otherwise: Known): Known {
  try {
    return knownOf(platform, text);
  } catch (error) {
    if (error instanceof Refusal) return otherwise;
    throw error;
  }
}

export const idOf = (platform: Platform): string => Object.entries(platforms).find(([, one]) => one === platform)![0];

export function versionOf({ version }: Found, { version: said }: Captured['captured']): string {
  if (version !== undefined) return version;
  throw new Refusal([
    {
      code: 'import/unknown-version',
      where: said ? `line ${said.line}` : 'the configuration',
      what: said
        ? `It is a configuration of version ${said.is.slice(0, 20)}, and no release that is known here has that.`
        : 'It says no version.',
      instead: 'a configuration of a release that docs/platforms.md names.',
    },
  ]);
}

const noOutside = ({ foreign }: Platform, { leasedOutside: [leased] }: Found): Problem => ({
  code: 'import/no-outside',
  where: foreign.called,
  what:
    leased === undefined
      ? 'No outside interface that is switched on has an address, and 1:1 mappings need public ones.'
      : `The address of ${leased} is leased, and 1:1 mappings need public addresses that stay.`,
  instead: 'a device with a fixed address on an outside interface that is switched on.',
});

export const notImported = ({ foreign }: Platform): Problem => ({
  code: 'import/not-served',
  where: foreign.called,
  what: 'What others wrote on this platform can not become an intent yet.',
  instead: 'the intent written by hand, and cpanel-edge exposure beside it for what is there.',
});
