import { familyOf, printAddress } from '../../../net/address';
import { NetworkInterface } from '../../../net/device';
import { AtLine, hiddenIn, withoutRules } from '../../../parse/xtables/made';
import { Saved } from '../../../parse/xtables/saved';
import { MadeRules } from '../../../parse/xtables/made-rules';
import { Files } from './files';
import { OwnAddresses } from './hosts';
import { Loading } from './loading';
import { packaged } from './packaged';
import { say } from './problems';
import { Settings } from './settings';
import { edited } from './shipped';
import { published } from './upstream/published';
import { Version } from './version';

/** What APF runs of its files after a start, and what a person has to know of that. */
export interface Configuration {
  readonly saved: Saved;
  readonly settings: Settings;
  /** Why everything is open. */
  readonly stops: readonly AtLine[];
  /** Why everything is UNKNOWN. */
  readonly doubts: readonly AtLine[];
  readonly skipped: readonly AtLine[];
}

const LOADING: Readonly<Record<Version['number'], Loading>> = { '9.7': packaged, '2.0.2': published };

export const loadingOf = ({ version }: Files): Loading => LOADING[version.number];

/** `interfaces`: where somebody told them, with their addresses. Source: apf and firewall of apf-firewall 9.7, apf_core.sh of v2.0.2. */
export function configurationOf(files: Files, interfaces?: readonly NetworkInterface[]): Configuration {
  const { version } = files;
  const loading = loadingOf(files);
  const settings = new Settings(files);
  const start = loading.start(files);
  const stops: AtLine[] = [...start.stops];
  // Whatever else is wrong: it never runs.
  const doubts: AtLine[] = stops.length > 0 ? [] : [...start.doubts, ...settings.doubts];
  if (doubts.length === 0) stops.push(...settings.stops);
  if (doubts.length === 0 && settings.isOn('DEVEL_MODE'))
    stops.push({ line: settings.at('DEVEL_MODE').line, what: 'DEVEL_MODE is on: cron stops APF every five minutes.' });
  doubts.push(...(stops.length > 0 ? [] : beyondFiles(files, settings)));
  if (stops.length + doubts.length === 0) stops.push(...loading.refused(settings));
  const trusted = loading.trusted(settings);
  if (stops.length + doubts.length === 0) stops.push(...withoutInterface(files, settings, trusted, interfaces));
  if (stops.length > 0) return { saved: withoutRules(stops[0]!), settings, stops, doubts: [], skipped: [] };
  const { line } = settings.at(version.device);
  const apf = new MadeRules({
    called: 'APF',
    line,
    say,
    families: settings.families,
    filled: (words) => settings.filled(words),
  });
  loading.build(apf, settings, files, ownOf(version, settings, interfaces), trusted);
  const all = [...new Map([...doubts, ...settings.doubts].map((one) => [one.line, one])).values()];
  const saved = mayBeMissing(apf.saved(), settings, version);
  const hidden = [...saved.hidden, ...all.flatMap(({ line, what }) => hiddenIn(line, what))];
  return { saved: { ...saved, hidden }, settings, stops, doubts: all, skipped: apf.skipped };
}

/** Whether APF loads anything depends on the kernel's files where it asks for modules. */
function mayBeMissing(saved: Saved, settings: Settings, { withoutModule }: Version): Saved {
  if (settings.isOn('SET_MONOKERN')) return saved;
  const { line } = settings.at('SET_MONOKERN');
  const perhapsMissing = `line ${line}: SET_MONOKERN is off, and where ${withoutModule}, APF loads nothing`;
  return { ...saved, tables: saved.tables.map((table) => ({ ...table, perhapsMissing })) };
}

function beyondFiles(files: Files, settings: Settings): readonly AtLine[] {
  const { returns, version } = files;
  return [
    ...(returns
      ? [{ line: returns.line, what: `${returns.text} has carriage returns, which a shell takes for letters` }]
      : []),
    ...edited(files),
    ...loadingOf(files).beyond(files, settings),
    ...version.fetches
      .filter((key) => settings.isOn(key))
      .map((key) => ({
        line: settings.at(key).line,
        what: `${key} is on: nobody knows what it fetches${version.fetching}`,
      })),
  ];
}

/** Before anything is loaded, each interface has to be in the table of routes. */
function withoutInterface(
  files: Files,
  settings: Settings,
  trusted: readonly string[],
  interfaces?: readonly NetworkInterface[],
): readonly AtLine[] {
  const { device } = files.version;
  const { asksForRoutes, isInterface } = loadingOf(files);
  if (!asksForRoutes(settings)) return [];
  const asked = [
    ...settings.words(device, settings.device).map((word) => [device, word] as const),
    ...trusted.map((word) => ['IFACE_TRUSTED', word] as const),
  ];
  const ofIpv4 = interfaces?.filter(({ addresses }) => addresses.some(({ address }) => familyOf(address) === 'ip'));
  const isMissing = (word: string): boolean =>
    word.includes(',') || ofIpv4?.some(({ name }) => isInterface(name, word)) === false;
  return asked
    .filter(([, word]) => isMissing(word))
    .map(([at, word]) => ({
      line: settings.at(at).line,
      what: `no interface ${word} has a route of IPv4: APF loads nothing.`,
    }));
}

function ownOf(version: Version, { device }: Settings, interfaces?: readonly NetworkInterface[]): OwnAddresses {
  const own = device === '' ? interfaces : interfaces?.filter(({ name }) => name === device);
  return own?.flatMap(({ addresses }) =>
    addresses
      .filter(({ address }) => version.mayFilterIpv6 || familyOf(address) === 'ip')
      .map(({ address }) => printAddress(address)),
  );
}
