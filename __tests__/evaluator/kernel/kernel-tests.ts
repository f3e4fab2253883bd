// Declares tests that ask a real kernel in network namespaces, and removes the namespaces afterwards.

import { Namespaces, canUseKernel } from './namespaces';
import { describeWhere } from '../../where-possible';

/**
 * Declares tests that ask a kernel, in their own namespaces (by default a gateway with hosts on both sides) that are
 * removed afterwards.
 */
export function describeKernel<T extends { remove(): void }>(
  what: string,
  make: () => T,
  tests: (made: () => T) => void,
): void {
  describeWhere(
    canUseKernel(),
    what,
    'root on Linux, with nft, ip, conntrack and perl',
  )(what, () => {
    let made: T;
    beforeAll(() => {
      made = make();
    });
    afterAll(() => made.remove());
    tests(() => made);
  });
}

export const withGateway = (what: string, tests: (namespaces: () => Namespaces) => void): void =>
  describeKernel(what, () => new Namespaces(), tests);
