// Creates the problems that any field of an intent may have: missing, wrong type, unknown key or choice, empty, too
// long, a token. Quotes and describes the wrong value.

import { Problem, escapeForDisplay } from '../../problems/problem';

/** Returns a text of unknown origin for use in a sentence: in quotes, escaped, and cut. */
export function quoteText(text: string): string {
  const escapedText = escapeForDisplay(text.length > 80 ? `${text.slice(0, 77)}...` : text);
  // This escapes more than escapeForDisplay does: soft hyphens and tags would make two names look alike.
  const visibleText = escapedText.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return `"${visibleText.replaceAll('"', '\\"')}"`;
}

export const isPromise = (value: unknown): boolean => value instanceof Promise;

/** Describes a value in words, without calling any code that belongs to it. */
export function describeValue(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'not set';
  if (typeof value === 'string') return `the text ${quoteText(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'bigint') return 'a bigint';
  if (typeof value === 'boolean') return `the value ${value}`;
  if (isPromise(value)) return 'a promise, which has to be awaited';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return `a ${typeof value}`;
}

/** The expected value of a list of services. */
export const EXPECTED_SERVICES = 'A list of services';

/** Returns the expected value, with an example if an address or a service is written without the list around it. */
export const suggestList = (value: unknown, expected: string): string =>
  typeof value === 'string' &&
  !expected.includes('{') &&
  (/^(?=.*[.:])[0-9a-f.:]+(\/\d+)?$/i.test(value) || (expected === EXPECTED_SERVICES && /^[\w/-]{1,60}$/.test(value)))
    ? `${expected}: ["${value}"]`
    : expected;

/** The text that a template makes of an unset value: of `${process.env.OWNER}` if the variable isn't set. */
export const UNSET_TEMPLATE_PATTERN = /^(undefined|null|NaN|\[object [A-Z]\w*\])$/;

export const describeUnsetInText = (where: string, text: string, expected: string): Problem => ({
  code: 'intent/missing',
  where,
  what: `This is the text ${quoteText(text)}, as a template makes it of a value that is not set or is no text.`,
  instead: `${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`,
});

export const describeMissingField = (where: string, key: string, expected: string): Problem => ({
  code: 'intent/missing',
  where,
  what: `"${key}" is not set, and it has no default.`,
  instead: `${key}: ${expected}.`,
});

export const describeWrongType = (where: string, value: unknown, expected: string): Problem => ({
  code: 'intent/wrong-type',
  where,
  what: `This is ${describeValue(value)}.`,
  instead: `${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`,
});

export const describeNotPlain = (where: string): Problem => ({
  code: 'intent/not-plain',
  where,
  what: 'This object is an instance of a class or inherits fields, so what it says could change after it was checked.',
  instead: 'A plain object that has its fields itself: { … }.',
});

/** Keys that an unknown key may stand for: the nearest one, or the same one at another place. */
interface KeySuggestions {
  readonly nearKey: string | undefined;
  readonly elsewhere?: readonly string[];
  readonly knownKeys: readonly string[];
}

export const describeUnknownKey = (
  where: string,
  key: string,
  { nearKey, elsewhere = [], knownKeys }: KeySuggestions,
): Problem => ({
  code: 'intent/unknown-key',
  where,
  what: `There is no ${quoteText(key)} here, so it would have no effect.`,
  instead:
    nearKey !== undefined
      ? `${nearKey}, if that was meant.`
      : elsewhere.length > 0
        ? `It belongs in ${elsewhere.join(', or in ')}. Here there are ${knownKeys.join(', ')}.`
        : `One of ${knownKeys.join(', ')}.`,
});

export const describeUnknownChoice = (where: string, value: string, choices: readonly string[]): Problem => ({
  code: 'intent/unknown-choice',
  where,
  what: `${quoteText(value)} is not one of the choices.`,
  instead: choices.map((choice) => `"${choice}"`).join(' or ') + '.',
});

export const describeUnknownAtSynth = (where: string): Problem => ({
  code: 'intent/unknown-at-synth',
  where,
  what: 'This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with ${, %{, #{ or &{ in it counts as one.',
  instead:
    'A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.',
});

export const describeEmptyText = (where: string): Problem => ({
  code: 'intent/empty-text',
  where,
  what: 'The text is empty.',
  instead: `Leave the ${where.endsWith(']') ? 'entry' : 'field'} out, or write what is meant.`,
});

export const describeControlCharacters = (where: string, value: string): Problem => ({
  code: 'intent/control-characters',
  where,
  what: `${quoteText(value)} has control characters, line breaks or invisible marks in it, with which it could pass for something else.`,
  instead: 'Plain text on one line.',
});

export const describeTrailingLineBreak = (where: string, value: string): Problem => ({
  code: 'intent/control-characters',
  where,
  what: `${quoteText(value)} ends with a line break, as files do.`,
  instead: 'Plain text on one line: .trim() takes it off.',
});

export const describeLongText = (where: string, length: number, maxLength: number): Problem => ({
  code: 'intent/text-too-long',
  where,
  what: `The text has ${length} characters; the most is ${maxLength}.`,
  instead: 'A shorter text.',
});

export const describeLongList = (where: string, noun: string, count: number, maxCount: number): Problem => ({
  code: 'intent/too-large',
  where,
  what: `There are ${count} ${noun}; the most is ${maxCount}.`,
  instead: 'Less of it: split it over several owners or profiles, or write larger prefixes.',
});

export const describeEmptyList = (where: string, instead: string): Problem => ({
  code: 'intent/empty-list',
  where,
  what: 'The list is empty. That could mean nothing or everything.',
  instead,
});

export const describeNumberOutOfRange = (where: string, value: number, first: number, last: number): Problem => ({
  code: 'intent/not-in-range',
  where,
  what: `${value} is not a whole number from ${first} to ${last}.`,
  instead: `A number from ${first} to ${last}.`,
});

export const describeUnreadable = (where: string): Problem => ({
  code: 'intent/unreadable',
  where,
  what: 'Reading this value threw an error, so it has code behind it (a getter or a proxy) and cannot be checked.',
  instead: 'Plain data.',
});

export const describeBadName = (where: string, value: string): Problem => ({
  code: 'intent/bad-name',
  where,
  what: `${quoteText(value)} is not a name: names are 1 to 63 of a-z, 0-9 and "-", and start with a letter.`,
  instead: suggestName(value),
});

function suggestName(value: string): string {
  const name = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
  return name === '' ? 'A name such as web-1.' : `"${name}", for example.`;
}

export const describeDuplicate = (where: string, thing: string, name: string, earlierLocation: string): Problem => ({
  code: 'intent/duplicate',
  where,
  what: `There is ${thing} ${quoteText(name)} already: ${earlierLocation}.`,
  instead: 'Another one, or only one of the two.',
});

export type NamedPartKind = 'interface' | 'virtual IP' | 'mapping' | 'server';

export const describeUnknownName = (
  where: string,
  thing: NamedPartKind,
  name: string,
  knownNames: readonly string[],
): Problem => ({
  code: `intent/unknown-${thing.toLowerCase().replace(' ', '-')}`,
  where,
  what: `There is no ${thing} ${quoteText(name)}.`,
  instead:
    knownNames.length === 0
      ? `Add the ${thing} first, before what names it.`
      : `One of ${knownNames.slice(0, 20).join(', ')}${knownNames.length > 20 ? ' …' : ''}.`,
});

export const describeExactlyOne = (
  where: string,
  firstKey: string,
  secondKey: string,
  areBothSet: boolean,
): Problem => ({
  code: 'intent/exactly-one',
  where,
  what: areBothSet
    ? `"${firstKey}" and "${secondKey}" are both set.`
    : `Neither "${firstKey}" nor "${secondKey}" is set.`,
  instead: `Exactly one of them.`,
});
