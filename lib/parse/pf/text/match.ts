import { Family } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { Cursor } from './cursor';
import { hostsAt } from './hosts';
import { protocolNamed } from './names';
import { portsAt } from './ports';
import { InterfaceText, MatchText, SideText } from './text';

/** A match while it is read. What can't be read makes it doubtful, and never wider than what was read before. */
export type Draft = { -readonly [K in keyof MatchText]: MatchText[K] } & { doubts: string[]; impossible?: string };

/** A rule, and what it would need of pfctl to be loaded at all. */
export interface Read<R> {
  readonly rule: R;
  readonly tag: string | undefined;
  readonly impossible: string | undefined;
}

export const draftOf = (cursor: Cursor, within: readonly MatchText[]): Draft => ({
  line: cursor.line,
  from: {},
  to: {},
  doubts: [],
  never: false,
  within,
});

/** `on em0`, `on ! em0`, `on { em0 em1 }`. */
export function interfacesAt(cursor: Cursor, draft: Draft): void {
  if (!cursor.take('on')) return;
  if (cursor.next === 'rdomain') {
    cursor.skip();
    cursor.word('a number');
    draft.doubts.push('routing domains are not told');
    return;
  }
  const named = cursor.list((at): InterfaceText => ({ not: at.take('!'), name: at.word('the name of an interface') }));
  if (!named.some(({ not, name }) => !not && name === 'any')) draft.on = named;
}

const FAMILIES: Readonly<Record<string, Family>> = { inet: 'ip', inet6: 'ip6' };

export function familyAt(cursor: Cursor, draft: Draft): void {
  const family = cursor.next !== undefined && Object.hasOwn(FAMILIES, cursor.next) ? FAMILIES[cursor.next] : undefined;
  if (!family) return;
  draft.family = family;
  cursor.skip();
}

export function protocolsAt(cursor: Cursor, draft: Draft): void {
  if (!cursor.take('proto')) return;
  const numbers = cursor.list((at) => {
    const word = at.word('a protocol');
    const number = protocolNamed(word);
    if (number === 0) draft.impossible ??= 'pf takes no rule about protocol 0';
    // pfSense 2.6 writes it, and what pfctl knows is lower case.
    if (
      word === 'any' ||
      (number === undefined && protocolNamed(word.toLowerCase()) !== undefined && word !== word.toLowerCase())
    )
      draft.impossible ??= `pf knows no protocol ${word.slice(0, 40)}`;
    else if (number === undefined) draft.doubts.push(`which protocol is called ${word.slice(0, 40)} is not known`);
    return number;
  });
  if (numbers.every((number) => number !== undefined)) draft.protocols = numbers;
}

/** `all`, or `from … to …`, either of which may be missing. */
export function endsAt(cursor: Cursor, draft: Draft): void {
  if (cursor.take('all')) return;
  if (cursor.take('from')) {
    draft.from = sideAt(cursor, draft);
    if (cursor.take('os')) {
      cursor.list((at) => at.word('an operating system'));
      if (withoutTcp(draft)) draft.impossible ??= 'pf asks TCP alone for an operating system';
      draft.doubts.push('which operating system a client runs is not told');
    }
  }
  if (cursor.take('to')) draft.to = sideAt(cursor, draft);
}

/** Protocols are named, all of them, and TCP is none of them. */
export const withoutTcp = ({ protocols }: Pick<MatchText, 'protocols'>): boolean =>
  protocols?.includes(PROTOCOL.tcp) === false;

function sideAt(cursor: Cursor, draft: Draft): SideText {
  // `from port 25` leaves the host out.
  const hosts = cursor.next === 'port' ? undefined : hostsAt(cursor);
  if (hosts?.some(({ host }) => host.is === 'any') === true) draft.impossible ??= 'pf takes no negation of any';
  const ports = cursor.take('port') ? portsAt(cursor) : undefined;
  return { ...(hosts && { hosts }), ...(ports && { ports }) };
}
