// Program `npm run mutants`: draws mutants and prints their outcomes.

import { spawn } from 'node:child_process';
import { writeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { corpus } from './corpus';
import { canAskNft } from './effects';
import { ROOT } from './modules';
import { Kind, Mutant, firstOf, mutants } from './mutants';
import { PAGE, Tried, page, summary } from './report';

/** The number of drawn mutants of each kind. */
const SHARES = {
  all: { named: Infinity, writer: Infinity, meaning: Infinity, text: 5000 },
  many: { named: Infinity, writer: 200, meaning: 30, text: 110 },
  some: { named: 0, writer: 30, meaning: 10, text: 40 },
  named: { named: Infinity, writer: 0, meaning: 0, text: 0 },
} as const satisfies Readonly<Record<string, Readonly<Record<Kind, number>>>>;
type Share = keyof typeof SHARES;
/** The number of places at which a named mistake is made. */
const PLACES: Readonly<Record<Share, number>> = { all: 20, many: 3, some: 2, named: 2 };

/** The mutants of a seed; `words` that all of them have in their names. */
function drawn(seed: number, share: Share, words: readonly string[]): readonly Mutant[] {
  const all = mutants(corpus(), seed, PLACES[share]);
  return (Object.keys(all) as Kind[]).flatMap((kind) => {
    const fitting = all[kind].filter(({ of, name }) => words.every((word) => `${kind} ${of} ${name}`.includes(word)));
    return firstOf(fitting, ({ of, name, place = '' }) => `${of} ${name} ${place}`, seed, SHARES[share][kind]);
  });
}

/** Tries a part of them and prints a line for each. */
function child(seed: number, share: Share, words: readonly string[], part: number, parts: number): void {
  for (const [n, { kind, of, name, try: tried }] of drawn(seed, share, words).entries())
    if (n % parts === part) writeSync(1, `${JSON.stringify({ kind, of, name, outcome: tried() } satisfies Tried)}\n`);
  writeSync(1, `${JSON.stringify({ done: true })}\n`);
}

/** The outcomes of all, tried in so many processes. */
async function parent(args: readonly string[], jobs: number): Promise<readonly Tried[]> {
  const all = await Promise.all(
    Array.from({ length: jobs }, async (_, part) => {
      const options = [
        '-r',
        './scripts/typescript/register.js',
        __filename,
        ...args,
        '--part',
        `${part}`,
        '--jobs',
        `${jobs}`,
      ];
      const made = spawn(process.execPath, options, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
      const lines: (Tried & { readonly done?: true })[] = [];
      for await (const line of createInterface({ input: made.stdout })) lines.push(JSON.parse(line) as Tried);
      if (!lines.some(({ done }) => done))
        throw new Error(`ended after ${lines.length} mutants, the last of which was ${lines.at(-1)?.name}`);
      return lines.filter(({ done }) => !done);
    }),
  );
  return all.flat();
}

const USAGE =
  'usage: npm run mutants -- [--some | --named | --all] [--seed N] [--jobs N] [--json] [--write] [WORD …]\n';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '12' },
      some: { type: 'boolean', default: false },
      named: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '2' },
      part: { type: 'string' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const [seed, jobs] = [Number(values.seed), Number(values.jobs)];
  const share = values.all ? 'all' : values.some ? 'some' : values.named ? 'named' : 'many';
  if (values.part !== undefined) return child(seed, share, positionals, Number(values.part), jobs);
  if (!canAskNft())
    process.stderr.write('nft is not here or may not be asked: what it would refuse is not told apart\n');
  const tried = await parent(
    ['--seed', values.seed, ...(share === 'many' ? [] : [`--${share}`]), ...positionals],
    jobs,
  );
  if (values.write) writeFileSync(join(ROOT, PAGE), page(tried));
  const { text, open } = summary(tried);
  process.stdout.write(values.json ? `${JSON.stringify(tried)}\n` : text);
  process.exitCode = open === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  const isMisuse = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!isMisuse) throw error;
  process.stderr.write(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 2;
});
