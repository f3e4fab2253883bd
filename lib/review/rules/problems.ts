import { Problem } from '../../problems/problem';

/** What somebody wrote, short enough to stand in a sentence. Whoever prints a problem makes it harmless. */
export const quoted = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;

export const tooLarge = (where: string, characters: number, most: number): Problem => ({
  code: 'rules/too-large',
  where,
  what: `The file has ${characters} characters; the most is ${most}.`,
  instead: 'larger prefixes and ranges of ports; review rules say what a team wants, not what every host has.',
});

export const byteOrderMark = (where: string): Problem => ({
  code: 'rules/byte-order-mark',
  where,
  what: 'The file begins with a byte order mark, which JSON does not have (RFC 8259, section 8.1).',
  instead: 'the same file saved as UTF-8 without it.',
});

export const inUtf16 = (where: string): Problem => ({
  code: 'rules/byte-order-mark',
  where,
  what: "The file is UTF-16, as PowerShell's > writes it, and JSON in files is UTF-8 (RFC 8259, section 8.1).",
  instead: 'the same file saved as UTF-8 without a byte order mark.',
});

export const endsEarly = (where: string): Problem => ({
  code: 'rules/ends-early',
  where,
  what: 'The file ends in the middle of what it says.',
  instead: 'the whole file; half of the rules would be rules, too, and other ones.',
});

export const empty = (where: string): Problem => ({
  code: 'rules/ends-early',
  where,
  what: 'The file is empty.',
  instead: '{ "format": 1 } where nothing is to be enforced; cpanel-edge init writes one with rules.',
});

export const notJson = (where: string, found: string): Problem => ({
  code: 'rules/not-json',
  where,
  what: `Here it stops being JSON: ${quoted(found)}.`,
  instead: 'JSON: names and texts in double quotes, no comma behind the last entry, no comments.',
});

export const keyTwice = (where: string, key: string): Problem => ({
  code: 'rules/key-twice',
  where,
  what: `${quoted(key)} is there twice, and only one of the two would count.`,
  instead: `one ${quoted(key)} with all that both say.`,
});

export const unknownKey = (
  where: string,
  key: string,
  near: string | undefined,
  known: readonly string[],
): Problem => ({
  code: 'rules/unknown-key',
  where,
  what: `There is no ${quoted(key)} here, so it would not be enforced.`,
  instead: near === undefined ? `one of ${known.join(', ')}.` : `${quoted(near)}, if that was meant.`,
});

export const missing = (where: string, key: string, wanted: string): Problem => ({
  code: 'rules/missing',
  where,
  what: `${quoted(key)} is not set, and it has no default.`,
  instead: `${quoted(key)}: ${wanted}.`,
});

export const wrongType = (where: string, is: string, wanted: string): Problem => ({
  code: 'rules/wrong-type',
  where,
  what: `This is ${is}.`,
  instead: `${wanted}.`,
});

export const otherFormat = (where: string): Problem => ({
  code: 'rules/other-format',
  where,
  what: 'This version of cpanel-edge reads review rules of format 1 only.',
  instead: '"format": 1, or the version of cpanel-edge that the file was written for.',
});

export const emptyList = (where: string, instead: string): Problem => ({
  code: 'rules/empty-list',
  where,
  what: 'The list is empty. That could mean nothing or everything.',
  instead,
});

export const forbiddenToo = (where: string, wrote: string): Problem => ({
  code: 'rules/allowed-and-forbidden',
  where,
  what: `${quoted(wrote)} is forbidden as a whole, too, and that wins: by this entry nobody may reach it.`,
  instead: `${quoted(wrote)} here, or under "forbidden".`,
});

export const tooMany = (where: string, most: number): Problem => ({
  code: 'rules/too-many-entries',
  where,
  what: `There are more than ${most} entries.`,
  instead: 'larger prefixes and ranges of ports.',
});

export const notInRange = (where: string): Problem => ({
  code: 'rules/not-in-range',
  where,
  what: 'This is not a whole number from 1 to 100000.',
  instead: 'a number from 1 to 100000, without quotes.',
});

export const badText = (where: string, most: number): Problem => ({
  code: 'rules/bad-text',
  where,
  what: 'The text is empty, too long, or has control characters, line breaks or invisible marks in it.',
  instead: `1 to ${most} characters on one line.`,
});

export const badCode = (where: string, wrote: string): Problem => ({
  code: 'rules/bad-code',
  where,
  what: `${quoted(wrote)} is not the code of a lint rule.`,
  instead: 'a code as the review prints it, such as "nat/port-forward-would-do".',
});

export const badDate = (where: string, wrote: string): Problem => ({
  code: 'rules/bad-date',
  where,
  what: `${quoted(wrote)} is not a day of the calendar.`,
  instead: 'the last day on which it counts, as "2027-01-31".',
});

export const hostBits = (where: string, wrote: string, network: string): Problem => ({
  code: 'rules/host-bits-set',
  where,
  what: `${quoted(wrote)} has host bits set, so it names a host and a network at once.`,
  instead: `"${network}" for the network, or the address without a length.`,
});

export const everything = (where: string, wrote: string): Problem => ({
  code: 'rules/everything',
  where,
  what: `${quoted(wrote)} is every address, so the list would say nothing.`,
  instead: 'in "allowed", leave the list out: then it is for everybody. "admin" needs somebody in particular.',
});

export const badAddress = (where: string, wrote: string): Problem => ({
  code: 'rules/bad-address',
  where,
  what: `${quoted(wrote)} is not an address or a prefix.`,
  instead: '"198.51.100.7", "198.51.100.0/24" or "2001:db8::/48". Names of source sets stand in the stacks, not here.',
});

export const unknownService = (where: string, wrote: string, near: string | undefined): Problem => ({
  code: 'rules/unknown-service',
  where,
  what: `${quoted(wrote)} is not a service, a preset, or a port with its protocol.`,
  instead:
    near === undefined
      ? 'a name such as "https", or a port such as "8443/tcp".'
      : `${quoted(near)}, if that was meant, or a port such as "8443/tcp".`,
});

export const protocolMissing = (where: string, wrote: string): Problem => ({
  code: 'rules/protocol-missing',
  where,
  what: `${quoted(wrote)} has no protocol behind it.`,
  instead: `"${wrote}/tcp" or "${wrote}/udp".`,
});

export const badPort = (where: string, wrote: string): Problem => ({
  code: 'rules/bad-port',
  where,
  what: `${quoted(wrote)} is not a port from 1 to 65535, or a range of them that ends after it begins.`,
  instead: '"443/tcp" or "60000-60100/udp".',
});
