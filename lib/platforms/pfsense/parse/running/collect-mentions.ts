// Collects what the rules of a `pfctl` listing refer to on the device: interfaces, groups, destinations, translation
// targets, and whether they redirect packets or need forwarding.

import { Range, mergeRanges } from '../../../../net/range';
import { DeviceReferences } from '../../../../parse/config-format';
import { NegatedHost, ParsedPf } from '../../../../parse/pf/text/syntax-tree';
import { canBeGroup } from './device-context';

const isLoopback = ({ first }: Range): boolean => first >> 24n === 0x7fn || first === (1n << 32n) + 1n;

/** Returns the facts that rules need of their device, in one pass over the rules. */
export function collectMentions(text: ParsedPf): DeviceReferences {
  const interfaces = new Set<string>(text.skips.map(({ name }) => name));
  const destinations: Range[] = [];
  const targets: Range[] = [];
  const addressed = new Set<string>();
  let hasRedirects = false;
  let testsSourceTypes = false;
  let needsForwarding = false;

  const collectRanges = (hosts: readonly NegatedHost[] | undefined): readonly Range[] =>
    (hosts ?? []).flatMap(({ host }) => {
      if (host.is === 'interface') interfaces.add(host.name);
      if (host.is === 'table') return collectRanges(text.tables.get(host.name)?.entries);
      return host.is === 'range' ? [host.range] : [];
    });
  const isOwn = ({ host }: NegatedHost): boolean =>
    host.is === 'self' || (host.is === 'interface' && host.part !== 'network');

  for (const rule of text.rules) {
    const { on, from, to } = rule.match;
    for (const { name } of on ?? []) interfaces.add(name);
    destinations.push(...collectRanges(to.hosts));
    const sources = collectRanges(from.hosts);
    if (from.hosts?.some(isOwn) === true) testsSourceTypes = true;
    for (const { host } of [...(from.hosts ?? []), ...(to.hosts ?? [])])
      if (host.is === 'interface') addressed.add(host.name);
    if (rule.is === 'filter') {
      for (const route of rule.routes) interfaces.add(route);
      if (rule.routes.length > 0) needsForwarding = true;
    }
    if (rule.is === 'filter' || rule.is === 'anchor' || !rule.target) continue;
    const targetRanges = collectRanges(rule.target.hosts);
    if (rule.is === 'rdr') {
      targets.push(...targetRanges);
      if (rule.target.hosts.some(isOwn)) hasRedirects = true;
    }
    if (rule.is === 'binat') {
      destinations.push(...targetRanges);
      targets.push(...sources);
    }
    if (rule.is !== 'rdr' || !targetRanges.every(isLoopback)) needsForwarding = true;
  }
  const named = [...interfaces].filter((name) => !/^(lo0?|any|pfsync0)$/.test(name)).sort();
  const groups = named.filter(canBeGroup);
  return {
    interfaces: named.filter((name) => !canBeGroup(name)),
    ...(groups.length > 0 && { groups }),
    destinations: mergeRanges(destinations),
    targets: mergeRanges(targets),
    hasRedirects,
    testsSourceTypes,
    testsReversePath: false,
    ...(addressed.size > 0 && { addressedInterfaces: [...addressed].sort() }),
    needsForwarding,
  };
}
