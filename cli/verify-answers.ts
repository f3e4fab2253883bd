// Parses files with the output of `cpanel-edge verify --json`, for `review --live` and `remove --live`.
import { z } from 'zod';
import { parseJson, getMaxBytes, createTooLargeProblem } from '../lib/json/parse-json';
import { describeIssue } from '../lib/problems/describe-schema-issue';
import { Problem, Refusal } from '../lib/problems/problem';
import { getSize } from './file-stats';
import { readFileOrRefuse } from './file-io';

const severalDevicesSchema = z.object({ format: z.literal(1), devices: z.array(z.unknown()) });
const oneDeviceSchema = z.object({ format: z.literal(1), device: z.unknown() });

/**
 * Returns the answer of each device in a file of `cpanel-edge verify --json`, with the fields that its schema names.
 * @param instead How the file is made
 * @throws Refusal cli/live-unreadable
 */
export function parseAnswers<T>(
  file: string,
  getSchema: (entry: unknown) => z.ZodType<T>,
  instead: string,
): readonly T[] {
  if (getSize(file) > getMaxBytes()) throw new Refusal([createTooLargeProblem(file)]);
  const bytes = readFileOrRefuse(file, (why) => ({
    code: 'cli/live-unreadable',
    where: file,
    what: `It can't be read: ${why}.`,
    instead,
  }));
  const json = parseJson(bytes, file, 'cpanel-edge verify --json >FILE, with nothing else in the file.');
  const devices = severalDevicesSchema.safeParse(json);
  const entries: readonly unknown[] = devices.success
    ? devices.data.devices
    : oneDeviceSchema.safeParse(json).success
      ? [json]
      : [];
  if (entries.length === 0)
    throw new Refusal([notAnAnswer(file, 'It names no device, or is of another version', instead)]);
  return entries.map((entry, at) => {
    const parsed = getSchema(entry).safeParse(entry);
    if (parsed.success) return parsed.data;
    const place = devices.success ? ['devices', at] : [];
    const what = parsed.error.issues.slice(0, 5).map((issue) => describeIssue(issue, place));
    throw new Refusal([notAnAnswer(file, what.join('; '), instead)]);
  });
}

const notAnAnswer = (where: string, why: string, instead: string): Problem => ({
  code: 'cli/live-unreadable',
  where,
  what: `It is not what cpanel-edge verify --json prints: ${why}.`,
  instead,
});

export const isAnsweredTwice = (where: string, device: string): Problem => ({
  code: 'cli/live-twice',
  where,
  what: `${device} answers more than once.`,
  instead: 'one answer for each device.',
});
