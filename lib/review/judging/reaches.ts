import { Rewrite, Translation, View } from '../../reachability/exposure';
import { rewritten } from '../../reachability/print';
import { Row, isWide, packetsOf } from '../../reachability/rows';
import { pairsApart, printRange } from '../../net/address';
import { atEntry } from '../../net/device';
import { Packet } from '../../net/packet';
import { Range, contains } from '../../net/range';
import { Block } from './blocks';
import { Sided, addressesOf, leadsToIt } from './edges';
import { mappingsAt } from './mapping-index';
import { Judged, State } from './state';
import { MOST_SAID, limited } from './words';

/** `10.0.0.10 of web1`. */
type Host = (range: Range) => string;

/** What the servers of a review are called, by address. */
export class Names {
  private readonly servers = new Map<bigint, Judged[]>();

  constructor(servers: readonly Sided[]) {
    for (const { judged } of servers)
      for (const address of addressesOf(judged)) {
        const there = this.servers.get(address);
        if (there) there.push(judged);
        else this.servers.set(address, [judged]);
      }
  }

  /** Where several have an address, as sites that number alike, an owner means itself, else the servers of its own plan, else those behind it. */
  seenBy({ owner: { judged }, servers }: Block): Host {
    const isBehind = (one: Judged): boolean =>
      judged.planned.role === 'server' || leadsToIt({ servers }, { judged: one });
    return (range) => {
      const all = (range.first === range.last && this.servers.get(range.first)) || [];
      const near = [
        all.filter((one) => one === judged),
        all.filter(({ plan }) => plan === judged.plan),
        all.filter(isBehind),
      ].find(({ length }) => length > 0);
      const devices = [...new Set(near?.map(({ planned }) => planned.device))];
      return `${printRange(range)}${devices.length === 0 ? '' : ` of ${limited(devices).join(' or ')}`}`;
    };
  }
}

/** Where a row leads, in the state that lets it through. Empty where it is several places, or wherever it was sent. */
export function reachesWords(block: Block, row: Row<unknown>, witness: Packet, state: State, host: Host): string {
  if (block.owner.judged.planned.role === 'server')
    return isHost(row) && block.vantage.kind !== 'self' ? host(row.destinations[0]!) : '';
  const view = atEntry(state.exposure.views, block.vantage);
  if (!view || row.destinations.length > MOST_SAID) return '';
  const destinations = pairsApart(row.destinations);
  const found = [...new Set(destinations.map((range) => reachedAt(view, row, range, witness, state, host)))];
  if (found.length === 1) return found[0]!;
  return destinations.length === 2 && !found.includes('') ? found.join(' and ') : '';
}

/** The same for one of its destinations. */
function reachedAt(view: View, row: Row<unknown>, range: Range, witness: Packet, state: State, host: Host): string {
  const hosts = view.translations.within(packetsOf({ ...row, destinations: [range] })).values;
  const became = contains(range, witness.destination) ? view.translations.at(witness) : hosts[0];
  if (!became) return '';
  const isOne = range.first === range.last;
  if (became.destination.is === 'kept') return isLocal(range, state) ? 'the gateway itself' : isOne ? host(range) : '';
  const alone = isOne || hosts.every(({ destination }) => destination === became.destination);
  return alone ? destinationWords(became, [range], host) : '';
}

const isHost = ({ destinations }: Row<unknown>): boolean =>
  destinations.length === 1 && destinations[0]!.first === destinations[0]!.last;

const isLocal = ({ first, last }: Range, { device }: State): boolean =>
  first === last &&
  (device.localAddresses.some((address) => address === first) ||
    device.interfaces.some(({ addresses }) => addresses.some(({ address }) => address === first)));

function destinationWords({ destination, port }: Translation, ranges: readonly Range[], host: Host): string {
  return `${becoming(destination, ranges, host, limited(ranges.map(printRange)).join(', '))}${port === 'kept' ? '' : ` port ${port}`}`;
}

const becoming = (rewrite: Rewrite, ranges: readonly Range[], print: (range: Range) => string, kept: string): string =>
  rewrite.is === 'kept' ? kept : limited(rewritten(rewrite, ranges, print, 'unknown')).join(', ');

