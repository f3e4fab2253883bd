// Imports the native config of a box. In: a captured configuration. Out: the entries that an intent can express, and
// the skipped entries with reasons. This folder may import the parser of this platform; it knows no intent and no
// generator.

import { isHost, getNetwork, toRange, printAddress, printPrefix } from '../../../net/address';
import { Device } from '../../../net/device';
import { intersectRanges } from '../../../net/range';
import {
  ImportableConfig,
  ImportableEntry,
  ImportableInterface,
  ImportableMapping,
  ConfigImporter,
  SkippedEntry,
} from '../../../parse/config-importer';
import { XmlElement, parseXml } from '../../../xml/parse-xml';
import { PfsenseContext } from '../parse/packets/resolve-addresses';
import { createAliasTable } from '../parse/packets/alias-table';
import { PfsenseBox, parseBox } from '../parse/box/box';
import { describeDevice } from '../parse/box/describe-device';
import { findChild, isSet, listChildren, getText } from '../parse/elements/element';
import { createGatewayLookup } from '../parse/box/gateways';
import { findReleases } from '../parse/box/release-behavior';
import { createImportableEntry } from './importable-entry';
import { OneToOneCandidate, findOneToOnes } from './find-one-to-ones';
import { ImportedOpenings, findOpenings } from './find-allow-rules';
import { findNeverMatching } from './never-matching';
import { listActiveRules } from './active-rules';
import { ImportedVirtualIps, findUnanswered, findVirtualIps } from './find-virtual-ips';

export const importer: ConfigImporter = { find: findImportable, without: removeEntries };

function findImportable(captured: string, stays: ReadonlyMap<number, string> = new Map()): ImportableConfig {
  // The text was captured, so it is XML.
  const root = parseXml(captured);
  const box = parseBox(root);
  // Several releases may be possible: the first one is used, and the result is compared with all of them.
  const context: PfsenseContext = { box, aliases: createAliasTable(root), release: findReleases(root)[0]! };
  const { candidates, skipped } = findOneToOnes(context, stays);
  const leftSides = skipped.flatMap(({ entry, sides }) => (sides ? [{ entry, ...sides }] : []));
  const rules = listActiveRules(context, createGatewayLookup(box));
  let rejected = addNeighbors(candidates, new Map(), leftSides);
  for (;;) {
    const remaining = candidates.filter((candidate) => !rejected.has(candidate));
    const opened = findOpenings(rules, remaining, context);
    const outsides = [
      ...leftSides,
      ...candidates.filter((candidate) => rejected.has(candidate) || opened.unusableMappings.has(candidate)),
    ].map(({ external }) => external);
    const vips = findVirtualIps(
      remaining.filter((candidate) => !opened.unusableMappings.has(candidate)),
      outsides,
      box,
      stays,
    );
    const spreadRejected = addNeighbors(
      candidates,
      new Map([...rejected, ...opened.unusableMappings, ...vips.unusableMappings]),
      leftSides,
    );
    if (spreadRejected.size === rejected.size) {
      const neverMatching = findNeverMatching(rules, candidates, context);
      return collectImportable({
        root,
        box,
        candidates: remaining,
        unsaid: rejected,
        skipped: [...skipped, ...neverMatching],
        opened,
        vips,
      });
    }
    // Skipped entries change the positions of rules and thus their effect.
    rejected = spreadRejected;
  }
}

interface ImportParts {
  readonly root: XmlElement;
  readonly box: PfsenseBox;
  readonly candidates: readonly OneToOneCandidate[];
  readonly unsaid: ReadonlyMap<OneToOneCandidate, string>;
  readonly skipped: readonly SkippedEntry[];
  readonly opened: ImportedOpenings;
  readonly vips: ImportedVirtualIps;
}

function collectImportable({
  root,
  box,
  candidates,
  unsaid: rejected,
  skipped,
  opened,
  vips,
}: ImportParts): ImportableConfig {
  const device = describeDevice(root);
  return {
    version: findRelease(root),
    interfaces: listInterfaces(device, box),
    leasedOutside: device.interfaces.flatMap(({ name, role }) =>
      role === 'outside' && device.leasedInterfaces?.includes(name) ? [name] : [],
    ),
    sets: [...opened.sets, ...candidates.flatMap(({ set }) => set ?? [])],
    virtualIps: vips.importable,
    mappings: candidates.map((candidate): ImportableMapping => ({
      ...candidate,
      allowRules: opened.allowRules.get(candidate) ?? [],
    })),
    globalHelper: isSet(root, 'system', 'enablenatreflectionhelper'),
    skipped: [
      ...skipped.map(({ entry, reason }) => ({ entry, reason })),
      ...[...rejected].map(([{ entry }, why]) => ({ entry, reason: why })),
      ...vips.skipped,
      ...opened.staying,
      ...listOtherTranslations(root),
    ],
    assumed: findUnanswered(candidates, box),
    objections: opened.objections,
  };
}

