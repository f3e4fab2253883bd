import { Foreign, Shell } from '../../parse/foreign';
import { readables } from '../../registry';

const shells = Object.values(readables).flatMap(
  ({ foreign }: { readonly foreign: Foreign }): Shell | readonly Shell[] => foreign.shell ?? [],
);
const programs = shells.map((shell) => shell.programs).join('|');

const PROMPT = new RegExp(
  `^[^{}]*[#$>%]\\s*(sudo\\s+(-\\S+\\s+)*)?(/usr/sbin/|/sbin/)?(${programs}|ip|sysctl|exit|logout|cat)\\b`,
);
const SUDO = /^(\[sudo\]|sudo:|Password:|Script (started|done) on|Connection to \S+ closed|logout\s*$|exit\s*$)/;
/** Of a host that has not all of the programs, with its standard error. */
const NO_SUCH_PROGRAM = new RegExp(
  `^([\\w./-]+: )?((line )?\\d+: )?(${programs}): (command )?not found\\s*$|^[\\w./-]+:\\d+: command not found: `,
);
const BARE_PROMPT = /^[^\s{}"]+@[^\s{}"]+[:~ ][^{}"]*[#$>]\s*$|^\[[^\]{}"]+@[^\]{}"]+\][#$]\s*$/;

/** What a terminal shows around the output of a command. Empty lines stand in its place, so that lines keep their numbers. */
export function withoutShell(source: string): { readonly text: string; readonly leftOut: readonly string[] } {
  const leftOut: string[] = [];
  const lines = source.split('\n');
  const foreign = (line: string): boolean =>
    !shells.some(({ own }) => own?.test(line)) &&
    (shells.some(({ typed }) => typed?.test(line)) ||
      NO_SUCH_PROGRAM.test(line) ||
      SUDO.test(line) ||
      BARE_PROMPT.test(line) ||
      (PROMPT.test(line) && !/^\s/.test(line)));
  // Above the rules, and below their last line; in between a line is a rule's, unless it can be none.
  const looked = [...lines.keys()].filter(
    (at) => at < 40 || at >= lines.length - 40 || NO_SUCH_PROGRAM.test(lines[at]!),
  );
  for (const at of looked) {
    // eslint-disable-next-line no-control-regex -- a terminal's colours are what must go
    const line = lines[at]!.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').trimEnd();
    if (/^#!|^#\s/.test(line) || !foreign(line)) continue;
    leftOut.push(`line ${at + 1}: ${line}`);
    lines[at] = '';
  }
  return { text: lines.join('\n'), leftOut };
}
