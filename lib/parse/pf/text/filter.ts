import { Family } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { Cursor } from './cursor';
import { sharedFamily } from './fitting';
import { Draft, Read, draftOf, endsAt, familyAt, interfacesAt, protocolsAt } from './match';
import { noOptions, optionsAt, routeAt } from './options';
import { FilterText, MatchText } from './text';

const RETURNS = new Set(['drop', 'return', 'return-rst', 'return-icmp', 'return-icmp6']);
const ROUTES = new Set(['route-to', 'reply-to', 'dup-to', 'fastroute']);

/** `pass`, `block` and `match`, the first word still unread. */
export function filterRule(cursor: Cursor, within: readonly MatchText[]): Read<FilterText> {
  const action = cursor.word('an action') as FilterText['action'];
  const resets = action === 'block' && cursor.next === 'return-rst';
  if (action === 'block' && cursor.next !== undefined && RETURNS.has(cursor.next)) {
    cursor.skip();
    if (cursor.next === '(') cursor.parenthesised();
  }
  const draft = draftOf(cursor, within);
  const options = noOptions();
  const way = wayAt(cursor);
  const quick = logAndQuick(cursor);
  interfacesAt(cursor, draft);
  while (cursor.next !== undefined && ROUTES.has(cursor.next)) routeAt(cursor, options);
  familyAt(cursor, draft);
  protocolsAt(cursor, draft);
  endsAt(cursor, draft);
  optionsAt(cursor, draft, options);
  if (resets && draft.doubts.length === 0 && draft.protocols?.every((one) => one === PROTOCOL.tcp) !== true)
    draft.impossible ??= 'pf answers with a reset to TCP alone';
  if (action === 'block' && options.allowsOptions) draft.impossible ??= 'pf allows options where it passes alone';
  routedFamily(draft, way, options.nextHops);
  if (action === 'block' && options.state === true) draft.impossible ??= 'pf keeps no state of what it blocks';
  const state = options.state ?? action === 'pass';
  const rule: FilterText = { is: 'filter', match: draft, way, action, quick, state, routes: options.routes };
  return { rule, tag: options.tag, impossible: draft.impossible };
}

/** What it is sent to decides about its family where its addresses don't. Source: parse.y, pfrule. */
function routedFamily(draft: Draft, way: FilterText['way'], nextHops: readonly (Family | undefined)[]): void {
  if (nextHops.length === 0) return;
  if (way === 'both') draft.impossible ??= 'pf takes a route with a way alone, in or out';
  const family = draft.family ?? sharedFamily(draft.from) ?? sharedFamily(draft.to);
  if (family === undefined) {
    const [first] = nextHops;
    if (first && nextHops.every((one) => one === first)) draft.family = first;
  } else if (nextHops.every((one) => one && one !== family)) draft.impossible ??= 'pf finds no next hop of its family';
}

export function wayAt(cursor: Cursor): FilterText['way'] {
  if (cursor.take('in')) return 'in';
  return cursor.take('out') ? 'out' : 'both';
}

/** Whether it is quick. The two stand in either order. */
export function logAndQuick(cursor: Cursor): boolean {
  let quick = false;
  for (;;) {
    if (cursor.take('quick')) quick = true;
    else if (cursor.take('log')) {
      if (cursor.next === '(') cursor.parenthesised();
    } else return quick;
  }
}

/**
 * What `antispoof for em0` stands for: what comes from the interface's networks by another, and what comes from its own addresses, is
 * blocked. Source: FreeBSD pf.conf(5).
 */
export function antispoofed(cursor: Cursor, within: readonly MatchText[]): readonly FilterText[] {
  cursor.expect('antispoof');
  const quick = logAndQuick(cursor);
  cursor.expect('for');
  const draft = draftOf(cursor, within);
  const names = cursor.list((at) => {
    const not = at.take('!');
    if (at.next === '(') return { not, name: at.parenthesised()[0] ?? '' };
    return { not, name: at.word('the name of an interface') };
  });
  familyAt(cursor, draft);
  optionsAt(cursor, draft, noOptions());
  const block = (more: Partial<MatchText>): FilterText => ({
    is: 'filter',
    match: { ...draft, ...more },
    way: 'in',
    action: 'block',
    quick,
    state: false,
    routes: [],
  });
  return names.flatMap(({ name }) => [
    block({
      on: [{ not: true, name }],
      from: { hosts: [{ not: false, host: { is: 'interface', name, what: 'network' } }] },
    }),
    ...(/^lo\d*$/.test(name)
      ? []
      : [block({ from: { hosts: [{ not: false, host: { is: 'interface', name, what: 'addresses' } }] } })]),
  ]);
}
