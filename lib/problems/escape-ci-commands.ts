/**
 * Text from outside as a log of a CI system may hold it. Their runners read each line that a job prints: GitHub's takes `##[…]` anywhere in
 * it for a command, and `::name …::` at its beginning (Runner.Common/ActionCommand.cs), Azure's `##vso[…]` and `##[…]` (logging commands),
 * TeamCity's `##teamcity[…]`; `%0A` ends a line of what such a command says. One character of each becomes a visible escape; `escape` is
 * how it is written.
 */
export const escapeCiCommands = (text: string, escape: (character: string) => string = escapeCharacter): string =>
  text
    .replace(HASH_COMMAND, `#${escape('#')}`)
    .replace(COLON_COMMAND, (_, before: string) => `${before}${escape(':')}:`)
    .replace(ENCODED_LINE_BREAK, escape('%'));

const HASH_COMMAND = /##(?=\[|[a-z]+\[)/gi;
// Also after a space: a line may be wrapped there. No address is meant: each such name has a letter that isn't hexadecimal.
const COLON_COMMAND = /(^|\s)::(?=[a-f-]*[g-z][a-z-]*(?:\s[^\n]*?)?::)/gi;
const ENCODED_LINE_BREAK = /%(?=0[ad])/gi;

const escapeCharacter = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;
