/**
 * Escapes untrusted text for the log of a CI system. Runners interpret each line that a job prints. GitHub's takes
 * `##[…]` anywhere in it for a command, and `::name …::` at its beginning (Runner.Common/ActionCommand.cs); Azure's
 * takes `##vso[…]` and `##[…]` (logging commands); TeamCity's takes `##teamcity[…]`. `%0A` ends a line within such a
 * command. One character of each becomes a visible escape; `escape` prints it.
 */
export const escapeCiCommands = (text: string, escape: (character: string) => string = escapeCharacter): string =>
  text
    .replace(HASH_COMMAND, `#${escape('#')}`)
    .replace(COLON_COMMAND, (_, before: string) => `${before}${escape(':')}:`)
    .replace(ENCODED_LINE_BREAK, escape('%'));

const HASH_COMMAND = /##(?=\[|[a-z]+\[)/gi;
// It also matches after a space, because a line may be wrapped there. It matches no address: each such name has a
// letter that isn't hexadecimal.
const COLON_COMMAND = /(^|\s)::(?=[a-f-]*[g-z][a-z-]*(?:\s[^\n]*?)?::)/gi;
const ENCODED_LINE_BREAK = /%(?=0[ad])/gi;

const escapeCharacter = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;
