// Creates the problems of a file of review rules: of its JSON, its keys and its values.

import { Problem } from '../../problems/problem';

/** Returns the user's text in quotes, short enough for a sentence. The printer of a problem escapes it. */
export const quoteShort = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;

export const createTooLarge = (where: string, characters: number, maxCharacters: number): Problem => ({
  code: 'rules/too-large',
  where,
  what: `The file has ${characters} characters; the most is ${maxCharacters}.`,
  instead: 'larger prefixes and ranges of ports; review rules say what a team wants, not what every host has.',
});

export const createByteOrderMark = (where: string): Problem => ({
  code: 'rules/byte-order-mark',
  where,
  what: 'The file begins with a byte order mark, which JSON does not have (RFC 8259, section 8.1).',
  instead: 'the same file saved as UTF-8 without it.',
});

export const createUtf16 = (where: string): Problem => ({
  code: 'rules/byte-order-mark',
  where,
  what: "The file is UTF-16, as PowerShell's > writes it, and JSON in files is UTF-8 (RFC 8259, section 8.1).",
  instead: 'the same file saved as UTF-8 without a byte order mark.',
});

export const createEndsEarly = (where: string): Problem => ({
  code: 'rules/ends-early',
  where,
  what: 'The file ends in the middle of what it says.',
  instead: 'the whole file; half of the rules would be rules, too, and other ones.',
});

export const createEmptyFile = (where: string): Problem => ({
  code: 'rules/ends-early',
  where,
  what: 'The file is empty.',
  instead: '{ "format": 1 } where nothing is to be enforced; cpanel-edge init writes one with rules.',
});

export const createNotJson = (where: string, excerpt: string): Problem => ({
  code: 'rules/not-json',
  where,
  what: `Here it stops being JSON: ${quoteShort(excerpt)}.`,
  instead: 'JSON: names and texts in double quotes, no comma behind the last entry, no comments.',
});

export const createDuplicateKey = (where: string, key: string): Problem => ({
  code: 'rules/key-twice',
  where,
  what: `${quoteShort(key)} is there twice, and only one of the two would count.`,
  instead: `one ${quoteShort(key)} with all that both say.`,
});

export const createUnknownKey = (
  where: string,
  key: string,
  nearestKey: string | undefined,
  knownKeys: readonly string[],
): Problem => ({
  code: 'rules/unknown-key',
  where,
  what: `There is no ${quoteShort(key)} here, so it would not be enforced.`,
  instead:
    nearestKey === undefined ? `one of ${knownKeys.join(', ')}.` : `${quoteShort(nearestKey)}, if that was meant.`,
});

export const createMissingKey = (where: string, key: string, expected: string): Problem => ({
  code: 'rules/missing',
  where,
  what: `${quoteShort(key)} is not set, and it has no default.`,
  instead: `${quoteShort(key)}: ${expected}.`,
});

export const createWrongType = (where: string, actual: string, expected: string): Problem => ({
  code: 'rules/wrong-type',
  where,
  what: `This is ${actual}.`,
  instead: `${expected}.`,
});

export const createOtherFormat = (where: string): Problem => ({
  code: 'rules/other-format',
  where,
  what: 'This version of cpanel-edge reads review rules of format 1 only.',
  instead: '"format": 1, or the version of cpanel-edge that the file was written for.',
});

export const createEmptyList = (where: string, instead: string): Problem => ({
  code: 'rules/empty-list',
  where,
  what: 'The list is empty. That could mean nothing or everything.',
  instead,
});

export const createForbiddenToo = (where: string, service: string): Problem => ({
  code: 'rules/allowed-and-forbidden',
  where,
  what: `${quoteShort(service)} is forbidden as a whole, too, and that wins: by this entry no source may reach it.`,
  instead: `${quoteShort(service)} here, or under "forbidden".`,
});

export const createTooManyEntries = (where: string, maxEntries: number): Problem => ({
  code: 'rules/too-many-entries',
  where,
  what: `There are more than ${maxEntries} entries.`,
  instead: 'larger prefixes and ranges of ports.',
});

export const createNotInRange = (where: string): Problem => ({
  code: 'rules/not-in-range',
  where,
  what: 'This is not a whole number from 1 to 100000.',
  instead: 'a number from 1 to 100000, without quotes.',
});

export const createBadText = (where: string, maxCharacters: number): Problem => ({
  code: 'rules/bad-text',
  where,
  what: 'The text is empty, too long, or has control characters, line breaks or invisible marks in it.',
  instead: `1 to ${maxCharacters} characters on one line.`,
});

export const createBadCode = (where: string, text: string): Problem => ({
  code: 'rules/bad-code',
  where,
  what: `${quoteShort(text)} is not the code of a lint rule.`,
  instead: 'a code as the review prints it, such as "nat/port-forward-would-do".',
});

export const createBadDate = (where: string, date: string): Problem => ({
  code: 'rules/bad-date',
  where,
  what: `${quoteShort(date)} is not a day of the calendar.`,
  instead: 'the last day on which it counts, as "2027-01-31".',
});

export const createHostBitsSet = (where: string, prefix: string, network: string): Problem => ({
  code: 'rules/host-bits-set',
  where,
  what: `${quoteShort(prefix)} has host bits set, so it names a host and a network at once.`,
  instead: `"${network}" for the network, or the address without a length.`,
});

export const createEveryAddress = (where: string, prefix: string): Problem => ({
  code: 'rules/everything',
  where,
  what: `${quoteShort(prefix)} is every address, so the list would say nothing.`,
  instead: 'in "allowed", leave the list out: then it is for any source. "admin" needs listed addresses.',
});

export const createBadAddress = (where: string, text: string): Problem => ({
  code: 'rules/bad-address',
  where,
  what: `${quoteShort(text)} is not an address or a prefix.`,
  instead: '"198.51.100.7", "198.51.100.0/24" or "2001:db8::/48". Names of source sets stand in the stacks, not here.',
});

export const createUnknownService = (where: string, service: string, nearestService: string | undefined): Problem => ({
  code: 'rules/unknown-service',
  where,
  what: `${quoteShort(service)} is not a service, a preset, or a port with its protocol.`,
  instead:
    nearestService === undefined
      ? 'a name such as "https", or a port such as "8443/tcp".'
      : `${quoteShort(nearestService)}, if that was meant, or a port such as "8443/tcp".`,
});

export const createMissingProtocol = (where: string, port: string): Problem => ({
  code: 'rules/protocol-missing',
  where,
  what: `${quoteShort(port)} has no protocol behind it.`,
  instead: `"${port}/tcp" or "${port}/udp".`,
});

export const createBadPort = (where: string, port: string): Problem => ({
  code: 'rules/bad-port',
  where,
  what: `${quoteShort(port)} is not a port from 1 to 65535, or a range of them that ends after it begins.`,
  instead: '"443/tcp" or "60000-60100/udp".',
});
