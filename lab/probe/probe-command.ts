// Returns the command line that starts a program of lab/probe (ask, listener, knock), and compiles the program to
// JavaScript before its first start.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from '../../scripts/typescript/compile.js';

/** Programs beside this file that import no other file of ours, so that they run wherever the lab's folder is. */
type ProbeProgram = 'ask' | 'listener' | 'knock';

/** Returns the words that start one as plain JavaScript. It starts ten times as fast as through a compiler. */
export function program(folder: string, name: ProbeProgram): readonly string[] {
  const file = join(folder, `${name}.js`);
  if (!existsSync(file)) {
    const source = join(__dirname, `${name}.ts`);
    writeFileSync(file, compiled(readFileSync(source, 'utf8'), source));
  }
  return [process.execPath, file];
}
