import { z } from 'zod';
import { isConnection, isWitnesses } from '../../agent-protocol/codec';
import { Connection, RELEASE_FORMAT, Witness } from '../../agent-protocol/release';
import { isRecord } from '../../agent-protocol/codec';

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

const input = z.object({
  format: z.literal(RELEASE_FORMAT),
  device: name,
  owner: name,
  role: z.enum(['gateway', 'server']),
  onRetract: z.enum(['keep closed', 'as before']),
  rollbackSeconds: z.int().nonnegative().optional(),
  platform: z.string().optional(),
  witnesses: z.custom<readonly Witness[]>((value) => isWitnesses(value)).optional(),
  connection: z.custom<Connection>((value) => isConnection(value)),
});

/** What a holder knows of its owner. */
export type HolderInput = z.infer<typeof input>;

/** Of the holder's values; undefined where another version wrote them, or nobody did. */
export function holderInput(values: unknown): HolderInput | undefined {
  const result = input.safeParse(isRecord(values) ? values['input'] : undefined);
  return result.success ? result.data : undefined;
}

export const reachedAt = ({ connection: { user, host, port } }: HolderInput): string => `${user}@${host}:${port}`;

/** The id of a resource's values, or of what the plan imports. */
export function idOf(values: unknown): string | undefined {
  const id = isRecord(values) ? values['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}
