import { Family, familyOf } from '../../../net/address';
import { Cursor } from './cursor';
import { hostNamed } from './hosts';
import { Draft } from './match';
import { icmpCodeNamed, icmpTypeNamed } from './names';
import { shown } from '../../../problems/in-text';
import { otherDialect, unexpected } from './problems';
import { IcmpText } from './text';

/** What the options of a filter rule say besides what it matches. */
interface Options {
  state: boolean | undefined;
  tag: string | undefined;
  routes: string[];
  /** Families of the next hops of `route-to`, `reply-to` and `dup-to`; undefined of one that isn't told. */
  nextHops: (Family | undefined)[];
  allowsOptions: boolean;
}

export const noOptions = (): Options => ({
  state: undefined,
  tag: undefined,
  routes: [],
  nextHops: [],
  allowsOptions: false,
});

const ELSEWHERE = new Set(['nat-to', 'rdr-to', 'binat-to']);
/** Without a word behind them, and without effect on who is let through. */
const SILENT = new Set(['no-df', 'random-id', 'no-sync']);
/** With one word behind them. */
const SILENT_WORD = new Set([
  'label',
  'ridentifier',
  'tracker',
  'set-tos',
  'max-mss',
  'min-ttl',
  'ieee8021q-setpcp',
  'schedule',
]);
const MAYBE: Readonly<Record<string, string>> = {
  probability: 'a probability decides whether it matches',
  tos: 'the type of service of a packet is not told',
  dscp: 'the type of service of a packet is not told',
  prio: 'the priority of a packet is not told',
  'received-on': 'what it was received on before is not told',
  'max-pkt-rate': 'how many packets come is not told',
  'max-pkt-size': 'how large a packet is is not told',
  rtable: 'another routing table decides where it goes',
  'divert-to': 'a program on the box decides about it',
  once: 'it is gone as soon as it matched',
  user: 'whose packet it is is not told',
  group: 'whose packet it is is not told',
};
const STATES = new Set(['keep', 'modulate', 'synproxy', 'no']);

/** To the end of the statement. The first word that isn't known ends the reading, and makes the match doubtful. */
export function optionsAt(cursor: Cursor, draft: Draft, options: Options): void {
  while (!cursor.done) {
    const word = cursor.next!;
    if (SILENT.has(word)) cursor.skip();
    else if (cursor.take('allow-opts')) options.allowsOptions = true;
    else if (cursor.take('divert-reply')) draft.impossible ??= 'pf of FreeBSD knows no divert-reply';
    else if (SILENT_WORD.has(word)) {
      cursor.skip();
      cursor.word(`what follows ${word}`);
    } else if (STATES.has(word) && cursor.after === 'state') {
      cursor.skip();
      cursor.skip();
      options.state = word !== 'no';
      if (cursor.next === '(') cursor.parenthesised();
    } else if (word === 'flags') flagsAt(cursor, draft);
    else if (word === 'icmp-type' || word === 'icmp6-type') icmpAt(cursor, draft, word === 'icmp6-type');
    else if (word === 'tag') {
      cursor.skip();
      options.tag = cursor.word('a tag');
    } else if (word === 'tagged' || (word === '!' && cursor.after === 'tagged')) taggedAt(cursor, draft);
    else if (word === 'fragment') {
      cursor.skip();
      draft.never = true;
    } else if (word === 'queue' || word === 'dnpipe' || word === 'dnqueue' || word === 'set' || word === 'scrub')
      shapedAt(cursor);
    else if (word === 'route-to' || word === 'reply-to' || word === 'dup-to' || word === 'fastroute')
      routeAt(cursor, options);
    else if (ELSEWHERE.has(word)) otherDialect(cursor.line.number, word);
    else if (Object.hasOwn(MAYBE, word)) {
      draft.doubts.push(MAYBE[word]!);
      cursor.skip();
      valueAt(cursor, word);
    } else {
      draft.doubts.push(`${shown(word.replace(/^"/, ''))} is not understood`);
      return;
    }
  }
}

