// Tests single edits of a pfSense configuration: each must change the exposure exactly as the truth by hand says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '../../../lib/platforms/pfsense/parse/parser';
import { told } from './print-box-exposure';
import { difference } from '../tampered';
import { TAMPERED_BOX, boxEditNamed, boxEditNames, boxEdited, boxText } from './tampered/edits';

const exposed = (text: string): string => told(parser.read(text, TAMPERED_BOX).reachability, TAMPERED_BOX);

it('has before the edit the exposure written by hand', () => {
  expect(exposed(boxText())).toBe(readFileSync(join(__dirname, 'tampered/box.exposure.txt'), 'utf8'));
});

describe('one edit', () => {
  const names = boxEditNames();

  it('has many cases', () => expect(names.length).toBeGreaterThanOrEqual(25));

  it.each(names)('%s makes exactly the difference written by hand', (name) => {
    const edit = boxEditNamed(name);
    expect(difference(exposed(boxText()), exposed(boxEdited(edit)))).toBe(edit.difference);
  });
});
