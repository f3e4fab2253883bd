// Parses the tests of nftables rules: fields (`ip saddr`, `meta iifname`), expressions, operands (`@set`, `{ … }`),
// comparisons, and the choice of a verdict by `vmap`.

import { NftCursor } from '../cursor';
import { parseElements, parseTuple, parseValue } from './parse-elements';
import { parseNumberField, startsNumber } from './number-field';
import { quoteForDisplay } from '../../../../problems/line-problems';
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
const EXTENSION_NAMES = new Set([
  'hbh',
  'rt0',
  'rt2',
  'srh',
  'rt',
  'frag',
  'dst',
  'mh',
  'exthdr',
  'socket',
  'osf',
  'ipsec',
  'tunnel',
  'vxlan',
  'geneve',
  'gretap',
]);
/** Headers that carry another packet. A field of that one stands behind them: `vxlan ip saddr`. */
const TUNNEL_NAMES = new Set(['vxlan', 'geneve', 'gre', 'gretap']);
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
  'time',
  'day',
  'hour',
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
  if (OPTION_FIELDS.has(`${head} ${cursor.text}`)) {
    const fieldNames = OPTION_FIELDS.get(`${head} ${cursor.text}`)!;
    let field = `${head} ${cursor.next()}`;
    field += cursor.take('@') ? ` @${parseNumbersBetweenCommas(cursor)}` : ` ${cursor.takeName('an option')}`;
    while (fieldNames.has(cursor.text) && !cursor.isString) field += ` ${cursor.next()}`;
    return field;
  }
  if (head === 'ipsec') return parseIpsecField(cursor);
  if (head === 'osf' && cursor.take('ttl')) {
    const check = cursor.takeName('loose or skip');
    return `osf ttl ${check} ${cursor.takeName('the name of a field')}`;
  }
  if (TUNNEL_NAMES.has(head) && startsHeader(cursor)) return `${head} ${parseField(cursor)}`;
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

/** Fields of options and chunks, which stand behind their name. Source: src/tcpopt.c, ipopt.c, sctp_chunk.c of nft. */
const OPTION_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    'tcp option':
      'kind length size count left right left0 right0 left1 right1 left2 right2 left3 right3 tsval tsecr subtype',
    'ip option': 'type length value ptr addr',
    'dccp option': '',
    'sctp chunk':
      'type flags length init-tag a-rwnd num-outbound-streams num-inbound-streams initial-tsn cum-tsn-ack ' +
      'num-gap-ack-blocks num-dup-tsns lowest-tsn seqno new-cum-tsn tsn stream ssn ppid',
  }).map(([head, names]) => [head, new Set(names.split(' '))]),
);

/** Parses the rest of `ipsec in spnum 1 reqid`, `ipsec out ip saddr`, or of `ipsec exists`, a short `meta ipsec`. */
function parseIpsecField(cursor: NftCursor): string {
  if (!cursor.is('in') && !cursor.is('out')) return 'meta ipsec';
  const words = ['ipsec', cursor.next()];
  if (cursor.take('spnum')) words.push(`spnum ${cursor.takeNumber('a number')}`);
  if (cursor.is('ip') || cursor.is('ip6')) words.push(cursor.next());
  words.push(cursor.takeName('the name of a field'));
  return words.join(' ');
}

/** Parses `@th,16,16`: the header, the first bit and the number of bits. */
function parseRawField(cursor: NftCursor): string {
  const { line, text } = cursor;
  if (!['ll', 'nh', 'th', 'ih'].includes(cursor.next())) refuseUnexpected(line, text, 'a header');
  cursor.expect(',');
  return `@${text},${parseNumbersBetweenCommas(cursor)}`;
}

function parseNumbersBetweenCommas(cursor: NftCursor): string {
  const numbers = [cursor.takeNumber('a number of bits')];
  while (cursor.take(',')) numbers.push(cursor.takeNumber('a number of bits'));
  return numbers.join(',');
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
  } while ((startsOperator(cursor) || cursor.is(',')) && cursor.next());
  return statements;
}

const OPERATORS = new Set(['&', '|', '^', '<<', '>>', 'and', 'or', 'xor', 'lshift', 'rshift']);
const startsOperator = (cursor: NftCursor): boolean => OPERATORS.has(cursor.text) && !cursor.isString;

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

/** Parses a test, or a choice by a verdict map. */
export function parseTest(cursor: NftCursor): NftStatement | readonly NftStatement[] {
  const { position: start } = cursor;
  const isGrouped = cursor.take('(');
  const fields = parseFields(cursor);
  if (cursor.take('vmap')) return { is: 'choose', fields, map: parseOperand(cursor) };
  let mask: string | undefined;
  if (cursor.take('&') || cursor.take('and')) {
    const isMaskGrouped = cursor.is('(');
    mask = parseValue(cursor);
    // `a & b | c` changes the value of `a & b`.
    if (!isMaskGrouped && mask.includes('|')) return parseComputedTest(cursor, start);
  }
  if (startsOperator(cursor)) return parseComputedTest(cursor, start);
  if (isGrouped) cursor.expect(')');
  if (startsOperator(cursor)) return parseComputedTest(cursor, start);
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

/**
 * Parses a test of a computed value, such as `meta mark | 0x3 == 0x1`. It may match or not, but only packets that have
 * its fields.
 */
function parseComputedTest(cursor: NftCursor, start: number): readonly NftStatement[] {
  cursor.position = start;
  const operands = parseExpression(cursor);
  if (COMPARISON_WORDS[cursor.text] !== undefined) cursor.next();
  parseOperand(cursor);
  return [...operands, { is: 'perhaps', what: quoteForDisplay(cursor.getTextSince(start)) }];
}
