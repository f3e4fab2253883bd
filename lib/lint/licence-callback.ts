// Creates the finders of lint rules on the ports by which cPanel's licence servers call a server back.

import { LICENCE_CALLBACK_PORTS_112 } from '../intent/data/cpanel-ports-112';
import { PROTOCOL } from '../net/packet';
import { Range } from '../net/range';
import { isInternetWide, printRangeList } from './addresses';
import { groupByOwner, printLocation } from './owner-findings';
import { LintFinder, FindingText } from './lint-rule';
import { LintSubject } from './lint-subject';
import { getOpenSources, getTargets } from './lint-targets';

/**
 * Creates a finder with one finding per managed server that the internet reaches over IPv4 and that the licence servers
 * reach in this way.
 */
export const createCallbackFinder =
  (state: 'listed' | 'closed', describe: (addressText: string) => FindingText): LintFinder =>
  (subject) =>
    listManagedCallbacks(subject)
      .filter(({ callback }) => callback === state)
      .map(({ where, addresses }) => ({ where, ...describe(printRangeList(addresses)) }));

interface ManagedCallback {
  readonly where: string;
  readonly addresses: readonly Range[];
  readonly callback: 'open' | 'listed' | 'closed';
}

function listManagedCallbacks(subject: LintSubject): readonly ManagedCallback[] {
  const managed = getTargets(subject).filter(({ owner, family }) => owner.policy?.kind === 'server' && family === 'ip');
  return [...groupByOwner(managed)].map(([owner, targets]) => {
    const addressRanges = targets.flatMap((target) => target.addresses);
    // Any port at any of its addresses is enough.
    const openSources = targets.flatMap((target) =>
      LICENCE_CALLBACK_PORTS_112.map((port) => getOpenSources(target, PROTOCOL.tcp, port)),
    );
    const callback = openSources.some((sources) => isInternetWide(sources, 'ip'))
      ? 'open'
      : openSources.some(({ length }) => length > 0)
        ? 'listed'
        : 'closed';
    return { where: printLocation(owner, addressRanges), addresses: addressRanges, callback };
  });
}
