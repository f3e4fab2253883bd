import { familyOf, printAddress } from '../../../net/address';
import { NetworkInterface } from '../../../net/device';
import { AtLine, hiddenIn, withoutRules } from '../../../reading/xtables/made';
import { Saved } from '../../../reading/xtables/saved';
import { Script, unknownValue } from '../../../reading/shell-values';
import { MadeRules } from '../../../reading/xtables/made-rules';
import { Chains } from './chains';
import { Files } from './files';
import { OwnAddresses } from './hosts';
import { say } from './problems';
import { Settings } from './settings';
import { edited } from './shipped';
import { UpstreamChains } from './upstream/chains';
import { beyondLists, refusedSettings } from './upstream/checks';

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

const START = '/etc/default/apf-firewall';
const DOWNLOADED = ['DLIST_PHP', 'DLIST_SPAMHAUS', 'DLIST_DSHIELD', 'DLIST_RESERVED', 'DLIST_ECNSHAME', 'USE_RGT'];

/** `interfaces`: where somebody told them, with their addresses. Source: /etc/init.d/apf-firewall, apf and firewall of apf-firewall 9.7. */
export function configurationOf(files: Files, interfaces?: readonly NetworkInterface[]): Configuration {
  const settings = new Settings(files);
  const start = startOf(files);
  const stops: AtLine[] = [...start.stops];
  // Whatever else is wrong: it never runs.
  const doubts: AtLine[] = stops.length > 0 ? [] : [...start.doubts, ...settings.doubts];
  if (doubts.length === 0) stops.push(...settings.stops);
  if (doubts.length === 0 && settings.isOn('DEVEL_MODE'))
    stops.push({ line: settings.at('DEVEL_MODE').line, what: 'DEVEL_MODE is on: cron stops APF every five minutes.' });
  doubts.push(...(stops.length > 0 ? [] : beyondFiles(files, settings)));
  if (files.isUpstream && stops.length + doubts.length === 0) stops.push(...refusedSettings(settings));
  const trusted = files.isUpstream ? settings.listed('IFACE_TRUSTED') : settings.words('IFACE_TRUSTED', settings.text('IFACE_TRUSTED'));
  if (stops.length + doubts.length === 0) stops.push(...withoutInterface(files, settings, trusted, interfaces));
  if (stops.length > 0) return { saved: withoutRules(stops[0]!), settings, stops, doubts: [], skipped: [] };
  const { line } = settings.at(files.isUpstream ? 'IFACE_UNTRUSTED' : 'IFACE_IN');
  const apf = new MadeRules({ called: 'APF', line, say, families: settings.families, filled: (words) => settings.filled(words) });
  const own = ownOf(files, settings, interfaces);
  if (files.isUpstream) new UpstreamChains(apf, settings, files, own).build();
  else new Chains(apf, settings, files, own).build(trusted);
  const all = [...new Map([...doubts, ...settings.doubts].map((one) => [one.line, one])).values()];
  const saved = apf.saved();
  const hidden = [...saved.hidden, ...all.flatMap(({ line, what }) => hiddenIn(line, what))];
  return { saved: { ...saved, hidden }, settings, stops, doubts: all, skipped: apf.skipped };
}

