// Returns the source lines (`file:line`) of the parts of a release, from a comment in the JSON of a synthesised stack.

import { isRecord } from '../../agent-protocol/work-codec';
import { getSection } from './stack-releases';

/** A path below a folder, and a line. A program that shows it must not be led outside of the folder. */
const SOURCE_LINE_FORM = /^(?!\.\.?[/:])[^/\\:\p{Cc}\p{Cs}]+(?:\/(?!\.\.?[/:])[^/\\:\p{Cc}\p{Cs}]+)*:[1-9]\d{0,6}$/u;

/**
 * Returns the source lines of the parts of a release. The stack keeps them in a comment of the resource, which
 * Terraform doesn't read.
 */
export function findSourceLines(stack: unknown, name: string): ReadonlyMap<string, string> | undefined {
  for (const type of ['null_resource', 'terraform_data']) {
    const release = getSection(getSection(getSection(stack, 'resource'), type), name);
    const { places } = getSection(release, '//');
    if (!isRecord(places)) continue;
    return new Map(
      Object.entries(places).flatMap(([part, sourceLine]) =>
        typeof sourceLine === 'string' && SOURCE_LINE_FORM.test(sourceLine) ? [[part, sourceLine]] : [],
      ),
    );
  }
  return undefined;
}
