// The file in which a lab tells the stack `lab` how to reach its devices: its schema, and the variable that names it.

import { z } from 'zod';

/** Name of the variable with the file in which a lab tells the stack `lab` how to reach its devices. */
export const ENVIRONMENT_VARIABLE = 'CPANEL_EDGE_LAB';

const reached = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  user: z.string().min(1),
  /** As in known_hosts, without the host part: `ssh-ed25519 AAAA…`. */
  hostKeys: z.array(z.string().min(1)).min(1),
  /** Path of the private key on the runner. */
  identityFile: z.string().min(1),
  agentVariable: z.string().min(1).optional(),
  get jump() {
    return reached.optional();
  },
});

/** Schema of the file, which is JSON. Addresses of the network are fixed: see topology.ts. */
export const labEnvironment = z.strictObject({ gateway: reached, server: reached });

export type LabEnvironment = z.infer<typeof labEnvironment>;
