import { Problem, printable } from '../../problems/problem';

/** Text from outside inside a sentence: in quotes, escaped, and cut. */
export function quoted(text: string): string {
  const cut = printable(text.length > 80 ? `${text.slice(0, 77)}...` : text);
  // More than `printable` does: here even soft hyphens and tags would make two names look alike.
  const shown = cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`);
  return `"${shown.replaceAll('"', '\\"')}"`;
}

export const isPromise = (value: unknown): boolean => value instanceof Promise;

/** What a value is, in words, without calling anything that belongs to it. */
export function described(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'not set';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'bigint') return 'a bigint';
  if (typeof value === 'boolean') return `the value ${value}`;
  if (isPromise(value)) return 'a promise, which has to be awaited';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return `a ${typeof value}`;
}

/** What is wanted of a list of services. */
export const SERVICES = 'A list of services';

/** An address or a service that was written without the list around it: with it. */
export const listed = (value: unknown, wanted: string): string =>
  typeof value === 'string' &&
  !wanted.includes('{') &&
  (/^(?=.*[.:])[0-9a-f.:]+(\/\d+)?$/i.test(value) || (wanted === SERVICES && /^[\w/-]{1,60}$/.test(value)))
    ? `${wanted}: ["${value}"]`
    : wanted;

/** What a template makes of no text: of `${process.env.OWNER}` where nobody has set it. */
export const UNSET = /^(undefined|null|NaN|\[object [A-Z]\w*\])$/;

export const unsetInText = (where: string, wrote: string, wanted: string): Problem => ({
  code: 'intent/missing',
  where,
  what: `This is the text ${quoted(wrote)}, as a template makes it of a value that is not set or is no text.`,
  instead: `${wanted.charAt(0).toUpperCase()}${wanted.slice(1)}.`,
});

export const missing = (where: string, key: string, wanted: string): Problem => ({
  code: 'intent/missing',
  where,
  what: `"${key}" is not set, and it has no default.`,
  instead: `${key}: ${wanted}.`,
});

export const wrongType = (where: string, value: unknown, wanted: string): Problem => ({
  code: 'intent/wrong-type',
  where,
  what: `This is ${described(value)}.`,
  instead: `${wanted.charAt(0).toUpperCase()}${wanted.slice(1)}.`,
});

export const notPlain = (where: string): Problem => ({
  code: 'intent/not-plain',
  where,
  what: 'This object is an instance of a class or inherits fields, so what it says could change after it was checked.',
  instead: 'A plain object that has its fields itself: { … }.',
});

/** What may have been meant by a key that isn't known: the one that is nearest, or the same at another place. */
interface Meant {
  readonly near: string | undefined;
  readonly elsewhere?: readonly string[];
  readonly known: readonly string[];
}

export const unknownKey = (where: string, key: string, { near, elsewhere = [], known }: Meant): Problem => ({
  code: 'intent/unknown-key',
  where,
  what: `There is no ${quoted(key)} here, so it would have no effect.`,
  instead:
    near !== undefined
      ? `${near}, if that was meant.`
      : elsewhere.length > 0
        ? `It belongs in ${elsewhere.join(', or in ')}. Here there are ${known.join(', ')}.`
        : `One of ${known.join(', ')}.`,
});

export const unknownChoice = (where: string, value: string, choices: readonly string[]): Problem => ({
  code: 'intent/unknown-choice',
  where,
  what: `${quoted(value)} is not one of the choices.`,
  instead: choices.map((choice) => `"${choice}"`).join(' or ') + '.',
});

export const unknownAtSynth = (where: string): Problem => ({
  code: 'intent/unknown-at-synth',
  where,
  what: 'This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with ${, %{, #{ or &{ in it counts as one.',
  instead:
    'A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.',
});

export const emptyText = (where: string): Problem => ({
  code: 'intent/empty-text',
  where,
  what: 'The text is empty.',
  instead: `Leave the ${where.endsWith(']') ? 'entry' : 'field'} out, or write what is meant.`,
});

export const controlCharacters = (where: string, value: string): Problem => ({
  code: 'intent/control-characters',
  where,
  what: `${quoted(value)} has control characters, line breaks or invisible marks in it, with which it could pass for something else.`,
  instead: 'Plain text on one line.',
});

export const lineBreakAtEnd = (where: string, value: string): Problem => ({
  code: 'intent/control-characters',
  where,
  what: `${quoted(value)} ends with a line break, as files do.`,
  instead: 'Plain text on one line: .trim() takes it off.',
});

export const tooLongText = (where: string, have: number, most: number): Problem => ({
  code: 'intent/text-too-long',
  where,
  what: `The text has ${have} characters; the most is ${most}.`,
  instead: 'A shorter text.',
});

export const tooLong = (where: string, what: string, have: number, most: number): Problem => ({
  code: 'intent/too-large',
  where,
  what: `There are ${have} ${what}; the most is ${most}.`,
  instead: 'Less of it: split it over several owners or profiles, or write larger prefixes.',
});

export const emptyList = (where: string, instead: string): Problem => ({
  code: 'intent/empty-list',
  where,
  what: 'The list is empty. That could mean nothing or everything.',
  instead,
});

export const notWhole = (where: string, value: number, first: number, last: number): Problem => ({
  code: 'intent/not-in-range',
  where,
  what: `${value} is not a whole number from ${first} to ${last}.`,
  instead: `A number from ${first} to ${last}.`,
});

export const unreadable = (where: string): Problem => ({
  code: 'intent/unreadable',
  where,
  what: 'Reading this value threw an error, so it has code behind it (a getter or a proxy) and cannot be checked.',
  instead: 'Plain data.',
});

export const badName = (where: string, value: string): Problem => ({
  code: 'intent/bad-name',
  where,
  what: `${quoted(value)} is not a name: names are 1 to 63 of a-z, 0-9 and "-", and start with a letter.`,
  instead: suggested(value),
});

function suggested(value: string): string {
  const name = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
  return name === '' ? 'A name such as web-1.' : `"${name}", for example.`;
}

export const duplicate = (where: string, thing: string, name: string, earlier: string): Problem => ({
  code: 'intent/duplicate',
  where,
  what: `There is ${thing} ${quoted(name)} already: ${earlier}.`,
  instead: 'Another one, or only one of the two.',
});

export type Named = 'interface' | 'virtual IP' | 'mapping' | 'server';

export const unknownName = (where: string, thing: Named, name: string, known: readonly string[]): Problem => ({
  code: `intent/unknown-${thing.toLowerCase().replace(' ', '-')}`,
  where,
  what: `There is no ${thing} ${quoted(name)}.`,
  instead:
    known.length === 0
      ? `Add the ${thing} first, before what names it.`
      : `One of ${known.slice(0, 20).join(', ')}${known.length > 20 ? ' …' : ''}.`,
});

export const exactlyOne = (where: string, one: string, other: string, both: boolean): Problem => ({
  code: 'intent/exactly-one',
  where,
  what: both ? `"${one}" and "${other}" are both set.` : `Neither "${one}" nor "${other}" is set.`,
  instead: `Exactly one of them.`,
});
