// Parses an unmanaged config with the parser of its platform. Problems name the file if the rules are spread over
// several.

import { Refusal } from '../../problems/problem';
import { FILE_HEADER, ConfigFormat, UnmanagedDeviceText } from '../../parse/config-format';
import { parsablePlatforms } from '../../registry';
import { ParsablePlatformId } from './recognize-text';

/**
 * Returns a parsed unmanaged config. If its rules are spread over files, each problem names the file.
 * @throws Refusal as the parser does
 */
export function parseUnmanagedText(platform: ParsablePlatformId, text: string): UnmanagedDeviceText {
  const { configFormat }: { readonly configFormat: ConfigFormat } = parsablePlatforms[platform];
  try {
    return configFormat.parsed(text);
  } catch (error) {
    if (!(error instanceof Refusal) || !configFormat.fileLayout) throw error;
    const lines = text.split('\n');
    throw new Refusal(
      error.problems.map((problem) => ({
        ...problem,
        where: problem.where.replace(/^line (\d+)$/, (_, line) => locateInFile(lines, Number(line))),
      })),
    );
  }
}

/** Returns the place of a line within its file: `etc/firewalld/zones/public.xml, line 4`. */
function locateInFile(lines: readonly string[], line: number): string {
  for (let index = line - 1; index >= 0; index -= 1) {
    const path = FILE_HEADER.exec(lines[index] ?? '')?.[1];
    if (path !== undefined) return line - 1 === index ? `line ${line}` : `${path}, line ${line - 1 - index}`;
  }
  return `line ${line}`;
}
