// Describes a command with its options and arguments as data, from commander's definition, for completion and
// documentation.

import { Command, Option } from 'commander';

/** A command and the words that may follow it, from commander's definition. */
export interface CommandDefinition {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly CommandDefinition[];
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
}

export interface OptionDefinition {
  /** `-o` and `--out`; the long name is the last. */
  readonly names: readonly string[];
  readonly description: string;
  readonly value?: ArgumentDefinition;
}

/** A value that help prints between angle brackets: `--out <file>`. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly choices: readonly string[];
  /** Whether there may be several: further words for an argument, values separated by commas for an option. */
  readonly isVariadic: boolean;
}

export function describeCommand(command: Command): CommandDefinition {
  const help = command.createHelp();
  return {
    name: command.name(),
    description: help.subcommandDescription(command),
    commands: help.visibleCommands(command).map(describeCommand),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      choices: argument.argChoices ?? [],
      isVariadic: argument.variadic,
    })),
    options: help.visibleOptions(command).map((option) => {
      const { short, long, description } = option;
      const name = /[<[]([\w-]+)/.exec(option.flags)?.[1];
      return {
        names: [short, long].filter((optionName) => optionName !== undefined),
        description,
        ...(name === undefined
          ? {}
          : { value: { name, choices: option.argChoices ?? [], isVariadic: takesSeveral(option) } }),
      };
    }),
  };
}

/**
 * Returns whether an option takes several values. Its own parser decides: it must return two for `a,b`, or for its
 * first two choices with a comma between them.
 */
function takesSeveral({ argChoices: [firstChoice = 'a', secondChoice = 'b'] = [], parseArg }: Option): boolean {
  try {
    const parsedChoice: unknown = parseArg?.(`${firstChoice},${secondChoice}`, undefined as never);
    return Array.isArray(parsedChoice) && parsedChoice.length === 2;
  } catch {
    return false;
  }
}
