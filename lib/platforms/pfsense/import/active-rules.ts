// Lists the enabled filter rules of pfSense's config.xml that apply to arriving packets, for the import.

import { PacketMap, PacketSet } from '../../../net/packet-map';
import { ImportableEntry } from '../../../parse/config-importer';
import { PfsenseContext } from '../parse/packets/resolve-addresses';
import { findInterfaceNames } from '../parse/box/box';
import { isSet } from '../parse/elements/element';
import {
  FilterEntry,
  RuleContext,
  getAction,
  lowerFilterRule,
  createRuleContext,
} from '../parse/rules/lower-filter-rule';
import { GatewayLookup } from '../parse/box/gateways';
import { orderRules } from '../parse/rules/rule-order';
import { Unloadable } from '../parse/elements/unloadable';
import { createImportableEntry } from './importable-entry';

/** An enabled rule that looks at arriving packets. */
export interface ActiveRule {
  readonly entry: ImportableEntry;
  readonly element: FilterEntry['element'];
  /** `interface`: the page of one interface. */
  readonly page: 'floating' | 'group' | 'interface';
  /** Keys of the interfaces of the rule; `any` for all. */
  readonly on: 'any' | readonly string[];
  readonly action: 'pass' | 'block' | 'match';
  /**
   * Arriving packets that match for certain; `uncertain` holds those that may match besides. Undefined if the box can't
   * load the rule.
   */
  readonly packets: PacketSet | undefined;
  readonly uncertain: PacketSet;
  /** Whether the rule looks at arriving packets and ends the search. */
  readonly decides: boolean;
}

/** Returns the active rules in the order in which pf evaluates them. */
export function listActiveRules(context: PfsenseContext, gateways: GatewayLookup): readonly ActiveRule[] {
  const { root } = context.box;
  const ruleContext = createRuleContext(context, gateways);
  return orderRules(context.box, context.release).flatMap((entry): readonly ActiveRule[] => {
    const { element, floating, on, position } = entry;
    const group = context.box.groups.has(on) || context.box.byKey.get(on)?.virtual === true;
    const common = {
      element,
      entry: createImportableEntry(element, floating ? `floating rule ${position}` : `rule ${position} of ${on}`),
      page: floating ? 'floating' : group ? 'group' : 'interface',
      action: getAction(element),
    } as const;
    const rules = lowerRule(entry, ruleContext);
    if (!rules)
      return [
        {
          ...common,
          on: listInterfaceKeys(entry, context),
          packets: undefined,
          uncertain: PacketMap.ALL,
          decides: false,
        },
      ];
    if (rules.every(({ direction }) => direction === 'out')) return [];
    return [
      {
        ...common,
        on: listInterfaceKeys(entry, context),
        packets: PacketMap.mergeFirst(rules.map(({ packets }) => packets)),
        uncertain: PacketMap.mergeFirst(rules.flatMap(({ uncertain }) => (uncertain ? [uncertain.packets] : []))),
        decides:
          rules.every(({ quick, direction }) => quick && direction === 'in') && !isSet(root, 'system', 'disablefilter'),
      },
    ];
  });
}

function lowerRule(entry: FilterEntry, context: RuleContext): ReturnType<typeof lowerFilterRule> | undefined {
  try {
    return lowerFilterRule(entry, context);
  } catch (error) {
    if (error instanceof Unloadable) return undefined;
    throw error;
  }
}

function listInterfaceKeys({ floating, on }: FilterEntry, { box }: PfsenseContext): ActiveRule['on'] {
  return floating && (on === '' || on === 'any')
    ? 'any'
    : on.split(',').flatMap((key) => findInterfaceNames(box, key) ?? []);
}
