// Lists, for the summary of `npm start`, the open services and the groups of senders that reach each.

import { groupBy } from '../../lib/net/group-by';
import { DeviceReport, EntryReport } from '../../lib/exposure/report/exposure-report-types';
import { nameServices } from '../../lib/exposure/report/service-names';

/** Groups of senders and the services of some addresses that each reaches. */
export interface OpenGroup {
  readonly title: string;
  readonly rows: readonly OpenRow[];
}

interface OpenRow {
  readonly who: string;
  readonly services: readonly string[];
}

/** Names of networks by prefix: `10.9.0.0/24` is the `management network`. */
type NetworkNames = ReadonlyMap<string, string>;

/**
 * Returns the open services by group: first those at a gateway's public addresses, then those of the servers' own
 * firewalls.
 */
export function openTo({ sections }: DeviceReport, networks: NetworkNames): readonly OpenGroup[] {
  const groups = sections.flatMap(({ scope, entries, hostNames }): readonly OpenGroup[] => {
    const addressed = entries.filter(({ destinations }) => /^[0-9a-f]*[:.]/.test(destinations[0] ?? ''));
    return [...groupBy(addressed, ({ destinations }) => destinations.join(', ')).values()].flatMap(
      (alike): readonly OpenGroup[] => {
        const at = addressesOf(alike[0]);
        const server = hostNames?.servers.get(alike[0].destinations[0] ?? '');
        if (scope === 'end to end') return [{ title: `Open at ${at}, as proven`, rows: rowsOf(alike, networks) }];
        return server === undefined
          ? []
          : [{ title: `${server}'s own firewall, at ${at}`, rows: rowsOf(alike, networks) }];
      },
    );
  });
  return withoutRepeats(groups);
}

const addressesOf = ({ destinations, destinationCount }: EntryReport): string =>
  [
    ...destinations,
    ...(destinationCount > destinations.length ? [`${destinationCount - destinations.length} more`] : []),
  ].join(', ');

function rowsOf(entries: readonly EntryReport[], networks: NetworkNames): readonly OpenRow[] {
  const rows = [...groupBy(entries, ({ sources }) => sources)].map(([from, alike]) => ({
    who: whoOf(from, networks),
    services: [...new Set(alike.flatMap(servicesOf))].sort(
      (one, other) => Number(one === 'ping') - Number(other === 'ping'),
    ),
  }));
  return rows.sort((one, other) => Number(other.who.startsWith(ANYWHERE)) - Number(one.who.startsWith(ANYWHERE)));
}

const ANYWHERE = 'the internet';

function whoOf(from: string, networks: NetworkNames): string {
  const named = from.replace(/[0-9a-f:.]+\/\d+/g, (prefix) => {
    const name = networks.get(prefix);
    return name === undefined ? prefix : `${name} ${prefix}`;
  });
  return named.replace(/^anywhere/, ANYWHERE);
}

/** Returns the names of services if each port has one; else the ports, so that none is left out. */
function servicesOf({ disposition, reason, service, packets }: EntryReport): readonly string[] {
  if (disposition === 'unknown') return [`UNKNOWN ${service} (${reason})`];
  if (service === 'all protocols') return ['everything'];
  const icmp = /^icmp(?:v6)? (.*)$/.exec(service)?.[1];
  if (icmp !== undefined) return pingAnd(icmp.split(','), service);
  const names = nameServices(packets.protocols, packets.ports);
  return names.length === 0 || names.some((name) => name.includes(' ')) ? [service] : names;
}

function pingAnd(types: readonly string[], service: string): readonly string[] {
  if (!types.includes('echo-request')) return [service];
  const others = types.filter((type) => type !== 'echo-request');
  if (others.length === 0) return ['ping'];
  return others.every((type) => /^(nd|mld2?)-/.test(type))
    ? ['neighbour discovery', 'ping']
    : ['ping', others.join(',')];
}

/** Replaces a row that has all services of the first one by a reference to it, so that the list isn't read twice. */
function withoutRepeats(groups: readonly OpenGroup[]): readonly OpenGroup[] {
  const first = groups[0]?.rows[0];
  if (first === undefined || first.services.length < 3) return groups;
  const asAbove = `as ${first.who.startsWith(ANYWHERE) ? ANYWHERE : first.who} at ${groups[0]!.title.replace(/^Open at |, as proven$/g, '')}`;
  return groups.map((group) => ({
    ...group,
    rows: group.rows.map((row) => {
      if (row === first || !first.services.every((service) => row.services.includes(service))) return row;
      return { ...row, services: [asAbove, ...row.services.filter((service) => !first.services.includes(service))] };
    }),
  }));
}
