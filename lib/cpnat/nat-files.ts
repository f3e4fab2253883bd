// Files of a server with cPanel that say what its public addresses are, as they lie in a folder or an archive.

/** What they say, as `capture` keeps it of a server. Absent: no such file, or nothing of it in the file. */
export interface ParsedNatFiles {
  /** Lines as `cpnatLinesOf` takes them; `unknown`: more than any server has addresses. */
  readonly cpnat?: 'empty' | 'unknown' | readonly string[];
  /** Host that build_cpnat asks; `?` for a page without one. */
  readonly myip?: string;
  readonly passiveFtp?: { readonly first: number; readonly last: number };
  /** The address that Pure-FTPd tells clients of passive connections; `?` where it is a name. */
  readonly announced?: string;
}

const NAT_FILE_NAMES = ['var/cpanel/cpnat', 'etc/cpsources.conf', 'etc/pure-ftpd.conf'] as const;
export type NatFileName = (typeof NAT_FILE_NAMES)[number];

/** Which of them a path is of, in any folder; undefined for another. */
export const findNatFileName = (path: string): NatFileName | undefined =>
  NAT_FILE_NAMES.find((name) => path === name || path.endsWith(`/${name}`));

/** For whoever has to be told of them. */
export const NAT_FILES = {
  called: `cPanel’s NAT files (${NAT_FILE_NAMES.join(', ')})`,
  packedBy: `ssh root@server "tar -chf - --ignore-failed-read ${NAT_FILE_NAMES.map((name) => `/${name}`).join(' ')}" > nat.tar`,
  has: (path: string): boolean => findNatFileName(path) !== undefined,
};

const MAX_CPNAT_LINES = 5000;

/** From the text of each that is there. */
export function parseNatFiles(files: ReadonlyMap<NatFileName, string>): ParsedNatFiles {
  const [cpnat, sources, ftpd] = NAT_FILE_NAMES.map((name) => files.get(name));
  return {
    ...(cpnat === undefined ? {} : { cpnat: parseCpnat(cpnat) }),
    ...(sources === undefined ? {} : parseMyip(sources)),
    ...(ftpd === undefined ? {} : parseFtp(ftpd)),
  };
}

const splitLines = (text: string): readonly string[] => text.replace(/\n+$/, '').split('\n');

/** Source: Cpanel::NAT::Object of cPanel & WHM (2022), which divides at white space. */
function parseCpnat(text: string): NonNullable<ParsedNatFiles['cpnat']> {
  if (text.trim() === '') return 'empty';
  const lines = splitLines(text);
  if (lines.length > MAX_CPNAT_LINES) return 'unknown';
  const placeholders = new Map<string, string>();
  // What looks like an address, as the device program shows it; of other words whether they are the same.
  const maskWord = (word: string): string => {
    if (word === '' || (word.length <= 45 && /^#?[\da-fA-F.:]+$/.test(word) && /[.:]/.test(word))) return word;
    const placeholder = placeholders.get(word) ?? `?${placeholders.size + 1}`;
    placeholders.set(word, placeholder);
    return placeholder;
  };
  return lines.map((line) => {
    const [first = '', second = ''] = line.split(/[ \t\r\f]+/);
    return [first, second].map(maskWord).join(' ').trimEnd();
  });
}

/** Of several lines the last one counts. Of an address with a password in it the host is told. */
function parseMyip(text: string): Pick<ParsedNatFiles, 'myip'> {
  const last = splitLines(text)
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.startsWith('MYIP='))
    .at(-1);
  if (last === undefined) return {};
  return { myip: /^MYIP=[a-z]*:\/\/(?:[^/]*@)?([A-Za-z0-9.-]+)(?::\d*)?(?:\/.*)?$/.exec(last)?.[1] ?? '?' };
}

function parseFtp(text: string): Pick<ParsedNatFiles, 'passiveFtp' | 'announced'> {
  const words = splitLines(text).map((line) => line.trim().split(/\s+/));
  const findLast = (key: string, isValid: (values: readonly string[]) => boolean): readonly string[] | undefined =>
    words
      .filter(([name = '', ...values]) => name.toLowerCase() === key && isValid(values))
      .at(-1)
      ?.slice(1);
  const range = findLast('passiveportrange', ([first = '', end = '']) => /^\d+$/.test(first) && /^\d+$/.test(end));
  const [first = 0, end = 0] = range?.map(Number) ?? [];
  const [announced] = findLast('forcepassiveip', ([address = '']) => address !== '') ?? [];
  return {
    ...(first > 0 && first <= end && end < 65_536 ? { passiveFtp: { first, last: end } } : {}),
    ...(announced === undefined
      ? {}
      : { announced: announced.length <= 45 && /^[\da-fA-F.:]*[.:][\da-fA-F.:]*$/.test(announced) ? announced : '?' }),
  };
}
