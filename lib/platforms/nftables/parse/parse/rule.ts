import { FAMILIES } from '../../../../net/address';
import { Refusal } from '../../../../problems/problem';
import { Cursor } from '../cursor';
import { parseVerdict } from './elements';
import { parseInnerChain } from './inner';
import { parseLog } from './log';
import { parseField, parseOperands, parseTest, startsField, startsHeader } from './test';
import { rejectHere } from './reject';
import { counter, learn, limit, meter } from './stateful';
import { parseTranslate } from './translate';
import { shown } from '../../../../problems/in-text';
import { refuse, unexpected } from '../problems';
import { Rule, Statement, Table } from '../ruleset';
import { integer } from '../../../../parse/netfilter/integers';
import { EVERY_BIT, Mark, MarkChange, anyOf } from '../../../../evaluator/marks';
import { TextFacts } from '../../../../evaluator/model';
import { needsTracking } from '../tracking';

export function ruleHere(cursor: Cursor, table: Table, facts: TextFacts): Rule {
  const { line, at } = cursor;
  const statements = parseStatements(cursor, table, facts);
  return { line, text: cursor.since(at), statements };
}

/** Everything up to the end of the rule. What isn't understood is kept as one opaque statement, never skipped. */
function parseStatements(cursor: Cursor, table: Table, facts: TextFacts): readonly Statement[] {
  const statements: Statement[] = [];
  let ended = false;
  while (!cursor.atEnd && !cursor.is('}')) {
    const start = cursor.at;
    if (ended && !cursor.is('comment')) {
      const what = `${shown(cursor.text)} follows what ends the rule.`;
      if (!cursor.isListing) refuse('after-the-end', cursor.line, what, 'the rule without it, or in another order.');
      statements.splice(-1, 1, opaque(cursor));
      break;
    }
    let made: Statement | readonly Statement[] | undefined;
    try {
      made = statement(cursor, table, facts);
    } catch (error) {
      // A kernel runs what a listing has, also where nft would refuse it.
      if (!(error instanceof Refusal) || !(cursor.isListing || error.problems[0]?.code === 'nftables/unexpected-text'))
        throw error;
      cursor.at = start;
      made = [...neededFirst(cursor), opaque(cursor)];
    }
    if (made) statements.push(...('is' in made ? [made] : made));
    ended = statements.at(-1)?.is === 'verdict' || statements.at(-1)?.is === 'translate';
  }
  for (const family of FAMILIES)
    if (
      !facts.tracks.has(family) &&
      table.family !== OTHER[family] &&
      statements.some((one) => needsTracking(one, family))
    )
      facts.tracks.add(family);
  if (cursor.isRemarked && !statements.some(isTerminal))
    statements.push({ is: 'opaque', what: 'a remark in place of an iptables extension' });
  return statements;
}

const PLAIN: ReadonlyMap<string, Statement> = new Map(
  (['accept', 'drop', 'return'] as const).map((is) => [is, { is: 'verdict', verdict: { is } }]),
);

const OTHER = { ip: 'ip6', ip6: 'ip' } as const;

const isTerminal = ({ is }: Statement): boolean =>
  is === 'verdict' || is === 'opaque' || is === 'translate' || is === 'choose';

/** Whatever a statement does that begins with a field of a header: a packet without it ends the rule. */
function neededFirst(cursor: Cursor): readonly Statement[] {
  const start = cursor.at;
  try {
    return startsHeader(cursor) ? [{ is: 'has', fields: [parseField(cursor)] }] : [];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  } finally {
    cursor.at = start;
  }
}

/** The same of a statement that began there; the cursor goes back. */
function neededFrom(cursor: Cursor, start: number): readonly Statement[] {
  cursor.at = start;
  return neededFirst(cursor);
}

function opaque(cursor: Cursor): Statement {
  const { at: start, text: word } = cursor;
  cursor.skipStatement();
  if (cursor.at === start) unexpected(cursor.line, cursor.text, 'a statement');
  return { is: 'opaque', what: shown(cursor.since(start)), word };
}

/** Extensions of iptables that let the packet pass on unchanged as far as filters and translation see it. */
const HARMLESS_TARGETS = new Set([
  'LOG',
  'NFLOG',
  'ULOG',
  'TCPMSS',
  'CHECKSUM',
  'CLASSIFY',
  'DSCP',
  'TOS',
  'TTL',
  'HL',
  'TRACE',
  'AUDIT',
  'LED',
]);

function statement(cursor: Cursor, table: Table, facts: TextFacts): Statement | readonly Statement[] | undefined {
  const word = cursor.text;
  if (cursor.isString) return opaque(cursor);
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'jump':
    case 'goto': {
      const isInner = cursor.textAt(1) === '{';
      const verdict = isInner
        ? parseInnerChain(cursor, table, () => ruleHere(cursor, table, facts))
        : parseVerdict(cursor);
      return verdict.is === 'continue' ? undefined : (PLAIN.get(verdict.is) ?? { is: 'verdict', verdict });
    }
    case 'reject':
      return [...rejectHere(cursor, table), { is: 'verdict', verdict: { is: 'drop' }, rejects: true }];
    case 'counter':
      return counter(cursor);
    case 'log':
      return parseLog(cursor);
    case 'comment':
      cursor.next();
      cursor.comment();
      if (!cursor.atEnd && !cursor.is('}')) unexpected(cursor.line, cursor.text, 'the end of the rule');
      return undefined;
    case 'last':
      cursor.next();
      if (cursor.take('used')) cursor.name('a time');
      return undefined;
    case 'notrack':
      cursor.next();
      return { is: 'notrack' };
    case 'limit':
    case 'quota':
      return limit(cursor);
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return parseTranslate(cursor);
    case 'add':
    case 'update':
    case 'delete':
    case 'set':
      return learn(cursor, table, facts);
    case 'meter':
    case 'flow':
      return meter(cursor);
    case 'reset':
      return withoutOption(cursor);
    case 'xt':
      return extension(cursor, facts);
    case 'ct':
      if (cursor.textAt(1) === 'count') {
        cursor.at += 2;
        cursor.take('over');
        cursor.number('a number');
        return { is: 'perhaps', what: 'a limit of connections' };
      }
  }
  return startsField(cursor) ? fieldStatement(cursor, facts) : opaque(cursor);
}

