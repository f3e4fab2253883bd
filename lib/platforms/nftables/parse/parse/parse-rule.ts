// Parses one nftables rule from tokens into statements of the syntax tree: tests, verdicts, translations, marks, set
// changes. Text that isn't understood becomes an opaque statement.

import { FAMILIES, Family, getFamily } from '../../../../net/address';
import { Refusal } from '../../../../problems/problem';
import { NftCursor } from '../cursor';
import { parseVerdict } from './parse-elements';
import { parseLog } from './parse-log';
import { parseField, parseExpression, parseTest, startsField, startsHeader } from './parse-test';
import { parseReject } from './parse-reject';
import { parseCounter, parseSetChange, parseLimit, parseMeter } from './parse-stateful';
import { parseTranslation } from './parse-translation';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { refuse, refuseUnexpected } from '../parse-problems';
import {
  ParsedNftRule,
  NftStatement,
  ParsedNftTable,
  NftTranslation,
  ParsedNftChain,
  ParsedNftVerdict,
} from '../syntax-tree';
import { parseInteger } from '../../../../parse/netfilter/parse-integers';
import { ALL_BITS, MarkKind, MarkChange, createUnknownChange } from '../../../../evaluator/marks';
import { RulesetFacts } from '../../../../evaluator/ruleset-model';
import { parseAddressRange } from '../../../../parse/netfilter/parse-values';

export function parseRule(cursor: NftCursor, table: ParsedNftTable, facts: RulesetFacts): ParsedNftRule {
  const { line, position: start } = cursor;
  const statements = parseStatements(cursor, table, facts);
  return { line, text: cursor.getTextSince(start), statements };
}

/**
 * Parses everything up to the end of the rule. Text that isn't understood becomes one opaque statement; it is never
 * skipped.
 */
function parseStatements(cursor: NftCursor, table: ParsedNftTable, facts: RulesetFacts): readonly NftStatement[] {
  const statements: NftStatement[] = [];
  let hasEnded = false;
  let previous = { position: cursor.position, count: 0 };
  while (!cursor.isAtEnd && !cursor.is('}')) {
    const start = cursor.position;
    if (statements.length > 0 && !hasEnded && startsValue(cursor)) {
      // No statement begins with a value. The one before was misread.
      cursor.position = previous.position;
      statements.splice(previous.count, Infinity, ...parseNeededField(cursor), parseOpaque(cursor));
      break;
    }
    previous = { position: start, count: statements.length };
    if (hasEnded && !cursor.is('comment')) {
      const message = `${quoteForDisplay(cursor.text)} follows what ends the rule.`;
      if (!cursor.isListing) refuse('after-the-end', cursor.line, message, 'the rule without it, or in another order.');
      statements.splice(-1, 1, parseOpaque(cursor));
      break;
    }
    let parsed: NftStatement | readonly NftStatement[] | undefined;
    try {
      parsed = parseStatement(cursor, table, facts);
    } catch (error) {
      // A kernel runs the rules of a listing, even those that nft would refuse.
      if (!(error instanceof Refusal) || !(cursor.isListing || error.problems[0]?.code === 'nftables/unexpected-text'))
        throw error;
      cursor.position = start;
      parsed = [...parseNeededField(cursor), parseOpaque(cursor)];
    }
    if (parsed) statements.push(...('is' in parsed ? [parsed] : parsed));
    hasEnded = statements.at(-1)?.is === 'verdict' || statements.at(-1)?.is === 'translate';
  }
  for (const family of FAMILIES)
    if (
      !facts.trackedFamilies.has(family) &&
      table.family !== OTHER_FAMILY[family] &&
      statements.some((s) => needsTracking(s, family))
    )
      facts.trackedFamilies.add(family);
  if (cursor.hasComment && !statements.some(isTerminal))
    statements.push({ is: 'opaque', what: 'a remark in place of an iptables extension' });
  return statements;
}

const startsValue = (cursor: NftCursor): boolean => cursor.isString || /^\d/.test(cursor.text);

const PLAIN_VERDICTS: ReadonlyMap<string, NftStatement> = new Map(
  (['accept', 'drop', 'return'] as const).map((is) => [is, { is: 'verdict', verdict: { is } }]),
);

const OTHER_FAMILY = { ip: 'ip6', ip6: 'ip' } as const;

const isTerminal = ({ is }: NftStatement): boolean =>
  is === 'verdict' || is === 'opaque' || is === 'translate' || is === 'choose';

/**
 * Returns the header field with which a statement begins. A packet without it ends the rule, whatever the statement
 * does.
 */
function parseNeededField(cursor: NftCursor): readonly NftStatement[] {
  const start = cursor.position;
  try {
    return startsHeader(cursor) ? [{ is: 'has', fields: [parseField(cursor)] }] : [];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  } finally {
    cursor.position = start;
  }
}

