import { Range, joined } from '../../../../net/range';
import { Mentions } from '../../../../parse/foreign';
import { NegatedHost, PfText } from '../../../../parse/pf/text/text';
import { mayBeGroup } from './names';

const isLoopback = ({ first }: Range): boolean => first >> 24n === 0x7fn || first === (1n << 32n) + 1n;

/** What rules ask of the device that they run on, by looking at each once. */
export function mentionedBy(text: PfText): Mentions {
  const interfaces = new Set<string>(text.skips.map(({ name }) => name));
  const destinations: Range[] = [];
  const targets: Range[] = [];
  let redirects = false;
  let sourceTypes = false;
  let forwards = false;

  const rangesOf = (hosts: readonly NegatedHost[] | undefined): readonly Range[] =>
    (hosts ?? []).flatMap(({ host }) => {
      if (host.is === 'interface') interfaces.add(host.name);
      if (host.is === 'table') return rangesOf(text.tables.get(host.name)?.entries);
      return host.is === 'range' ? [host.range] : [];
    });
  const isOwn = ({ host }: NegatedHost): boolean =>
    host.is === 'self' || (host.is === 'interface' && host.what !== 'network');

  for (const rule of text.rules) {
    const { on, from, to } = rule.match;
    for (const { name } of on ?? []) interfaces.add(name);
    destinations.push(...rangesOf(to.hosts));
    const sources = rangesOf(from.hosts);
    if (from.hosts?.some(isOwn) === true) sourceTypes = true;
    if (rule.is === 'filter') {
      for (const route of rule.routes) interfaces.add(route);
      if (rule.routes.length > 0) forwards = true;
    }
    if (rule.is === 'filter' || rule.is === 'anchor' || !rule.target) continue;
    const led = rangesOf(rule.target.hosts);
    if (rule.is === 'rdr') {
      targets.push(...led);
      if (rule.target.hosts.some(isOwn)) redirects = true;
    }
    if (rule.is === 'binat') {
      destinations.push(...led);
      targets.push(...sources);
    }
    if (rule.is !== 'rdr' || !led.every(isLoopback)) forwards = true;
  }
  const named = [...interfaces].filter((name) => !/^(lo0?|any|pfsync0)$/.test(name)).sort();
  const groups = named.filter(mayBeGroup);
  return {
    interfaces: named.filter((name) => !mayBeGroup(name)),
    ...(groups.length > 0 && { groups }),
    destinations: joined(destinations),
    targets: joined(targets),
    redirects,
    sourceTypes,
    returns: false,
    forwards,
  };
}
