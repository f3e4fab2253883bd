// Reads the connection to a device from a JSON file, for commands without a stack.

import { readFileSync } from 'node:fs';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { Connection } from '../lib/agent-protocol/release';
import { z } from 'zod';
import { compileConnection } from '../lib/intent/connection';
import { IntentFields, IntentLocation } from '../lib/intent/fields';
import { ConnectionIntent } from '../lib/intent/intent';
import { connectionSchema } from '../lib/intent/intent-schemas';
import { Problem, Refusal } from '../lib/problems/problem';
import { decodeText } from '../lib/exposure/texts/decode-text';
import { systems } from '../lib/device-systems';
import { explainError } from './explain-file-error';

const connectionFileSchema = connectionSchema.extend({
  platform: z.enum(Object.keys(systems) as (keyof typeof systems)[]).optional(),
});

/**
 * Returns the connection from a JSON file: its fields as in the intent, and the platform of the device that answers
 * there.
 *
 * @throws Refusal cli/connection-unreadable, intent/…
 */
export function readConnectionFile(path: string): Connection {
  const json = readJson(path);
  const { connection, problems } = compileConnection(path, json as ConnectionIntent, { schema: connectionFileSchema });
  const allProblems = [...problems];
  const platform = parsePlatform(isRecord(json) ? json['platform'] : undefined, new IntentLocation(path, allProblems));
  if (!connection || allProblems.length > 0) throw new Refusal(allProblems);
  return platform === undefined ? connection : { ...connection, platform };
}

const parsePlatform = (platform: unknown, place: IntentLocation): string | undefined =>
  platform === undefined
    ? undefined
    : IntentFields.parse({ platform }, place, connectionFileSchema, 'An object', { isNested: false })?.parseChoice(
        'platform',
      );

function readJson(path: string): unknown {
  try {
    // decodeText also takes the encodings that Windows editors write.
    return JSON.parse(decodeText(readFileSync(path), path));
  } catch (error) {
    const isOther = error instanceof SyntaxError || error instanceof Refusal;
    throw new Refusal([
      createUnreadableProblem(
        path,
        isOther ? 'It is not JSON, or not all of it.' : `It can't be read: ${explainError(error)}.`,
      ),
    ]);
  }
}

const createUnreadableProblem = (where: string, what: string): Problem => ({
  code: 'cli/connection-unreadable',
  where,
  what,
  instead:
    'JSON: { "host": "…", "port": 22, "user": "root", "hostKeys": ["ssh-ed25519 AAAA…"], "identityFile": "…", "jump": { … }, "platform": "…" }.',
});
