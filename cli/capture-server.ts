import { readAnswer } from '../driver/answer';
import { Problem, Refusal } from '../lib/problems/problem';
import { Sections, capturedFacts, factsText, factsThatDiffer } from '../lib/import/server/facts';
import { someText, writeWhole } from './whole-file';

/** What the device program printed as root, kept in a file; undefined for any other text. Throws Refusal for half of it. */
export function factsIn(text: string, where: string): Sections | undefined {
  if (!/^cpanel-edge: section /.test(text)) return undefined;
  const { result, sections } = readAnswer(text, '', undefined);
  if (result?.is !== 'ok' || !sections.has('server')) throw new Refusal([notWhole(where)]);
  return sections;
}

/** Prints, writes or compares what a server has; the exit status. */
export async function captureServer(
  sections: Sections,
  { out, check }: { readonly out?: string; readonly check?: string },
): Promise<0 | 1> {
  const facts = capturedFacts(sections);
  if (check !== undefined) {
    const differ = factsThatDiffer(await someText(check, 'what cpanel-edge capture wrote of a server.'), check, facts);
    process.stdout.write(
      [
        ...differ,
        differ.length === 0 ? 'the same' : 'the server has something else than was captured: capture it again',
        '',
      ].join('\n'),
    );
    return differ.length === 0 ? 0 : 1;
  }
  if (out === undefined) process.stdout.write(factsText(facts));
  else writeWhole(out, factsText(facts));
  return 0;
}

const notWhole = (where: string): Problem => ({
  code: 'cli/facts-not-whole',
  where,
  what: 'It is not all of what the device program says, or it is of an older program.',
  instead:
    'ssh root@SERVER cpanel-edge-device facts, whole, with the program that this package installs (cpanel-edge bootstrap).',
});
