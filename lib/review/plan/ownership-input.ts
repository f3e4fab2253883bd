// Parses the input of an ownership record (`terraform_data` with the suffix `_holder`) in a Terraform plan: device,
// owner, role, connection, health checks.

import { z } from 'zod';
import { isConnection, isHealthCheckList } from '../../agent-protocol/work-codec';
import { Connection, RELEASE_FORMAT, HealthCheck } from '../../agent-protocol/release';
import { isRecord } from '../../agent-protocol/work-codec';

const nameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

const inputSchema = z.object({
  format: z.literal(RELEASE_FORMAT),
  device: nameSchema,
  owner: nameSchema,
  role: z.enum(['gateway', 'server']),
  onRetract: z.enum(['keep closed', 'as before']),
  rollbackSeconds: z.int().nonnegative().optional(),
  platform: z.string().optional(),
  witnesses: z.custom<readonly HealthCheck[]>((value) => isHealthCheckList(value)).optional(),
  connection: z.custom<Connection>((value) => isConnection(value)),
});

/** The input of an ownership record. */
export type OwnershipInput = z.infer<typeof inputSchema>;

/**
 * Returns the input in the values of an ownership record. Undefined where there is none, or another version wrote it.
 */
export function parseOwnershipInput(values: unknown): OwnershipInput | undefined {
  const result = inputSchema.safeParse(isRecord(values) ? values['input'] : undefined);
  return result.success ? result.data : undefined;
}

export const printLogin = ({ connection: { user, host, port } }: OwnershipInput): string => `${user}@${host}:${port}`;

/** Returns the id in a resource's values, or in what the plan imports. */
export function findId(values: unknown): string | undefined {
  const id = isRecord(values) ? values['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}
