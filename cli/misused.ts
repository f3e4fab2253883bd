import type { Command, CommanderError } from 'commander';
import { Refusal, printable } from '../lib/problems/problem';

/** What commander calls what is wrong with the words of a command. */
const CODES: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'cli/no-such-command',
  'commander.unknownOption': 'cli/no-such-option',
  'commander.missingArgument': 'cli/argument-missing',
  'commander.optionMissingArgument': 'cli/argument-missing',
  'commander.excessArguments': 'cli/too-many-arguments',
  'commander.conflictingOption': 'cli/options-conflict',
  'commander.invalidArgument': 'cli/bad-argument',
};

/** What is wrong with the words is refused as all else that is wrong: with a code, and where JSON is asked for in JSON. */
export const refusing = (command: Command): Command =>
  command.configureOutput({ outputError: () => undefined }).exitOverride((error) => {
    throw CODES[error.code] === undefined ? error : refusalOf(command, error);
  });

/** It says `error: unknown option '--jsn'`, and on a second line `(Did you mean --json?)`. What was typed may be somebody else's. */
function refusalOf(command: Command, { code, message }: CommanderError): Refusal {
  const [said = '', ...more] = message.replace(/^error: /, '').split(/\n(?=\()/);
  const meant = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(more.join(' '))?.[1];
  const whole = command.name() === 'cpanel-edge' ? 'cpanel-edge' : `cpanel-edge ${command.name()}`;
  const help = `${whole} --help says what there is`;
  const isFormat = /^unknown option '--(json|format)['=]/.test(said);
  const instead = isFormat
    ? `${whole} without it: what it prints has one form.`
    : `${meant === undefined ? '' : `${printable(meant)}; `}${help}.`;
  return new Refusal([
    {
      code: CODES[code]!,
      where: whole,
      what: `${printable(said.charAt(0).toUpperCase() + said.slice(1)).replace(/\.$/, '')}.`,
      instead: howWritten(command, whole, said) ?? instead,
    },
  ]);
}

/** Of an argument that is missing commander says no more than its name. */
function howWritten(command: Command, whole: string, said: string): string | undefined {
  const [, missing] = /^missing required argument '(.*)'/.exec(said) ?? [];
  const argument = command.registeredArguments.find((one) => one.name() === missing);
  return argument && `${whole} ${command.usage()}; ${missing}: ${argument.description}.`;
}
