import { cpnatLinesOf, cpnatOf } from '../../cpnat/cpnat';
import { NatFile, NatFiles, natFileAt, natFilesOf } from '../../cpnat/files';
import { familyOf, parseAddress, printAddress } from '../../net/address';
import { Problem, Refusal, printable } from '../../problems/problem';
import { FILE_HEADER } from '../../parse/foreign';

interface WithoutNatFiles {
  /** Their lines are empty in it, so that others keep their numbers. */
  readonly text: string;
  readonly natFiles?: NatFiles;
}

/**
 * Takes files of cPanel out of a text of several files, each below its path. A text that begins otherwise is left alone: there nobody knows
 * where a file ends, and what follows may be rules. Throws Refusal review/nat-file-twice.
 */
export function withoutNatFiles(source: string, name: string): WithoutNatFiles {
  const lines = source.split('\n');
  if (!FILE_HEADER.test(lines.find((line) => line.trim() !== '') ?? '')) return { text: source };
  const files = new Map<NatFile, string[]>();
  let open: string[] | undefined;
  const left = lines.map((line) => {
    const path = FILE_HEADER.exec(line)?.[1];
    if (path !== undefined) {
      const file = natFileAt(path);
      if (file && files.has(file)) throw new Refusal([twice(name, file)]);
      open = file && [];
      if (file && open) files.set(file, open);
      return file ? '' : line;
    }
    open?.push(line);
    return open ? '' : line;
  });
  if (files.size === 0) return { text: source };
  return {
    text: left.join('\n'),
    natFiles: natFilesOf(new Map([...files].map(([file, own]) => [file, own.join('\n')]))),
  };
}

/** How many are told. */
const MOST = 10;

/** What they say, a sentence each. */
export function toldByNatFiles({ cpnat, myip, passiveFtp, announced }: NatFiles): readonly string[] {
  return [
    ...(cpnat === undefined ? [] : pairsIn(cpnat)),
    ...(myip === undefined ? [] : [`build_cpnat asks ${myip === '?' ? 'a page that is not told' : myip}`]),
    ...(passiveFtp ? [`Pure-FTPd has passive ports ${passiveFtp.first}-${passiveFtp.last}`] : []),
    ...(announced === undefined
      ? []
      : [`Pure-FTPd sends clients to ${announced === '?' ? 'a name' : announced} for passive transfers`]),
  ].map(printable);
}

function pairsIn(cpnat: NonNullable<NatFiles['cpnat']>): readonly string[] {
  if (cpnat === 'empty') return [];
  if (cpnat === 'unknown')
    return [
      '/var/cpanel/cpnat can’t be read, or has more lines than are read: what cPanel takes for public addresses is not known',
    ];
  const lines = cpnatLinesOf(cpnat);
  const read = cpnatOf(lines);
  const addresses = lines.flatMap(({ local }) => parseAddress(local) ?? []);
  const locals = [...new Set(addresses.filter((address) => familyOf(address) === 'ip'))];
  const said = locals.map((local) => {
    const [taken, here] = [read.of(local), printAddress(local)];
    const at = taken.is === 'no line' ? '' : ` (line ${taken.line} of /var/cpanel/cpnat)`;
    return taken.is === 'public'
      ? `cPanel takes ${printAddress(taken.address)} for the public address of ${here}${at}`
      : `cPanel takes ${here} for a public address itself${at}`;
  });
  return said.length > MOST ? [...said.slice(0, MOST), `and ${said.length - MOST} more such addresses`] : said;
}

const twice = (where: string, file: NatFile): Problem => ({
  code: 'review/nat-file-twice',
  where,
  what: `It has /${file} twice: the files of several servers, and nobody knows whose is whose.`,
  instead: 'the files of one server at a time.',
});
