// Computes the iptables rules that APF runs after a start from its files, with notes on everything that keeps it from
// starting or that isn't known.

import { getFamily, printAddress } from '../../../net/address';
import { NetworkInterface } from '../../../net/device';
import { LineNote, createHiddenRules, createOpenRuleset } from '../../../parse/xtables/load-notes';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { CommandRulesBuilder } from '../../../parse/xtables/command-rules-builder';
import { ApfFiles } from './apf-files';
import { OwnAddresses } from './packaged-host-lists';
import { ApfLoader } from './loader';
import { packagedLoader } from './packaged-loader';
import { messages } from './parse-problems';
import { ApfSettings } from './apf-settings';
import { findEditedScripts } from './shipped-scripts';
import { publishedLoader } from './upstream/upstream-loader';
import { ApfVersion } from './apf-version';

/** The rules that APF runs after a start, with notes for the operator. */
export interface ApfConfiguration {
  readonly saved: ParsedXtables;
  readonly settings: ApfSettings;
  /** Reasons why everything is open. */
  readonly stops: readonly LineNote[];
  /** Reasons why everything is UNKNOWN. */
  readonly unknownReasons: readonly LineNote[];
  readonly skipped: readonly LineNote[];
}

const LOADERS: Readonly<Record<ApfVersion['number'], ApfLoader>> = { '9.7': packagedLoader, '2.0.2': publishedLoader };

export const getLoader = ({ version }: ApfFiles): ApfLoader => LOADERS[version.number];

/**
 * Returns what APF loads from its files. `interfaces`: with their addresses; undefined if they aren't known. Source:
 * apf and firewall of apf-firewall 9.7, apf_core.sh of v2.0.2.
 */
export function loadConfiguration(files: ApfFiles, interfaces?: readonly NetworkInterface[]): ApfConfiguration {
  const { version } = files;
  const loader = getLoader(files);
  const settings = new ApfSettings(files);
  const start = loader.start(files);
  const stops: LineNote[] = [...start.stops];
  // Other unknowns don't matter: APF never runs.
  const unknownReasons: LineNote[] = stops.length > 0 ? [] : [...start.unknownReasons, ...settings.unknownReasons];
  if (unknownReasons.length === 0) stops.push(...settings.stops);
  if (unknownReasons.length === 0 && settings.isOn('DEVEL_MODE'))
    stops.push({
      line: settings.getPlace('DEVEL_MODE').line,
      what: 'DEVEL_MODE is on: cron stops APF every five minutes.',
    });
  unknownReasons.push(...(stops.length > 0 ? [] : findUnfollowed(files, settings)));
  if (stops.length + unknownReasons.length === 0) stops.push(...loader.refused(settings));
  const trusted = loader.trusted(settings);
  if (stops.length + unknownReasons.length === 0)
    stops.push(...findMissingInterfaces(files, settings, trusted, interfaces));
  if (stops.length > 0)
    return { saved: createOpenRuleset(stops[0]!), settings, stops, unknownReasons: [], skipped: [] };
  const { line } = settings.getPlace(version.device);
  const apf = new CommandRulesBuilder({
    label: 'APF',
    line,
    messages,
    families: settings.families,
    filled: (words) => settings.fill(words),
  });
  loader.build(apf, settings, files, listOwnAddresses(version, settings, interfaces), trusted);
  const reasons = [
    ...new Map([...unknownReasons, ...settings.unknownReasons].map((note) => [note.line, note])).values(),
  ];
  const saved = markPerhapsMissing(apf.build(), settings, version);
  const hidden = [...saved.hidden, ...reasons.flatMap(({ line, what }) => createHiddenRules(line, what))];
  return { saved: { ...saved, hidden }, settings, stops, unknownReasons: reasons, skipped: apf.skipped };
}

/**
 * Marks the tables as perhaps missing: if APF asks for modules, the kernel's files decide whether it loads anything.
 */
function markPerhapsMissing(saved: ParsedXtables, settings: ApfSettings, { withoutModule }: ApfVersion): ParsedXtables {
  if (settings.isOn('SET_MONOKERN')) return saved;
  const { line } = settings.getPlace('SET_MONOKERN');
  const perhapsMissing = `line ${line}: SET_MONOKERN is off, and where ${withoutModule}, APF loads nothing`;
  return { ...saved, tables: saved.tables.map((table) => ({ ...table, maybeMissingReason: perhapsMissing })) };
}

function findUnfollowed(files: ApfFiles, settings: ApfSettings): readonly LineNote[] {
  const { carriageReturn: returns, version } = files;
  return [
    ...(returns
      ? [{ line: returns.line, what: `${returns.text} has carriage returns, which a shell takes for letters` }]
      : []),
    ...findEditedScripts(files),
    ...getLoader(files).beyond(files, settings),
    ...version.fetches
      .filter((key) => settings.isOn(key))
      .map((key) => ({
        line: settings.getPlace(key).line,
        what: `${key} is on: what it fetches is not known${version.fetching}`,
      })),
  ];
}

/** Returns the interfaces without a route: each has to be in the routing table before APF loads anything. */
function findMissingInterfaces(
  files: ApfFiles,
  settings: ApfSettings,
  trusted: readonly string[],
  interfaces?: readonly NetworkInterface[],
): readonly LineNote[] {
  const { device } = files.version;
  const { asksForRoutes, isInterface } = getLoader(files);
  if (!asksForRoutes(settings)) return [];
  const namedInterfaces = [
    ...settings.splitWords(device, settings.device).map((word) => [device, word] as const),
    ...trusted.map((word) => ['IFACE_TRUSTED', word] as const),
  ];
  const ofIpv4 = interfaces?.filter(({ addresses }) => addresses.some(({ address }) => getFamily(address) === 'ip'));
  const isMissing = (word: string): boolean =>
    word.includes(',') || ofIpv4?.some(({ name }) => isInterface(name, word)) === false;
  return namedInterfaces
    .filter(([, word]) => isMissing(word))
    .map(([at, word]) => ({
      line: settings.getPlace(at).line,
      what: `no interface ${word} has a route of IPv4: APF loads nothing.`,
    }));
}

function listOwnAddresses(
  version: ApfVersion,
  { device }: ApfSettings,
  interfaces?: readonly NetworkInterface[],
): OwnAddresses {
  const filteredInterfaces = device === '' ? interfaces : interfaces?.filter(({ name }) => name === device);
  return filteredInterfaces?.flatMap(({ addresses }) =>
    addresses
      .filter(({ address }) => version.mayFilterIpv6 || getFamily(address) === 'ip')
      .map(({ address }) => printAddress(address)),
  );
}
