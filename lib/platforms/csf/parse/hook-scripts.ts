// Parses csf's scripts csfpre.sh and csfpost.sh, run before and after csf loads its rules. Plain iptables commands
// become rules; a script with anything else is unknown.
import { Family } from '../../../net/address';
import { SourceLocation, PrintedFile } from '../../../parse/printed-files';
import { CsfFiles, HOOK_FOLDERS, trimBlanks } from './csf-files';

/** A rule that a hook puts at the end of a chain, or at its beginning. */
export interface HookRule {
  readonly family: Family;
  readonly chain: string;
  readonly first: boolean;
  readonly words: SourceLocation;
}

/** A script that csf runs before or after it makes its rules. */
export interface CsfHook {
  readonly path: string;
  /** Number of its first line with code. */
  readonly line: number;
  /** All of its rules; undefined if it does anything that isn't followed here. */
  readonly rules: readonly HookRule[] | undefined;
}

/** A shell that reads the hook itself; any other program may do anything. */
const SHELL_LINE = /^#![ \t]*(\/usr\/bin\/env[ \t]+|(\/usr)?(\/local)?\/bin\/)(ba|da|k|z|a)?sh([ \t]+-[eux]+)*[ \t]*$/;

/**
 * A line from which a shell makes only words, with a rule whose options are in order and occur once each, so that
 * iptables takes it as it is parsed here. The effect of any other line isn't known.
 */
const BY_HEADER = String.raw`(?:! )?-[iosd] [\w.:/+-]+ `;
const STATES = '(?:NEW|ESTABLISHED|RELATED|INVALID)';
const RULE_LINE = new RegExp(
  [
    String.raw`^(?!.* (-[iosdp]|--[sd]ports?) .* \1 )`,
    String.raw`(?:(?:/usr)?/s?bin/)?ip(?<of>6?)tables(?: -w)? (?:-A (?<last>\w+)|-I (?<first>\w+)(?: 1)?) `,
    `(?<words>(?:${BY_HEADER})*`,
    // After a list of ports iptables takes `--sport` and `--dport` for a prefix of such an option.
    String.raw`(?:-p (?:tcp|udp) (?:${BY_HEADER}|--[sd]port [\d:]+ )*(?:${BY_HEADER}|-m multiport --[sd]ports [\d:,]+ )*)?`,
    `(?:-m (?:conntrack --ctstate|state --state) ${STATES}(?:,${STATES})* )?`,
    '-j (?:ACCEPT|DROP|REJECT|RETURN))(?: #.*)?$',
  ].join(''),
);
/** Chains that each csf has, and that only incoming, or only outgoing, packets pass. */
const INBOUND_CHAIN = /^(INPUT|LOCALINPUT|ALLOWIN|DENYIN)$/;
const OUTBOUND_CHAIN = /^(OUTPUT|LOCALOUTPUT|ALLOWOUT|DENYOUT)$/;

function parseHookRule({ line, text }: SourceLocation): HookRule | undefined {
  const { of, last, first, words = '' } = RULE_LINE.exec(text.replace(/[ \t]+/g, ' '))?.groups ?? {};
  const chain = first ?? last ?? '';
  const isInChain = INBOUND_CHAIN.test(chain)
    ? !/(^| )-o /.test(words)
    : OUTBOUND_CHAIN.test(chain) && !/(^| )-i /.test(words);
  if (!isInChain) return undefined;
  return { family: of === '6' ? 'ip6' : 'ip', chain, first: first !== undefined, words: { line, text: words } };
}

const splitLines = ({ line, text }: PrintedFile): readonly SourceLocation[] =>
  text.split('\n').map((content, at) => ({ line: line + at, text: content }));

/**
 * Returns the hooks with any code; a hook of remarks alone does nothing. `text` is the whole text, in which a line
 * still has its carriage return.
 */
export function findHooks(files: CsfFiles, text: string): readonly CsfHook[] {
  const raw = text.split('\n');
  return HOOK_FOLDERS.flatMap((folder) =>
    ['csfpre.sh', 'csfpost.sh'].flatMap((name) => {
      const path = `${folder}/${name}`;
      const file = files.files.get(path);
      if (!file) return [];
      // csf rewrites a hook without a shebang line, with the line ends that csf reads.
      const lines = file.text.startsWith('#!') ? splitLines(file) : files.findLines(path)!;
      return parseHook(path, lines, raw) ?? [];
    }),
  );
}

function parseHook(path: string, lines: readonly SourceLocation[], raw: readonly string[]): CsfHook | undefined {
  const [first] = lines;
  const isOthers = first !== undefined && first.text.startsWith('#!') && !SHELL_LINE.test(trimBlanks(first.text));
  const codeLines = lines
    .map((place) => ({ ...place, text: trimBlanks(place.text) }))
    .filter((place) => /^[^#]/.test(place.text));
  const line = isOthers ? first.line : codeLines[0]?.line;
  if (line === undefined) return undefined;
  const hasCarriageReturn = lines.some((place) => raw[place.line - 1]!.includes('\r'));
  const rules = codeLines.flatMap((place) => parseHookRule(place) ?? []);
  const isFollowed = !isOthers && !hasCarriageReturn && path.endsWith('post.sh') && rules.length === codeLines.length;
  return { path, line, rules: isFollowed ? rules : undefined };
}