/** Returns the same for the statement at `start`, and moves the cursor back there. */
function parseNeededFieldAt(cursor: NftCursor, start: number): readonly NftStatement[] {
  cursor.position = start;
  return parseNeededField(cursor);
}

function parseOpaque(cursor: NftCursor): NftStatement {
  const { position: start, text: word } = cursor;
  cursor.skipStatement();
  if (cursor.position === start) refuseUnexpected(cursor.line, cursor.text, 'a statement');
  return { is: 'opaque', what: quoteForDisplay(cursor.getTextSince(start)), word };
}

/** iptables targets that let the packet go on, unchanged as far as filters and translation see it. */
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

function parseStatement(
  cursor: NftCursor,
  table: ParsedNftTable,
  facts: RulesetFacts,
): NftStatement | readonly NftStatement[] | undefined {
  const word = cursor.text;
  if (cursor.isString) return parseOpaque(cursor);
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'jump':
    case 'goto': {
      const isInner = cursor.textAt(1) === '{';
      const verdict = isInner
        ? parseInnerChain(cursor, table, () => parseRule(cursor, table, facts))
        : parseVerdict(cursor);
      return verdict.is === 'continue' ? undefined : (PLAIN_VERDICTS.get(verdict.is) ?? { is: 'verdict', verdict });
    }
    case 'reject':
      return [...parseReject(cursor, table), { is: 'verdict', verdict: { is: 'drop' }, rejects: true }];
    case 'counter':
      return parseCounter(cursor);
    case 'log':
      return parseLog(cursor);
    case 'comment':
      cursor.next();
      cursor.skipComment();
      if (!cursor.isAtEnd && !cursor.is('}')) refuseUnexpected(cursor.line, cursor.text, 'the end of the rule');
      return undefined;
    case 'last':
      cursor.next();
      if (cursor.take('used')) cursor.takeName('a time');
      return undefined;
    case 'notrack':
      cursor.next();
      return { is: 'notrack' };
    case 'limit':
    case 'quota':
      return parseLimit(cursor);
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return parseTranslation(cursor);
    case 'add':
    case 'update':
    case 'delete':
    case 'set':
      return parseSetChange(cursor, table, facts);
    case 'meter':
    case 'flow':
      return parseMeter(cursor);
    case 'reset':
      return parseReset(cursor);
    case 'xt':
      return parseExtension(cursor, facts);
    case 'ct':
      if (cursor.textAt(1) === 'count') {
        cursor.position += 2;
        const isOver = cursor.take('over');
        // The connection itself counts, too.
        const isZero = Number(cursor.takeNumber('a number')) === 0;
        return { is: 'perhaps', what: 'a limit of connections', ...(!isZero && { newClient: !isOver }) };
      }
  }
  return startsField(cursor) ? parseFieldStatement(cursor, facts) : parseOpaque(cursor);
}

/**
 * Parses `reset tcp option sack-perm`. A TCP segment goes on without the option; any other packet ends the rule.
 * Source: nft_exthdr_tcp_strip_eval in nft_exthdr.c.
 */
function parseReset(cursor: NftCursor): NftStatement {
  for (const word of ['reset', 'tcp', 'option']) cursor.expect(word);
  cursor.takeName('an option');
  return { is: 'has', fields: ['segment of TCP'] };
}

function parseExtension(cursor: NftCursor, facts: RulesetFacts): NftStatement | undefined {
  const start = cursor.position;
  cursor.next();
  const kind = cursor.next();
  const name = cursor.isName ? cursor.next() : '';
  if (kind === 'match' && name !== '')
    return name === 'comment' ? undefined : { is: 'perhaps', what: `the iptables extension ${quoteForDisplay(name)}` };
  if (kind === 'target' && HARMLESS_TARGETS.has(name)) return undefined;
  if (kind === 'target' && (name === 'MARK' || name === 'CONNMARK')) {
    if (name === 'CONNMARK') facts.hasConnectionMarks = true;
    return {
      is: 'marks',
      sets: [createUnknownChange('mark'), ...(name === 'CONNMARK' ? [createUnknownChange('ct mark')] : [])],
    };
  }
  if (kind === 'target' && name === 'REJECT') return { is: 'verdict', verdict: { is: 'drop' } };
  cursor.position = start;
  return parseOpaque(cursor);
}

const HARMLESS_CHANGES =
  /^(meta (mark|nftrace|priority|secmark)|mark|nftrace|priority|ct (original |reply )?(mark|zone|timeout|event|label|secmark)|tcp option|ip6? (dscp|ecn|ttl|hoplimit|flowlabel))/;

/**
 * Returns whether setting a field can end the rule. A packet without hops left isn't forwarded, and a packet that
 * expects the same session twice is dropped. Source: nft_ct_expect_obj_eval in nft_ct.c.
 */
function canEndRule(field: string, value: string): boolean {
  return field === 'ct expectation' || (/^(ip ttl|ip6 hoplimit)$/.test(field) && (parseInteger(value) ?? 0) < 2);
}

