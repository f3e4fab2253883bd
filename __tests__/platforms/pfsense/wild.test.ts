// Compares the exposure of sample pfSense configurations with the one written by hand.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '../../../lib/platforms/pfsense/parse/parser';
import { told } from './print-box-exposure';
import { WILD_BOXES } from './wild/devices';

const FOLDER = join(__dirname, 'wild');

describe('configurations of sample boxes', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.xml'));

  it('are many', () => expect(names.length).toBeGreaterThanOrEqual(12));

  it.each(names)('%s has the exposure written by hand', (name) => {
    const device = WILD_BOXES[name.replace('.xml', '')]!;
    const { reachability } = parser.read(readFileSync(join(FOLDER, name), 'utf8'), device);
    expect(told(reachability, device)).toBe(readFileSync(join(FOLDER, name.replace('.xml', '.exposure.txt')), 'utf8'));
  });
});
