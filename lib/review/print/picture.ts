import { gathered } from '../../net/gathered';
import { enumerated } from '../../printing/document';
import { Flow, FlowLabel, flowsPicture } from '../../printing/page/flows';
import { Html } from '../../printing/page/html';
import { Change, Review } from '../review';
import { SECTIONS, changesOf, toneOf } from './changes';

/** Of a list: an arrow is short, and the tables have all. */
const MOST = { names: 3, addresses: 1 };

/** Who reaches whom otherwise than before: what opens, closes, leads elsewhere or can't be decided. Nothing where nothing does. */
export const pictureOf = (review: Review): Html => flowsPicture(waysOf(review), 'What changes, from where and to whom.');

/** Of one sender, through one gateway, to one host, or to hosts of which all the same is said. */
function waysOf(review: Review): readonly Flow[] {
  const servers = new Set(review.devices.flatMap(({ role, device }) => (role === 'server' ? [device] : [])));
  const changes = SECTIONS.filter(({ kind }) => kind !== 'identity').flatMap(({ kind }) => changesOf(review, kind));
  const hosts = [...gathered(changes, (change) => JSON.stringify([change.vantage, placesOf(change, servers)])).values()].map((ofHost) => ({
    ...{ from: ofHost[0].vantage, ...placesOf(ofHost[0], servers), labels: labelsOf(ofHost) },
    asked: [...new Set(ofHost.flatMap(({ destinations }) => destinations))],
    left: Math.max(...ofHost.map(({ destinations, destinationCount }) => destinationCount - destinations.length)),
  }));
  const alike = [...gathered(hosts, ({ from, through, labels }) => JSON.stringify([from, through, labels])).values()].map((same): Flow => {
    const [{ from, through, labels }] = same;
    const asked = [...new Set(same.flatMap((host) => host.asked))];
    const left = Math.max(...same.map((host) => host.left));
    return { from, through, labels, to: some(same.map(({ to }) => to)), asks: some(asked, MOST.addresses, asked.length + left) };
  });
  const ofSender = [...gathered(alike, ({ from }) => from).values()];
  return ofSender.flatMap((its) => [...gathered(its, ({ through }) => through).values()].flat());
}

/** `10.0.0.10 of web1`, `10.0.0.10 of web1 port 8443`. */
const NAMED = / of (\S+?)(?: port \d+)?$/;

function placesOf({ device, reaches }: Change, servers: ReadonlySet<string>): { readonly through: string; readonly to: string } {
  const [name = ''] = device.split('/');
  const [, server = ''] = NAMED.exec(reaches) ?? [];
  const to = servers.has(server) ? server : reaches || 'several hosts';
  return servers.has(name) ? { through: '', to: name } : { through: name, to };
}

const labelsOf = (changes: readonly Change[]): readonly FlowLabel[] =>
  [...gathered(changes, (change) => JSON.stringify([change.kind, change.sources, change.from])).values()].map((alike) => ({
    words: saidOf(alike[0], some([...new Set(alike.map(({ service }) => service))])),
    tone: toneOf(alike[0]),
  }));

/** For whom stands before what: where there is no room, ports are left out. */
function saidOf({ kind, sources, from }: Change, services: string): string {
  const whom = sources === 'anywhere' ? 'anybody' : some(sources.split(', '), MOST.addresses);
  if (kind === 'unknown') return `undecided for ${whom}: ${services}`;
  if (kind === 'moved') return `leads here, was ${from ?? 'elsewhere'}: ${services}`;
  return kind === 'closed' ? `closes for ${whom}: ${services}` : `opens to ${whom}: ${services}`;
}

const some = (all: readonly string[], most = MOST.names, count = all.length): string => enumerated(all.slice(0, most), count).join('');
