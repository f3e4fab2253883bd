// Runs one target of the fuzzer in a process of its own: `child.ts TARGET SEED RUNS SIZE [SECONDS]`.

import { writeSync } from 'node:fs';
import { Fuzz, Random } from './random';
import { intents } from './intent';
import * as iptables from './iptables';
import * as plan from './plan';
import * as reader from './nftables';
import * as review from './review';
import { truncation } from './truncation';
import { bounds } from './too-much-giants';

const targets: Readonly<Record<string, (size: number) => Fuzz>> = {
  ...reader,
  ...iptables,
  ...plan,
  ...review,
  intents,
  truncation,
  bounds,
};

/**
 * Runs one target in a process of its own, so that a hang or a full memory ends only this process: `child.ts TARGET
 * SEED RUNS SIZE [SECONDS]`. Prints the number of each try before it, so that the last line names the one that ended
 * the process. Begins no try after SECONDS, except the first.
 */
function main([target = '', seed = '1', runs = '1', size = '100', seconds = 'Infinity']: readonly string[]): void {
  const fuzz = targets[target]!(Number(size));
  const end = performance.now() + 1000 * Number(seconds);
  for (let index = Number(seed); index < Number(seed) + Number(runs); index++) {
    say({ at: index });
    const began = performance.now();
    const { input, wrong } = fuzz(new Random(index), index);
    const took = performance.now() - began;
    if (wrong !== undefined) say({ seed: index, wrong, input: input.slice(0, 4000) });
    if (performance.now() > end) break;
    if (took > 1000) say({ seed: index, took: Math.round(took), characters: input.length });
  }
  say({ done: true, megabytes: Math.round(process.memoryUsage().rss / 1048576) });
}

const say = (what: object): void => void writeSync(1, `${JSON.stringify(what)}\n`);

if (require.main === module) main(process.argv.slice(2));
