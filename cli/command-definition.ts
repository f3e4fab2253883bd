import { Command, Option } from 'commander';

/** What commander's definition of a command says of the words that may follow it. */
export interface CommandDefinition {
  readonly name: string;
  readonly says: string;
  readonly commands: readonly CommandDefinition[];
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
}

export interface OptionDefinition {
  /** `-o` and `--out`; the long one is the last. */
  readonly names: readonly string[];
  readonly says: string;
  readonly value?: ArgumentDefinition;
}

/** What help prints between angles: `--out <file>`. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly choices: readonly string[];
  /** Of an argument: more words of its kind may follow. Of an option: commas may stand between them. */
  readonly several: boolean;
}

export function describeCommand(command: Command): CommandDefinition {
  const help = command.createHelp();
  return {
    name: command.name(),
    says: help.subcommandDescription(command),
    commands: help.visibleCommands(command).map(describeCommand),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      choices: argument.argChoices ?? [],
      several: argument.variadic,
    })),
    options: help.visibleOptions(command).map((option) => {
      const { short, long, description } = option;
      const name = /[<[]([\w-]+)/.exec(option.flags)?.[1];
      return {
        names: [short, long].filter((optionName) => optionName !== undefined),
        says: description,
        ...(name === undefined
          ? {}
          : { value: { name, choices: option.argChoices ?? [], several: takesSeveral(option) } }),
      };
    }),
  };
}

/** The option's own parser is asked: what it takes for two are two. */
function takesSeveral({ argChoices: [firstChoice = 'a', secondChoice = 'b'] = [], parseArg }: Option): boolean {
  try {
    const taken: unknown = parseArg?.(`${firstChoice},${secondChoice}`, undefined as never);
    return Array.isArray(taken) && taken.length === 2;
  } catch {
    return false;
  }
}
