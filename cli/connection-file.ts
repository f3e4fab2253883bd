import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Connection } from '../lib/delivering/release';
import { systems } from '../lib/systems';
import { Refusal } from '../lib/problems/problem';
import { whyNot } from './why-not';

const hop = z.strictObject({
  host: z.string(),
  port: z.int().default(22),
  user: z.string().default('root'),
  hostKeys: z.array(z.string()).min(1),
  identityFile: z.string().optional(),
  agentVariable: z.string().optional(),
  userConfiguration: z.boolean().default(false),
  get jump() {
    return hop.optional();
  },
});

const named = z.strictObject({ ...hop.shape, platform: z.enum(Object.keys(systems)).optional() });

/** A connection as the intent has it, and what answers there, in a JSON file. Throws Refusal cli/connection-unreadable. */
export function connectionFile(path: string): Connection {
  try {
    return named.parse(JSON.parse(readFileSync(path, 'utf8'))) as Connection;
  } catch (error) {
    const what =
      error instanceof z.ZodError
        ? z.prettifyError(error).replace(/\s*\n\s*/g, ' ')
        : error instanceof SyntaxError
          ? 'It is not JSON, or not all of it.'
          : `It can't be read: ${whyNot(error)}.`;
    throw new Refusal([
      {
        code: 'cli/connection-unreadable',
        where: path,
        what,
        instead:
          'JSON: { "host": "…", "port": 22, "user": "root", "hostKeys": ["ssh-ed25519 AAAA…"], "identityFile": "…", "jump": { … }, "platform": "…" }.',
      },
    ]);
  }
}
