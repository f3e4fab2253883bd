// Parses a file with the output of `cpanel-edge verify --json` into the answer of each device, by the schema that the
// caller gives. parse-verify-answers.ts (`review --live`) and owner-tokens.ts (`remove --live`) are built on it.
import { z } from 'zod';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { parseJson, getMaxBytes, createTooLargeProblem } from '../lib/json/parse-json';
import { describeIssue } from '../lib/problems/describe-schema-issue';
import { JSON_SCHEMA } from '../lib/problems/print-json';
import { Problem, Refusal } from '../lib/problems/problem';
import { getSize } from './file-stats';
import { readFileOrRefuse } from './file-io';

const severalDevicesSchema = z.object({ devices: z.array(z.unknown()) });
const oneDeviceSchema = z.object({ device: z.unknown() });
const currentSchema = z.object({ schema: z.literal(JSON_SCHEMA) });
/** The schema of stored answers that have \`format\` instead of \`schema\`. */
const formerSchema = z.object({ format: z.literal(1) });

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
  const bytes = readFileOrRefuse(file, (reason) => ({
    code: 'cli/live-unreadable',
    where: file,
    what: `It can't be read: ${reason}.`,
    instead,
  }));
  const json = parseJson(bytes, file, () => 'cpanel-edge verify --json >FILE, with nothing else in the file.');
  const isFormer = formerSchema.safeParse(json).success;
  const isKnown = isFormer || currentSchema.safeParse(json).success;
  const devices = severalDevicesSchema.safeParse(json);
  const entries: readonly unknown[] = !isKnown
    ? []
    : devices.success
      ? devices.data.devices
      : oneDeviceSchema.safeParse(json).success
        ? [json]
        : [];
  if (entries.length === 0)
    throw new Refusal([createNotAnAnswerProblem(file, 'It names no device, or is of another version', instead)]);
  return entries.map((entry, index) => {
    const parseResult = getSchema(entry).safeParse(isFormer ? renameFormerKeys(entry) : entry);
    if (parseResult.success) return parseResult.data;
    const place = devices.success ? ['devices', index] : [];
    const issueTexts = parseResult.error.issues.slice(0, 5).map((issue) => describeIssue(issue, place));
    throw new Refusal([createNotAnAnswerProblem(file, issueTexts.join('; '), instead)]);
  });
}

/** Returns an answer of the former schema, in which `lease` was the owner token, in the current one. */
const renameFormerKeys = (entry: unknown): unknown =>
  isRecord(entry) && Array.isArray(entry['owners'])
    ? {
        ...entry,
        owners: entry['owners'].map((owner: unknown) =>
          isRecord(owner) ? { ownerToken: owner['lease'], ...owner } : owner,
        ),
      }
    : entry;

const createNotAnAnswerProblem = (where: string, reason: string, instead: string): Problem => ({
  code: 'cli/live-unreadable',
  where,
  what: `It is not what cpanel-edge verify --json prints: ${reason}.`,
  instead,
});

export const createTwiceAnsweredProblem = (where: string, device: string): Problem => ({
  code: 'cli/live-twice',
  where,
  what: `${device} answers more than once.`,
  instead: 'one answer for each device.',
});
