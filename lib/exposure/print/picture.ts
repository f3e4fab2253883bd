import { printWhom } from '../../reachability/words';
import { groupBy } from '../../net/group-by';
import { enumerated } from '../../report/document';
import { Flow, FlowLabel, flowsPicture } from '../../report/page/flows';
import { Html } from '../../report/page/html';
import { DeviceReport, EntryReport, Places, SectionReport, isFromOutside } from '../report/report';

/** Whom the internet reaches by a device, and with what. Nothing where it reaches nobody. */
export const reachedPicture = (device: DeviceReport): Html =>
  flowsPicture(waysOf(device), 'Whom the internet reaches, and who may ask for what.');

interface Reached {
  readonly about: SectionReport['about'];
  readonly entry: EntryReport;
  readonly servers: Places['servers'];
  /** The gateway, or what was read; empty: nothing in between. */
  readonly through: string;
}

/** The folders that a file lies in say nothing of a device, and the end of a long name more than its beginning. */
function shortened(name: string): string {
  const letters = [...name.replace(/^.*\//, '')];
  return letters.length > 20 ? `…${letters.slice(-19).join('')}` : letters.join('');
}

/** A way for each set of addresses that is asked at one host: who may ask at one of them alone is not shown at others. */
function waysOf({ name: whole, sections }: DeviceReport): readonly Flow[] {
  const name = shortened(whole);
  // What a gateway lets through is said once, as it is end to end.
  const isComposed = sections.some(({ about }) => about === 'end to end');
  const reached = sections.flatMap(
    ({ about, entries, places: { gateway, servers } = { gateway: name, servers: new Map() } }) =>
      entries
        .filter((entry) => isFromOutside(entry) && (!isComposed || about !== 'device' || entry.pastGateways))
        .map((entry): Reached => ({
          about,
          entry,
          servers,
          through: endsHere(about, entry) || entry.pastGateways ? '' : gateway,
        })),
  );
  const ways = [
    ...groupBy(reached, ({ about, through, entry }) =>
      JSON.stringify([endsHere(about, entry), through, withoutPort(entry.becomes), entry.to, entry.toCount]),
    ).values(),
  ].map((alike): Flow => {
    const [{ about, entry, servers, through }] = alike;
    const asked = { first: entry.to[0] ?? '', count: entry.toCount };
    const to = endsHere(about, entry) ? name : hostOf(entry, servers);
    const isSaid = through === '' && asked.count === 1 && asked.first === to;
    const entries = alike.map((one) => one.entry);
    return {
      from: 'the internet',
      through,
      to,
      ...(isSaid ? {} : { asks: asked }),
      labels: labelsOf(entries),
      rank: Math.min(...entries.map(rankOf)),
    };
  });
  return [...groupBy(ways, ({ through, to }) => JSON.stringify([through, to])).values()].flat();
}

/** Where it ends, whatever the port becomes. */
function hostOf(entry: EntryReport, servers: Places['servers']): string {
  if (isLed(entry)) {
    const ends = withoutPort(entry.becomes);
    const [, listed = '', more = '0'] = /^(.*?)(?:, and (\d+) more)?$/.exec(ends) ?? [];
    const names = [...new Set(listed.split(', ').map((address) => servers.get(address) ?? ''))];
    return names.includes('') ? ends : enumerated(names.slice(0, 3), names.length + Number(more)).join('');
  }
  const [server, ...others] = new Set(entry.to.map((address) => servers.get(address)));
  return server !== undefined && others.length === 0
    ? server
    : enumerated(entry.to.slice(0, 1), entry.toCount).join('');
}

/** At the device itself: what it leads on to another address goes through it. */
const endsHere = (about: SectionReport['about'], entry: EntryReport): boolean => about === 'host' && !isLed(entry);

/** To another address; `the same`: only the port becomes another. */
const isLed = ({ becomes }: EntryReport): boolean => !['', 'the same'].includes(withoutPort(becomes));

const withoutPort = (becomes: string): string => becomes.replace(/ ?port \d+$/, '');

/** What can't be decided first, then what anybody may ask for. */
function labelsOf(entries: readonly EntryReport[]): readonly FlowLabel[] {
  const groups = [...groupBy(entries, ({ verdict, from }) => JSON.stringify([verdict, from])).values()];
  return groups
    .sort(([one], [other]) => rankOf(one) - rankOf(other))
    .map((alike): FlowLabel => {
      const [{ verdict, from }] = alike;
      const tail = [...new Set(alike.map(({ service }) => service))].join(', ');
      const reasons = [...new Set(alike.flatMap(({ because }) => because || []))].join('; ');
      return verdict === 'unknown'
        ? { head: `undecided for ${printWhom(from)}`, tail, reasons, tone: 'unsure' }
        : { head: printWhom(from), tail, tone: isMost(from) ? 'bad' : 'plain' };
    });
}

const rankOf = ({ verdict, from }: EntryReport): number => (verdict === 'unknown' ? 0 : isMost(from) ? 1 : 2);

/** Whoever is not named may ask. */
const isMost = (from: string): boolean => from.startsWith('anywhere');
