import { prefixRange } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, joined } from '../../../net/range';
import { childOf, textAt } from '../parse/elements/element';
import { namesSomething } from '../parse/live/kept-out';
import { Surroundings } from '../parse/packets/addresses';
import { Candidate } from './one-to-ones';
import { peersAt } from './peers';
import { SeenRule } from './seen-rules';

/**
 * Blocks of a page that stay. Ours come before the first rule that isn't a block of something by name: `top` stands before ours, and `late`
 * behind them, wherever the rule stood that ours replace.
 */
interface PageBlocks {
  readonly top: SeenRule[];
  readonly late: SeenRule[];
  ended: boolean;
}

/** `goes`: rules that are taken off their page. */
export function blocksByPage(rules: readonly SeenRule[], goes: ReadonlySet<SeenRule>): ReadonlyMap<string, PageBlocks> {
  const pages = new Map<string, PageBlocks>();
  for (const rule of rules) {
    if (rule.page !== 'interface' || goes.has(rule)) continue;
    const page: PageBlocks = pages.get(pageOf(rule)) ?? { top: [], late: [], ended: false };
    pages.set(pageOf(rule), page);
    if (rule.action !== 'block' || !namesSomething(rule.element)) page.ended = true;
    if (rule.action === 'block') (page.ended ? page.late : page.top).push(rule);
  }
  return pages;
}

/** Sources of which blocks that stand before a rule, and would stand behind ours, keep everything out of these hosts. */
export function blockedBefore(
  rule: SeenRule,
  pages: ReadonlyMap<string, PageBlocks>,
  hosts: readonly Candidate[],
  given: Surroundings,
): readonly Range[] {
  const destination = hosts.map(({ inside }) => prefixRange(inside));
  return joined(
    (pages.get(pageOf(rule))?.late ?? []).flatMap((block) => {
      if (!isBefore(block, rule) || !block.decides || !block.packets || textAt(block.element, 'ipprotocol') === 'inet6')
        return [];
      const said = peersAt(childOf(block.element, 'source'), given);
      const isWhole =
        'ranges' in said && PacketMap.set({ destination, source: said.ranges }).apartFrom(block.packets).isEmpty;
      return isWhole ? said.ranges : [];
    }),
  );
}

const pageOf = ({ element }: SeenRule): string => textAt(element, 'interface');

/** Why what a rule opens would not be open to the same, were it opened where ours stand. */
export function displaced(
  rule: SeenRule,
  pages: ReadonlyMap<string, PageBlocks>,
  hosts: PacketSet,
): string | undefined {
  const page = rule.page === 'interface' ? pages.get(pageOf(rule)) : undefined;
  if (!page) return undefined;
  const opened = everything(rule).within(hosts);
  const before = page.late.find((one) => isBefore(one, rule) && !everything(one).within(opened).isEmpty);
  if (before) {
    return `${before.entry.called} stands before it and keeps some of that out, and ours would stand before both; at the top of the page, blocks that name something stay before ours`;
  }
  // What a block only may keep out is no reason: it is said as undecided.
  const after = page.top.find((one) => isBefore(rule, one) && one.packets && !one.packets.within(opened).isEmpty);
  return after && `${after.entry.called} stands behind it, and would stand before ours and keep some of that out`;
}

const isBefore = (a: SeenRule, b: SeenRule): boolean => a.entry.line < b.entry.line;

const everything = ({ packets, perhaps }: SeenRule): PacketSet => (packets ?? PacketMap.ALL).or(perhaps);