/** Whether it is started at all: Debian's package is not, until somebody says so. */
function startOf(files: Files): { readonly stops: readonly AtLine[]; readonly doubts: readonly AtLine[] } {
  if (files.isUpstream) {
    const said = files.linesOf('VERSION')?.[0];
    const { line } = said ?? files.of('conf.apf')!;
    if (!said) return { stops: [], doubts: [{ line, what: 'VERSION is not in the text: which APF is in /etc/apf, it says' }] };
    return {
      stops: [],
      doubts: /(^|[^\d.])2\.0\.2$/.test(said.text.trim()) ? [] : [{ line, what: 'of an APF in /etc/apf only version 2.0.2 is read' }],
    };
  }
  const file = files.of(START);
  const { line } = file ?? files.of('conf.apf')!;
  if (!file) return { stops: [], doubts: [{ line, what: `${START} is not in the text: it says whether APF starts` }] };
  const { beyond, variables } = new Script(file.text, line, () => false);
  const run = variables.get('RUN');
  const doubt = beyond ? 'what a shell makes of this line is not known' : run && run.value === undefined ? unknownValue(run) : undefined;
  if (doubt !== undefined) return { stops: [], doubts: [{ line: (beyond ?? run)!.line, what: doubt }] };
  return { stops: run?.value === 'yes' ? [] : [{ line: run?.line ?? line, what: 'RUN is not "yes": APF is not started.' }], doubts: [] };
}

function beyondFiles(files: Files, settings: Settings): readonly AtLine[] {
  const { returns } = files;
  const own = settings.isOn('SET_VNET') ? files.names.filter(([name]) => /^vnet\/.*\.rules$/.test(name)) : [];
  const version = files.linesOf('VERSION')?.[0];
  return [
    ...(returns ? [{ line: returns.line, what: `${returns.text} has carriage returns, which a shell takes for letters` }] : []),
    ...(version && !files.isUpstream && !/(^|\D)9\.7(\D|$)/.test(version.text)
      ? [{ line: version.line, what: 'only version 9.7 is read' }]
      : []),
    ...edited(files),
    ...own.map(([name, line]) => ({ line, what: `${name} may change any rule` })),
    ...(files.isUpstream ? beyondLists(files, settings) : []),
    ...DOWNLOADED.filter((key) => settings.isOn(key) && !(files.isUpstream && key === 'DLIST_RESERVED')).map((key) => ({
      line: settings.at(key).line,
      what: `${key} is on: nobody knows what it fetches${files.isUpstream ? '' : ', and without wget nothing is loaded'}`,
    })),
  ];
}

/** As `grep -w` finds a name in what `route` and `ip` print. */
const isCalled = (name: string, word: string): boolean =>
  word.length <= name.length && new RegExp(`(?<!\\w)${word.replace(/[^\w.]/g, '\\$&')}(?!\\w)`).test(name);

/** Before anything is loaded, each interface has to be in the table of routes; of 2.0.2 by its whole name, and with VF_ROUTE alone. */
function withoutInterface(
  { isUpstream }: Files,
  settings: Settings,
  trusted: readonly string[],
  interfaces?: readonly NetworkInterface[],
): readonly AtLine[] {
  if (isUpstream && !settings.isOn('VF_ROUTE')) return [];
  const key = isUpstream ? 'IFACE_UNTRUSTED' : 'IFACE_IN';
  const asked = [
    ...settings.words(key, settings.device).map((word) => [key, word] as const),
    ...trusted.map((word) => ['IFACE_TRUSTED', word] as const),
  ];
  const ofIpv4 = interfaces?.filter(({ addresses }) => addresses.some(({ address }) => familyOf(address) === 'ip'));
  const isThere = (name: string, word: string): boolean => (isUpstream ? name === word : isCalled(name, word));
  const isMissing = (word: string): boolean => word.includes(',') || ofIpv4?.some(({ name }) => isThere(name, word)) === false;
  return asked
    .filter(([, word]) => isMissing(word))
    .map(([at, word]) => ({ line: settings.at(at).line, what: `no interface ${word} has a route of IPv4: APF loads nothing.` }));
}

/** Of 2.0.2 those of IPv6, too. */
function ownOf({ isUpstream }: Files, { device }: Settings, interfaces?: readonly NetworkInterface[]): OwnAddresses {
  const own = device === '' ? interfaces : interfaces?.filter(({ name }) => name === device);
  return own?.flatMap(({ addresses }) =>
    addresses.filter(({ address }) => isUpstream || familyOf(address) === 'ip').map(({ address }) => printAddress(address)),
  );
}
