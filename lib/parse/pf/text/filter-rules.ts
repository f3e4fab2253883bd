// Parses pf's filter rules `pass`, `block` and `match`, and the rules that `antispoof` generates.

import { Family } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { PfCursor } from './cursor';
import { findSharedFamily } from './check-rule';
import {
  MatchDraft,
  ParsedRuleResult,
  createDraft,
  parseEndpoints,
  parseFamily,
  parseInterfaces,
  parseProtocols,
} from './match';
import { createOptions, parseOptions, parseRoute } from './options';
import { ParsedPfFilterRule, ParsedPfMatch } from './syntax-tree';

const BLOCK_RETURNS = new Set(['drop', 'return', 'return-rst', 'return-icmp', 'return-icmp6']);
const ROUTE_OPTIONS = new Set(['route-to', 'reply-to', 'dup-to', 'fastroute']);

/** Parses `pass`, `block` and `match`, from the first word. */
export function parseFilterRule(
  cursor: PfCursor,
  within: readonly ParsedPfMatch[],
): ParsedRuleResult<ParsedPfFilterRule> {
  const action = cursor.takeWord('an action') as ParsedPfFilterRule['action'];
  const resets = action === 'block' && cursor.next === 'return-rst';
  if (action === 'block' && cursor.next !== undefined && BLOCK_RETURNS.has(cursor.next)) {
    cursor.skip();
    if (cursor.next === '(') cursor.takeParenthesized();
  }
  const draft = createDraft(cursor, within);
  const options = createOptions();
  const direction = parseDirection(cursor);
  const quick = parseLogAndQuick(cursor);
  parseInterfaces(cursor, draft);
  while (cursor.next !== undefined && ROUTE_OPTIONS.has(cursor.next)) parseRoute(cursor, options);
  parseFamily(cursor, draft);
  parseProtocols(cursor, draft);
  parseEndpoints(cursor, draft);
  parseOptions(cursor, draft, options);
  if (
    resets &&
    draft.unknownReasons.length === 0 &&
    draft.protocols?.every((protocol) => protocol === PROTOCOL.tcp) !== true
  )
    draft.impossible ??= 'pf answers with a reset to TCP alone';
  if (action === 'block' && options.allowsOptions) draft.impossible ??= 'pf allows options where it passes alone';
  setRouteFamily(draft, direction, options.nextHops);
  if (action === 'block' && options.state === true) draft.impossible ??= 'pf keeps no state of what it blocks';
  const state = options.state ?? action === 'pass';
  const rule: ParsedPfFilterRule = {
    is: 'filter',
    match: draft,
    direction,
    action,
    quick,
    state,
    routes: options.routes,
  };
  return { rule, tag: options.tag, impossible: draft.impossible };
}

/** Sets the family of a rule by its next hops, if its addresses don't decide it. Source: parse.y, pfrule. */
function setRouteFamily(
  draft: MatchDraft,
  way: ParsedPfFilterRule['direction'],
  nextHops: readonly (Family | undefined)[],
): void {
  if (nextHops.length === 0) return;
  if (way === 'both') draft.impossible ??= 'pf takes a route with a way alone, in or out';
  const family = draft.family ?? findSharedFamily(draft.from) ?? findSharedFamily(draft.to);
  if (family === undefined) {
    const [first] = nextHops;
    if (first && nextHops.every((nextHop) => nextHop === first)) draft.family = first;
  } else if (nextHops.every((nextHop) => nextHop && nextHop !== family))
    draft.impossible ??= 'pf finds no next hop of its family';
}

export function parseDirection(cursor: PfCursor): ParsedPfFilterRule['direction'] {
  if (cursor.take('in')) return 'in';
  return cursor.take('out') ? 'out' : 'both';
}

/** Parses `log` and `quick` in either order. Returns whether the rule is quick. */
export function parseLogAndQuick(cursor: PfCursor): boolean {
  let quick = false;
  for (;;) {
    if (cursor.take('quick')) quick = true;
    else if (cursor.take('log')) {
      if (cursor.next === '(') cursor.takeParenthesized();
    } else return quick;
  }
}

/**
 * Returns the rules of `antispoof for em0`. They block packets from the interface's networks that arrive by another
 * interface, and packets from its own addresses. Source: FreeBSD pf.conf(5).
 */
export function parseAntispoof(cursor: PfCursor, within: readonly ParsedPfMatch[]): readonly ParsedPfFilterRule[] {
  cursor.expect('antispoof');
  const quick = parseLogAndQuick(cursor);
  cursor.expect('for');
  const draft = createDraft(cursor, within);
  const names = cursor.takeList((at) => {
    const not = at.take('!');
    if (at.next === '(') return { negated: not, name: at.takeParenthesized()[0] ?? '' };
    return { negated: not, name: at.takeWord('the name of an interface') };
  });
  parseFamily(cursor, draft);
  parseOptions(cursor, draft, createOptions());
  const createBlockRule = (matchPart: Partial<ParsedPfMatch>): ParsedPfFilterRule => ({
    is: 'filter',
    match: { ...draft, ...matchPart },
    direction: 'in',
    action: 'block',
    quick,
    state: false,
    routes: [],
  });
  return names.flatMap(({ name }) => [
    createBlockRule({
      on: [{ negated: true, name }],
      from: { hosts: [{ negated: false, host: { is: 'interface', name, part: 'network' } }] },
    }),
    ...(/^lo\d*$/.test(name)
      ? []
      : [
          createBlockRule({
            from: { hosts: [{ negated: false, host: { is: 'interface', name, part: 'addresses' } }] },
          }),
        ]),
  ]);
}
