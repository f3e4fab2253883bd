// Asserts, in a test of the lab, that the server runs the confirmed release without drift.

import { strictEqual } from 'node:assert';
import { Lab } from '../lab';
import { LAB_PORTS, serves } from './deployment';
import { types } from './doctor';

/** Asserts that the server runs the confirmed release without drift. */
export async function asConfirmed(lab: Lab, when: string, ports = LAB_PORTS): Promise<void> {
  await serves(lab, when, ports);
  const { status, out } = await types(lab, 'verify', 'web1', '--quiet');
  strictEqual(status, 0, `${when}: ${out}`);
}
