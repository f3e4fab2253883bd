// Child process of synthesis.ts: loads a cdktf program with the given environment, which synthesizes the stacks, and
// reports an error. The library stays loaded between two programs.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Answered, Asked } from './synthesis';

/**
 * Modules that read their environment when they are loaded. They are loaded anew for each synthesis; the library isn't.
 */
const TOLD = ['stacks', 'lab', 'main.ts'].map((part) => join(__dirname, '..', part));

const load = createRequire(__filename);

process.on('message', ({ main, env }: Asked) => {
  process.env = env;
  for (const file of Object.keys(load.cache)) if (TOLD.some((part) => file.startsWith(part))) delete load.cache[file];
  process.send?.(synthesized(resolve(main)));
});
process.on('disconnect', () => process.exit());

function synthesized(main: string): Answered {
  try {
    load(main);
    return {};
  } catch (error) {
    return { why: String(error instanceof Error ? error.stack : error) };
  }
}
