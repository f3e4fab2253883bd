// Compares the exposure of pf texts as real boxes print them with the one written by hand.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '../../../lib/platforms/pfsense/parse/parser';
import { Refusal } from '../../../lib/problems/problem';
import { told } from '../../platforms/pfsense/print-box-exposure';
import { WILD_PF } from './wild/devices';

const FOLDER = join(__dirname, 'wild');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

describe('rules as boxes print them', () => {
  const names = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.pf'))
    .map((name) => name.replace('.pf', ''));

  it('are several', () => expect(names.length).toBeGreaterThanOrEqual(5));

  it.each(names.filter((name) => WILD_PF[name]))('%s has the exposure written by hand', (name) => {
    const device = WILD_PF[name]!;
    expect(told(parser.read(read(`${name}.pf`), device).reachability, device)).toBe(read(`${name}.exposure.txt`));
  });

  it.each(names.filter((name) => !WILD_PF[name]))('%s is refused with the problems written by hand', (name) => {
    let said = '';
    try {
      parser.read(read(`${name}.pf`), WILD_PF['pfsense-27']!);
    } catch (error) {
      if (error instanceof Refusal) said = error.message;
    }
    expect(`${said}\n`).toBe(read(`${name}.exposure.txt`));
  });
});
