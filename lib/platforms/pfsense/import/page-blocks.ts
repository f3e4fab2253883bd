// Groups the block rules that remain on each pfSense interface tab after an import. Finds the sources that they keep
// from mapped hosts, and explains why a rule would open something else at the position of the release's rules.

import { toRange } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, mergeRanges } from '../../../net/range';
import { findChild, getText } from '../parse/elements/element';
import { isNarrowed } from '../parse/live/remove-default-blocks';
import { PfsenseContext } from '../parse/packets/resolve-addresses';
import { OneToOneCandidate } from './find-one-to-ones';
import { parsePeers } from './parse-peers';
import { ActiveRule } from './active-rules';

/**
 * The remaining blocks of a page. Our rules come before the first rule that isn't a narrowed block. `top` stands before
 * ours, `late` behind them, wherever the replaced rule stood.
 */
interface PageBlocks {
  readonly top: ActiveRule[];
  readonly late: ActiveRule[];
  ended: boolean;
}

/** Returns the remaining blocks by page. `removedRules` are taken off their page. */
export function groupBlocksByPage(
  rules: readonly ActiveRule[],
  removedRules: ReadonlySet<ActiveRule>,
): ReadonlyMap<string, PageBlocks> {
  const pages = new Map<string, PageBlocks>();
  for (const rule of rules) {
    if (rule.page !== 'interface' || removedRules.has(rule)) continue;
    const page: PageBlocks = pages.get(getPage(rule)) ?? { top: [], late: [], ended: false };
    pages.set(getPage(rule), page);
    if (rule.action !== 'block' || !isNarrowed(rule.element)) page.ended = true;
    if (rule.action === 'block') (page.ended ? page.late : page.top).push(rule);
  }
  return pages;
}

/**
 * Returns the sources that blocks in `late` keep from all of these hosts: the blocks stand before the rule, and would
 * stand behind ours.
 */
export function findBlockedSources(
  rule: ActiveRule,
  pages: ReadonlyMap<string, PageBlocks>,
  hosts: readonly OneToOneCandidate[],
  context: PfsenseContext,
): readonly Range[] {
  const destination = hosts.map(({ internal }) => toRange(internal));
  return mergeRanges(
    (pages.get(getPage(rule))?.late ?? []).flatMap((block) => {
      if (
        !isBefore(block, rule) ||
        !block.decides ||
        !block.packets ||
        getText(block.element, 'ipprotocol') === 'inet6'
      )
        return [];
      const peers = parsePeers(findChild(block.element, 'source'), context);
      const isWhole =
        'ranges' in peers && PacketMap.createSet({ destination, source: peers.ranges }).subtract(block.packets).isEmpty;
      return isWhole ? peers.ranges : [];
    }),
  );
}

const getPage = ({ element }: ActiveRule): string => getText(element, 'interface');

/** Returns why the rule would open something else at the position of our rules; undefined if it would not. */
export function explainDisplaced(
  rule: ActiveRule,
  pages: ReadonlyMap<string, PageBlocks>,
  hosts: PacketSet,
): string | undefined {
  const page = rule.page === 'interface' ? pages.get(getPage(rule)) : undefined;
  if (!page) return undefined;
  const opened = getWidestPackets(rule).intersect(hosts);
  const before = page.late.find((block) => isBefore(block, rule) && !getWidestPackets(block).intersect(opened).isEmpty);
  if (before) {
    return `${before.entry.label} stands before it and keeps some of that out, and ours would stand before both; at the top of the page, blocks that name something stay before ours`;
  }
  // A block that only may match is no reason: its effect is reported as undecided.
  const after = page.top.find(
    (block) => isBefore(rule, block) && block.packets && !block.packets.intersect(opened).isEmpty,
  );
  return after && `${after.entry.label} stands behind it, and would stand before ours and keep some of that out`;
}

const isBefore = (a: ActiveRule, b: ActiveRule): boolean => a.entry.line < b.entry.line;

const getWidestPackets = ({ packets, uncertain }: ActiveRule): PacketSet => (packets ?? PacketMap.ALL).unite(uncertain);
