// Recognises and parses the files of a cPanel server that hold its public addresses (/var/cpanel/cpnat and others),
// from a folder or an archive.

/**
 * The contents of the files, as `capture` keeps them. An undefined property: no such file, or no such setting in it.
 */
export interface ParsedNatFiles {
  /** Lines as `parseCpnatLines` takes them; `unknown`: more lines than any server has addresses. */
  readonly cpnat?: 'empty' | 'unknown' | readonly string[];
  /** The host that build_cpnat asks; `?` for a page without one. */
  readonly myip?: string;
  readonly passiveFtp?: { readonly first: number; readonly last: number };
  /** The address that Pure-FTPd tells clients of passive connections; `?` if it is a name. */
  readonly announced?: string;
}

const NAT_FILE_NAMES = ['var/cpanel/cpnat', 'etc/cpsources.conf', 'etc/pure-ftpd.conf'] as const;
export type NatFileName = (typeof NAT_FILE_NAMES)[number];

/** Returns the NAT file that a path, in any folder, belongs to; undefined if none. */
export const findNatFileName = (path: string): NatFileName | undefined =>
  NAT_FILE_NAMES.find((name) => path === name || path.endsWith(`/${name}`));

/** The NAT files in messages: their name, the command that packs them, and the check of a path. */
export const NAT_FILES = {
  label: `cPanel’s NAT files (${NAT_FILE_NAMES.join(', ')})`,
  packCommand: `ssh root@server "tar -chf - --ignore-failed-read ${NAT_FILE_NAMES.map((name) => `/${name}`).join(' ')}" > nat.tar`,
  has: (path: string): boolean => findNatFileName(path) !== undefined,
};

const MAX_CPNAT_LINES = 5000;

/** Parses the texts of the files that are there. */
export function parseNatFiles(files: ReadonlyMap<NatFileName, string>): ParsedNatFiles {
  const [cpnat, sources, ftpd] = NAT_FILE_NAMES.map((name) => files.get(name));
  return {
    ...(cpnat === undefined ? {} : { cpnat: parseCpnat(cpnat) }),
    ...(sources === undefined ? {} : parseMyip(sources)),
    ...(ftpd === undefined ? {} : parseFtp(ftpd)),
  };
}

const splitLines = (text: string): readonly string[] => text.replace(/\n+$/, '').split('\n');

/** Splits the lines at white space. Source: Cpanel::NAT::Object of cPanel & WHM (2022). */
function parseCpnat(text: string): NonNullable<ParsedNatFiles['cpnat']> {
  if (text.trim() === '') return 'empty';
  const lines = splitLines(text);
  if (lines.length > MAX_CPNAT_LINES) return 'unknown';
  const placeholders = new Map<string, string>();
  // A word that looks like an address is kept, as the agent shows it. Other words become placeholders that only tell
  // whether two words are the same.
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

/**
 * Returns the host that the file asks. Of several lines the last counts. Of a URL with a password only the host is
 * returned.
 */
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
