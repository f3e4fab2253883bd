import type { Command, CommanderError } from 'commander';
import { Refusal, escapeForDisplay } from '../lib/problems/problem';

/** What commander calls what is wrong with the words of a command. */
const ERROR_CODES: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'cli/no-such-command',
  'commander.unknownOption': 'cli/no-such-option',
  'commander.missingArgument': 'cli/argument-missing',
  'commander.optionMissingArgument': 'cli/argument-missing',
  'commander.excessArguments': 'cli/too-many-arguments',
  'commander.conflictingOption': 'cli/options-conflict',
  'commander.invalidArgument': 'cli/bad-argument',
};

/** What is wrong with the words is refused as all else that is wrong: with a code, and where JSON is asked for in JSON. */
export const refuseMisuse = (command: Command): Command =>
  command.configureOutput({ outputError: () => undefined }).exitOverride((error) => {
    throw ERROR_CODES[error.code] === undefined ? error : toRefusal(command, error);
  });

/** It says `error: unknown option '--jsn'`, and on a second line `(Did you mean --json?)`. What was typed may be somebody else's. */
function toRefusal(command: Command, { code, message }: CommanderError): Refusal {
  const [messageLine = '', ...more] = message.replace(/^error: /, '').split(/\n(?=\()/);
  const suggestion = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(more.join(' '))?.[1];
  const commandText = command.name() === 'cpanel-edge' ? 'cpanel-edge' : `cpanel-edge ${command.name()}`;
  const help = `${commandText} --help says what there is`;
  const isFormat = /^unknown option '--(json|format)['=]/.test(messageLine);
  const instead = isFormat
    ? `${commandText} without it: what it prints has one form.`
    : `${suggestion === undefined ? '' : `${escapeForDisplay(suggestion)}; `}${help}.`;
  return new Refusal([
    {
      code: ERROR_CODES[code]!,
      where: commandText,
      what: `${escapeForDisplay(messageLine.charAt(0).toUpperCase() + messageLine.slice(1)).replace(/\.$/, '')}.`,
      instead: explainUsage(command, commandText, messageLine) ?? instead,
    },
  ]);
}

/** Of an argument that is missing commander says no more than its name. */
function explainUsage(command: Command, commandText: string, messageLine: string): string | undefined {
  const [, missing] = /^missing required argument '(.*)'/.exec(messageLine) ?? [];
  const argument = command.registeredArguments.find((candidate) => candidate.name() === missing);
  return argument && `${commandText} ${command.usage()}; ${missing}: ${argument.description}.`;
}
