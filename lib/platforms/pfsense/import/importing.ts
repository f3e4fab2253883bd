import { isHost, networkOf, prefixRange, printAddress, printPrefix } from '../../../net/address';
import { Device } from '../../../net/device';
import { overlap } from '../../../net/range';
import { Found, FoundEntry, FoundInterface, FoundMapping, Importing, Left } from '../../../parse/importing';
import { XmlElement, parseXml } from '../../../xml/xml';
import { Surroundings } from '../parse/packets/addresses';
import { aliasesOf } from '../parse/packets/aliases';
import { Box, boxOf } from '../parse/box/box';
import { describedDevice } from '../parse/box/described';
import { childOf, isSet, listOf, textAt } from '../parse/elements/element';
import { gatewaysOf } from '../parse/box/gateways';
import { releasesOf } from '../parse/box/release';
import { entryOf } from './entries';
import { Candidate, oneToOnesOf } from './one-to-ones';
import { Opened, openedBy } from './openings';
import { findNeverMatching } from './never-matching';
import { seenRules } from './seen-rules';
import { VirtualIps, findUnanswered, virtualIpsFor } from './virtual-ips';

export const importing: Importing = { find, without };

function find(captured: string, stays: ReadonlyMap<number, string> = new Map()): Found {
  // What the capture has read is XML.
  const root = parseXml(captured);
  const box = boxOf(root);
  // Of several that are possible the first: what was made of it is compared with what all of them say.
  const given: Surroundings = { box, aliases: aliasesOf(root), release: releasesOf(root)[0]! };
  const { candidates, left } = oneToOnesOf(given, stays);
  const others = left.flatMap(({ entry, sides }) => (sides ? [{ entry, ...sides }] : []));
  const rules = seenRules(given, gatewaysOf(box));
  let unsaid = withNeighbours(candidates, new Map(), others);
  for (;;) {
    const now = candidates.filter((one) => !unsaid.has(one));
    const opened = openedBy(rules, now, given);
    const outsides = [...others, ...candidates.filter((one) => unsaid.has(one) || opened.spoiled.has(one))].map(
      ({ outside }) => outside,
    );
    const vips = virtualIpsFor(
      now.filter((one) => !opened.spoiled.has(one)),
      outsides,
      box,
      stays,
    );
    const more = withNeighbours(candidates, new Map([...unsaid, ...opened.spoiled, ...vips.spoiled]), others);
    if (more.size === unsaid.size) {
      const never = findNeverMatching(rules, candidates, given);
      return foundOf({ root, box, candidates: now, unsaid, left: [...left, ...never], opened, vips });
    }
    // What stays changes where rules stand, and what they open.
    unsaid = more;
  }
}

interface Parts {
  readonly root: XmlElement;
  readonly box: Box;
  readonly candidates: readonly Candidate[];
  readonly unsaid: ReadonlyMap<Candidate, string>;
  readonly left: readonly Left[];
  readonly opened: Opened;
  readonly vips: VirtualIps;
}

function foundOf({ root, box, candidates, unsaid, left, opened, vips }: Parts): Found {
  const device = describedDevice(root);
  return {
    version: releaseIn(root),
    interfaces: interfacesOf(device, box),
    leasedOutside: device.interfaces.flatMap(({ name, role }) =>
      role === 'outside' && device.leased?.includes(name) ? [name] : [],
    ),
    sets: [...opened.sets, ...candidates.flatMap(({ set }) => set ?? [])],
    virtualIps: vips.found,
    mappings: candidates.map((one): FoundMapping => ({ ...one, openings: opened.openings.get(one) ?? [] })),
    globalHelper: isSet(root, 'system', 'enablenatreflectionhelper'),
    left: [
      ...left.map(({ entry, why }) => ({ entry, why })),
      ...[...unsaid].map(([{ entry }, why]) => ({ entry, why })),
      ...vips.left,
      ...opened.staying,
      ...otherTranslations(root),
    ],
    assumed: findUnanswered(candidates, box),
    objections: opened.objections,
  };
}

