// The variants of the stack that a fault test deploys: two releases that differ in one port, and deviations from the
// usual stack. Names the variable that passes them to versions.ts, and the ports that are always or never open.

import type { HealthCheck } from '../../lib/agent-protocol/release';
import type { DeviceName } from './moment';

/** Name of the environment variable that tells versions.ts what to build: JSON of a Wanted. */
export const wantedVariable = 'CPANEL_EDGE_FAULTS';

/** Two releases, each with a port open that the other closes. Everything else stays, above all 443 and 3306. */
export const VERSIONS = {
  one: { service: 'imaps', port: 993 },
  two: { service: 'pop3s', port: 995 },
} as const;

export type Version = keyof typeof VERSIONS;
export const otherThan = (version: Version): Version => (version === 'one' ? 'two' : 'one');

/** Seconds for which a release is armed, unless a fault wants others. */
export const ROLLBACK_SECONDS = 30;

/** The operator's IPv6 network, in scenes that have one. */
export const OPERATOR6 = { prefix: 'fd00:9::/64', operator: 'fd00:9::2', web1: 'fd00:9::10' } as const;

export const ALWAYS_OPEN = 443;
export const NEVER_OPEN = 3306;

type Owner = { readonly device: string; readonly owner: string };

/** Deviations of the stack from the usual one. */
export interface Wanted {
  readonly version: Version;
  /** Platform of each device, with the version of its program. */
  readonly platforms: Readonly<Record<DeviceName, { readonly platform: string; readonly version: string }>>;
  readonly owner?: string;
  readonly only?: readonly DeviceName[];
  readonly rollbackSeconds?: number;
  readonly adopt?: Partial<Record<DeviceName, string>>;
  /** Sources of the server's management. Without the operator's network they lock the operator out. */
  readonly management?: readonly string[];
  /** Gives the server an IPv6 address, which is open or closed for its operator. */
  readonly operator6?: 'open' | 'closed';
  readonly witnesses?: Partial<Record<DeviceName, readonly Omit<HealthCheck, 'protocol'>[]>>;
  /** Adds `cpnat` to the server's release. */
  readonly cpnat?: true;
  /** Firewalls of the server that its release replaces. */
  readonly replaces?: readonly string[];
  readonly publicAddress?: string;
  readonly insideAddress?: string;
  readonly releaseResource?: 'terraform_data' | 'null_resource';
  /** Schema of the state in PostgreSQL. Without it, the state is a local file. */
  readonly postgres?: string;
  /** Another owner on the same gateway, in the same stack. */
  readonly guest?: { readonly owner: string; readonly publicAddress: string; readonly insideAddress: string };
  readonly retired?: readonly Owner[];
  readonly released?: readonly Owner[];
}
