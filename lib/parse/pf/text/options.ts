// Parses the options behind the addresses and ports of a pf filter rule: state, flags, ICMP types, tags, routes, and
// conditions that can't be evaluated.
import { Family, getFamily } from '../../../net/address';
import { PfCursor } from './cursor';
import { parseHostWord } from './hosts';
import { MatchDraft } from './match';
import { findIcmpCode, findIcmpType } from './protocol-numbers';
import { quoteForDisplay } from '../../../problems/line-problems';
import { refuseOtherDialect, refuseUnexpected } from './pf-problems';
import { ParsedPfIcmpType } from './syntax-tree';

/** The options of a filter rule that aren't match conditions. */
interface PfRuleOptions {
  state: boolean | undefined;
  tag: string | undefined;
  routes: string[];
  /**
   * Families of the next hops of `route-to`, `reply-to` and `dup-to`; an element is undefined if its family isn't
   * known.
   */
  nextHops: (Family | undefined)[];
  allowsOptions: boolean;
}

export const createOptions = (): PfRuleOptions => ({
  state: undefined,
  tag: undefined,
  routes: [],
  nextHops: [],
  allowsOptions: false,
});

const OPENBSD_OPTIONS = new Set(['nat-to', 'rdr-to', 'binat-to']);
/** Options without a value that don't affect which packets pass. */
const IGNORED_OPTIONS = new Set(['no-df', 'random-id', 'no-sync']);
/** Options with one value that don't affect which packets pass. */
const IGNORED_OPTIONS_WITH_VALUE = new Set([
  'label',
  'ridentifier',
  'tracker',
  'set-tos',
  'max-mss',
  'min-ttl',
  'ieee8021q-setpcp',
  'schedule',
]);
const UNKNOWN_CONDITIONS: Readonly<Record<string, string>> = {
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
const STATE_OPTIONS = new Set(['keep', 'modulate', 'synproxy', 'no']);

/**
 * Parses options to the end of the statement. The first unknown word ends the parsing, and makes the match uncertain.
 */
export function parseOptions(cursor: PfCursor, draft: MatchDraft, options: PfRuleOptions): void {
  while (!cursor.isDone) {
    const word = cursor.next!;
    if (IGNORED_OPTIONS.has(word)) cursor.skip();
    else if (cursor.take('allow-opts')) options.allowsOptions = true;
    else if (cursor.take('divert-reply')) draft.impossible ??= 'pf of FreeBSD knows no divert-reply';
    else if (IGNORED_OPTIONS_WITH_VALUE.has(word)) {
      cursor.skip();
      cursor.takeWord(`what follows ${word}`);
    } else if (STATE_OPTIONS.has(word) && cursor.after === 'state') {
      cursor.skip();
      cursor.skip();
      options.state = word !== 'no';
      if (cursor.next === '(') cursor.takeParenthesized();
    } else if (word === 'flags') parseFlags(cursor, draft);
    else if (word === 'icmp-type' || word === 'icmp6-type') parseIcmpTypes(cursor, draft, word === 'icmp6-type');
    else if (word === 'tag') {
      cursor.skip();
      options.tag = cursor.takeWord('a tag');
    } else if (word === 'tagged' || (word === '!' && cursor.after === 'tagged')) parseTagged(cursor, draft);
    else if (word === 'fragment') {
      cursor.skip();
      draft.matchesNothing = true;
    } else if (word === 'queue' || word === 'dnpipe' || word === 'dnqueue' || word === 'set' || word === 'scrub')
      skipShaping(cursor);
    else if (word === 'route-to' || word === 'reply-to' || word === 'dup-to' || word === 'fastroute')
      parseRoute(cursor, options);
    else if (OPENBSD_OPTIONS.has(word)) refuseOtherDialect(cursor.line.number, word);
    else if (Object.hasOwn(UNKNOWN_CONDITIONS, word)) {
      draft.unknownReasons.push(UNKNOWN_CONDITIONS[word]!);
      cursor.skip();
      skipValue(cursor, word);
    } else {
      draft.unknownReasons.push(`${quoteForDisplay(word.replace(/^"/, ''))} is not understood`);
      return;
    }
  }
}

/** Skips the value of a condition that can't be evaluated: a number, a comparison, a list. */
function skipValue(cursor: PfCursor, word: string): void {
  if (word === 'once') return;
  if (cursor.next === '!') cursor.skip();
  if (cursor.next === '{' || cursor.next === '(') {
    if (cursor.next === '(') cursor.takeParenthesized();
    else cursor.takeList((at) => at.skip());
    return;
  }
  if (/^([<>=!]|><|<>)=?$/.test(cursor.next ?? '')) cursor.skip();
  cursor.takeWord(`what follows ${word}`);
  if (cursor.next === '><' || cursor.next === '<>') {
    cursor.skip();
    cursor.takeWord('the second number');
  }
  if (word === 'divert-to' && cursor.take('port')) cursor.takeWord('a port');
}

export function parseTagged(cursor: PfCursor, draft: MatchDraft): void {
  const negated = cursor.take('!');
  cursor.expect('tagged');
  const tag = cursor.takeWord('a tag');
  // Two tags on one packet: real rulesets don't ask for that.
  if (draft.tagged) draft.unknownReasons.push('it asks for two tags');
  draft.tagged = { negated, tag };
}

/** Skips shaping, which only delays packets: a number or name, or two in parentheses. */
function skipShaping(cursor: PfCursor): void {
  const word = cursor.takeWord('an option');
  if (word === 'set' && cursor.next !== '(') cursor.takeWord('what is set');
  if (cursor.next === '(') cursor.takeParenthesized();
  else cursor.takeWord(`what follows ${word}`);
}

const FLAG_LETTERS = 'FSRPAUEW';

function parseFlags(cursor: PfCursor, draft: MatchDraft): void {
  cursor.skip();
  const word = cursor.takeWord('flags');
  draft.flags = [];
  if (word === 'any') return;
  const toBits = (letters: string): number =>
    [...letters].reduce((sum, letter) => sum | (1 << FLAG_LETTERS.indexOf(letter)), 0);
  if (!/^[FSRPAUEW]*(\/[FSRPAUEW]+)?$/.test(word)) refuseUnexpected(cursor.line.number, word, 'flags');
  const [expected = '', among] = word.split('/');
  if (among === undefined) draft.impossible ??= 'pf takes flags with those that they are among alone';
  const flags = { set: toBits(expected), mask: toBits(among ?? '') };
  if ((flags.set & flags.mask) !== flags.set)
    draft.impossible ??= 'pf takes no flags that are not among those that it looks at';
  draft.flags = [flags];
}

function parseIcmpTypes(cursor: PfCursor, draft: MatchDraft, isIpv6: boolean): void {
  cursor.skip();
  const types = cursor.takeList((at): ParsedPfIcmpType | undefined => {
    const type = findIcmpType(at.takeWord('a type of ICMP'), isIpv6);
    const code = at.take('code') ? findIcmpCode(at.takeWord('a code'), isIpv6) : undefined;
    return type === undefined
      ? undefined
      : { family: isIpv6 ? 'ip6' : 'ip', type, ...(code !== undefined && { code }) };
  });
  if (types.every((type) => type !== undefined)) draft.icmp = types;
  else draft.unknownReasons.push('a type of ICMP is not known');
}

const POOL_OPTIONS = new Set(['bitmask', 'random', 'round-robin', 'sticky-address', 'source-hash']);

/**
 * Parses `route-to (em0 203.0.113.1)`, several in braces, or a name alone. `reply-to` says where answers go, and
 * `dup-to` where a copy goes.
 */
export function parseRoute(cursor: PfCursor, options: PfRuleOptions): void {
  const word = cursor.takeWord('a route');
  if (word === 'fastroute') return;
  const routes = cursor.takeList((at) => {
    const [name, nextHop] =
      at.next === '(' ? at.takeParenthesized() : at.takeWord('where it leads').split('@').reverse();
    const host = nextHop === undefined ? undefined : parseHostWord(nextHop);
    options.nextHops.push(host?.is === 'range' ? getFamily(host.range.first) : undefined);
    return name ?? refuseUnexpected(at.line.number, ')', 'the name of an interface');
  });
  while (cursor.next !== undefined && POOL_OPTIONS.has(cursor.next)) {
    if (cursor.takeWord('a way to choose') === 'source-hash' && /^(0x|")/.test(cursor.next ?? '')) cursor.skip();
  }
  if (word === 'route-to') options.routes.push(...routes);
}