type Sides = Pick<Candidate, 'entry' | 'inside'>;

/** Of one host all entries are carried over or none: what is opened to it is opened by all of them. */
function withNeighbours(
  candidates: readonly Candidate[],
  spoiled: ReadonlyMap<Candidate, string>,
  others: readonly Sides[],
): ReadonlyMap<Candidate, string> {
  const all = new Map(spoiled);
  const staying: Sides[] = [...others, ...spoiled.keys()];
  for (let at = 0; at < staying.length; at++) {
    for (const one of candidates) {
      if (
        all.has(one) ||
        !one.enabled ||
        overlap(prefixRange(one.inside), prefixRange(staying[at]!.inside)) === undefined
      )
        continue;
      all.set(one, `${staying[at]!.entry.called} is for the same host, and is left`);
      staying.push(one);
    }
  }
  return all;
}

function without(captured: string, entries: readonly FoundEntry[]): string {
  const lines = new Set(entries.map(({ line }) => line));
  const cuts: { readonly from: number; readonly to: number }[] = [];
  const visit = (element: XmlElement): void => {
    if (lines.has(element.line)) cuts.push(wholeLines(captured, element));
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

/** With the indent before it and the break behind it. */
function wholeLines(text: string, { start, end }: XmlElement): { readonly from: number; readonly to: number } {
  const from = text.lastIndexOf('\n', start) + 1;
  return { from: text.slice(from, start).trim() === '' ? from : start, to: text[end] === '\n' ? end + 1 : end };
}

/** The release of a configuration's version, as an intent names it. Between releases that were read: where a schema changed. */
const RELEASES: readonly (readonly [least: number, most: number, release: string])[] = [
  [22_000, 22_006, '2.6.0'],
  [22_007, 22_009, '2.7.0'],
  [23_000, 23_004, '2.7.2'],
  [23_005, 24_002, '2.8.0'],
  [24_003, 99_999, '2.9.0'],
];

function releaseIn(root: XmlElement): string | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})$/.exec(textAt(root, 'version'));
  const number = parts ? Number(parts[1]) * 1000 + Number(parts[2]) : -1;
  return RELEASES.find(([least, most]) => least <= number && number <= most)?.[2];
}

/** Those that an intent can name: with an address that the configuration says. */
const interfacesOf = ({ interfaces }: Device, { byKey }: Box): readonly FoundInterface[] =>
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
              (own) => !isHost(route) && printPrefix(networkOf(own.address, own.length)) === printPrefix(route),
            ),
        )
        .map(printPrefix),
      terminatesVpn: role === 'vpn',
    }));

/** Translations that are none of an intent's, each with what it means for those that are. */
function otherTranslations(root: XmlElement): readonly Left[] {
  const nat = childOf(root, 'nat');
  const active = (elements: readonly XmlElement[]): readonly XmlElement[] =>
    elements.filter((one) => !isSet(one, 'disabled'));
  const outbound = childOf(nat, 'outbound');
  const mode = textAt(outbound, 'mode');
  return [
    ...active(listOf(nat, 'rule')).map((rule) => ({
      entry: entryOf(rule, 'port forward', `to ${textAt(rule, 'target') || 'nothing'}`),
      why: 'it leads single ports, and a mapping stands for whole addresses; it stays, and is asked before 1:1 entries',
    })),
    ...active(listOf(nat, 'npt')).map((one) => ({
      entry: entryOf(one, 'NPt entry'),
      why: 'it is for IPv6, which mappings do not serve yet',
    })),
    ...(mode === 'advanced' || mode === 'hybrid' ? active(listOf(outbound, 'rule')) : []).map((rule) => ({
      entry: entryOf(rule, 'outbound NAT rule', `of ${textAt(rule, 'interface')}`),
      why: 'it is for hosts without a public address of their own; what 1:1 entries translate never comes to it',
    })),
  ];
}
