// Parses the order to remove an owner's release from a device, which Terraform passes to `retract` in the environment.
// Also parses the owner tokens that come with orders.

import { ADOPT_VARIABLE, OWNER_TOKEN_VARIABLE, isConnection, isRecord } from '../lib/agent-protocol/work-codec';
import { Connection, RELEASE_FORMAT } from '../lib/agent-protocol/release';
import { Refusal } from '../lib/problems/problem';

/** Environment variable in which `retract` gets the ownership record's data, as JSON. */
export const RETRACT_VARIABLE = 'CPANEL_EDGE_RETRACT';

/** The data for a removal. An ownership record outlives its release, so there is no text in it. */
export interface RemoveOrder {
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  readonly connection: Connection;
}

/** The same form as in agent/protocol/arguments.sh. */
const OWNER_TOKEN = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

type OrderEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the order.
 *
 * @throws Refusal driver/no-order or driver/foreign-format.
 */
export function parseRemoveOrder(environment: OrderEnvironment): RemoveOrder {
  let order: unknown;
  try {
    order = JSON.parse(environment[RETRACT_VARIABLE] ?? '', (_, value: unknown) =>
      value === null ? undefined : value,
    );
  } catch {
    order = undefined;
  }
  if (!isRecord(order))
    throw createRefusal(
      'driver/no-order',
      RETRACT_VARIABLE,
      'The environment holds no order to remove an owner.',
      'let Terraform start this command.',
    );
  const { format, device, owner, role, platform, connection } = order;
  // Terraform passes numbers through unchanged; older states may hold them as text.
  if (Number(format) !== RELEASE_FORMAT) {
    throw createRefusal(
      'driver/foreign-format',
      RETRACT_VARIABLE,
      `The ownership record was written in format ${JSON.stringify(format) ?? 'none'}; this driver knows ${RELEASE_FORMAT}. Nothing was sent.`,
      'remove it with the version of cpanel-edge that made the plan.',
    );
  }
  if (
    typeof device !== 'string' ||
    typeof owner !== 'string' ||
    (role !== 'gateway' && role !== 'server') ||
    !isConnection(connection)
  ) {
    throw createRefusal(
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

/**
 * Returns the owner token.
 *
 * @throws Refusal driver/no-lease.
 */
export function parseOwnerToken(environment: OrderEnvironment): string {
  const ownerToken = environment[OWNER_TOKEN_VARIABLE] ?? '';
  if (!OWNER_TOKEN.test(ownerToken))
    throw createRefusal(
      'driver/no-lease',
      OWNER_TOKEN_VARIABLE,
      'The environment holds no owner token.',
      'let Terraform start this command.',
    );
  return ownerToken;
}

/**
 * Returns the owner token of another state that this delivery may adopt.
 *
 * @throws Refusal driver/no-lease.
 */
export function parseAdoptedToken(environment: OrderEnvironment): string | undefined {
  const ownerToken = environment[ADOPT_VARIABLE];
  if (ownerToken !== undefined && !OWNER_TOKEN.test(ownerToken))
    throw createRefusal(
      'driver/no-lease',
      ADOPT_VARIABLE,
      'What is to be adopted is no owner token.',
      'let Terraform start this command.',
    );
  return ownerToken;
}

function createRefusal(code: string, where: string, what: string, instead: string): Refusal {
  return new Refusal([{ code, where, what, instead }]);
}
