// Parses a file of review rules into `ReviewRules`, or refuses it with everything that is wrong. The parser may not
// know plans or changes: rules/find-broken-rules.ts applies the rules.

import { findUtf16Encoding } from '../../json/parse-json';
import { z } from 'zod';
import { Problem, refuseIfAny } from '../../problems/problem';
import { ReviewRules } from '../rules';
import { parseRulesJson } from './parse-rules-json';
import { findNearestWord } from '../../problems/find-nearest-word';
import * as say from './rules-problems';
import { toServicePackets } from './rule-packets';
import { MAX_ENTRIES, rulesSchema } from './rules-schema';

/** A person can't read a megabyte of review rules. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Returns review rules from a file's bytes.
 *
 * @throws Refusal rules/… as `parseRules` does
 */
export function parseRulesFile(bytes: Uint8Array, name: string): ReviewRules {
  if (findUtf16Encoding(bytes)) refuseIfAny([say.createUtf16(name)]);
  return parseRules(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), name);
}

/**
 * Returns review rules from a file's text. `name` is the file's name for people.
 *
 * @throws Refusal rules/… with everything that is wrong
 */
export function parseRules(text: string, name: string): ReviewRules {
  if (text.length > MAX_CHARACTERS) refuseIfAny([say.createTooLarge(name, text.length, MAX_CHARACTERS)]);
  const { value, problems } = parseRulesJson(text, name);
  // Text that isn't JSON has no shape to check.
  const parseResult = value === undefined ? undefined : rulesSchema.safeParse(value);
  refuseIfAny([...problems, ...(parseResult?.error?.issues ?? []).flatMap((issue) => toProblems(issue, value, name))]);
  const rules = Object.fromEntries(
    Object.entries(parseResult!.data!).filter(([key]) => key !== '$schema'),
  ) as unknown as ReviewRules;
  refuseIfAny(findForbiddenEntries(rules, name));
  return rules;
}

/**
 * Returns a problem for each entry whose service is forbidden as a whole. Where only a part of a preset is forbidden,
 * the rest of it is allowed.
 */
function findForbiddenEntries(rules: ReviewRules, name: string): readonly Problem[] {
  const forbidden = toServicePackets(rules.forbidden ?? []);
  return (['allowed', 'admin'] as const).flatMap((key) =>
    (rules[key] ?? []).flatMap(({ services }, entry) =>
      services.flatMap((service, index) =>
        toServicePackets([service]).subtract(forbidden).isEmpty
          ? [say.createForbiddenToo(`${name}: ${key}[${entry}].services[${index}]`, service)]
          : [],
      ),
    ),
  );
}

function toProblems(issue: z.core.$ZodIssue, document: unknown, name: string): readonly Problem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const location = path === '' ? name : `${name}: ${path.replace(/^\./, '')}`;
  const actualValue = issue.path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    document,
  );
  switch (issue.code) {
    case 'unrecognized_keys': {
      const knownKeys = KNOWN_KEYS[joinKeys(issue.path)] ?? [];
      return issue.keys.map((key) => say.createUnknownKey(location, key, findNearestWord(key, knownKeys), knownKeys));
    }
    case 'invalid_type':
    case 'invalid_value': {
      const key = String(issue.path.at(-1) ?? '');
      const parent = location.slice(0, Math.max(name.length, location.length - key.length - 1)).replace(/:$/, '');
      if (actualValue === undefined && key !== '')
        return [say.createMissingKey(parent, key, describeExpected(issue.path))];
      if (key === 'format' && typeof actualValue === 'number') return [say.createOtherFormat(location)];
      if (key === 'mostDevices' && typeof actualValue === 'number') return [say.createNotInRange(location)];
      return [say.createWrongType(location, describeValue(actualValue), describeExpected(issue.path))];
    }
    case 'too_small':
      return [
        issue.origin === 'array'
          ? say.createEmptyList(location, getEmptyListHint(issue.path))
          : say.createNotInRange(location),
      ];
    case 'too_big':
      return [
        issue.origin === 'array' ? say.createTooManyEntries(location, MAX_ENTRIES) : say.createNotInRange(location),
      ];
    case 'custom':
      return [{ ...(issue.params!['problem'] as Problem), where: location }];
    default:
      return [say.createWrongType(location, describeValue(actualValue), describeExpected(issue.path))];
  }
}

/** The value that each key expects, in words: for a missing value or one of another type. */
const EXPECTED_VALUES: Readonly<Record<string, string>> = {
  '': 'an object: { "format": 1, … }',
  $schema: 'the address of the schema, as text',
  format: '1',
  allowed: 'a list of objects: [{ "services": ["https"] }]',
  admin: 'a list of objects: [{ "services": ["ssh"], "from": ["198.51.100.0/24"] }]',
  forbidden: 'a list of services: ["mysql"]',
  acknowledged: 'a list of objects: [{ "code": "…", "reason": "…", "expires": "2027-01-31" }]',
  mostDevices: 'a whole number',
  services: 'a list of services: ["https", "8443/tcp"]',
  from: 'a list of addresses and prefixes: ["198.51.100.0/24"]',
  to: 'a list of public addresses and prefixes: ["203.0.113.10"]',
  code: 'the code of a lint rule, as text',
  where: "part of the finding's place, as text",
  reason: 'why it may stay, as text',
  expires: 'the last day on which it counts, "2027-01-31"',
};

/** The known keys of each object, by the names on the path to it. */
const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(rulesSchema.shape),
  allowed: ['services', 'from', 'to'],
  admin: ['services', 'from'],
  acknowledged: ['code', 'where', 'reason', 'expires'],
};

/** The advice for an empty list, by the names on the path to it. */
const EMPTY_LIST_HINTS: Readonly<Record<string, string>> = {
  allowed:
    'at least one entry, or no list at all. To allow nothing, forbid it: "forbidden": ["1-65535/tcp", "1-65535/udp"].',
  'allowed.from': 'at least one address or prefix, or no "from" at all: then it is for any source.',
  'allowed.to': 'at least one address or prefix, or no "to" at all: then it is at every public address.',
  'admin.from':
    'the addresses that administrators come from. What no source outside may reach stands under "forbidden".',
};

const joinKeys = (path: readonly PropertyKey[]): string => path.filter((part) => typeof part === 'string').join('.');
const getEmptyListHint = (path: readonly PropertyKey[]): string =>
  EMPTY_LIST_HINTS[joinKeys(path)] ?? 'at least one entry, or no list at all.';

function describeExpected(path: readonly PropertyKey[]): string {
  const key = path.filter((part) => typeof part === 'string').at(-1) ?? '';
  const expectedValue = EXPECTED_VALUES[key] ?? 'something else';
  return typeof path.at(-1) === 'number' ? `an entry of ${expectedValue}` : expectedValue;
}

function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text ${say.quoteShort(value)}`;
  if (typeof value === 'number' || typeof value === 'boolean')
    return `the ${typeof value === 'number' ? 'number' : 'value'} ${value}`;
  return Array.isArray(value) ? 'a list' : value === undefined ? 'not set' : 'an object';
}
