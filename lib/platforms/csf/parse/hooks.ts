import { Family } from '../../../net/address';
import { Place, PrintedFile } from '../../../parse/printed-files';
import { Files, HOOK_FOLDERS, trimmed } from './files';

/** A rule that a hook puts behind those of a chain, or in front of them. */
export interface HookRule {
  readonly family: Family;
  readonly chain: string;
  readonly first: boolean;
  readonly words: Place;
}

/** What csf runs before it makes its rules, or behind them. */
export interface Hook {
  readonly path: string;
  /** The first line of it that does something. */
  readonly line: number;
  /** All that it does; undefined where nobody here follows it. */
  readonly rules: readonly HookRule[] | undefined;
}

/** A shell that reads the hook itself; any other program does what it likes. */
const SHELL = /^#![ \t]*(\/usr\/bin\/env[ \t]+|(\/usr)?(\/local)?\/bin\/)(ba|da|k|z|a)?sh([ \t]+-[eux]+)*[ \t]*$/;

/**
 * A line of which a shell makes nothing but words, and a rule whose options stand in an order and once each, so that iptables takes it as it is
 * read: of anything else nobody here knows.
 */
const BY_HEADER = String.raw`(?:! )?-[iosd] [\w.:/+-]+ `;
const STATES = '(?:NEW|ESTABLISHED|RELATED|INVALID)';
const RULE = new RegExp(
  [
    String.raw`^(?!.* (-[iosdp]|--[sd]ports?) .* \1 )`,
    String.raw`(?:(?:/usr)?/s?bin/)?ip(?<of>6?)tables(?: -w)? (?:-A (?<last>\w+)|-I (?<first>\w+)(?: 1)?) `,
    `(?<words>(?:${BY_HEADER})*`,
    // Behind a list of ports iptables takes one port for the beginning of such an option.
    String.raw`(?:-p (?:tcp|udp) (?:${BY_HEADER}|--[sd]port [\d:]+ )*(?:${BY_HEADER}|-m multiport --[sd]ports [\d:,]+ )*)?`,
    `(?:-m (?:conntrack --ctstate|state --state) ${STATES}(?:,${STATES})* )?`,
    '-j (?:ACCEPT|DROP|REJECT|RETURN))(?: #.*)?$',
  ].join(''),
);
/** Chains that each csf has, and that only what comes in, or goes out, is asked in. */
const COMING = /^(INPUT|LOCALINPUT|ALLOWIN|DENYIN)$/;
const LEAVING = /^(OUTPUT|LOCALOUTPUT|ALLOWOUT|DENYOUT)$/;

function ruleIn({ line, text }: Place): HookRule | undefined {
  const { of, last, first, words = '' } = RULE.exec(text.replace(/[ \t]+/g, ' '))?.groups ?? {};
  const chain = first ?? last ?? '';
  const fits = COMING.test(chain) ? !/(^| )-o /.test(words) : LEAVING.test(chain) && !/(^| )-i /.test(words);
  if (!fits) return undefined;
  return { family: of === '6' ? 'ip6' : 'ip', chain, first: first !== undefined, words: { line, text: words } };
}

const linesIn = ({ line, text }: PrintedFile): readonly Place[] =>
  text.split('\n').map((one, at) => ({ line: line + at, text: one }));

/** Those that do anything at all: one of remarks alone does nothing. `text` is the whole one, in which a line's carriage return still stands. */
export function hooksIn(files: Files, text: string): readonly Hook[] {
  const raw = text.split('\n');
  return HOOK_FOLDERS.flatMap((folder) =>
    ['csfpre.sh', 'csfpost.sh'].flatMap((name) => {
      const path = `${folder}/${name}`;
      const file = files.all.get(path);
      if (!file) return [];
      // Without a first line that says who reads it, csf writes it anew, by lines as it reads them.
      const lines = file.text.startsWith('#!') ? linesIn(file) : files.linesOf(path)!;
      return hookOf(path, lines, raw) ?? [];
    }),
  );
}

function hookOf(path: string, lines: readonly Place[], raw: readonly string[]): Hook | undefined {
  const [first] = lines;
  const isOthers = first !== undefined && first.text.startsWith('#!') && !SHELL.test(trimmed(first.text));
  const does = lines.map((one) => ({ ...one, text: trimmed(one.text) })).filter((one) => /^[^#]/.test(one.text));
  const line = isOthers ? first.line : does[0]?.line;
  if (line === undefined) return undefined;
  const returns = lines.some((one) => raw[one.line - 1]!.includes('\r'));
  const rules = does.flatMap((one) => ruleIn(one) ?? []);
  const isFollowed = !isOthers && !returns && path.endsWith('post.sh') && rules.length === does.length;
  return { path, line, rules: isFollowed ? rules : undefined };
}
