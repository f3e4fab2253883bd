import { PacketMap, PacketSet } from '../../../net/packet-map';
import { FoundEntry } from '../../../parse/importing';
import { Surroundings } from '../parse/packets/addresses';
import { namesOf } from '../parse/box/box';
import { isSet } from '../parse/elements/element';
import { Entry, RuleSurroundings, actionOf, filterRules, ruleSurroundings } from '../parse/rules/filter-rule';
import { Gateways } from '../parse/box/gateways';
import { orderedRules } from '../parse/rules/order';
import { Unloadable } from '../parse/elements/unloadable';
import { entryOf } from './entries';

/** A rule that isn't disabled and looks at what arrives. */
export interface SeenRule {
  readonly entry: FoundEntry;
  readonly element: Entry['element'];
  /** `interface`: on the page of that one alone. */
  readonly page: 'floating' | 'group' | 'interface';
  /** Keys of the interfaces that it is on; `any` for all. */
  readonly on: 'any' | readonly string[];
  readonly action: 'pass' | 'block' | 'match';
  /** What comes in and matches for certain, and what may besides. Undefined where the box could not load it. */
  readonly packets: PacketSet | undefined;
  readonly perhaps: PacketSet;
  /** It looks at arriving packets, and the first of its kind decides. */
  readonly decides: boolean;
}

/** In the order in which pf asks them. */
export function seenRules(given: Surroundings, gateways: Gateways): readonly SeenRule[] {
  const { root } = given.box;
  const all = ruleSurroundings(given, gateways);
  return orderedRules(given.box, given.release).flatMap((entry): readonly SeenRule[] => {
    const { element, floating, on, position } = entry;
    const group = given.box.groups.has(on) || given.box.byKey.get(on)?.virtual === true;
    const common = {
      element,
      entry: entryOf(element, floating ? `floating rule ${position}` : `rule ${position} of ${on}`),
      page: floating ? 'floating' : group ? 'group' : 'interface',
      action: actionOf(element),
    } as const;
    const found = rulesOf(entry, all);
    if (!found)
      return [{ ...common, on: keysOf(entry, given), packets: undefined, perhaps: PacketMap.ALL, decides: false }];
    if (found.every(({ way }) => way === 'out')) return [];
    return [
      {
        ...common,
        on: keysOf(entry, given),
        packets: PacketMap.first(found.map(({ packets }) => packets)),
        perhaps: PacketMap.first(found.flatMap(({ perhaps }) => (perhaps ? [perhaps.packets] : []))),
        decides: found.every(({ quick, way }) => quick && way === 'in') && !isSet(root, 'system', 'disablefilter'),
      },
    ];
  });
}

function rulesOf(entry: Entry, given: RuleSurroundings): ReturnType<typeof filterRules> | undefined {
  try {
    return filterRules(entry, given);
  } catch (error) {
    if (error instanceof Unloadable) return undefined;
    throw error;
  }
}

function keysOf({ floating, on }: Entry, { box }: Surroundings): SeenRule['on'] {
  return floating && (on === '' || on === 'any') ? 'any' : on.split(',').flatMap((key) => namesOf(box, key) ?? []);
}
