// Parses pf's `anchor`, `nat-anchor`, `rdr-anchor` and `binat-anchor`, with the reason if pfctl refuses one, and orders
// the rules within a quick anchor.
import { PfCursor } from './cursor';
import { parseLogAndQuick, parseDirection } from './filter-rules';
import { createDraft, parseEndpoints, parseFamily, parseInterfaces, parseProtocols } from './match';
import { createOptions, parseOptions } from './options';
import { ParsedPfAnchor, ParsedPfFilterRule, ParsedPfMatch, ParsedPfRule, EnteredAnchor } from './syntax-tree';

/** The parsed head of an anchor: whether braces open behind it, and why pfctl would refuse it. */
interface ParsedAnchorHead extends Pick<ParsedPfAnchor, 'name' | 'direction' | 'match'> {
  readonly quick: boolean;
  readonly opens: boolean;
  readonly impossible: string | undefined;
}

const NAME_TERMINATORS = new Set(['all', 'in', 'out', 'quick', 'on', 'inet', 'inet6', 'proto', 'from', 'to', '{']);

/** Parses `anchor`, `nat-anchor`, `rdr-anchor` and `binat-anchor`, from the first word. */
export function parseAnchor(
  cursor: PfCursor,
  kind: ParsedPfAnchor['kind'],
  within: readonly ParsedPfMatch[],
): ParsedAnchorHead {
  cursor.skip();
  const name =
    cursor.next?.startsWith('"') === true || !NAME_TERMINATORS.has(cursor.next ?? 'all')
      ? cursor.takeWord('the name of an anchor')
      : '';
  const draft = createDraft(cursor, within);
  const direction = parseDirection(cursor);
  const quick = parseLogAndQuick(cursor);
  parseInterfaces(cursor, draft);
  parseFamily(cursor, draft);
  parseProtocols(cursor, draft);
  parseEndpoints(cursor, draft);
  const opens = cursor.listRemaining().at(-1) === '{';
  const options = createOptions();
  if (!opens || cursor.next !== '{') parseOptions(cursor, draft, options);
  // pfctl drops the interface. Source: parse.y, anchorrule.
  if (kind === 'binat') delete draft.on;
  const impossible =
    draft.impossible ??
    (options.state === true ? 'pf takes no state for an anchor' : explainRefusedAnchor(kind, name, draft, opens));
  return { name, direction, quick, match: draft, opens, impossible };
}

/**
 * Orders the rules of a quick anchor so that the first match decides: the quick rules, then the others from the last to
 * the first. `findLaterAnchors` returns the anchors that pf steps into behind a rule. Stepping into an anchor drops
 * earlier matches, so `quick` of the outer anchor has no effect if nothing matches from there on. Releases of pf that
 * walk anchors by recursion keep the effect. Source: pf_step_into_anchor of FreeBSD 10 and 13; pf_step_into_anchor of
 * OpenBSD.
 */
export const orderQuickAnchor = (
  rules: readonly ParsedPfRule[],
  findLaterAnchors: (rule: ParsedPfRule) => readonly EnteredAnchor[],
): readonly ParsedPfRule[] => {
  const releaseDependent = rules.filter(
    (rule) => rule.is === 'filter' && !rule.quick && rule.action !== 'match' && findLaterAnchors(rule).length > 0,
  );
  const [quick, otherRules] = [
    rules.filter((rule) => rule.is === 'filter' && rule.quick),
    rules.filter((rule) => rule.is === 'filter' && !rule.quick),
  ];
  return [
    ...rules.filter(({ is }) => is !== 'filter'),
    ...quick,
    ...otherRules
      .reverse()
      .map((rule) =>
        rule.is === 'filter' && rule.action !== 'match'
          ? { ...rule, quick: true, ...createReleasedBy(findLaterAnchors(rule)) }
          : rule,
      ),
    ...releaseDependent.flatMap((rule) =>
      rule.is === 'filter' ? findLaterAnchors(rule).map((anchor) => createReleasedRule(rule, anchor)) : [],
    ),
  ];
};

const createReleasedBy = (releasedBy: readonly EnteredAnchor[]): Pick<ParsedPfFilterRule, 'releasedBy'> =>
  releasedBy.length > 0 ? { releasedBy } : {};

/** Returns the rule as one that ends no list, for packets with which pf stepped into the anchor. */
const createReleasedRule = (rule: ParsedPfFilterRule, { match, direction: way }: EnteredAnchor): ParsedPfFilterRule => {
  const ways = new Set([rule.direction, way].filter((direction) => direction !== 'both'));
  const [singleWay = 'both'] = ways;
  const enclosingAnchors = [
    ...rule.match.enclosingAnchors,
    ...match.enclosingAnchors,
    { ...match, enclosingAnchors: [] },
  ];
  return {
    ...rule,
    direction: singleWay,
    match: { ...rule.match, enclosingAnchors, matchesNothing: rule.match.matchesNothing || ways.size > 1 },
  };
};

/** Returns whether a file fills the anchor or, for `name/*`, an anchor right below it. */
export const isLoadedAnchor = (name: string, loaded: ReadonlySet<string>): boolean =>
  [...loaded].some(
    (loadedName) => loadedName === name || (name.endsWith('/*') && loadedName.startsWith(name.slice(0, -1))),
  );

/** Returns why pfctl refuses an anchor, and the whole text with it. Source: FreeBSD, pfctl, parse.y: anchorrule. */
function explainRefusedAnchor(
  kind: ParsedPfAnchor['kind'],
  name: string,
  { from, to, protocols }: ParsedPfMatch,
  opens: boolean,
): string | undefined {
  if (name === '' && !opens) return 'pf takes no anchor without a name and without rules';
  if (kind === 'binat' && (protocols?.length ?? 1) > 1) return 'pf takes one protocol for a binat-anchor';
  if (kind === 'binat' && [from, to].some(({ hosts, ports }) => hosts ?? ports))
    return 'pf takes no addresses and ports for a binat-anchor';
  if (kind !== 'rdr') return undefined;
  const isSinglePort =
    !to.ports ||
    (to.ports.length === 1 && !to.ports[0]!.compared && to.ports[0]!.ranges.every(({ first, last }) => first === last));
  return from.ports || !isSinglePort ? 'pf takes one port of the destination for a rdr-anchor' : undefined;
}
