import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { printExposure } from '../lib/exposure/print';
import { reader } from '../lib/platforms/nftables/read/reader';
import { TAMPERED_DEVICES } from './tampered/devices';

const FOLDER = join(__dirname, 'tampered');

/** One file per edit: what it is, lines taken out (`-`) and put in (`+`), and the difference as a person reads it. */
interface Edit {
  readonly base: keyof typeof TAMPERED_DEVICES;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly difference: string;
}

function parseEdit(text: string): Edit {
  const [head = '', difference = ''] = text.split('\ndifference:\n');
  const lines = head.split('\n');
  const marked = (mark: string): string[] => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
  const base = lines[0]!.split(':')[0] as Edit['base'];
  return { base, removed: marked('- '), added: marked('+ '), difference };
}

/** The added lines stand where the first removed one stood, or at the end. */
function edited(base: string, { removed, added }: Edit): string {
  const lines = base.split('\n');
  const places = removed.map((line) => lines.findIndex((one) => one.trim() === line.trim()));
  expect(places).not.toContain(-1);
  const at = places.length > 0 ? Math.min(...places) : lines.length;
  const before = lines.slice(0, at);
  return [...before, ...added, ...lines.slice(at).filter((_, i) => !places.includes(at + i))].join('\n');
}

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
    const printed = printExposure(reader.read(readFileSync(join(FOLDER, `${base}.nft`), 'utf8'), device).exposure, device);
    expect(printed).toBe(readFileSync(join(FOLDER, `${base}.exposure.txt`), 'utf8'));
  });
});

describe('one edit', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.edit'));

  it('has many cases', () => expect(names.length).toBeGreaterThanOrEqual(15));

  it.each(names)('%s changes exactly what is written by hand', (name) => {
    const edit = parseEdit(readFileSync(join(FOLDER, name), 'utf8'));
    const device = TAMPERED_DEVICES[edit.base];
    const before = readFileSync(join(FOLDER, `${edit.base}.nft`), 'utf8');
    const [was, will] = [before, edited(before, edit)].map((text) => printExposure(reader.read(text, device).exposure, device));
    expect(difference(was!, will!)).toBe(edit.difference);
  });
});
