import { printWhom } from '../../reachability/words';
import { isPrivate } from '../../lint/addresses';
import { parsePrefix } from '../../net/address';
import { groupBy } from '../../net/group-by';
import { enumerated, grouped } from '../../report/document';
import { Flow, FlowLabel, flowsPicture } from '../../report/page/flows';
import { Html } from '../../report/page/html';
import { Change, Review } from '../review';
import { SECTIONS, openedTo, toneOf } from './changes';
import { Told, toldOf } from './told';

/** Services that are named: an arrow is short, and the tables have all. */
const MOST_SERVICES = 3;

/**
 * Who reaches whom otherwise than before: what opens, closes, leads elsewhere or can't be decided. Nothing where nothing does. What devices send
 * themselves reaches nobody of ours, and stands in the tables alone; so does what is the same from inside as from the internet.
 */
export function pictureOf(review: Review): Html {
  const changes = SECTIONS.filter(({ kind }) => kind !== 'identity').flatMap(({ kind }) => toldOf(review, kind));
  const inside = changes.some(({ also }) => also.length > 0)
    ? ' What is the same from inside is in the tables below.'
    : '';
  return flowsPicture(waysOf(review, changes), `What changes, from where and to whom${partOf(review)}.${inside}`);
}

function partOf({ changes, counts }: Review): string {
  const left = SECTIONS.reduce((sum, { kind }) => sum + counts[kind], 0) - changes.length;
  const listed =
    changes.length === 1
      ? 'the first change that is listed'
      : `the first ${grouped(changes.length)} changes, which are listed`;
  return left > 0 ? `, of ${listed}; ${grouped(left)} more are counted` : '';
}

/** Of one sender, through one gateway, by the same addresses to one host, or to hosts of which all the same is said. */
function waysOf(review: Review, changes: readonly Told[]): readonly Flow[] {
  const servers: Servers = {
    names: new Set(review.devices.flatMap(({ role, device }) => (role === 'server' ? [device] : []))),
    owners: new Set(
      review.devices.flatMap(({ role, device, owner }) => (role === 'server' ? [`${device}/${owner}`] : [])),
    ),
  };
  const worstFirst = [...changes].sort((one, other) => rankOf(one) - rankOf(other));
  const arriving = worstFirst.flatMap((change) => {
    const from = senderOf(change);
    return from === '' ? [] : [{ change, way: { from, ...placesOf(change, servers) } }];
  });
  const hosts = [
    ...groupBy(arriving, ({ change, way }) =>
      JSON.stringify([way, change.destinations, change.destinationCount]),
    ).values(),
  ].map((ofHost) => ({ ...ofHost[0], labels: labelsOf(ofHost.map(({ change }) => change)) }));
  const alike = [...groupBy(hosts, ({ way, labels }) => JSON.stringify([way.from, way.through, labels])).values()].map(
    (same): Flow => {
      const [{ change: worst, way, labels }] = same;
      const to = [...new Set(same.map((host) => host.way.to))];
      const asked = [...new Set(same.flatMap(({ change }) => change.destinations))];
      const left = same.reduce((sum, { change }) => sum + change.destinationCount - change.destinations.length, 0);
      return {
        from: way.from,
        through: way.through,
        labels,
        to: enumerated(to.slice(0, 3), to.length).join(''),
        asks: { first: asked.find((one) => !isHidden(one)) ?? asked[0] ?? '', count: asked.length + left },
        rank: rankOf(worst),
      };
    },
  );
  const ofSender = [...groupBy(alike, ({ from }) => from).values()];
  return ofSender.flatMap((its) => [...groupBy(its, ({ through }) => through).values()].flat());
}

/**
 * What opens to anybody in the internet before what opens to listed sources or inside, then what closes; what is undecided counts as open. Of each
 * what is sent to a public address first: nobody in the internet sends to a private one.
 */
const RANKS: readonly ((change: Change) => boolean)[] = [
  ({ kind }) => kind === 'unknown',
  ({ kind, outside, sources }) => kind === 'opened' && outside && sources.startsWith('anywhere'),
  ({ kind, outside }) => kind === 'opened' && outside,
  ({ kind }) => kind === 'opened',
  ({ kind, outside }) => kind === 'closed' && outside,
  ({ kind }) => kind === 'closed',
];

function rankOf(change: Change): number {
  const found = RANKS.findIndex((is) => is(change));
  return (found === -1 ? RANKS.length : found) * 2 + (change.destinations.every(isHidden) ? 1 : 0);
}

/** `10.9.0.10`, `10.0.0.0/24`, `10.0.0.10-10.0.0.12`; what is no address, such as `any IPv4`, isn't. */
function isHidden(destination: string): boolean {
  const [first = ''] = destination.split('-');
  const prefix = parsePrefix(first);
  return prefix !== undefined && isPrivate(prefix.first);
}

/** Those of its vantages by which packets arrive. */
const senderOf = ({ vantage }: Change): string =>
  vantage
    .split('; ')
    .filter((one) => !/^(the device itself|localhost)/.test(one))
    .join('; ');

interface Servers {
  readonly names: ReadonlySet<string>;
  /** `web1/hosting`. */
  readonly owners: ReadonlySet<string>;
}

/** `10.0.0.10 of web1`, `10.0.0.10 of web1 port 8443`, `10.0.0.10 of web1 and 10.0.0.11 of web2`. */
const NAMED = / of (\S+)/g;

function placesOf({ device, reaches }: Change, servers: Servers): Pick<Flow, 'through' | 'to'> {
  const [name = ''] = device.split('/');
  if (servers.owners.has(device)) return { through: '', to: name };
  const named = [...new Set([...reaches.matchAll(NAMED)].map(([, server = '']) => server))];
  const isKnown = named.length > 0 && named.every((server) => servers.names.has(server));
  return { through: name, to: isKnown ? named.join(', ') : reaches || 'several hosts' };
}

const labelsOf = (changes: readonly Change[]): readonly FlowLabel[] =>
  [
    ...groupBy(changes, (change) =>
      JSON.stringify([change.kind, change.sources, change.already, change.from, change.to]),
    ).values(),
  ].map((alike) => {
    const services = [...new Set(alike.map(({ service }) => service))];
    return {
      head: saidOf(alike[0]),
      tail: enumerated(services.slice(0, MOST_SERVICES), services.length).join(''),
      tone: toneOf(alike[0]),
    };
  });

/**
 * An arrow is short: of one server its name alone, of the same one what is another there, and what led to several, each by an address of its own, is in
 * the tables.
 */
function ledTo({ from = '; ', to = '' }: Change): string {
  if (from.includes('; ')) return 'elsewhere';
  const [, address, server, port = ''] = /^(\S+) of (\S+)( port \d+)?$/.exec(from) ?? [];
  const [, its, same] = /^(\S+) of (\S+)/.exec(to) ?? [];
  if (server === undefined || address === undefined) return from;
  return server !== same ? server + port : address !== its ? address + port : port.trim() || 'another port';
}

function saidOf(change: Change): string {
  const { kind, sources, already } = change;
  const whom = printWhom(sources);
  if (kind === 'opened' && already !== undefined)
    return `opens to ${printWhom(openedTo({ sources, already }))} (${printWhom(already)} had it)`;
  if (kind === 'unknown') return `undecided for ${whom}`;
  if (kind === 'moved') return `leads here, was ${ledTo(change)}`;
  return kind === 'closed' ? `closes for ${whom}` : `opens to ${whom}`;
}
