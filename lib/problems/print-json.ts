// Prints JSON that may hold untrusted text, with everything escaped that could disturb a terminal or a CI log.

import { escapeCiCommands } from './escape-ci-commands';

/** The `schema` of every JSON output. A change that a program could notice raises it. */
export const JSON_SCHEMA = 2;

/**
 * Prints JSON that may hold untrusted text so that it is safe to display. Invisible characters, and those that turn or
 * join what is around them, become escapes. JSON itself escapes the rest, including halves of characters. One character
 * of each command to a CI system becomes an escape, too: JSON has no such commands outside of its strings.
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
