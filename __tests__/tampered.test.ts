import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exposure } from '../lib/exposure/exposure';
import { printExposure } from '../lib/exposure/print';
import { reader } from '../lib/platforms/nftables/read/reader';
import { TAMPERED_DEVICES } from './tampered/devices';
import { baseText, editNamed, editNames, edited } from './tampered/edits';

const FOLDER = join(__dirname, 'tampered');

/** Every line of an exposure with its vantage. */
function linesOf(text: string): readonly string[] {
  let title = '';
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('  ')) {
      title = line;
      return [];
    }
    return [`${title}: ${line.trim()}`];
  });
}

function difference(before: string, after: string): string {
  const [was, will] = [linesOf(before), linesOf(after)];
  return [
    ...was.filter((line) => !will.includes(line)).map((line) => `- ${line}\n`),
    ...will.filter((line) => !was.includes(line)).map((line) => `+ ${line}\n`),
  ].join('');
}

describe.each(['gateway', 'host'] as const)('%s: the text before an edit', (base) => {
  it('exposes what is written by hand', () => {
    const device = TAMPERED_DEVICES[base];
    const printed = printExposure(reader.read(baseText(base), device).exposure, device);
    expect(printed).toBe(readFileSync(join(FOLDER, `${base}.exposure.txt`), 'utf8'));
  });
});

describe('one edit', () => {
  const names = editNames();

  it('has many cases', () => expect(names.length).toBeGreaterThanOrEqual(15));

  it.each(names)('%s changes exactly what is written by hand', (name) => {
    const edit = editNamed(name);
    const device = TAMPERED_DEVICES[edit.base];
    const [was, will] = [baseText(edit.base), edited(edit)].map((text) => reader.read(text, device));
    const between = (...exposures: readonly [Exposure, Exposure]): string =>
      difference(...(exposures.map((one) => printExposure(one, device)) as [string, string]));
    expect(between(was!.exposure, will!.exposure)).toBe(edit.difference);
    if (edit.related !== undefined) expect(between(was!.later('related')!, will!.later('related')!)).toBe(edit.related);
  });
});
