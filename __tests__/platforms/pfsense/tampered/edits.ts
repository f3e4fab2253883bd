// Reads the edits in this folder, which change a good pfSense configuration, with the difference that the verifier
// must report.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Device } from '../../../../lib/net/device';
import { port, router } from '../../../devices';

/** The box that all edits begin with. */
export const TAMPERED_BOX: Device = router(
  [
    port('wan', 'outside', ['203.0.113.2/28']),
    port('lan', 'inside', ['10.0.1.1/24']),
    port('opt1', 'dmz', ['10.0.2.1/24']),
  ],
  '203.0.113.10',
);

/**
 * One file per edit: its title; steps to a line (`@`), removed (`-`) and added (`+`) lines; the difference as a person
 * reads it.
 */
interface BoxEdit {
  readonly steps: readonly { readonly does: '@' | '-' | '+'; readonly line: string }[];
  readonly difference: string;
}

export const boxEditNames = (): readonly string[] => readdirSync(__dirname).filter((name) => name.endsWith('.edit'));

export const boxText = (): string => readFileSync(join(__dirname, 'box.xml'), 'utf8');

export function boxEditNamed(name: string): BoxEdit {
  const [head = '', difference = ''] = readFileSync(join(__dirname, name), 'utf8').split('\ndifference:\n');
  const steps = head
    .split('\n')
    .slice(1)
    .map((line) => ({ does: line[0] as '@' | '-' | '+', line: line.slice(2) }));
  return { steps, difference };
}

/** Looks for a line after the place of the step before, then from the beginning. Throws if it isn't there. */
export function boxEdited({ steps }: BoxEdit): string {
  const lines = boxText().split('\n');
  let at = 0;
  for (const { does, line } of steps) {
    if (does === '+') {
      lines.splice(at, 0, line);
      at += 1;
      continue;
    }
    const behind = lines.findIndex((one, i) => i >= at && one.trim() === line);
    const found = behind === -1 ? lines.findIndex((one) => one.trim() === line) : behind;
    if (found === -1) throw new Error(`this line is not in box.xml: ${line}`);
    if (does === '-') lines.splice(found, 1);
    at = does === '-' ? found : found + 1;
  }
  return lines.join('\n');
}
