import { prefixRange, printPrefix } from '../../../net/address';
import { without } from '../../../net/range';
import { Left } from '../../../parse/importing';
import { Surroundings, addressesOf } from '../parse/packets/addresses';
import { childOf, textAt } from '../parse/elements/element';
import { Candidate } from './one-to-ones';
import { SeenRule } from './seen-rules';

/**
 * Rules to the public side of 1:1 entries. The box translates the destination before it asks a rule, so that none of them ever matches: what a rule
 * seems to let in stays closed, and what it seems to block stays open.
 */
export function findNeverMatching(
  rules: readonly SeenRule[],
  candidates: readonly Candidate[],
  given: Surroundings,
): readonly Left[] {
  return rules.flatMap(({ element, entry, action, on, packets }): readonly Left[] => {
    if (action === 'match' || on === 'any' || !packets || packets.isEmpty || textAt(element, 'ipprotocol') === 'inet6')
      return [];
    const destination = addressesOf(childOf(element, 'destination'), 'ip', given);
    if (!destination || destination.perhaps.length > 0 || destination.sure.length === 0) return [];
    const meant = on.map((key) => candidates.filter((one) => translatesAll(one, key)));
    const isCovered = meant.every(
      (some) =>
        without(
          destination.sure,
          some.map(({ outside }) => prefixRange(outside)),
        ).length === 0,
    );
    if (on.length === 0 || !isCovered) return [];
    const [named] = meant[0]!.filter(
      ({ outside }) => without(destination.sure, [prefixRange(outside)]).length < destination.sure.length,
    );
    const inside = printPrefix((named ?? meant[0]![0]!).inside);
    const what = action === 'pass' ? 'lets nothing in' : 'keeps nothing out';
    return [
      {
        entry,
        why: `it never matches, and ${what}: it names a public address, and the box has translated that to the one behind it, such as ${inside}, before it asks a rule`,
      },
    ];
  });
}

/** Whether it translates all that arrives by an interface for its public side. */
const translatesAll = ({ enabled, peers, excluded, interface: own, reflection }: Candidate, key: string): boolean =>
  enabled &&
  peers === 'anywhere' &&
  excluded.length === 0 &&
  (own === key || (reflection.mode !== 'disabled' && reflection.from.includes(key)));
