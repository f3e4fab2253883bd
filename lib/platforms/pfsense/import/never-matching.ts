// Finds filter rules of pfSense's config.xml that never match, because they name the public address of a 1:1 NAT
// entry, which pfSense translates before.

import { toRange, printPrefix } from '../../../net/address';
import { subtractRanges } from '../../../net/range';
import { SkippedEntry } from '../../../parse/config-importer';
import { PfsenseContext, resolveAddresses } from '../parse/packets/resolve-addresses';
import { findChild, getText } from '../parse/elements/element';
import { OneToOneCandidate } from './find-one-to-ones';
import { ActiveRule } from './active-rules';

/**
 * Returns the rules to the public side of 1:1 entries. The box translates the destination before it evaluates a rule,
 * so none of them ever matches: what such a rule seems to let in stays closed, and what it seems to block stays open.
 */
export function findNeverMatching(
  rules: readonly ActiveRule[],
  candidates: readonly OneToOneCandidate[],
  context: PfsenseContext,
): readonly SkippedEntry[] {
  return rules.flatMap(({ element, entry, action, on, packets }): readonly SkippedEntry[] => {
    if (action === 'match' || on === 'any' || !packets || packets.isEmpty || getText(element, 'ipprotocol') === 'inet6')
      return [];
    const destination = resolveAddresses(findChild(element, 'destination'), 'ip', context);
    if (!destination || destination.uncertain.length > 0 || destination.must.length === 0) return [];
    const candidatesByInterface = on.map((key) => candidates.filter((candidate) => translatesAll(candidate, key)));
    const isCovered = candidatesByInterface.every(
      (translating) =>
        subtractRanges(
          destination.must,
          translating.map(({ external }) => toRange(external)),
        ).length === 0,
    );
    if (on.length === 0 || !isCovered) return [];
    const [named] = candidatesByInterface[0]!.filter(
      ({ external }) => subtractRanges(destination.must, [toRange(external)]).length < destination.must.length,
    );
    const inside = printPrefix((named ?? candidatesByInterface[0]![0]!).internal);
    const effect = action === 'pass' ? 'lets nothing in' : 'keeps nothing out';
    return [
      {
        entry,
        reason: `it never matches, and ${effect}: it names a public address, and the box has translated that to the one behind it, such as ${inside}, before it asks a rule`,
      },
    ];
  });
}

/** Returns whether a candidate translates every packet that arrives at an interface for its public side. */
const translatesAll = (
  { enabled, peers, excluded, interface: mappingInterface, reflection }: OneToOneCandidate,
  key: string,
): boolean =>
  enabled &&
  peers === 'anywhere' &&
  excluded.length === 0 &&
  (mappingInterface === key || (reflection.mode !== 'disabled' && reflection.from.includes(key)));