type EntryInside = Pick<OneToOneCandidate, 'entry' | 'internal'>;

/**
 * Returns the spoiled candidates and all others for the same hosts. Either all entries of a host are carried over or
 * none, because what one opens to the host is open by all of them.
 */
function addNeighbors(
  candidates: readonly OneToOneCandidate[],
  spoiled: ReadonlyMap<OneToOneCandidate, string>,
  leftSides: readonly EntryInside[],
): ReadonlyMap<OneToOneCandidate, string> {
  const rejected = new Map(spoiled);
  const staying: EntryInside[] = [...leftSides, ...spoiled.keys()];
  for (let at = 0; at < staying.length; at++) {
    for (const candidate of candidates) {
      if (
        rejected.has(candidate) ||
        !candidate.enabled ||
        intersectRanges(toRange(candidate.internal), toRange(staying[at]!.internal)) === undefined
      )
        continue;
      rejected.set(candidate, `${staying[at]!.entry.label} is for the same host, and is left`);
      staying.push(candidate);
    }
  }
  return rejected;
}

function removeEntries(captured: string, entries: readonly ImportableEntry[]): string {
  const lines = new Set(entries.map(({ line }) => line));
  const cuts: { readonly from: number; readonly to: number }[] = [];
  const visit = (element: XmlElement): void => {
    if (lines.has(element.line)) cuts.push(expandToLines(captured, element));
    else element.children.forEach(visit);
  };
  parseXml(captured).children.forEach((section) => section.children.forEach(visit));
  let text = '';
  let at = 0;
  for (const { from, to } of cuts) {
    text += captured.slice(at, from);
    at = to;
  }
  return text + captured.slice(at);
}

/** Returns the range of an element, with the indent before it and the line break behind it. */
function expandToLines(text: string, { start, end }: XmlElement): { readonly from: number; readonly to: number } {
  const from = text.lastIndexOf('\n', start) + 1;
  return { from: text.slice(from, start).trim() === '' ? from : start, to: text[end] === '\n' ? end + 1 : end };
}

/**
 * The release of a configuration version, in the words of an intent. Bounds between releases whose source was read lie
 * where a schema changed.
 */
const RELEASES: readonly (readonly [least: number, most: number, release: string])[] = [
  [22_000, 22_006, '2.6.0'],
  [22_007, 22_009, '2.7.0'],
  [23_000, 23_004, '2.7.2'],
  [23_005, 24_002, '2.8.0'],
  [24_003, 99_999, '2.9.0'],
];

function findRelease(root: XmlElement): string | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})$/.exec(getText(root, 'version'));
  const number = parts ? Number(parts[1]) * 1000 + Number(parts[2]) : -1;
  return RELEASES.find(([least, most]) => least <= number && number <= most)?.[2];
}

/** Returns the interfaces that an intent can name: those with an address in the configuration. */
const listInterfaces = ({ interfaces }: Device, { byKey }: PfsenseBox): readonly ImportableInterface[] =>
  interfaces
    .filter(({ name, addresses }) => byKey.get(name)?.virtual === false && addresses.length > 0)
    .map(({ name, role, addresses, routes }) => ({
      name,
      role,
      addresses: addresses.map(({ address, length }) => `${printAddress(address)}/${length}`),
      routes: routes
        .filter(
          (route) =>
            !addresses.some(
              (interfaceAddress) =>
                !isHost(route) &&
                printPrefix(getNetwork(interfaceAddress.address, interfaceAddress.length)) === printPrefix(route),
            ),
        )
        .map(printPrefix),
      terminatesVpn: role === 'vpn',
    }));

/** Returns translations that no intent can express, each with its effect on those that one can. */
function listOtherTranslations(root: XmlElement): readonly SkippedEntry[] {
  const nat = findChild(root, 'nat');
  const active = (elements: readonly XmlElement[]): readonly XmlElement[] =>
    elements.filter((element) => !isSet(element, 'disabled'));
  const outbound = findChild(nat, 'outbound');
  const mode = getText(outbound, 'mode');
  return [
    ...active(listChildren(nat, 'rule')).map((rule) => ({
      entry: createImportableEntry(rule, 'port forward', `to ${getText(rule, 'target') || 'nothing'}`),
      reason:
        'it leads single ports, and a mapping stands for whole addresses; it stays, and is asked before 1:1 entries',
    })),
    ...active(listChildren(nat, 'npt')).map((element) => ({
      entry: createImportableEntry(element, 'NPt entry'),
      reason: 'it is for IPv6, which mappings do not serve yet',
    })),
    ...(mode === 'advanced' || mode === 'hybrid' ? active(listChildren(outbound, 'rule')) : []).map((rule) => ({
      entry: createImportableEntry(rule, 'outbound NAT rule', `of ${getText(rule, 'interface')}`),
      reason: 'it is for hosts without a public address of their own; what 1:1 entries translate never comes to it',
    })),
  ];
}
