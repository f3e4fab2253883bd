// Parses the peers of a service in an intent ('anywhere', or a list of prefixes and names of source sets), and the
// source sets themselves. Returns address ranges.

import { Prefix, parsePrefix } from '../net/address';
import { Range } from '../net/range';
import { parseUsablePrefixText, mergePrefixes } from './addresses';
import { IntentLocation, parseEntries, parseList, parseName, parseRecord, isToken, parseText } from './fields';
import { MAX_SOURCE_SETS, sourceSetsSchema, sourcesSchema } from './intent-schemas';
import * as say from './problems/address-problems';
import * as shape from './problems/field-problems';

export type ResolvedSources = 'anywhere' | readonly Range[];
export type SourceSetMap = ReadonlyMap<string, readonly Prefix[]>;

export const NO_SOURCE_SETS: SourceSetMap = new Map();

const ANYWHERE_ADVICE = "'anywhere', written out in place of the list.";
const EXPECTED_SOURCES = "'anywhere' or a list of prefixes and names of source sets";
const OPERATORS_ADVICE = "The operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source.";
const EXPECTED_OPERATORS = "a list of the operators' prefixes and names of source sets";
const SET_EVERYTHING_ADVICE =
  "'anywhere' where the set is used, if that is open to any source on purpose; for management the operators' networks.";
/** Advice for a service for administrators or listed clients that is named by itself. */
const LISTED_ADVICE = 'The networks of those who use it: it is for administrators or listed clients.';

/** Parses named source sets. A set with a problem is kept, so that its uses aren't reported as well. */
export function parseSourceSets(value: unknown, location: IntentLocation): SourceSetMap {
  const sets = new Map<string, readonly Prefix[]>();
  if (value === undefined) return sets;
  const record = parseRecord(value, location, 'An object of lists: { office: ["198.51.100.0/24"] }');
  if (!record) return sets;
  const names = Object.keys(record);
  if (names.length > MAX_SOURCE_SETS)
    location.report(shape.describeLongList(location.where, 'source sets', names.length, MAX_SOURCE_SETS));
  for (const name of names.slice(0, MAX_SOURCE_SETS)) {
    const setLocation = isToken(name) ? location : location.getNested(name.slice(0, 63));
    if (parseName(name, setLocation) === undefined) continue;
    if (name === 'anywhere' || name === 'nobody' || name === 'none') {
      setLocation.report(
        say.describeAnywhereRefused(
          setLocation.where,
          `"${name}" is a word of its own and can't be the name of a source set.`,
          'Another name.',
        ),
      );
    }
    const parseEntry = (entry: unknown, entryLocation: IntentLocation): Prefix | undefined => {
      const text = parseText(entry, entryLocation, 'An address or a prefix, as text');
      if (text === undefined) return undefined;
      return /[.:/]/.test(text)
        ? parseUsablePrefixText(text, entryLocation, SET_EVERYTHING_ADVICE)
        : entryLocation.report(say.describeNestedSet(entryLocation.where, text));
    };
    const adviceIfEmpty = 'At least one address or prefix, or no set at all.';
    sets.set(
      name,
      parseEntries(
        record[name],
        setLocation,
        sourceSetsSchema.valueType,
        'A list of addresses and prefixes',
        adviceIfEmpty,
        parseEntry,
      ),
    );
  }
  return sets;
}

/** The audience of a service. "anywhere" is accepted for each, and advised for `everybody` alone. */
export type SourceAudience = 'everybody' | 'operators' | 'listed';

const AUDIENCE_ADVICE: Readonly<Record<SourceAudience, readonly [everything: string, wanted: string]>> = {
  everybody: [ANYWHERE_ADVICE, EXPECTED_SOURCES],
  operators: [OPERATORS_ADVICE, EXPECTED_OPERATORS],
  listed: [LISTED_ADVICE, 'a list of prefixes and names of source sets'],
};

/** Parses `anywhere`, or at least one prefix or set. Returns undefined after a problem, which is recorded. */
export function parseSources(
  value: unknown,
  location: IntentLocation,
  sourceSets: SourceSetMap,
  audience: SourceAudience = 'everybody',
): ResolvedSources | undefined {
  if (value === 'anywhere') return 'anywhere';
  return parseSourceList(value, location, sourceSets, ...AUDIENCE_ADVICE[audience]);
}

/** Parses a list of prefixes and sets, and refuses "anywhere". `everythingAdvice` says what to write in its place. */
export function parseSourceList(
  value: unknown,
  location: IntentLocation,
  sourceSets: SourceSetMap,
  everythingAdvice: string,
  expected: string,
): readonly Range[] | undefined {
  const initialProblemCount = location.problems.length;
  if (value === 'anywhere')
    return location.report(
      say.describeAnywhereRefused(location.where, '"anywhere" would be every address here.', everythingAdvice),
    );
  const entries = parseList(value, location, sourcesSchema, capitalize(expected), `${capitalize(expected)}.`);
  if (!entries) return undefined;
  const prefixes: Prefix[] = [];
  entries.forEach((entry, index) => {
    const entryLocation = location.getChild(index);
    // The common case comes first: lists may be long.
    const setPrefixes = typeof entry === 'string' ? sourceSets.get(entry) : undefined;
    if (setPrefixes) return void prefixes.push(...setPrefixes);
    const text = parseText(entry, entryLocation, 'An address, a prefix or the name of a source set, as text');
    if (text === undefined) return;
    if (text === 'anywhere')
      return void location.report(
        say.describeAnywhereInList(
          entryLocation.where,
          everythingAdvice === ANYWHERE_ADVICE ? undefined : everythingAdvice,
        ),
      );
    if (/[.:/]/.test(text) || parsePrefix(text))
      return void prefixes.push(...listPresent(parseUsablePrefixText(text, entryLocation, everythingAdvice)));
    location.report(
      sourceSets === NO_SOURCE_SETS
        ? say.describeBadAddress(entryLocation.where, text, 'an address or a prefix')
        : say.describeUnknownSet(entryLocation.where, text, [...sourceSets.keys()]),
    );
  });
  const ranges = mergePrefixes(prefixes, location, everythingAdvice);
  return location.problems.length === initialProblemCount && ranges.length > 0 ? ranges : undefined;
}

const listPresent = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