/** `reset tcp option sack-perm`: a segment goes on without it, what is none ends the rule. Source: nft_exthdr_tcp_strip_eval in nft_exthdr.c. */
function withoutOption(cursor: Cursor): Statement {
  for (const word of ['reset', 'tcp', 'option']) cursor.expect(word);
  cursor.name('an option');
  return { is: 'has', fields: ['segment of TCP'] };
}

function extension(cursor: Cursor, facts: TextFacts): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  const kind = cursor.next();
  const name = cursor.isName ? cursor.next() : '';
  if (kind === 'match' && name !== '')
    return name === 'comment' ? undefined : { is: 'perhaps', what: `the iptables extension ${shown(name)}` };
  if (kind === 'target' && HARMLESS_TARGETS.has(name)) return undefined;
  if (kind === 'target' && (name === 'MARK' || name === 'CONNMARK')) {
    if (name === 'CONNMARK') facts.connectionMarks = true;
    return { is: 'marks', sets: [anyOf('mark'), ...(name === 'CONNMARK' ? [anyOf('ct mark')] : [])] };
  }
  if (kind === 'target' && name === 'REJECT') return { is: 'verdict', verdict: { is: 'drop' } };
  cursor.at = start;
  return opaque(cursor);
}

const HARMLESS_CHANGES =
  /^(meta (mark|nftrace|priority|secmark)|mark|nftrace|priority|ct (original |reply )?(mark|zone|timeout|event|label|secmark)|tcp option|ip6? (dscp|ecn|ttl|hoplimit|flowlabel))/;

/** What has no hops left is forwarded no more, and who expects the same session twice is dropped. Source: nft_ct_expect_obj_eval in nft_ct.c. */
function mayEnd(field: string, value: string): boolean {
  return field === 'ct expectation' || (/^(ip ttl|ip6 hoplimit)$/.test(field) && (integer(value) ?? 0) < 2);
}

const setting = (field: string, ofConnection: boolean, wrote: readonly string[]): readonly Statement[] =>
  /(^| )mark$/.test(field)
    ? [{ is: 'marks', sets: [markSet(ofConnection ? 'ct mark' : 'mark', wrote.join(' '))] }]
    : [];

/** `1`, `ct mark`, `meta mark & 0xff | 0x100`. */
function markSet(of: Mark, text: string): MarkChange {
  const [changes, connection, masked, how, turned] =
    /^(?:meta mark|mark|(ct mark))(?: (?:and|&) (\w+))?(?: (or|\||xor|\^) (\w+))?$/.exec(text) ?? [];
  const [mask, turns] = [
    masked === undefined ? EVERY_BIT : integer(masked),
    changes ? integer(turned ?? '0') : integer(text),
  ];
  if (mask === undefined || turns === undefined) return anyOf(of);
  const stays = changes === undefined ? 0 : (how === 'or' || how === '|' ? mask & ~turns : mask) >>> 0;
  const isOwn = (connection !== undefined) === (of === 'ct mark');
  return { of, keeps: isOwn ? stays : 0, takes: isOwn ? 0 : stays, turns: turns >>> 0, unclear: 0 };
}

function fieldStatement(cursor: Cursor, facts: TextFacts): Statement | readonly Statement[] {
  const { at: start } = cursor;
  const first = parseField(cursor);
  if (cursor.take('set')) {
    if (first === 'ct helper' || first === 'ct expectation') facts.helpers = true;
    if (mayEnd(first, cursor.text)) return [...neededFrom(cursor, start), opaque(cursor)];
    if (/^ct (original |reply )?zone$/.test(first)) facts.templates = true;
    // Nothing finds a packet without one wrong, connection tracking neither.
    if (first === 'udp checksum' && cursor.take('0')) return { is: 'has', fields: ['udp dport'] };
    if (first !== 'ct helper' && !HARMLESS_CHANGES.test(first)) return [...neededFrom(cursor, start), opaque(cursor)];
    const ofConnection = /^ct .*mark$/.test(first);
    if (ofConnection) facts.connectionMarks = true;
    const { at } = cursor;
    const operands = parseOperands(cursor);
    const wrote = Array.from({ length: cursor.at - at }, (_, i) => cursor.textAt(at - cursor.at + i));
    const needs = [...operands, ...setting(first, ofConnection, wrote)];
    // A class of a queue, `1:2`.
    if (first === 'meta priority' && cursor.take(':')) cursor.name('a class');
    // To change a field of a header is to ask that the packet has it; a mark of a connection is set where there is one.
    return /^(meta|ct)/.test(first) ? needs : [{ is: 'has', fields: [first] }, ...needs];
  }
  cursor.at = start;
  return parseTest(cursor);
}
