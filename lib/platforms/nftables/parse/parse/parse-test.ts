// Parses the tests of nftables rules: fields (`ip saddr`, `meta iifname`), expressions, operands (`@set`, `{ … }`),
// comparisons, and the choice of a verdict by `vmap`.

import { NftCursor } from '../cursor';
import { parseElements, parseTuple, parseValue } from './parse-elements';
import { parseNumberField, startsNumber } from './number-field';
import { refuseUnexpected } from '../parse-problems';
import { NftComparison, NftOperand, NftStatement } from '../syntax-tree';

const HEADER_NAMES = new Set([
  'ip',
  'ip6',
  'tcp',
  'udp',
  'udplite',
  'sctp',
  'dccp',
  'th',
  'icmp',
  'icmpv6',
  'igmp',
  'ether',
  'arp',
  'vlan',
  'ah',
  'esp',
  'comp',
  'gre',
]);
const EXTENSION_NAMES = new Set(['hbh', 'rt0', 'rt2', 'srh', 'rt', 'frag', 'dst', 'mh', 'exthdr', 'socket', 'osf']);
const META_KEYS = new Set([
  'iif',
  'iifname',
  'iiftype',
  'iifgroup',
  'oif',
  'oifname',
  'oiftype',
  'oifgroup',
  'mark',
  'skuid',
  'skgid',
  'nftrace',
  'rtclassid',
  'ibriport',
  'obriport',
  'ibrname',
  'obrname',
  'pkttype',
  'cpu',
  'cgroup',
  'priority',
]);
const COMPARISON_WORDS: Readonly<Record<string, NftComparison>> = {
  '==': '==',
  eq: '==',
  '!=': '!=',
  ne: '!=',
  '!': '!',
  '<': '<',
  lt: '<',
  '>': '>',
  gt: '>',
  '<=': '<=',
  le: '<=',
  '>=': '>=',
  ge: '>=',
};

/** Returns whether a header field begins here. All packets of its protocol have the header, and no others. */
export const startsHeader = (cursor: NftCursor): boolean => !cursor.isString && HEADER_NAMES.has(cursor.text);

export const startsField = (cursor: NftCursor): boolean =>
  !cursor.isString &&
  ((cursor.text === '@' && cursor.textAt(2) === ',') ||
    cursor.text === 'meta' ||
    cursor.text === 'ct' ||
    cursor.text === 'fib' ||
    HEADER_NAMES.has(cursor.text) ||
    EXTENSION_NAMES.has(cursor.text) ||
    META_KEYS.has(cursor.text) ||
    startsNumber(cursor));

/** Parses one field and returns one spelling: `meta iifname` and `iifname` both become `meta iifname`. */
export function parseField(cursor: NftCursor): string {
  if (cursor.take('@')) return parseRawField(cursor);
  if (startsNumber(cursor)) return parseNumberField(cursor);
  const head = cursor.next();
  if (META_KEYS.has(head)) return `meta ${head}`;
  if (head === 'fib') {
    const parts = [cursor.takeName('a part of fib')];
    while (cursor.take('.')) parts.push(cursor.takeName('a part of fib'));
    return `fib ${parts.join('.')} ${cursor.takeName('a result of fib')}`;
  }
  if (head === 'ct') {
    let field = 'ct';
    if (cursor.is('original') || cursor.is('reply')) field += ` ${cursor.next()}`;
    if ((cursor.is('ip') || cursor.is('ip6')) && field !== 'ct') field += ` ${cursor.next()}`;
    return `${field} ${cursor.takeName('a part of ct')}`;
  }
  if (head === 'tcp' || head === 'ip' || head === 'sctp') {
    if (cursor.is('option') || cursor.is('chunk')) {
      let field = `${head} ${cursor.next()} ${cursor.takeName('an option')}`;
      while (
        /^(size|count|left\d?|right\d?|tsval|tsecr|kind|length|value|type|ptr|addr|flags|stream|ssn|tsn)$/.test(
          cursor.text,
        )
      )
        field += ` ${cursor.next()}`;
      return field;
    }
  }
  if (!HEADER_NAMES.has(head) && !EXTENSION_NAMES.has(head) && head !== 'meta')
    refuseUnexpected(cursor.line, head, 'a field');
  const name = cursor.takeName('the name of a field');
  if (head === 'rt' && (name === 'ip' || name === 'ip6'))
    return `${head} ${name} ${cursor.takeName('the name of a field')}`;
  if (head === 'socket' && name === 'cgroupv2') {
    cursor.expect('level');
    return `${head} ${name} ${cursor.takeName('a level')}`;
  }
  return `${head} ${name}`;
}

