import { readFileSync } from 'node:fs';
import { isRecord } from '../lib/agent-protocol/codec';
import { Connection } from '../lib/agent-protocol/release';
import { compileConnection } from '../lib/intent/connection';
import { Fields, Place } from '../lib/intent/fields';
import { ConnectionIntent } from '../lib/intent/intent';
import { Problem, Refusal } from '../lib/problems/problem';
import { textOf } from '../lib/exposure/texts/bytes';
import { systems } from '../lib/systems';
import { whyNot } from './why-not';

/** A connection as the intent has it, and what answers there, in a JSON file. Throws Refusal cli/connection-unreadable, intent/… */
export function connectionFile(path: string): Connection {
  const json = jsonAt(path);
  const { connection, problems } = compileConnection(path, json as ConnectionIntent, { besides: ['platform'] });
  const all = [...problems];
  const its = platformOf(isRecord(json) ? json['platform'] : undefined, new Place(path, all));
  if (!connection || all.length > 0) throw new Refusal(all);
  return its === undefined ? connection : { ...connection, platform: its };
}

const platformOf = (platform: unknown, place: Place): string | undefined =>
  platform === undefined
    ? undefined
    : Fields.of({ platform }, place, 'An object', ['platform'], false)?.choice('platform', Object.keys(systems));

function jsonAt(path: string): unknown {
  try {
    // As an editor of Windows leaves it, too.
    return JSON.parse(textOf(readFileSync(path), path));
  } catch (error) {
    const isOther = error instanceof SyntaxError || error instanceof Refusal;
    throw new Refusal([
      unreadable(path, isOther ? 'It is not JSON, or not all of it.' : `It can't be read: ${whyNot(error)}.`),
    ]);
  }
}

const unreadable = (where: string, what: string): Problem => ({
  code: 'cli/connection-unreadable',
  where,
  what,
  instead:
    'JSON: { "host": "…", "port": 22, "user": "root", "hostKeys": ["ssh-ed25519 AAAA…"], "identityFile": "…", "jump": { … }, "platform": "…" }.',
});
