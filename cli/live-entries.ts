import { z } from 'zod';
import { jsonFrom, mostBytes, tooLarge } from '../lib/json/json';
import { issueWords } from '../lib/problems/issue';
import { Problem, Refusal } from '../lib/problems/problem';
import { sizeOf } from './on-disk';
import { readWhole } from './whole-file';

const several = z.object({ format: z.literal(1), devices: z.array(z.unknown()) });
const one = z.object({ format: z.literal(1), device: z.unknown() });

/**
 * What `cpanel-edge verify --json` said of each device, as far as `formOf` an answer asks for it. `instead`: how the file is made. Throws Refusal
 * cli/live-unreadable.
 */
export function answersIn<T>(file: string, formOf: (entry: unknown) => z.ZodType<T>, instead: string): readonly T[] {
  if (sizeOf(file) > mostBytes()) throw new Refusal([tooLarge(file)]);
  const bytes = readWhole(file, (why) => ({
    code: 'cli/live-unreadable',
    where: file,
    what: `It can't be read: ${why}.`,
    instead,
  }));
  const json = jsonFrom(bytes, file, 'cpanel-edge verify --json >FILE, with nothing else in the file.');
  const all = several.safeParse(json);
  const each: readonly unknown[] = all.success ? all.data.devices : one.safeParse(json).success ? [json] : [];
  if (each.length === 0)
    throw new Refusal([notAnAnswer(file, 'It names no device, or is of another version', instead)]);
  return each.map((entry, at) => {
    const said = formOf(entry).safeParse(entry);
    if (said.success) return said.data;
    const place = all.success ? ['devices', at] : [];
    const what = said.error.issues.slice(0, 5).map((issue) => issueWords(issue, place));
    throw new Refusal([notAnAnswer(file, what.join('; '), instead)]);
  });
}

const notAnAnswer = (where: string, why: string, instead: string): Problem => ({
  code: 'cli/live-unreadable',
  where,
  what: `It is not what cpanel-edge verify --json prints: ${why}.`,
  instead,
});

export const answersTwice = (where: string, device: string): Problem => ({
  code: 'cli/live-twice',
  where,
  what: `${device} answers more than once.`,
  instead: 'one answer for each device.',
});
