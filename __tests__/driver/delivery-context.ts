// Creates the context of a delivery (DeliveryContext) in which every step succeeds, for tests that make one step fail.

import { setTimeout as sleep } from 'node:timers/promises';
import { Remote } from '../../driver/ssh';
import { DeliveryContext } from '../../driver/delivery-steps';
import { freshToken } from '../agent/stream';

/** Returns the context of a delivery whose facts agree, which is proven and isn't interrupted. */
export const worldOf = (remote: Remote, parts: Partial<DeliveryContext> = {}): DeliveryContext => ({
  remote,
  ownerToken: 'lease-1',
  token: freshToken(),
  verifyLive: () => ({ refusals: [], reports: [] }),
  renderClosedText: () => '',
  compareAssumedFacts: () => ({ refusals: [], reports: [] }),
  runHealthCheck: () => Promise.resolve([]),
  signal: new AbortController().signal,
  say: () => undefined,
  step: () => undefined,
  wait: () => sleep(100),
  ...parts,
});