/** What the packets of a row were and what they become; whose it is is said where it is several. */
export function fromAndTo(block: Block, row: Row<unknown>, host: Host): { readonly from: string; readonly to: string } {
  const isSeen = block.kind === 'identity';
  const found = new Map<string, Told>();
  for (const { ranges, below } of block.pairs.within(packetsOf(row)).groups('destination')) {
    if (found.size > MOST_SAID) break;
    const to = limited(pairsApart(ranges).map(printRange), 2).join(', ');
    for (const { ranges: from, below: rest } of below.groups('source')) {
      const whose = pairsApart(isSeen ? from : ranges);
      for (const [before, after] of rest.values)
        for (const range of whose.slice(0, MOST_SAID + 1)) {
          const words = (one: Translation): string =>
            isSeen ? identity(one, range) : destinationWords(one, [range], host);
          const told = { whose: printRange(range), sentTo: isSeen ? to : '', from: words(before), to: words(after) };
          found.set(JSON.stringify(told), told);
        }
    }
  }
  const all = labelled([...found.values()]);
  return { from: sideWords(all, 'from'), to: sideWords(all, 'to') };
}

interface Told {
  readonly whose: string;
  /** To whom it is sent, where the sender may be seen as several. */
  readonly sentTo: string;
  readonly from: string;
  readonly to: string;
}

/** One sender that is seen otherwise by one than by another would be told by two sentences that contradict each other. */
function labelled(all: readonly Told[]): readonly Told[] {
  const senders = new Set(all.map(({ whose }) => whose));
  const words = new Set(all.map(({ whose, from, to }) => JSON.stringify([whose, address(from), address(to)])));
  if (words.size === senders.size) return all;
  return all.map((one) =>
    one.sentTo === '' ? one : { ...one, whose: senders.size === 1 ? one.sentTo : `${one.whose} to ${one.sentTo}` },
  );
}

function sideWords(all: readonly Told[], side: 'from' | 'to'): string {
  const several = new Set(all.map(({ whose }) => whose)).size > 1 && new Set(all.map((one) => one[side])).size > 1;
  return limited(
    portsTogether([...new Set(all.map((one) => (several ? `${one.whose}: ${one[side]}` : one[side])))]),
  ).join(several ? '; ' : ', ');
}

const NOT_KEPT = ' (source port not kept)';
const address = (words: string): string => (words.endsWith(NOT_KEPT) ? words.slice(0, -NOT_KEPT.length) : words);

/** An address is said once where some of its packets keep their source ports, as by pfSense's own rules those to udp 500, and others don't. */
export const portsTogether = (said: readonly string[]): readonly string[] =>
  said
    .filter((one) => !said.includes(one + NOT_KEPT))
    .map((one) => {
      const of = address(one);
      return of !== one && said.includes(of) ? `${of} (source port kept of some packets only)` : one;
    });

const UNTRANSLATED = 'untranslated by us';

const identity = ({ source, sourcePort }: Translation, range: Range): string =>
  `${becoming(source, [range], printRange, UNTRANSLATED)}${sourcePort === 'free' ? NOT_KEPT : ''}`;

/** Names of the mappings that a row's public addresses, or the hosts that send it, belong to. */
export function mappingNames(row: Row<unknown>, states: readonly State[]): readonly string[] {
  const found = new Set<string>();
  for (const { meant } of states) {
    if (meant?.policy.kind !== 'gateway') continue;
    const { policy } = meant;
    const arriving = row.destinations.some((range) => mappingsAt(policy, 'outside', range, 1).length > 0);
    const [side, ranges] = arriving ? (['outside', row.destinations] as const) : (['inside', row.sources] as const);
    // Whoever is anywhere belongs to no mapping.
    if (isWide(ranges, row.family)) continue;
    for (const range of ranges) {
      if (found.size > MOST_SAID) break;
      for (const { name } of mappingsAt(policy, side, range, MOST_SAID + 1)) found.add(name);
    }
  }
  const all = [...found];
  return all.length <= MOST_SAID ? all : [...all.slice(0, MOST_SAID), 'and others'];
}
