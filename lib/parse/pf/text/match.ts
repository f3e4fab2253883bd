// Parses the match of a pf rule: interfaces, family, protocols, source and destination.

import { Family } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { PfCursor } from './cursor';
import { parseHosts } from './hosts';
import { findProtocol } from './protocol-numbers';
import { parsePorts } from './ports';
import { ParsedPfInterface, ParsedPfMatch, ParsedPfEndpoint } from './syntax-tree';

/** A match while it is parsed. An unparsable part makes it uncertain, and never wider than the parts parsed before. */
export type MatchDraft = { -readonly [K in keyof ParsedPfMatch]: ParsedPfMatch[K] } & {
  unknownReasons: string[];
  impossible?: string;
};

/** A parsed rule, its tag, and why pfctl would refuse the whole text for it. */
export interface ParsedRuleResult<R> {
  readonly rule: R;
  readonly tag: string | undefined;
  readonly impossible: string | undefined;
}

export const createDraft = (cursor: PfCursor, enclosingAnchors: readonly ParsedPfMatch[]): MatchDraft => ({
  line: cursor.line,
  from: {},
  to: {},
  unknownReasons: [],
  matchesNothing: false,
  enclosingAnchors,
});

/** Parses `on em0`, `on ! em0`, `on { em0 em1 }`. */
export function parseInterfaces(cursor: PfCursor, draft: MatchDraft): void {
  if (!cursor.take('on')) return;
  if (cursor.next === 'rdomain') {
    cursor.skip();
    cursor.takeWord('a number');
    draft.unknownReasons.push('routing domains are not told');
    return;
  }
  const named = cursor.takeList((at): ParsedPfInterface => ({
    negated: at.take('!'),
    name: at.takeWord('the name of an interface'),
  }));
  if (!named.some(({ negated, name }) => !negated && name === 'any')) draft.on = named;
}

const FAMILIES: Readonly<Record<string, Family>> = { inet: 'ip', inet6: 'ip6' };

export function parseFamily(cursor: PfCursor, draft: MatchDraft): void {
  const family = cursor.next !== undefined && Object.hasOwn(FAMILIES, cursor.next) ? FAMILIES[cursor.next] : undefined;
  if (!family) return;
  draft.family = family;
  cursor.skip();
}

export function parseProtocols(cursor: PfCursor, draft: MatchDraft): void {
  if (!cursor.take('proto')) return;
  const numbers = cursor.takeList((at) => {
    const word = at.takeWord('a protocol');
    const number = findProtocol(word);
    if (number === 0) draft.impossible ??= 'pf takes no rule about protocol 0';
    // getprotobyname knows a name and its alias in capitals, no other spelling.
    if (
      word === 'any' ||
      (number === undefined && findProtocol(word.toLowerCase()) !== undefined && word !== word.toLowerCase())
    )
      draft.impossible ??= `pf knows no protocol ${word.slice(0, 40)}`;
    else if (number === undefined)
      draft.unknownReasons.push(`which protocol is called ${word.slice(0, 40)} is not known`);
    return number;
  });
  if (numbers.every((number) => number !== undefined)) draft.protocols = numbers;
}

/** Parses `all`, or `from … to …`, either of which may be missing. */
export function parseEndpoints(cursor: PfCursor, draft: MatchDraft): void {
  if (cursor.take('all')) return;
  if (cursor.take('from')) {
    draft.from = parseEndpoint(cursor, draft);
    if (cursor.take('os')) {
      cursor.takeList((at) => at.takeWord('an operating system'));
      if (isWithoutTcp(draft)) draft.impossible ??= 'pf asks TCP alone for an operating system';
      draft.unknownReasons.push('which operating system a client runs is not told');
    }
  }
  if (cursor.take('to')) draft.to = parseEndpoint(cursor, draft);
}

/** Returns whether the rule names protocols, and TCP is none of them. */
export const isWithoutTcp = ({ protocols }: Pick<ParsedPfMatch, 'protocols'>): boolean =>
  protocols?.includes(PROTOCOL.tcp) === false;

function parseEndpoint(cursor: PfCursor, draft: MatchDraft): ParsedPfEndpoint {
  // `from port 25` leaves the host out.
  const hosts = cursor.next === 'port' ? undefined : parseHosts(cursor);
  if (hosts?.some(({ host }) => host.is === 'any') === true) draft.impossible ??= 'pf takes no negation of any';
  const ports = cursor.take('port') ? parsePorts(cursor) : undefined;
  return { ...(hosts && { hosts }), ...(ports && { ports }) };
}