/** What stands behind a condition, of which nothing is told: a number, a comparison, a list. */
function valueAt(cursor: Cursor, word: string): void {
  if (word === 'once') return;
  if (cursor.next === '!') cursor.skip();
  if (cursor.next === '{' || cursor.next === '(') {
    if (cursor.next === '(') cursor.parenthesised();
    else cursor.list((at) => at.skip());
    return;
  }
  if (/^([<>=!]|><|<>)=?$/.test(cursor.next ?? '')) cursor.skip();
  cursor.word(`what follows ${word}`);
  if (cursor.next === '><' || cursor.next === '<>') {
    cursor.skip();
    cursor.word('the second number');
  }
  if (word === 'divert-to' && cursor.take('port')) cursor.word('a port');
}

export function taggedAt(cursor: Cursor, draft: Draft): void {
  const not = cursor.take('!');
  cursor.expect('tagged');
  const tag = cursor.word('a tag');
  // Two tags on one packet: nobody writes that.
  if (draft.tagged) draft.doubts.push('it asks for two tags');
  draft.tagged = { not, tag };
}

/** Shaping, which delays: a number or name, or two in parentheses. */
function shapedAt(cursor: Cursor): void {
  const word = cursor.word('an option');
  if (word === 'set' && cursor.next !== '(') cursor.word('what is set');
  if (cursor.next === '(') cursor.parenthesised();
  else cursor.word(`what follows ${word}`);
}

const LETTERS = 'FSRPAUEW';

function flagsAt(cursor: Cursor, draft: Draft): void {
  cursor.skip();
  const word = cursor.word('flags');
  draft.flags = [];
  if (word === 'any') return;
  const bits = (letters: string): number =>
    [...letters].reduce((sum, letter) => sum | (1 << LETTERS.indexOf(letter)), 0);
  if (!/^[FSRPAUEW]*(\/[FSRPAUEW]+)?$/.test(word)) unexpected(cursor.line.number, word, 'flags');
  const [wanted = '', among] = word.split('/');
  if (among === undefined) draft.impossible ??= 'pf takes flags with those that they are among alone';
  const flags = { wanted: bits(wanted), among: bits(among ?? '') };
  if ((flags.wanted & flags.among) !== flags.wanted)
    draft.impossible ??= 'pf takes no flags that are not among those that it looks at';
  draft.flags = [flags];
}

function icmpAt(cursor: Cursor, draft: Draft, six: boolean): void {
  cursor.skip();
  const types = cursor.list((at): IcmpText | undefined => {
    const type = icmpTypeNamed(at.word('a type of ICMP'), six);
    const code = at.take('code') ? icmpCodeNamed(at.word('a code'), six) : undefined;
    return type === undefined ? undefined : { family: six ? 'ip6' : 'ip', type, ...(code !== undefined && { code }) };
  });
  if (types.every((type) => type !== undefined)) draft.icmp = types;
  else draft.doubts.push('a type of ICMP is not known');
}

const POOL = new Set(['bitmask', 'random', 'round-robin', 'sticky-address', 'source-hash']);

/** `route-to (em0 203.0.113.1)`, several in braces, or by name alone. `reply-to` says where answers go, and `dup-to` where a copy goes. */
export function routeAt(cursor: Cursor, options: Options): void {
  const word = cursor.word('a route');
  if (word === 'fastroute') return;
  const routes = cursor.list((at) => {
    const [name, by] = at.next === '(' ? at.parenthesised() : at.word('where it leads').split('@').reverse();
    const host = by === undefined ? undefined : hostNamed(by);
    options.nextHops.push(host?.is === 'range' ? familyOf(host.range.first) : undefined);
    return name ?? unexpected(at.line.number, ')', 'the name of an interface');
  });
  while (cursor.next !== undefined && POOL.has(cursor.next)) {
    if (cursor.word('a way to choose') === 'source-hash' && /^(0x|")/.test(cursor.next ?? '')) cursor.skip();
  }
  if (word === 'route-to') options.routes.push(...routes);
}
