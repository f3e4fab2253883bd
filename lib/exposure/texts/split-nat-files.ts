// Splits cPanel's NAT files (/var/cpanel/cpnat and others) from a text of several printed files, and describes their
// content in sentences for the exposure report.

import { parseCpnatLines, evaluateCpnat } from '../../cpnat/evaluate-cpnat';
import { NatFileName, ParsedNatFiles, findNatFileName, parseNatFiles } from '../../cpnat/nat-files';
import { getFamily, parseAddress, printAddress } from '../../net/address';
import { Problem, Refusal, escapeForDisplay } from '../../problems/problem';
import { FILE_HEADER } from '../../parse/config-format';

interface TextWithNatFiles {
  /** The text with the lines of these files emptied, so that others keep their numbers. */
  readonly text: string;
  readonly natFiles?: ParsedNatFiles;
}

/**
 * Takes files of cPanel out of a text of several files, each below its path. A text that begins otherwise is left
 * alone: the end of a file is unknown there, and what follows may be rules.
 * @throws Refusal review/nat-file-twice
 */
export function splitNatFiles(source: string, name: string): TextWithNatFiles {
  const lines = source.split('\n');
  if (!FILE_HEADER.test(lines.find((line) => line.trim() !== '') ?? '')) return { text: source };
  const files = new Map<NatFileName, string[]>();
  let openFile: string[] | undefined;
  const remainingLines = lines.map((line) => {
    const path = FILE_HEADER.exec(line)?.[1];
    if (path !== undefined) {
      const file = findNatFileName(path);
      if (file && files.has(file)) throw new Refusal([createTwiceProblem(name, file)]);
      openFile = file && [];
      if (file && openFile) files.set(file, openFile);
      return file ? '' : line;
    }
    openFile?.push(line);
    return openFile ? '' : line;
  });
  if (files.size === 0) return { text: source };
  return {
    text: remainingLines.join('\n'),
    natFiles: parseNatFiles(new Map([...files].map(([file, fileLines]) => [file, fileLines.join('\n')]))),
  };
}

/** The most sentences on addresses. More addresses are counted. */
const MAX_ADDRESSES = 10;

/** Returns the content of the NAT files, a sentence each. */
export function describeNatFiles({ cpnat, myip, passiveFtp, announced }: ParsedNatFiles): readonly string[] {
  return [
    ...(cpnat === undefined ? [] : describePairs(cpnat)),
    ...(myip === undefined ? [] : [`build_cpnat asks ${myip === '?' ? 'a page that is not told' : myip}`]),
    ...(passiveFtp ? [`Pure-FTPd has passive ports ${passiveFtp.first}-${passiveFtp.last}`] : []),
    ...(announced === undefined
      ? []
      : [`Pure-FTPd sends clients to ${announced === '?' ? 'a name' : announced} for passive transfers`]),
  ].map(escapeForDisplay);
}

function describePairs(cpnat: NonNullable<ParsedNatFiles['cpnat']>): readonly string[] {
  if (cpnat === 'empty') return [];
  if (cpnat === 'unknown')
    return [
      '/var/cpanel/cpnat can’t be read, or has more lines than are read: what cPanel takes for public addresses is not known',
    ];
  const lines = parseCpnatLines(cpnat);
  const pairs = evaluateCpnat(lines);
  const addresses = lines.flatMap(({ local }) => parseAddress(local) ?? []);
  const localAddresses = [...new Set(addresses.filter((address) => getFamily(address) === 'ip'))];
  const sentences = localAddresses.map((localAddress) => {
    const [result, localText] = [pairs.of(localAddress), printAddress(localAddress)];
    const lineNote = result.is === 'no line' ? '' : ` (line ${result.line} of /var/cpanel/cpnat)`;
    return result.is === 'public'
      ? `cPanel takes ${printAddress(result.address)} for the public address of ${localText}${lineNote}`
      : `cPanel takes ${localText} for a public address itself${lineNote}`;
  });
  return sentences.length > MAX_ADDRESSES
    ? [...sentences.slice(0, MAX_ADDRESSES), `and ${sentences.length - MAX_ADDRESSES} more such addresses`]
    : sentences;
}

const createTwiceProblem = (where: string, file: NatFileName): Problem => ({
  code: 'review/nat-file-twice',
  where,
  what: `It has /${file} twice: the files of several servers, and which belongs to which is not known.`,
  instead: 'the files of one server at a time.',
});
