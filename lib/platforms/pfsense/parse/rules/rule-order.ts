// Lists the enabled filter rules of pfSense's config.xml in the order in which pf evaluates them.

import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseBox } from '../box/box';
import { findChild, isSet, listChildren, getText } from '../elements/element';
import { FilterEntry } from './lower-filter-rule';
import { ReleaseBehavior } from '../box/release-behavior';

const VPN_TABS = new Set(['l2tp', 'pptp', 'pppoe', 'enc0', 'openvpn']);

/** Returns every enabled rule with its position on its page, in the order of the configuration. */
function listFilterEntries(root: XmlElement): readonly FilterEntry[] {
  const counts = new Map<string, number>();
  return listChildren(findChild(root, 'filter'), 'rule').flatMap((element): FilterEntry[] => {
    const floating = isSet(element, 'floating');
    const on = getText(element, 'interface');
    const page = floating ? ' floating' : on;
    const position = (counts.get(page) ?? 0) + 1;
    counts.set(page, position);
    return isSet(element, 'disabled') || isSet(element, 'separator') ? [] : [{ element, floating, on, position }];
  });
}

/**
 * Returns the rules in the order in which pf evaluates them: floating ones, those of groups and of the tabs of VPNs,
 * those of interfaces. Within each kind they keep the order of the configuration. The newest release puts user groups
 * first, in the order of their definition.
 */
export function orderRules(box: PfsenseBox, release: ReleaseBehavior): readonly FilterEntry[] {
  const entries = listFilterEntries(box.root);
  const inGroup = (entry: FilterEntry): boolean => box.groups.has(entry.on) || VPN_TABS.has(entry.on);
  const floating = entries.filter((entry) => entry.floating);
  const grouped = entries.filter((entry) => !entry.floating && inGroup(entry));
  const interfaceRules = entries.filter((entry) => !entry.floating && !inGroup(entry));
  if (!release.groupsFirst) return [...floating, ...grouped, ...interfaceRules];
  const place = new Map([...box.groups.keys()].map((name, at) => [name, at]));
  const sorted = grouped.map((entry, at) => ({ entry, group: place.get(entry.on) ?? Infinity, at }));
  sorted.sort((a, b) => (a.group === b.group ? a.at - b.at : a.group < b.group ? -1 : 1));
  return [...floating, ...sorted.map(({ entry }) => entry), ...interfaceRules];
}
