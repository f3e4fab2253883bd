import { prefixRange } from '../../../net/address';
import { overlap } from '../../../net/range';
import { Found, FoundEntry, FoundMapping, Importing, Left } from '../../../reading/importing';
import { XmlElement, parseXml } from '../../../xml/xml';
import { Surroundings } from '../read/addresses';
import { aliasesOf } from '../read/aliases';
import { Box, boxOf } from '../read/box';
import { describedDevice } from '../read/described';
import { isSet } from '../read/element';
import { gatewaysOf } from '../read/gateways';
import { releasesOf } from '../read/release';
import { interfacesOf } from './interfaces';
import { Candidate, oneToOnesOf } from './one-to-ones';
import { Opened, openedBy } from './openings';
import { otherTranslations } from './others';
import { seenRules } from './seen-rules';
import { releaseIn } from './versions';
import { VirtualIps, virtualIpsFor } from './virtual-ips';

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
    const outsides = [...others, ...candidates.filter((one) => unsaid.has(one) || opened.spoiled.has(one))].map(({ outside }) => outside);
    const vips = virtualIpsFor(
      now.filter((one) => !opened.spoiled.has(one)),
      outsides,
      box,
      stays,
    );
    const more = withNeighbours(candidates, new Map([...unsaid, ...opened.spoiled, ...vips.spoiled]), others);
    if (more.size === unsaid.size) return foundOf({ root, box, candidates: now, unsaid, left, opened, vips });
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
    leasedOutside: device.interfaces.flatMap(({ name, role }) => (role === 'outside' && device.leased?.includes(name) ? [name] : [])),
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
      if (all.has(one) || !one.enabled || overlap(prefixRange(one.inside), prefixRange(staying[at]!.inside)) === undefined) continue;
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
