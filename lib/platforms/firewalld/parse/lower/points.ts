import { Condition } from '../../../../evaluator/model';
import * as asked from '../contents/conditions';
import { Zone } from '../files/configuration';
import { Contents } from '../contents/contents';
import { isUsed } from './dispatch';
import { unexpected } from '../files/problems';

/** An interface or a source of a zone: where packets come from, or go to. */
export interface Point {
  readonly zone: Zone;
  /** Of a source, which of these it is; of an interface undefined. */
  readonly source: string | undefined;
  /** All that no other has: of the default zone. */
  readonly isAny: boolean;
  readonly comesFrom: readonly Condition[];
  readonly goesTo: readonly Condition[];
  /** In which order they are asked whose a packet is. */
  readonly ingress: Key;
  readonly egress: Key;
}

export type Key = readonly (number | string)[];

/** Behind all priorities that there are. */
const LAST = 32_768;

/** Those of all zones that rules are made for. Source: _policy_dispatch_sort_key of firewall/core/nftables.py, 2.3.1; 2.5 orders them alike. */
export function pointsOf({ configuration, items }: Contents): readonly Point[] {
  const { zones, fallback, problems } = configuration;
  const made = (zone: Zone, name: string, source?: string): Point => {
    const { ingress, egress } = zone.priorities;
    const isAny = name === '+';
    const order: Key = [
      source === undefined ? 2 : 1,
      zone.name,
      source === undefined ? '' : name,
      name.replace(/\+$/, '*'),
    ];
    const at = (way: 'in' | 'out', side: asked.Side): readonly Condition[] =>
      isAny ? [] : source === undefined ? [asked.byInterface(way, [name])] : [items.at(side, name, zone.file.line)];
    return {
      zone,
      source,
      isAny,
      comesFrom: at('in', 'source'),
      goesTo: at('out', 'destination'),
      ingress: [isAny ? LAST : ingress, ...order],
      egress: [isAny ? LAST : egress, ...order],
    };
  };
  return zones
    .filter((zone) => isUsed(zone, configuration))
    .flatMap((zone) => {
      const isDefault = zone === fallback;
      if (!isDefault && zone.interfaces.includes('+'))
        problems.push(unexpected(zone.file.line, '<interface name="+"/>'));
      const interfaces = isDefault && !zone.interfaces.includes('+') ? [...zone.interfaces, '+'] : zone.interfaces;
      return [
        ...interfaces.map((one) => made(zone, one)),
        ...zone.sources.map((one) => made(zone, one, items.sets.kindOf(one, zone.file.line))),
      ];
    });
}

/** Before 2.5 no rule is made for sources of two families. */
export const areOfOne = (a: Point, b: Point): boolean =>
  a.source === undefined || b.source === undefined || a.source === b.source;

export const inOrderOf =
  <T>(key: (one: T) => Key) =>
  (a: T, b: T): number => {
    const [one, other] = [key(a), key(b)];
    const at = one.findIndex((part, i) => part !== other[i]);
    return at < 0 ? 0 : one[at]! < other[at]! ? -1 : 1;
  };
