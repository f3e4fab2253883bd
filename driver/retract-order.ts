import { ADOPT_VARIABLE, LEASE_VARIABLE, isConnection, isRecord } from '../lib/agent-protocol/codec';
import { Connection, RELEASE_FORMAT } from '../lib/agent-protocol/release';
import { Refusal } from '../lib/problems/problem';

/** Environment variable in which `retract` gets what the holder knows, as JSON. */
export const RETRACT_VARIABLE = 'CPANEL_EDGE_RETRACT';

/** What retract needs: a holder outlives its release, so there is no text in it. */
export interface RetractOrder {
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  readonly connection: Connection;
}

/** As agent/protocol/arguments.sh has it. */
const LEASE = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws Refusal driver/no-order or driver/foreign-format. */
export function retractOrder(environment: Environment): RetractOrder {
  let order: unknown;
  try {
    order = JSON.parse(environment[RETRACT_VARIABLE] ?? '', (_, value: unknown) =>
      value === null ? undefined : value,
    );
  } catch {
    order = undefined;
  }
  if (!isRecord(order))
    throw refusal(
      'driver/no-order',
      RETRACT_VARIABLE,
      'The environment holds no order to retract.',
      'let Terraform start this command.',
    );
  const { format, device, owner, role, platform, connection } = order;
  // Terraform passes numbers through as they were; older states may hold them as text.
  if (Number(format) !== RELEASE_FORMAT) {
    throw refusal(
      'driver/foreign-format',
      RETRACT_VARIABLE,
      `The holder was written in format ${JSON.stringify(format) ?? 'none'}; this driver knows ${RELEASE_FORMAT}. Nothing was sent.`,
      'retract with the version of cpanel-edge that made the plan.',
    );
  }
  if (
    typeof device !== 'string' ||
    typeof owner !== 'string' ||
    (role !== 'gateway' && role !== 'server') ||
    !isConnection(connection)
  ) {
    throw refusal(
      'driver/no-order',
      RETRACT_VARIABLE,
      'Parts of the order are missing.',
      'plan again with this version of cpanel-edge.',
    );
  }
  return {
    device,
    owner,
    role,
    connection: { ...(connection as Connection), ...(typeof platform === 'string' ? { platform } : {}) },
  };
}

/** Throws Refusal driver/no-lease. */
export function leaseOf(environment: Environment): string {
  const lease = environment[LEASE_VARIABLE] ?? '';
  if (!LEASE.test(lease))
    throw refusal(
      'driver/no-lease',
      LEASE_VARIABLE,
      'The environment holds no lease.',
      'let Terraform start this command.',
    );
  return lease;
}

/** Of another state, where this delivery may take it over. Throws Refusal driver/no-lease. */
export function adoptOf(environment: Environment): string | undefined {
  const lease = environment[ADOPT_VARIABLE];
  if (lease !== undefined && !LEASE.test(lease))
    throw refusal(
      'driver/no-lease',
      ADOPT_VARIABLE,
      'What is to be adopted is no lease.',
      'let Terraform start this command.',
    );
  return lease;
}

function refusal(code: string, where: string, what: string, instead: string): Refusal {
  return new Refusal([{ code, where, what, instead }]);
}
