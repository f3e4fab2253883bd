import { escapeCiCommands } from './escape-ci-commands';

/**
 * JSON of what may hold text from outside, as it may be shown: everything that isn't seen, or turns or joins what is around it, is an
 * escape. JSON itself escapes the rest, halves of characters too. So does one character of what is a command to a CI system: outside of its
 * strings JSON has none.
 */
export const printDisplayJson = (value: unknown): string =>
  escapeCiCommands(
    JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, escapeCharacter),
    escapeCharacter,
  );

const escapeCharacter = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
