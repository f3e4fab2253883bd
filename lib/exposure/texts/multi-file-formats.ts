// Combines the file layouts of csf, APF and firewalld, whose rules are spread over several files: which files the
// parsers need, and the commands that pack them.

import { ConfigFormat, FileLayout } from '../../parse/config-format';
import { parsablePlatforms } from '../../registry';

const FORMATS = Object.values(parsablePlatforms).flatMap(({ configFormat }): readonly FileLayout[] => {
  const { fileLayout }: ConfigFormat = configFormat;
  return fileLayout ? [fileLayout] : [];
});

/** The commands that pack the files of each program whose rules are spread over files. */
export const PACK_COMMANDS: readonly string[] = FORMATS.map(({ packCommand }) => packCommand);

/** The files that these programs read. */
export const MULTI_FILE_FORMATS: FileLayout = {
  label: FORMATS.map(({ label }) => label).join(' or '),
  packCommand: PACK_COMMANDS.join('; '),
  folders: FORMATS.flatMap(({ folders }) => folders),
  mayHold: (path) => FORMATS.some((format) => format.mayHold(path)),
  among: (entries) => new Set(FORMATS.flatMap((format) => [...format.among(entries)])),
};
