// Adds the options --format and --json to a command, and returns the chosen format.

import { Command, Option } from 'commander';

/**
 * Adds the options for the output format: `--format json`, or `--json` for short. The first format is the default. The
 * two options conflict: one is enough.
 */
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
