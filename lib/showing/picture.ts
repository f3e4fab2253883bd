import { gathered } from '../net/gathered';
import { enumerated } from '../printing/document';
import { Flow, FlowLabel, flowsPicture } from '../printing/page/flows';
import { Html } from '../printing/page/html';
import { DeviceReport, EntryReport, SectionReport } from './report';

/** Whom the internet reaches by a device, and with what. Nothing where it reaches nobody. */
export const reachedPicture = (device: DeviceReport): Html =>
  flowsPicture(waysOf(device), 'Whom the internet reaches, and who may ask for what.');

interface Reached {
  readonly about: SectionReport['about'];
  readonly entry: EntryReport;
}

/** The end of a long path tells more than its beginning. */
const shortened = (name: string): string => ([...name].length > 20 ? `…${[...name].slice(-19).join('')}` : name);

function waysOf({ name: whole, sections }: DeviceReport): readonly Flow[] {
  const name = shortened(whole);
  // What a gateway lets through is said once, as it is end to end.
  const isComposed = sections.some(({ about }) => about === 'end to end');
  const reached = sections
    .filter(({ about }) => !isComposed || about !== 'device')
    .flatMap(({ about, entries }) => entries.filter(({ outside }) => outside).map((entry): Reached => ({ about, entry })));
  const toHost = [...gathered(reached, ({ about, entry }) => JSON.stringify([about === 'host', hostOf(name, about, entry)])).values()];
  return toHost.map((alike): Flow => {
    const [{ about, entry }] = alike;
    const asked = [...new Set(alike.flatMap(({ entry: { to } }) => to))].filter((one) => !isSaid(one));
    const left = Math.max(...alike.map(({ entry: { to, toCount } }) => toCount - to.length));
    return {
      from: 'the internet',
      through: about === 'host' ? '' : name,
      to: hostOf(name, about, entry),
      asks: some(asked, asked.length + left),
      labels: labelsOf(alike.map((one) => one.entry)),
    };
  });
}

/** Where it ends, whatever the port becomes. */
function hostOf(name: string, about: SectionReport['about'], { becomes, to, toCount }: EntryReport): string {
  const host = becomes.replace(/ ?port \d+$/, '');
  if (host !== '' && host !== SAME) return host;
  return about === 'host' ? name : some(to, toCount);
}

/** Only the port becomes another. */
const SAME = 'the same';

/** No address that a sender names. */
const isSaid = (destination: string): boolean => /^(this server|any other host)\b/.test(destination);

/** What can't be decided first, then what anybody may ask for. */
function labelsOf(entries: readonly EntryReport[]): readonly FlowLabel[] {
  const groups = [...gathered(entries, ({ verdict, from }) => JSON.stringify([verdict, from])).values()];
  const weight = ([{ verdict, from }]: readonly [EntryReport, ...EntryReport[]]): number =>
    verdict === 'unknown' ? 0 : from === 'anywhere' ? 1 : 2;
  return groups
    .sort((one, other) => weight(one) - weight(other))
    .map((alike): FlowLabel => {
      const [{ verdict, from }] = alike;
      const whom = from === 'anywhere' ? 'anybody' : some(from.replace('anywhere but', 'anybody but').split(', '));
      const services = [...new Set(alike.map(({ service }) => service))].join(', ');
      return verdict === 'unknown'
        ? { words: `undecided for ${whom}: ${services}`, tone: 'unsure' }
        : { words: `${whom}: ${services}`, tone: from === 'anywhere' ? 'bad' : 'plain' };
    });
}

/** An arrow is short: the tables have all. */
const some = (all: readonly string[], count = all.length): string => enumerated(all.slice(0, 1), count).join('');
