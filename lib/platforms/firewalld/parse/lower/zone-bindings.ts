// Lists the interfaces and sources to which firewalld's zones are bound, unsorted. Each binding has the keys by which
// firewalld 2.0 and later orders them when it looks for a packet's zone.

import { Condition } from '../../../../evaluator/ruleset-model';
import * as asked from '../contents/match-conditions';
import { FirewalldZone } from '../files/firewalld-configuration';
import { ChainBuilder } from '../contents/chain-builder';
import { isUsed } from './dispatch';
import { createUnexpectedProblem } from '../files/parse-problems';

/** An interface or a source of a zone. */
export interface ZoneBinding {
  readonly zone: FirewalldZone;
  /** The kind of a source (its family, or hardware addresses). Undefined for an interface. */
  readonly source: string | undefined;
  /** True for the default zone's binding that takes all remaining packets. */
  readonly isAny: boolean;
  readonly comesFrom: readonly Condition[];
  readonly goesTo: readonly Condition[];
  /** The keys by which bindings are ordered when firewalld looks for a packet's zone. */
  readonly ingress: BindingKey;
  readonly egress: BindingKey;
}

export type BindingKey = readonly (number | string)[];

/** Behind all possible priorities. */
const LAST_PRIORITY = 32_768;

/**
 * Returns the bindings of all zones in use. Source: _policy_dispatch_sort_key of firewall/core/nftables.py, 2.3.1; 2.5
 * orders them alike.
 */
export function listBindings({ configuration, items }: ChainBuilder): readonly ZoneBinding[] {
  const { zones, fallback, problems } = configuration;
  const createBinding = (zone: FirewalldZone, name: string, source?: string): ZoneBinding => {
    const { ingress, egress } = zone.priorities;
    const isAny = name === '+';
    const order: BindingKey = [
      source === undefined ? 2 : 1,
      zone.name,
      source === undefined ? '' : name,
      name.replace(/\+$/, '*'),
    ];
    const createConditions = (direction: 'in' | 'out', side: asked.AddressSide): readonly Condition[] =>
      isAny
        ? []
        : source === undefined
          ? [asked.createInterfaceCondition(direction, [name])]
          : [items.createEndCondition(side, name, zone.file.line)];
    return {
      zone,
      source,
      isAny,
      comesFrom: createConditions('in', 'source'),
      goesTo: createConditions('out', 'destination'),
      ingress: [isAny ? LAST_PRIORITY : ingress, ...order],
      egress: [isAny ? LAST_PRIORITY : egress, ...order],
    };
  };
  return zones
    .filter((zone) => isUsed(zone, configuration))
    .flatMap((zone) => {
      const isDefault = zone === fallback;
      if (!isDefault && zone.interfaces.includes('+'))
        problems.push(createUnexpectedProblem(zone.file.line, '<interface name="+"/>'));
      const interfaces = isDefault && !zone.interfaces.includes('+') ? [...zone.interfaces, '+'] : zone.interfaces;
      return [
        ...interfaces.map((name) => createBinding(zone, name)),
        ...zone.sources.map((name) => createBinding(zone, name, items.sets.getKind(name, zone.file.line))),
      ];
    });
}

/** Returns whether two bindings can meet in a rule: before 2.5 firewalld makes none for sources of two families. */
export const hasCommonFamily = (a: ZoneBinding, b: ZoneBinding): boolean =>
  a.source === undefined || b.source === undefined || a.source === b.source;

export const createKeyOrder =
  <T>(getKey: (left: T) => BindingKey) =>
  (a: T, b: T): number => {
    const [left, right] = [getKey(a), getKey(b)];
    const index = left.findIndex((part, i) => part !== right[i]);
    return index < 0 ? 0 : left[index]! < right[index]! ? -1 : 1;
  };
