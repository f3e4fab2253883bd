import { Prefix, parsePrefix } from '../net/address';
import { Range } from '../net/range';
import { prefixOfText, settled } from './addresses';
import { Place, entriesOf, listOf, nameOf, recordOf, isToken, textOf } from './fields';
import * as say from './problems/address';
import * as shape from './problems/shape';

export type SettledSources = 'anywhere' | readonly Range[];
export type Sets = ReadonlyMap<string, readonly Prefix[]>;

export const NO_SETS: Sets = new Map();

const SAY_ANYWHERE = "'anywhere', written out in place of the list.";
const ASKED = "'anywhere' or a list of prefixes and names of source sets";
const OPERATORS = "The operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to everybody.";
const ASKED_OF_OPERATORS = "a list of the operators' prefixes and names of source sets";
const EVERYBODY_IN_A_SET =
  "'anywhere' where the set is used, if that is open to everybody on purpose; for management the operators' networks.";
/** Of a service for administrators or listed clients that is named by itself. */
const LISTED = 'The networks of those who use it: it is for administrators or listed clients.';

/** Named sets. One that has a problem is known all the same, so that its uses aren't reported as well. */
export function sourceSetsOf(value: unknown, place: Place): Sets {
  const sets = new Map<string, readonly Prefix[]>();
  if (value === undefined) return sets;
  const record = recordOf(value, place, 'An object of lists: { office: ["198.51.100.0/24"] }');
  if (!record) return sets;
  const names = Object.keys(record);
  if (names.length > 1000) place.add(shape.tooLong(place.where, 'source sets', names.length, 1000));
  for (const name of names.slice(0, 1000)) {
    const at = isToken(name) ? place : place.in(name.slice(0, 63));
    if (nameOf(name, at) === undefined) continue;
    if (name === 'anywhere' || name === 'nobody' || name === 'none') {
      at.add(
        say.anywhereRefused(
          at.where,
          `"${name}" is a word of its own and can't be the name of a source set.`,
          'Another name.',
        ),
      );
    }
    const read = (entry: unknown, own: Place): Prefix | undefined => {
      const text = textOf(entry, own, 'An address or a prefix, as text');
      if (text === undefined) return undefined;
      return /[.:/]/.test(text) ? prefixOfText(text, own, EVERYBODY_IN_A_SET) : own.add(say.setInSet(own.where, text));
    };
    const none = 'At least one address or prefix, or no set at all.';
    sets.set(name, entriesOf(record[name], at, 'A list of addresses and prefixes', none, read));
  }
  return sets;
}

/** Whom sources are for: "anywhere" is taken wherever it is written, and advised for everybody's services alone. */
export type For = 'everybody' | 'operators' | 'listed';

const ADVICE: Readonly<Record<For, readonly [everything: string, wanted: string]>> = {
  everybody: [SAY_ANYWHERE, ASKED],
  operators: [OPERATORS, ASKED_OF_OPERATORS],
  listed: [LISTED, 'a list of prefixes and names of source sets'],
};

/** `anywhere` or at least one prefix or set. Undefined when something was wrong, which is recorded. */
export function sourcesOf(
  value: unknown,
  place: Place,
  sets: Sets,
  whom: For = 'everybody',
): SettledSources | undefined {
  if (value === 'anywhere') return 'anywhere';
  return prefixesOf(value, place, sets, ...ADVICE[whom]);
}

/** A list of prefixes and sets where "anywhere" makes no sense; `everything` says what to write in its place. */
export function prefixesOf(
  value: unknown,
  place: Place,
  sets: Sets,
  everything: string,
  wanted: string,
): readonly Range[] | undefined {
  const before = place.problems.length;
  if (value === 'anywhere')
    return place.add(say.anywhereRefused(place.where, '"anywhere" would be everybody here.', everything));
  const entries = listOf(value, place, upper(wanted), `${upper(wanted)}.`, 100_000);
  if (!entries) return undefined;
  const prefixes: Prefix[] = [];
  entries.forEach((entry, index) => {
    const at = place.at(index);
    // The common case first: lists may be long.
    const known = typeof entry === 'string' ? sets.get(entry) : undefined;
    if (known) return void prefixes.push(...known);
    const text = textOf(entry, at, 'An address, a prefix or the name of a source set, as text');
    if (text === undefined) return;
    if (text === 'anywhere')
      return void place.add(say.anywhereInList(at.where, everything === SAY_ANYWHERE ? undefined : everything));
    if (/[.:/]/.test(text) || parsePrefix(text))
      return void prefixes.push(...present(prefixOfText(text, at, everything)));
    place.add(
      sets === NO_SETS
        ? say.badAddress(at.where, text, 'an address or a prefix')
        : say.unknownSet(at.where, text, [...sets.keys()]),
    );
  });
  const ranges = settled(prefixes, place, everything);
  return place.problems.length === before && ranges.length > 0 ? ranges : undefined;
}

const present = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