/** Parses `@th,16,16`: the header, the first bit and the number of bits. */
function parseRawField(cursor: NftCursor): string {
  const { line, text } = cursor;
  if (!['ll', 'nh', 'th', 'ih'].includes(cursor.next())) refuseUnexpected(line, text, 'a header');
  const bitNumbers = [0, 1].map(() => {
    cursor.expect(',');
    return cursor.takeNumber('a number of bits');
  });
  return `@${text},${bitNumbers.join(',')}`;
}

/**
 * Parses an expression whose value is assigned. A packet without its fields ends the rule, and so does a key that its
 * map lacks.
 */
export function parseExpression(cursor: NftCursor): readonly NftStatement[] {
  const statements: NftStatement[] = [];
  do {
    if (cursor.take('(')) {
      statements.push(...parseExpression(cursor));
      cursor.expect(')');
    } else if (startsField(cursor)) {
      const fields = parseFields(cursor);
      if (cursor.take('map'))
        statements.push({
          is: 'test',
          fields,
          comparison: '',
          right: toBracedKeys(parseOperand(cursor)),
          implied: 'map',
        });
      else statements.push({ is: 'has', fields });
    } else parseValue(cursor);
  } while (
    ['&', '|', '^', '<<', '>>', 'and', 'or', 'xor', 'lshift', 'rshift', ','].includes(cursor.text) &&
    cursor.next()
  );
  return statements;
}

const toBracedKeys = (right: NftOperand): NftOperand => ('set' in right ? right : { ...right, braces: true });

export function parseFields(cursor: NftCursor): readonly string[] {
  const fields = [parseField(cursor)];
  while (cursor.take('.')) fields.push(parseField(cursor));
  return fields;
}

/** Parses `@name`, or the values that are listed in place. */
export function parseOperand(cursor: NftCursor): NftOperand {
  if (cursor.take('@')) return { set: cursor.takeName('the name of a set') };
  if (cursor.is('{')) return { elements: parseElements(cursor), braces: true };
  const { line } = cursor;
  const elements = [{ key: parseTuple(cursor), line }];
  while (cursor.is(',')) {
    cursor.next();
    elements.push({ key: parseTuple(cursor), line });
  }
  return { elements, braces: false };
}

/** Parses a mask. It refuses `a & b | c`, which changes the value of `a & b`. */
function parseMask(cursor: NftCursor): string {
  const { line } = cursor;
  const isGrouped = cursor.is('(');
  const mask = parseValue(cursor);
  if (!isGrouped && mask.includes('|')) refuseUnexpected(line, '|', 'a comparison');
  return mask;
}

/** Parses a test, or a choice by a verdict map. */
export function parseTest(cursor: NftCursor): NftStatement {
  const isGrouped = cursor.take('(');
  const fields = parseFields(cursor);
  if (cursor.take('vmap')) return { is: 'choose', fields, map: parseOperand(cursor) };
  let mask: string | undefined;
  if (cursor.take('&') || cursor.take('and')) mask = parseMask(cursor);
  if (isGrouped) cursor.expect(')');
  const comparison = COMPARISON_WORDS[cursor.text] ?? '';
  if (comparison !== '') cursor.next();
  const right = parseOperand(cursor);
  // The class of a queue, `1:2`.
  if (fields[0] === 'meta priority' && cursor.take(':')) cursor.takeName('a class');
  // nft prints `tcp flags & (fin|syn) == syn` as `tcp flags syn / fin,syn`.
  if (cursor.is('/')) {
    cursor.next();
    const flags = [parseValue(cursor)];
    while (cursor.take(',')) flags.push(parseValue(cursor));
    return { is: 'test', fields, mask: flags.join('|'), comparison: comparison === '' ? '==' : comparison, right };
  }
  return mask === undefined
    ? cursor.tests.getOrAdd({ is: 'test', fields, comparison, right })
    : { is: 'test', fields, mask, comparison: comparison || '==', right };
}
