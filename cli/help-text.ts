import { AddHelpTextContext } from 'commander';

/**
 * What help says below the options, as `addHelpText` takes it: sentences are wrapped as commander wraps its own. Lines that begin with two spaces
 * are commands, and stay whole, so that they can be copied.
 */
export const createHelpText =
  (text: string) =>
  ({ command }: AddHelpTextContext): string => {
    const help = command.createHelp();
    const wrapLine = (line: string): string =>
      line.startsWith('  ') ? line : help.boxWrap(line, process.stdout.columns ?? 80);
    return `\n${text.split('\n').map(wrapLine).join('\n')}`;
  };
