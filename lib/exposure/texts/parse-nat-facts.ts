// Parses cPanel's NAT settings (lines of /var/cpanel/cpnat, MYIP, passive FTP ports) from the facts in the JSON of
// `cpanel-edge verify --json`.

import { ParsedNatFiles } from '../../cpnat/nat-files';
import { isRecord } from '../../agent-protocol/work-codec';

const MAX_CPNAT_LINES = 5000;

/** Parses `facts.cpanelNat`. Values of another form are left out: the file is untrusted. */
export function parseNatFacts(facts: unknown): ParsedNatFiles {
  if (!isRecord(facts)) return {};
  const { file, lines, asks, ftp } = facts;
  const { passive, announced } = isRecord(ftp) ? ftp : {};
  const { first, last } = isRecord(passive) ? passive : {};
  const cpnat = file === 'empty' || file === 'unknown' ? file : file === 'there' ? parseCpnatLines(lines) : undefined;
  return {
    ...(cpnat === undefined ? {} : { cpnat }),
    ...(isWord(asks) ? { myip: asks } : {}),
    ...(isPort(first) && isPort(last) && first <= last ? { passiveFtp: { first, last } } : {}),
    ...(isWord(announced) ? { announced } : {}),
  };
}

/** Returns each line at its number. Missing lines are empty. */
function parseCpnatLines(lines: unknown): NonNullable<ParsedNatFiles['cpnat']> {
  if (!Array.isArray(lines)) return 'unknown';
  const texts: string[] = [];
  for (const entry of lines as readonly unknown[]) {
    if (!isRecord(entry)) return 'unknown';
    const { line, local, public: publicAddress } = entry;
    const isLineNumber = typeof line === 'number' && Number.isInteger(line) && line > 0 && line <= MAX_CPNAT_LINES;
    if (!isLineNumber || !isOptionalWord(local) || !isOptionalWord(publicAddress)) return 'unknown';
    texts[line - 1] = `${local} ${publicAddress}`.trimEnd();
  }
  return Array.from(texts, (line: string | undefined) => line ?? '');
}

const isOptionalWord = (value: unknown): value is string => typeof value === 'string' && /^\S{0,60}$/.test(value);
const isWord = (value: unknown): value is string => isOptionalWord(value) && value !== '';
const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
