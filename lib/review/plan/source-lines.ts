import { isRecord } from '../../agent-protocol/codec';
import { sectionOf } from './in-stack';

/** Below a folder, and a line: whoever shows it must not be led elsewhere. */
const PLACE = /^(?!\.\.?[/:])[^/\\:\p{Cc}\p{Cs}]+(?:\/(?!\.\.?[/:])[^/\\:\p{Cc}\p{Cs}]+)*:[1-9]\d{0,6}$/u;

/** Where a stack says that the parts of a release were written: in a comment of its resource, which Terraform doesn't read. */
export function sourceLinesIn(stack: unknown, name: string): ReadonlyMap<string, string> | undefined {
  for (const type of ['null_resource', 'terraform_data']) {
    const release = sectionOf(sectionOf(sectionOf(stack, 'resource'), type), name);
    const { places } = sectionOf(release, '//');
    if (!isRecord(places)) continue;
    return new Map(
      Object.entries(places).flatMap(([part, at]) => (typeof at === 'string' && PLACE.test(at) ? [[part, at]] : [])),
    );
  }
  return undefined;
}
