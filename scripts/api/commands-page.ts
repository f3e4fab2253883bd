// Makes the page of commands from the help that each command prints.
import { Command } from 'commander';

/** Path from the root of the package. */
export const COMMANDS_PAGE = 'docs/reference/commands.md';
const HELP_WIDTH = 100;

const HEAD = `# Commands

The text of \`npx cpanel-edge COMMAND --help\`, a section for each command. [Exit statuses](exit-statuses.md), [errors](errors.md),
[completion](completion.md). \`CPANEL_EDGE_WORK=4\` lets a command compute four times as much as usual, up to 100 times.
`;

/** Returns the page as Markdown: a section for each command that help lists. */
export const printCommandsPage = (program: Command): string =>
  [
    HEAD,
    ...program.commands
      .filter((command) => command.name() !== 'deliver')
      .map((command) => `## ${command.name()}\n\n\`\`\`text\n${captureHelp(command).trimEnd()}\n\`\`\`\n`),
  ].join('\n');

function captureHelp(command: Command): string {
  const written: string[] = [];
  // A command is one value of the process, so it gets its own output back.
  const output = { ...command.configureOutput() };
  command.configureOutput({ writeOut: (text) => written.push(text), getOutHelpWidth: () => HELP_WIDTH });
  command.outputHelp();
  command.configureOutput(output);
  return written.join('');
}
