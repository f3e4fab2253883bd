import { Condition } from '../../../../evaluator/ruleset-model';
import * as asked from '../contents/match-conditions';
import { FirewalldZone } from '../files/configuration';
import { ChainBuilder } from '../contents/chain-builder';
import { isUsed } from './dispatch';
import { createUnexpectedProblem } from '../files/parse-problems';

/** An interface or a source of a zone: where packets come from, or go to. */
export interface ZoneBinding {
  readonly zone: FirewalldZone;
  /** Of a source, which of these it is; of an interface undefined. */
  readonly source: string | undefined;
  /** All that no other has: of the default zone. */
  readonly isAny: boolean;
  readonly comesFrom: readonly Condition[];
  readonly goesTo: readonly Condition[];
  /** In which order they are asked whose a packet is. */
  readonly ingress: BindingKey;
  readonly egress: BindingKey;
}

export type BindingKey = readonly (number | string)[];

/** Behind all priorities that there are. */
const LAST_PRIORITY = 32_768;

/** Those of all zones that rules are made for. Source: _policy_dispatch_sort_key of firewall/core/nftables.py, 2.3.1; 2.5 orders them alike. */
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

/** Before 2.5 no rule is made for sources of two families. */
export const hasCommonFamily = (a: ZoneBinding, b: ZoneBinding): boolean =>
  a.source === undefined || b.source === undefined || a.source === b.source;

export const createKeyOrder =
  <T>(getKey: (left: T) => BindingKey) =>
  (a: T, b: T): number => {
    const [left, right] = [getKey(a), getKey(b)];
    const index = left.findIndex((part, i) => part !== right[i]);
    return index < 0 ? 0 : left[index]! < right[index]! ? -1 : 1;
  };
