import { Cursor } from './cursor';
import { logAndQuick, wayAt } from './filter';
import { draftOf, endsAt, familyAt, interfacesAt, protocolsAt } from './match';
import { noOptions, optionsAt } from './options';
import { AnchorText, FilterText, MatchText, Rule, SteppedInto } from './text';

/** An anchor as it is read: whether braces open behind it, and why pfctl would refuse it. */
interface ReadAnchor extends Pick<AnchorText, 'name' | 'way' | 'match'> {
  readonly quick: boolean;
  readonly opens: boolean;
  readonly impossible: string | undefined;
}

const ENDS = new Set(['all', 'in', 'out', 'quick', 'on', 'inet', 'inet6', 'proto', 'from', 'to', '{']);

/** `anchor`, `nat-anchor`, `rdr-anchor` and `binat-anchor`, the first word still unread. */
export function anchorAt(cursor: Cursor, kind: AnchorText['kind'], within: readonly MatchText[]): ReadAnchor {
  cursor.skip();
  const name =
    cursor.next?.startsWith('"') === true || !ENDS.has(cursor.next ?? 'all')
      ? cursor.word('the name of an anchor')
      : '';
  const draft = draftOf(cursor, within);
  const way = wayAt(cursor);
  const quick = logAndQuick(cursor);
  interfacesAt(cursor, draft);
  familyAt(cursor, draft);
  protocolsAt(cursor, draft);
  endsAt(cursor, draft);
  const opens = cursor.rest().at(-1) === '{';
  const options = noOptions();
  if (!opens || cursor.next !== '{') optionsAt(cursor, draft, options);
  // pfctl forgets it. Source: parse.y, anchorrule.
  if (kind === 'binat') delete draft.on;
  const impossible =
    draft.impossible ??
    (options.state === true ? 'pf takes no state for an anchor' : misfitAnchor(kind, name, draft, opens));
  return { name, way, quick, match: draft, opens, impossible };
}

/**
 * Of rules that decide together at once: the first that is quick, or else the last one. `behind` has the anchors that pf steps into behind a
 * rule. To step into one forgets what matched before, so that `quick` of the outer one has no effect if nothing matches from there on; where
 * pf walks anchors by recursion it has. Source: pf_step_into_anchor of FreeBSD 10 and 13; pf_step_into_anchor of OpenBSD.
 */
export const decidingAtOnce = (
  rules: readonly Rule[],
  behind: (rule: Rule) => readonly SteppedInto[],
): readonly Rule[] => {
  const released = rules.filter(
    (rule) => rule.is === 'filter' && !rule.quick && rule.action !== 'match' && behind(rule).length > 0,
  );
  const [quick, others] = [
    rules.filter((rule) => rule.is === 'filter' && rule.quick),
    rules.filter((rule) => rule.is === 'filter' && !rule.quick),
  ];
  return [
    ...rules.filter(({ is }) => is !== 'filter'),
    ...quick,
    ...others
      .reverse()
      .map((rule) =>
        rule.is === 'filter' && rule.action !== 'match' ? { ...rule, quick: true, ...releases(behind(rule)) } : rule,
      ),
    ...released.flatMap((rule) =>
      rule.is === 'filter' ? behind(rule).map((anchor) => releasedRule(rule, anchor)) : [],
    ),
  ];
};

const releases = (releasedBy: readonly SteppedInto[]): Pick<FilterText, 'releasedBy'> =>
  releasedBy.length > 0 ? { releasedBy } : {};

/** The rule as one that ends no list, for packets with which pf stepped into the anchor. */
const releasedRule = (rule: FilterText, { match, way }: SteppedInto): FilterText => {
  const ways = new Set([rule.way, way].filter((one) => one !== 'both'));
  const [only = 'both'] = ways;
  const within = [...rule.match.within, ...match.within, { ...match, within: [] }];
  return { ...rule, way: only, match: { ...rule.match, within, never: rule.match.never || ways.size > 1 } };
};

/** Whether a file fills what the anchor takes in: itself, or with `name/*` what is right below. */
export const isLoaded = (name: string, loaded: ReadonlySet<string>): boolean =>
  [...loaded].some((one) => one === name || (name.endsWith('/*') && one.startsWith(name.slice(0, -1))));

/** Why pfctl refuses an anchor, and the whole text with it. Source: FreeBSD, pfctl, parse.y: anchorrule. */
function misfitAnchor(
  kind: AnchorText['kind'],
  name: string,
  { from, to, protocols }: MatchText,
  opens: boolean,
): string | undefined {
  if (name === '' && !opens) return 'pf takes no anchor without a name and without rules';
  if (kind === 'binat' && (protocols?.length ?? 1) > 1) return 'pf takes one protocol for a binat-anchor';
  if (kind === 'binat' && [from, to].some(({ hosts, ports }) => hosts ?? ports))
    return 'pf takes no addresses and ports for a binat-anchor';
  if (kind !== 'rdr') return undefined;
  const single =
    !to.ports ||
    (to.ports.length === 1 && !to.ports[0]!.compared && to.ports[0]!.ranges.every(({ first, last }) => first === last));
  return from.ports || !single ? 'pf takes one port of the destination for a rdr-anchor' : undefined;
}
