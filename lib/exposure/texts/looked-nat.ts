import { NatFiles } from '../../cpnat/files';
import { isRecord } from '../../agent-protocol/codec';

const MOST_LINES = 5000;

/** What the JSON of `verify --json` says of cPanel's NAT files, `facts.cpanelNat`. What is none of it is left out: anybody may have written the file. */
export function natFilesIn(said: unknown): NatFiles {
  if (!isRecord(said)) return {};
  const { file, lines, asks, ftp } = said;
  const { passive, announced } = isRecord(ftp) ? ftp : {};
  const { first, last } = isRecord(passive) ? passive : {};
  const cpnat = file === 'empty' || file === 'unknown' ? file : file === 'there' ? linesIn(lines) : undefined;
  return {
    ...(cpnat === undefined ? {} : { cpnat }),
    ...(isWord(asks) ? { myip: asks } : {}),
    ...(isPort(first) && isPort(last) && first <= last ? { passiveFtp: { first, last } } : {}),
    ...(isWord(announced) ? { announced } : {}),
  };
}

/** Each at its number; those that aren't told are empty. */
function linesIn(lines: unknown): NonNullable<NatFiles['cpnat']> {
  if (!Array.isArray(lines)) return 'unknown';
  const found: string[] = [];
  for (const one of lines as readonly unknown[]) {
    if (!isRecord(one)) return 'unknown';
    const { line, local, public: outside } = one;
    const isOne = typeof line === 'number' && Number.isInteger(line) && line > 0 && line <= MOST_LINES;
    if (!isOne || !isWordOrNone(local) || !isWordOrNone(outside)) return 'unknown';
    found[line - 1] = `${local} ${outside}`.trimEnd();
  }
  return Array.from(found, (line: string | undefined) => line ?? '');
}

const isWordOrNone = (value: unknown): value is string => typeof value === 'string' && /^\S{0,60}$/.test(value);
const isWord = (value: unknown): value is string => isWordOrNone(value) && value !== '';
const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
