import { utf16Of } from '../../json/json';
import { z } from 'zod';
import { Problem, refuseIfAny } from '../../problems/problem';
import { ReviewRules } from '../rules';
import { readJson } from './json';
import { nearest } from '../../problems/nearest';
import * as say from './problems';
import { serviceSet } from './packets';
import { MOST_ENTRIES, rulesShape } from './shape';

/** A megabyte of review rules is no longer read by anybody. */
const MOST_CHARACTERS = 1_000_000;

/** Review rules from a file's bytes. Throws Refusal rules/… as `parseRules` does. */
export function rulesFrom(bytes: Uint8Array, name: string): ReviewRules {
  if (utf16Of(bytes)) refuseIfAny([say.inUtf16(name)]);
  return parseRules(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), name);
}

/** Review rules from a file's text. Throws Refusal rules/… with everything that is wrong. `name` is the file's, for people. */
export function parseRules(text: string, name: string): ReviewRules {
  if (text.length > MOST_CHARACTERS) refuseIfAny([say.tooLarge(name, text.length, MOST_CHARACTERS)]);
  const { value, problems } = readJson(text, name);
  // What isn't JSON has no shape to judge, too.
  const parsed = value === undefined ? undefined : rulesShape.safeParse(value);
  refuseIfAny([...problems, ...(parsed?.error?.issues ?? []).flatMap((issue) => problemsOf(issue, value, name))]);
  const rules = Object.fromEntries(
    Object.entries(parsed!.data!).filter(([key]) => key !== '$schema'),
  ) as unknown as ReviewRules;
  refuseIfAny(allowedAndForbidden(rules, name));
  return rules;
}

/** A part of a preset may be forbidden: then the rest of it is what is allowed. */
function allowedAndForbidden(rules: ReviewRules, name: string): readonly Problem[] {
  const forbidden = serviceSet(rules.forbidden ?? []);
  return (['allowed', 'admin'] as const).flatMap((key) =>
    (rules[key] ?? []).flatMap(({ services }, entry) =>
      services.flatMap((service, at) =>
        serviceSet([service]).apartFrom(forbidden).isEmpty
          ? [say.forbiddenToo(`${name}: ${key}[${entry}].services[${at}]`, service)]
          : [],
      ),
    ),
  );
}

function problemsOf(issue: z.core.$ZodIssue, whole: unknown, name: string): readonly Problem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const where = path === '' ? name : `${name}: ${path.replace(/^\./, '')}`;
  const found = issue.path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    whole,
  );
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = KEYS[namesOf(issue.path)] ?? [];
      return issue.keys.map((key) => say.unknownKey(where, key, nearest(key, known), known));
    }
    case 'invalid_type':
    case 'invalid_value': {
      const key = String(issue.path.at(-1) ?? '');
      const parent = where.slice(0, Math.max(name.length, where.length - key.length - 1)).replace(/:$/, '');
      if (found === undefined && key !== '') return [say.missing(parent, key, wantedAt(issue.path))];
      if (key === 'format' && typeof found === 'number') return [say.otherFormat(where)];
      if (key === 'mostDevices' && typeof found === 'number') return [say.notInRange(where)];
      return [say.wrongType(where, described(found), wantedAt(issue.path))];
    }
    case 'too_small':
      return [issue.origin === 'array' ? say.emptyList(where, notEmpty(issue.path)) : say.notInRange(where)];
    case 'too_big':
      return [issue.origin === 'array' ? say.tooMany(where, MOST_ENTRIES) : say.notInRange(where)];
    case 'custom':
      return [{ ...(issue.params!['problem'] as Problem), where }];
    default:
      return [say.wrongType(where, described(found), wantedAt(issue.path))];
  }
}

/** What each key holds, in words: for what is missing or of another type. */
const WANTED: Readonly<Record<string, string>> = {
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

/** Keys by the names on the way to them. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(rulesShape.shape),
  allowed: ['services', 'from', 'to'],
  admin: ['services', 'from'],
  acknowledged: ['code', 'where', 'reason', 'expires'],
};

/** What to write in place of an empty list, by the names on the way to it. */
const NOT_EMPTY: Readonly<Record<string, string>> = {
  allowed:
    'at least one entry, or no list at all. To allow nothing, forbid it: "forbidden": ["1-65535/tcp", "1-65535/udp"].',
  'allowed.from': 'at least one address or prefix, or no "from" at all: then it is for everybody.',
  'allowed.to': 'at least one address or prefix, or no "to" at all: then it is at every public address.',
  'admin.from':
    'the addresses that administrators come from. What nobody may reach from outside stands under "forbidden".',
};

const namesOf = (path: readonly PropertyKey[]): string => path.filter((part) => typeof part === 'string').join('.');
const notEmpty = (path: readonly PropertyKey[]): string =>
  NOT_EMPTY[namesOf(path)] ?? 'at least one entry, or no list at all.';

function wantedAt(path: readonly PropertyKey[]): string {
  const key = path.filter((part) => typeof part === 'string').at(-1) ?? '';
  const wanted = WANTED[key] ?? 'something else';
  return typeof path.at(-1) === 'number' ? `an entry of ${wanted}` : wanted;
}

function described(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text ${say.quoted(value)}`;
  if (typeof value === 'number' || typeof value === 'boolean')
    return `the ${typeof value === 'number' ? 'number' : 'value'} ${value}`;
  return Array.isArray(value) ? 'a list' : value === undefined ? 'not set' : 'an object';
}
