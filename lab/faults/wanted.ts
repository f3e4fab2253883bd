import type { HealthCheck } from '../../lib/agent-protocol/release';
import type { DeviceName } from './moment';

/** Names the environment variable in which versions.ts is told what to build: JSON of a Wanted. */
export const wantedVariable = 'CPANEL_EDGE_FAULTS';

/** Two releases that differ by a port that one opens and the other closes. All else stays, 443 and 3306 above all. */
export const VERSIONS = {
  one: { service: 'imaps', port: 993 },
  two: { service: 'pop3s', port: 995 },
} as const;

export type Version = keyof typeof VERSIONS;
export const otherThan = (version: Version): Version => (version === 'one' ? 'two' : 'one');

/** The operator's IPv6 network, where there is one. */
export const OPERATOR6 = { prefix: 'fd00:9::/64', operator: 'fd00:9::2', web1: 'fd00:9::10' } as const;

export const ALWAYS_OPEN = 443;
export const NEVER_OPEN = 3306;

type Owner = { readonly device: string; readonly owner: string };

/** What of the stack is to be other than usual. */
export interface Wanted {
  readonly version: Version;
  /** And the version of its program there. */
  readonly platforms: Readonly<Record<DeviceName, { readonly platform: string; readonly version: string }>>;
  readonly owner?: string;
  readonly only?: readonly DeviceName[];
  readonly rollbackSeconds?: number;
  readonly adopt?: Partial<Record<DeviceName, string>>;
  /** From where the server is managed; without the operator's network this locks the operator out. */
  readonly management?: readonly string[];
  /** The server has an IPv6 address for its operator, from whom it is or isn't closed. */
  readonly operator6?: 'open' | 'closed';
  readonly witnesses?: Partial<Record<DeviceName, readonly Omit<HealthCheck, 'protocol'>[]>>;
  /** The server's release says what cPanel takes for its public addresses. */
  readonly cpnat?: true;
  /** Firewalls of the server that give way to its release. */
  readonly replaces?: readonly string[];
  readonly publicAddress?: string;
  readonly insideAddress?: string;
  readonly releaseResource?: 'terraform_data' | 'null_resource';
  /** The schema of the state in PostgreSQL; a local file otherwise. */
  readonly postgres?: string;
  /** Another owner on the same gateway, in the same stack. */
  readonly guest?: { readonly owner: string; readonly publicAddress: string; readonly insideAddress: string };
  readonly retired?: readonly Owner[];
  readonly released?: readonly Owner[];
}
