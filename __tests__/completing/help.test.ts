import { Command } from 'commander';
import { program } from '../../cli/commands';

/** As somebody reads it on a terminal of 80 columns, and through a pipe. */
function helpOf(command: Command): readonly string[] {
  let said = '';
  command.configureOutput({ writeOut: (text) => (said += text), writeErr: (text) => (said += text) });
  command.outputHelp();
  return said.split('\n');
}

const all = program([]);

describe('help has room in 80 columns', () => {
  it.each([all, ...all.commands].map((command) => [command.name(), command] as const))('%s', (_, command) => {
    const lines = helpOf(command);
    expect(lines.length).toBeGreaterThan(5);
    // A command to copy stays whole, and so does a key, which has nothing to break it at.
    const whole = (line: string): boolean => /^ {2}(ssh|cpanel-edge) /.test(line) || / [\w+/=]{60,}\)?$/.test(line);
    expect(lines.filter((line) => [...line].length > 80 && !whole(line))).toEqual([]);
  });
});
