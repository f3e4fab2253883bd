// Removes prompts, typed commands and errors of the shell from a pasted terminal session, so that the rules in it can
// be parsed.

import { ConfigFormat, TerminalOutput } from '../../parse/config-format';
import { parsablePlatforms } from '../../registry';

const SHELL_FORMATS = Object.values(parsablePlatforms).flatMap(
  ({ configFormat }: { readonly configFormat: ConfigFormat }): TerminalOutput | readonly TerminalOutput[] =>
    configFormat.terminalOutput ?? [],
);
const PROGRAM_PATTERN = SHELL_FORMATS.map((shell) => shell.programs).join('|');

const PROMPT = new RegExp(
  `^(?:[^{}]*[#$>%❯]\\s*|➜\\s+[^{}]*?)(sudo\\s+(-\\S+\\s+)*)?(/usr/sbin/|/sbin/)?(${PROGRAM_PATTERN}|ip|sysctl|exit|logout|cat)\\b`,
);
const SUDO = /^(\[sudo\]|sudo:|Password:|Script (started|done) on|Connection to \S+ closed|logout\s*$|exit\s*$)/;
/** Errors of a host that lacks some of the programs, if the text has its standard error. */
const NO_SUCH_PROGRAM = new RegExp(
  `^([\\w./-]+: )?((line )?\\d+: )?(${PROGRAM_PATTERN}): (command )?not found\\s*$|^[\\w./-]+:\\d+: command not found: `,
);
const BARE_PROMPT =
  /^[^\s{}"]+@[^\s{}"]+[:~ ][^{}"]*[#$>]\s*$|^\[[^\]{}"]+@[^\]{}"]+\][#$]\s*$|^[$%❯]\s*$|^➜\s[^{}"]*$/;

/** Returns the text and the removed lines. Empty lines replace them, so that the other lines keep their numbers. */
export function removeShellLines(source: string): { readonly text: string; readonly omittedLines: readonly string[] } {
  const omittedLines: string[] = [];
  const lines = source.split('\n');
  const isShellLine = (line: string): boolean =>
    !SHELL_FORMATS.some(({ outputPattern }) => outputPattern?.test(line)) &&
    (SHELL_FORMATS.some(({ typedCommand }) => typedCommand?.test(line)) ||
      NO_SUCH_PROGRAM.test(line) ||
      SUDO.test(line) ||
      BARE_PROMPT.test(line) ||
      (PROMPT.test(line) && !/^\s/.test(line)));
  // Shell lines stand above the rules and below their last line. In between, a line is a rule's, unless it can be none.
  const lineIndexes = [...lines.keys()].filter(
    (index) => index < 40 || index >= lines.length - 40 || NO_SUCH_PROGRAM.test(lines[index]!),
  );
  for (const index of lineIndexes) {
    const line = lines[index]!.trimEnd();
    if (/^#!|^#\s/.test(line) || !isShellLine(line)) continue;
    omittedLines.push(`line ${index + 1}: ${line}`);
    lines[index] = '';
  }
  return { text: lines.join('\n'), omittedLines };
}
