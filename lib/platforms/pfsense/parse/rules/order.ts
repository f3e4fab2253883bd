import { XmlElement } from '../../../../xml/xml';
import { Box } from '../box/box';
import { childOf, isSet, listOf, textAt } from '../elements/element';
import { Entry } from './filter-rule';
import { Release } from '../box/release';

const TABS_OF_VPNS = new Set(['l2tp', 'pptp', 'pppoe', 'enc0', 'openvpn']);

/** Every rule that isn't disabled with its place on its page, in the order of the configuration. */
function entriesOf(root: XmlElement): readonly Entry[] {
  const counts = new Map<string, number>();
  return listOf(childOf(root, 'filter'), 'rule').flatMap((element): Entry[] => {
    const floating = isSet(element, 'floating');
    const on = textAt(element, 'interface');
    const page = floating ? ' floating' : on;
    const position = (counts.get(page) ?? 0) + 1;
    counts.set(page, position);
    return isSet(element, 'disabled') || isSet(element, 'separator') ? [] : [{ element, floating, on, position }];
  });
}

/**
 * The order in which pf asks them: floating ones, those of groups and of the tabs of VPNs, those of interfaces. Within each the order of
 * the configuration; the newest release puts user groups first, in the order in which they are defined.
 */
export function orderedRules(box: Box, release: Release): readonly Entry[] {
  const entries = entriesOf(box.root);
  const inGroup = (entry: Entry): boolean => box.groups.has(entry.on) || TABS_OF_VPNS.has(entry.on);
  const floating = entries.filter((entry) => entry.floating);
  const grouped = entries.filter((entry) => !entry.floating && inGroup(entry));
  const others = entries.filter((entry) => !entry.floating && !inGroup(entry));
  if (!release.groupsFirst) return [...floating, ...grouped, ...others];
  const place = new Map([...box.groups.keys()].map((name, at) => [name, at]));
  const sorted = grouped.map((entry, at) => ({ entry, group: place.get(entry.on) ?? Infinity, at }));
  sorted.sort((a, b) => (a.group === b.group ? a.at - b.at : a.group < b.group ? -1 : 1));
  return [...floating, ...sorted.map(({ entry }) => entry), ...others];
}
