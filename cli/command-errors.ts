// Turns commander's errors about a misused command (an unknown option, a missing argument) into a Refusal, so that they
// are reported with a code like all other problems.
import type { Command, CommanderError } from 'commander';
import { Refusal, escapeForDisplay } from '../lib/problems/problem';

/** Our problem codes by commander's codes for misuse of a command. */
const ERROR_CODES: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'cli/no-such-command',
  'commander.unknownOption': 'cli/no-such-option',
  'commander.missingArgument': 'cli/argument-missing',
  'commander.optionMissingArgument': 'cli/argument-missing',
  'commander.excessArguments': 'cli/too-many-arguments',
  'commander.conflictingOption': 'cli/options-conflict',
  'commander.invalidArgument': 'cli/bad-argument',
};

/**
 * Makes a command throw a Refusal for misuse. Misuse is then reported like all other problems: with a code, and as JSON
 * if JSON is asked for.
 */
export const refuseMisuse = (command: Command): Command =>
  command.configureOutput({ outputError: () => undefined }).exitOverride((error) => {
    throw ERROR_CODES[error.code] === undefined ? error : toRefusal(command, error);
  });

/**
 * Returns the Refusal for an error of commander. Its message is `error: unknown option '--jsn'`, and on a second line
 * `(Did you mean --json?)`. The typed words may be from an untrusted place, so they are escaped.
 */
function toRefusal(command: Command, { code, message }: CommanderError): Refusal {
  const [messageLine = '', ...hintLines] = message.replace(/^error: /, '').split(/\n(?=\()/);
  const suggestion = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(hintLines.join(' '))?.[1];
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

/**
 * Returns the usage of a command with the description of its missing argument, for which commander prints no more than
 * its name. Returns undefined for any other message.
 */
function explainUsage(command: Command, commandText: string, messageLine: string): string | undefined {
  const [, argumentName] = /^missing required argument '(.*)'/.exec(messageLine) ?? [];
  const argument = command.registeredArguments.find((registered) => registered.name() === argumentName);
  return argument && `${commandText} ${command.usage()}; ${argumentName}: ${argument.description}.`;
}
