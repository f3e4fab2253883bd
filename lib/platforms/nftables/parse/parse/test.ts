import { Cursor } from '../cursor';
import { parseElements, parseTuple, parseValue } from './elements';
import { numberField, startsNumber } from './number';
import { unexpected } from '../problems';
import { Comparison, Right, Statement } from '../ruleset';

const HEADERS = new Set([
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
const EXTENSIONS = new Set(['hbh', 'rt0', 'rt2', 'srh', 'rt', 'frag', 'dst', 'mh', 'exthdr', 'socket', 'osf']);
const BARE = new Set([
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
const COMPARISONS: Readonly<Record<string, Comparison>> = {
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

/** What all packets of a protocol have, and no others. */
export const startsHeader = (cursor: Cursor): boolean => !cursor.isString && HEADERS.has(cursor.text);

export const startsField = (cursor: Cursor): boolean =>
  !cursor.isString &&
  ((cursor.text === '@' && cursor.textAt(2) === ',') ||
    cursor.text === 'meta' ||
    cursor.text === 'ct' ||
    cursor.text === 'fib' ||
    HEADERS.has(cursor.text) ||
    EXTENSIONS.has(cursor.text) ||
    BARE.has(cursor.text) ||
    startsNumber(cursor));

/** One field in one spelling: `meta iifname` and `iifname` are `iifname`, `meta mark` is `meta mark`. */
export function parseField(cursor: Cursor): string {
  if (cursor.take('@')) return rawField(cursor);
  if (startsNumber(cursor)) return numberField(cursor);
  const head = cursor.next();
  if (BARE.has(head)) return `meta ${head}`;
  if (head === 'fib') {
    const parts = [cursor.name('a part of fib')];
    while (cursor.take('.')) parts.push(cursor.name('a part of fib'));
    return `fib ${parts.join('.')} ${cursor.name('a result of fib')}`;
  }
  if (head === 'ct') {
    let field = 'ct';
    if (cursor.is('original') || cursor.is('reply')) field += ` ${cursor.next()}`;
    if ((cursor.is('ip') || cursor.is('ip6')) && field !== 'ct') field += ` ${cursor.next()}`;
    return `${field} ${cursor.name('a part of ct')}`;
  }
  if (head === 'tcp' || head === 'ip' || head === 'sctp') {
    if (cursor.is('option') || cursor.is('chunk')) {
      let field = `${head} ${cursor.next()} ${cursor.name('an option')}`;
      while (
        /^(size|count|left\d?|right\d?|tsval|tsecr|kind|length|value|type|ptr|addr|flags|stream|ssn|tsn)$/.test(
          cursor.text,
        )
      )
        field += ` ${cursor.next()}`;
      return field;
    }
  }
  if (!HEADERS.has(head) && !EXTENSIONS.has(head) && head !== 'meta') unexpected(cursor.line, head, 'a field');
  const name = cursor.name('the name of a field');
  if (head === 'rt' && (name === 'ip' || name === 'ip6'))
    return `${head} ${name} ${cursor.name('the name of a field')}`;
  if (head === 'socket' && name === 'cgroupv2') {
    cursor.expect('level');
    return `${head} ${name} ${cursor.name('a level')}`;
  }
  return `${head} ${name}`;
}

/** `@th,16,16`: bits of a header, from one on and as many. */
function rawField(cursor: Cursor): string {
  const { line, text } = cursor;
  if (!['ll', 'nh', 'th', 'ih'].includes(cursor.next())) unexpected(line, text, 'a header');
  const place = [0, 1].map(() => {
    cursor.expect(',');
    return cursor.number('a number of bits');
  });
  return `@${text},${place.join(',')}`;
}

/** An expression whose value is put somewhere. What it is made of has to be there, in a map where it looks it up: else the rule ends. */
export function parseOperands(cursor: Cursor): readonly Statement[] {
  const needs: Statement[] = [];
  do {
    if (cursor.take('(')) {
      needs.push(...parseOperands(cursor));
      cursor.expect(')');
    } else if (startsField(cursor)) {
      const fields = parseFields(cursor);
      if (cursor.take('map'))
        needs.push({ is: 'test', fields, comparison: '', right: keysOf(parseRight(cursor)), implied: 'map' });
      else needs.push({ is: 'has', fields });
    } else parseValue(cursor);
  } while (
    ['&', '|', '^', '<<', '>>', 'and', 'or', 'xor', 'lshift', 'rshift', ','].includes(cursor.text) &&
    cursor.next()
  );
  return needs;
}

const keysOf = (right: Right): Right => ('set' in right ? right : { ...right, braces: true });

export function parseFields(cursor: Cursor): readonly string[] {
  const fields = [parseField(cursor)];
  while (cursor.take('.')) fields.push(parseField(cursor));
  return fields;
}

/** `@name` or what is listed in place. */
export function parseRight(cursor: Cursor): Right {
  if (cursor.take('@')) return { set: cursor.name('the name of a set') };
  if (cursor.is('{')) return { elements: parseElements(cursor), braces: true };
  const { line } = cursor;
  const elements = [{ key: parseTuple(cursor), line }];
  while (cursor.is(',')) {
    cursor.next();
    elements.push({ key: parseTuple(cursor), line });
  }
  return { elements, braces: false };
}

/** `a & b | c` changes what `a & b` is. */
function parseMask(cursor: Cursor): string {
  const { line } = cursor;
  const whole = cursor.is('(');
  const mask = parseValue(cursor);
  if (!whole && mask.includes('|')) unexpected(line, '|', 'a comparison');
  return mask;
}

/** A test, or a choice by a verdict map. */
export function parseTest(cursor: Cursor): Statement {
  const bracketed = cursor.take('(');
  const fields = parseFields(cursor);
  if (cursor.take('vmap')) return { is: 'choose', fields, map: parseRight(cursor) };
  let mask: string | undefined;
  if (cursor.take('&') || cursor.take('and')) mask = parseMask(cursor);
  if (bracketed) cursor.expect(')');
  const comparison = COMPARISONS[cursor.text] ?? '';
  if (comparison !== '') cursor.next();
  const right = parseRight(cursor);
  // A class of a queue, `1:2`.
  if (fields[0] === 'meta priority' && cursor.take(':')) cursor.name('a class');
  // nft prints `tcp flags & (fin|syn) == syn` as `tcp flags syn / fin,syn`.
  if (cursor.is('/')) {
    cursor.next();
    const flags = [parseValue(cursor)];
    while (cursor.take(',')) flags.push(parseValue(cursor));
    return { is: 'test', fields, mask: flags.join('|'), comparison: comparison === '' ? '==' : comparison, right };
  }
  return mask === undefined
    ? cursor.tests.of({ is: 'test', fields, comparison, right })
    : { is: 'test', fields, mask, comparison: comparison || '==', right };
}
