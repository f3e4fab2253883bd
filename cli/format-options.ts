import { Command, Option } from 'commander';

/** How it is printed: `--format json`, or `--json` for short; the first is the default. One word says it, so both at once is a mistake. */
export const addFormatOptions = (command: Command, formats: readonly string[]): Command =>
  command
    .addOption(new Option('--format <format>', 'how it is printed').choices(formats).default(formats[0]))
    .addOption(new Option('--json', 'short for --format json: everything that was found').conflicts('format'));

export interface FormatOptions<Format extends string> {
  readonly format: Format;
  readonly json?: boolean;
}

export const getFormat = <Format extends string>({ format, json }: FormatOptions<Format>): Format | 'json' =>
  json === true ? 'json' : format;
