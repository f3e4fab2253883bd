// Asserts that a fault test lost no more packets and sessions than the platform and the fault permit, and let nothing
// forbidden in.

import { deepStrictEqual, ok } from 'node:assert';
import { Capabilities } from '../../lib/generate/capabilities';
import { Probed, SessionSeen } from '../probe/prober';
import { outageAllowed } from './platform';
import { ALWAYS_OPEN } from './version-options';

/** Losses of packets that are permitted in addition to those of the platform's transition. */
export interface Allowance {
  /** Milliseconds without an answer; Infinity while a device is off. */
  readonly outage?: number;
  /** Sessions on ports that stay open may end: a gateway that restarts forgets them. */
  readonly sessionsEnd?: boolean;
  /** Milliseconds without the operator's own access, if it was cut on purpose. */
  readonly operator?: number;
  /** True if our rules were removed by another program: until they are back, no port is guarded by them. */
  readonly unguarded?: boolean;
}

/** Milliseconds after which a packet that a busy machine lost is sent again. */
const ONE_LOST = 250;

/**
 * Returns whether a session has ended. A session is asked ten times a second, and the last second of the test begins
 * after everything has ended.
 */
export const isOver = ({ ended, silentFor }: Pick<SessionSeen, 'ended' | 'silentFor'>): boolean =>
  ended !== '' || silentFor > 700;

/** Throws on results that neither the platform's transition nor the allowance permits. */
export function judge({ tests, sessions }: Probed, capabilities: Capabilities, allowance: Allowance): void {
  const { outage = outageAllowed(capabilities) + ONE_LOST, sessionsEnd = false, unguarded = false } = allowance;
  // The operator's access is asked only three times a second.
  const { operator = outage + 500 } = allowance;
  for (const { name, from, to, port, successes, refusals } of tests.filter(
    ({ expect }) => expect === 'silence' && !unguarded,
  )) {
    deepStrictEqual(successes, [], `${name} (${from} to ${to} port ${port}) was answered`);
    // Closed ports are dropped. A reset comes from a host that the packet shouldn't have reached.
    deepStrictEqual(refusals, [], `${name} (${from} to ${to} port ${port}) came through`);
  }
  for (const { name, longestOutage, good, failures } of tests.filter(({ expect }) => expect === 'answer')) {
    const allowed = name.startsWith('operator') ? operator : outage;
    ok(good > 0 || allowed === Infinity, `${name}: nobody knows of a good answer`);
    ok(longestOutage <= allowed, `${name}: no answer for ${longestOutage} ms\n${failures.join('\n')}`);
  }
  for (const { port, ended, silentFor } of sessions) {
    const over = isOver({ ended, silentFor });
    if (port === ALWAYS_OPEN)
      ok(sessionsEnd || !over, `the session on ${port} ended: ${ended || `silent for ${silentFor} ms`}`);
    else ok(over || capabilities.excess.sessionsPass, `the session on ${port} outlived its closing`);
  }
}
