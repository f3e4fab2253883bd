import { isRecord } from '../../agent-protocol/work-codec';
import { getSection } from './stack-releases';

/** Below a folder, and a line: whoever shows it must not be led elsewhere. */
const SOURCE_LINE_FORM = /^(?!\.\.?[/:])[^/\\:\p{Cc}\p{Cs}]+(?:\/(?!\.\.?[/:])[^/\\:\p{Cc}\p{Cs}]+)*:[1-9]\d{0,6}$/u;

/** Where a stack says that the parts of a release were written: in a comment of its resource, which Terraform doesn't read. */
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
