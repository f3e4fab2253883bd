// Parses option values that several commands take: an owner, an owner token, a fingerprint, a folder, and a list of
// choices.
import { InvalidArgumentError, Option } from 'commander';

/** Returns the parser of a value for the device. It refuses what the device would refuse, before a connection. */
const createParser =
  (pattern: RegExp, message: string) =>
  (text: string): string => {
    if (!pattern.test(text)) throw new InvalidArgumentError(message);
    return text;
  };

export const parseOwner = createParser(/^[a-z0-9][a-z0-9-]{0,59}$/, 'a name of small letters, digits and "-".');
export const OWNER_TOKEN = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
export const parseOwnerToken = createParser(
  OWNER_TOKEN,
  'an owner token as verify prints it: letters, digits and "-".',
);
export const parseFingerprint = createParser(
  /^[0-9a-f]{64}$/,
  'a fingerprint as verify prints it: 64 digits 0-9 and a-f.',
);

/**
 * Refuses an empty word, which the shell gives for a variable that is not set: no file shall be written to the folder
 * in which the command happens to be started.
 */
export const parseFolder = createParser(/./, 'it is empty, as a variable that is not set; the folder here is ".".');

/** Returns an option whose value is some of `kinds`, with commas between them. */
export const createChoicesOption = <Kind extends string>(
  flags: string,
  description: string,
  kinds: readonly Kind[],
): Option =>
  new Option(flags, description).choices(kinds).argParser((text, before: readonly Kind[] = []): readonly Kind[] => [
    ...before,
    ...text.split(',').map((word) => {
      const kind = kinds.find((knownKind) => knownKind === word.trim());
      if (kind === undefined) throw new InvalidArgumentError(`Allowed, with commas between them: ${kinds.join(', ')}.`);
      return kind;
    }),
  ]);
