// Wraps the text that a command prints below its options in --help.

import { AddHelpTextContext } from 'commander';

/**
 * Returns the text below the options of help, as `addHelpText` takes it. Sentences are wrapped like those of commander.
 * Lines that begin with two spaces are commands: they stay whole, so that they can be copied.
 */
export const createHelpText =
  (text: string) =>
  ({ command }: AddHelpTextContext): string => {
    const help = command.createHelp();
    const width = command.configureOutput().getOutHelpWidth?.() ?? 80;
    const wrapLine = (line: string): string => (line.startsWith('  ') ? line : help.boxWrap(line, width));
    return `\n${text.split('\n').map(wrapLine).join('\n')}`;
  };
