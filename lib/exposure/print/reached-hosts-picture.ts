// Renders the picture of an exposure page: the hosts that the internet reaches by a device, and their services.

import { printSenders } from '../../reachability/print-packets';
import { groupBy } from '../../net/group-by';
import { joinItems } from '../../report/report-document';
import { Flow, FlowLabel, renderFlows } from '../../report/page/flow-diagram';
import { Html } from '../../report/page/html';
import { DeviceReport, EntryReport, HostNames, SectionReport, isFromOutside } from '../report/exposure-report-types';

/**
 * Returns a picture of the hosts that the internet reaches by a device, and of the services. Empty if it reaches none.
 */
export const renderReachedHosts = (device: DeviceReport): Html =>
  renderFlows(createFlows(device), 'Whom the internet reaches, and who may ask for what.');

interface ReachedEntry {
  readonly scope: SectionReport['scope'];
  readonly entry: EntryReport;
  readonly servers: HostNames['servers'];
  /** The gateway, or the parsed text; empty if nothing is in between. */
  readonly through: string;
}

/**
 * Returns the end of a file's name. Its folders say nothing about a device, and the end of a long name says more than
 * its beginning.
 */
function shortenName(name: string): string {
  const letters = [...name.replace(/^.*\//, '')];
  return letters.length > 20 ? `…${letters.slice(-19).join('')}` : letters.join('');
}

/**
 * Returns a flow for each set of addresses that is asked at one host. Senders that may ask at one address alone are not
 * shown at others.
 */
function createFlows({ name: fullName, sections }: DeviceReport): readonly Flow[] {
  const name = shortenName(fullName);
  // The part of a gateway is shown once, end to end.
  const isComposed = sections.some(({ scope }) => scope === 'end to end');
  const reachedEntries = sections.flatMap(
    ({ scope, entries, hostNames: { gateway, servers } = { gateway: name, servers: new Map() } }) =>
      entries
        .filter((entry) => isFromOutside(entry) && (!isComposed || scope !== 'device' || entry.bypassesGateways))
        .map((entry): ReachedEntry => ({
          scope,
          entry,
          servers,
          through: endsHere(scope, entry) || entry.bypassesGateways ? '' : gateway,
        })),
  );
  const flows = [
    ...groupBy(reachedEntries, ({ scope, through, entry }) =>
      JSON.stringify([
        endsHere(scope, entry),
        through,
        removePort(entry.translatedDestination),
        entry.destinations,
        entry.destinationCount,
      ]),
    ).values(),
  ].map((group): Flow => {
    const [{ scope, entry, servers, through }] = group;
    const askedAddresses = { first: entry.destinations[0] ?? '', count: entry.destinationCount };
    const target = endsHere(scope, entry) ? name : nameHost(entry, servers);
    const isRedundant = through === '' && askedAddresses.count === 1 && askedAddresses.first === target;
    const entries = group.map((reachedEntry) => reachedEntry.entry);
    return {
      from: 'the internet',
      through,
      to: target,
      ...(isRedundant ? {} : { services: askedAddresses }),
      labels: createLabels(entries),
      rank: Math.min(...entries.map(getRank)),
    };
  });
  return [...groupBy(flows, ({ through, to }) => JSON.stringify([through, to])).values()].flat();
}

/** Returns the name of the host where an entry ends, whatever its port is translated to. */
function nameHost(entry: EntryReport, servers: HostNames['servers']): string {
  if (isTranslated(entry)) {
    const target = removePort(entry.translatedDestination);
    const [, listedTargets = '', moreCount = '0'] = /^(.*?)(?:, and (\d+) more)?$/.exec(target) ?? [];
    const names = [...new Set(listedTargets.split(', ').map((address) => servers.get(address) ?? ''))];
    return names.includes('') ? target : joinItems(names.slice(0, 3), names.length + Number(moreCount)).join('');
  }
  const [server, ...otherServers] = new Set(entry.destinations.map((address) => servers.get(address)));
  return server !== undefined && otherServers.length === 0
    ? server
    : joinItems(entry.destinations.slice(0, 1), entry.destinationCount).join('');
}

/**
 * Returns whether an entry ends at the device itself. A packet that is translated to another address goes through it.
 */
const endsHere = (scope: SectionReport['scope'], entry: EntryReport): boolean =>
  scope === 'host' && !isTranslated(entry);

/** Returns whether an entry is translated to another address. `the same` means that only the port is translated. */
const isTranslated = ({ translatedDestination }: EntryReport): boolean =>
  !['', 'the same'].includes(removePort(translatedDestination));

const removePort = (targetText: string): string => targetText.replace(/ ?port \d+$/, '');

/** Returns the labels of entries: undecided ones first, then those open to every source. */
function createLabels(entries: readonly EntryReport[]): readonly FlowLabel[] {
  const groups = [...groupBy(entries, ({ disposition, sources }) => JSON.stringify([disposition, sources])).values()];
  return groups
    .sort(([leftEntry], [rightEntry]) => getRank(leftEntry) - getRank(rightEntry))
    .map((group): FlowLabel => {
      const [{ disposition, sources }] = group;
      const tail = [...new Set(group.map(({ service }) => service))].join(', ');
      const reasons = [...new Set(group.flatMap(({ reason }) => reason || []))].join('; ');
      return disposition === 'unknown'
        ? { head: `undecided for ${printSenders(sources)}`, tail, reasons, tone: 'unsure' }
        : { head: printSenders(sources), tail, tone: isAnyone(sources) ? 'bad' : 'plain' };
    });
}

const getRank = ({ disposition, sources }: EntryReport): number =>
  disposition === 'unknown' ? 0 : isAnyone(sources) ? 1 : 2;

/** Returns whether every source that is not named may ask. */
const isAnyone = (sourceText: string): boolean => sourceText.startsWith('anywhere');
