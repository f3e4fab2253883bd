// Captures the facts of a server for the command `capture`: parses the agent's output, prints or writes it, or
// compares it with a file.

import { parseAnswer } from '../driver/agent-answer';
import { Problem, Refusal } from '../lib/problems/problem';
import { FactSections, parseCapturedFacts, formatFacts, compareFacts } from '../lib/import/server/captured-facts';
import { readNonEmptyText, writeAtomically } from './file-io';

/**
 * Returns the facts that the agent printed as root, from the text of a file. Returns undefined for any other text.
 *
 * @throws Refusal cli/facts-not-whole if the output isn't complete.
 */
export function parseServerFacts(text: string, sourceName: string): FactSections | undefined {
  if (!/^cpanel-edge: section /.test(text)) return undefined;
  const { result, sections } = parseAnswer(text, '', undefined);
  if (result?.is !== 'ok' || !sections.has('server')) throw new Refusal([createNotWholeProblem(sourceName)]);
  return sections;
}

/** Prints, writes or compares the facts of a server. Returns the exit status. */
export async function captureServer(
  sections: FactSections,
  { out, check }: { readonly out?: string; readonly check?: string },
): Promise<0 | 1> {
  const facts = parseCapturedFacts(sections);
  if (check !== undefined) {
    const differences = compareFacts(
      await readNonEmptyText(check, 'what cpanel-edge capture wrote of a server.'),
      check,
      facts,
    );
    process.stdout.write(
      [
        ...differences,
        differences.length === 0 ? 'the same' : 'the server has something else than was captured: capture it again',
        '',
      ].join('\n'),
    );
    return differences.length === 0 ? 0 : 1;
  }
  if (out === undefined) process.stdout.write(formatFacts(facts));
  else writeAtomically(out, formatFacts(facts));
  return 0;
}

const createNotWholeProblem = (where: string): Problem => ({
  code: 'cli/facts-not-whole',
  where,
  what: 'It is not all of what the agent says, or it is of an older program.',
  instead:
    'ssh root@SERVER cpanel-edge-device facts, whole, with the program that this package installs (cpanel-edge bootstrap).',
});