const createMarkStatements = (
  field: string,
  isConnectionMark: boolean,
  valueWords: readonly string[],
): readonly NftStatement[] =>
  /(^| )mark$/.test(field)
    ? [{ is: 'marks', sets: [parseMarkChange(isConnectionMark ? 'ct mark' : 'mark', valueWords.join(' '))] }]
    : [];

/** Parses `1`, `ct mark`, `meta mark & 0xff | 0x100`. */
function parseMarkChange(mark: MarkKind, text: string): MarkChange {
  const [markExpression, connectionMark, maskText, operator, operandText] =
    /^(?:meta mark|mark|(ct mark))(?: (?:and|&) (\w+))?(?: (or|\||xor|\^) (\w+))?$/.exec(text) ?? [];
  const [mask, flippedBits] = [
    maskText === undefined ? ALL_BITS : parseInteger(maskText),
    markExpression ? parseInteger(operandText ?? '0') : parseInteger(text),
  ];
  if (mask === undefined || flippedBits === undefined) return createUnknownChange(mark);
  const keptBits =
    markExpression === undefined ? 0 : (operator === 'or' || operator === '|' ? mask & ~flippedBits : mask) >>> 0;
  const isSameMark = (connectionMark !== undefined) === (mark === 'ct mark');
  return {
    kind: mark,
    keepMask: isSameMark ? keptBits : 0,
    takeMask: isSameMark ? 0 : keptBits,
    xorMask: flippedBits >>> 0,
    unknownMask: 0,
  };
}

function parseFieldStatement(cursor: NftCursor, facts: RulesetFacts): NftStatement | readonly NftStatement[] {
  const { position: start } = cursor;
  const field = parseField(cursor);
  if (cursor.take('set')) {
    if (field === 'ct helper' || field === 'ct expectation') facts.hasHelpers = true;
    if (canEndRule(field, cursor.text)) return [...parseNeededFieldAt(cursor, start), parseOpaque(cursor)];
    if (/^ct (original |reply )?zone$/.test(field)) facts.hasTemplates = true;
    // No check takes a packet without a checksum as wrong, not even connection tracking.
    if (field === 'udp checksum' && cursor.take('0')) return { is: 'has', fields: ['udp dport'] };
    if (field !== 'ct helper' && !HARMLESS_CHANGES.test(field))
      return [...parseNeededFieldAt(cursor, start), parseOpaque(cursor)];
    const isConnectionMark = /^ct .*mark$/.test(field);
    if (isConnectionMark) facts.hasConnectionMarks = true;
    const { position: valueStart } = cursor;
    const operands = parseExpression(cursor);
    const valueWords = Array.from({ length: cursor.position - valueStart }, (_, i) =>
      cursor.textAt(valueStart - cursor.position + i),
    );
    const valueStatements = [...operands, ...createMarkStatements(field, isConnectionMark, valueWords)];
    // The class of a queue, `1:2`.
    if (field === 'meta priority' && cursor.take(':')) cursor.takeName('a class');
    // A change of a header field requires that the packet has it. A connection's mark is set only if there is a
    // connection.
    return /^(meta|ct)/.test(field) ? valueStatements : [{ is: 'has', fields: [field] }, ...valueStatements];
  }
  cursor.position = start;
  return parseTest(cursor);
}

/**
 * Returns whether a statement makes the kernel track connections of a family. A translation to an address does so for
 * its family alone. Source: nft_nat_init in net/netfilter/nft_nat.c.
 */
function needsTracking(statement: NftStatement, family: Family): boolean {
  if (statement.is === 'translate') return (findTranslatedFamily(statement) ?? family) === family;
  return (
    (statement.is === 'test' || statement.is === 'choose' || statement.is === 'has') &&
    statement.fields.some((field) => field.startsWith('ct '))
  );
}

function findTranslatedFamily({ family, to }: NftTranslation): Family | undefined {
  const range = to && !('fields' in to) && to.address !== undefined ? parseAddressRange(to.address) : undefined;
  return family ?? (range && getFamily(range.first));
}

/**
 * Parses `jump { … }` and `goto { … }`: a chain without a name, made of the rules between the braces. Source: nft 0.9.7
 * and later print it as it was written.
 */
function parseInnerChain(cursor: NftCursor, table: ParsedNftTable, parseRule: () => ParsedNftRule): ParsedNftVerdict {
  const { line } = cursor;
  const kind = cursor.next() === 'jump' ? 'jump' : 'goto';
  // No text can use this name, not even if several such chains stand in one line.
  let name = `in line ${line}\n`;
  while (table.chains.has(name)) name += '\n';
  const chain: ParsedNftChain = { name, line, rules: [] };
  table.chains.set(name, chain);
  cursor.parseBlock(() => {
    if (cursor.is('comment')) refuseUnexpected(cursor.line, 'comment', 'a rule');
    chain.rules.push(parseRule());
  });
  return { is: kind, chain: name };
}
