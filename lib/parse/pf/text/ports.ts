import { NumberRange } from '../../../net/device';
import { point } from '../../../net/range';
import { getSystemPorts } from '../../../net/port-names';
import { Cursor } from './cursor';
import { numberUpTo } from './names';
import { unexpected } from './problems';
import { PortText } from './text';

const MOST = 65_535;
const OPERATORS = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** What follows `port`: one, or several in braces. */
export const portsAt = (cursor: Cursor): readonly PortText[] => cursor.list(portAt);

function portAt(cursor: Cursor): PortText {
  const operator = cursor.next ?? '';
  if (OPERATORS.has(operator)) {
    cursor.skip();
    const port = compared(operator, named(cursor.word('a port')));
    return operator === '=' ? port : { ...port, compared: true };
  }
  const word = cursor.word('a port');
  const colon = word.indexOf(':');
  if (colon >= 0) return within(word.slice(0, colon), word.slice(colon + 1), cursor);
  const first = named(word);
  const between = cursor.next;
  if (between !== '><' && between !== '<>') return first;
  cursor.skip();
  const last = named(cursor.word('a port'));
  const from = single(first);
  const to = single(last);
  if (from === undefined || to === undefined) return { ...either(first, last), compared: true };
  if (between === '><') return { ranges: kept([{ first: from + 1, last: to - 1 }]), first: from, compared: true };
  const outside = [
    { first: 0, last: from - 1 },
    { first: to + 1, last: MOST },
  ];
  return { ranges: kept(outside), compared: true };
}

function within(first: string, last: string, cursor: Cursor): PortText {
  const from = first === '' ? { ranges: [point(0)] } : named(first);
  const to = last === '' || last === '*' ? { ranges: [point(MOST)] } : named(last);
  const low = single(from);
  const high = single(to);
  if (low === undefined || high === undefined) return either(from, to);
  if (low > high) unexpected(cursor.line.number, `${first}:${last}`, 'a range of ports');
  return { ranges: [{ first: low, last: high }], first: low };
}

function compared(operator: string, port: PortText): PortText {
  const number = single(port);
  if (number === undefined) return operator === '=' ? port : either(port, port);
  switch (operator) {
    case '=':
      return port;
    case '!=':
      return {
        ranges: kept([
          { first: 0, last: number - 1 },
          { first: number + 1, last: MOST },
        ]),
      };
    case '<':
      return { ranges: kept([{ first: 0, last: number - 1 }]) };
    case '<=':
      return { ranges: [{ first: 0, last: number }] };
    case '>':
      return { ranges: kept([{ first: number + 1, last: MOST }]), first: number };
    default:
      return { ranges: [{ first: number, last: MOST }], first: number };
  }
}

const kept = (ranges: readonly NumberRange[]): readonly NumberRange[] =>
  ranges.filter(({ first, last }) => first <= last);

const single = ({ ranges, because }: PortText): number | undefined =>
  because === undefined && ranges.length === 1 && ranges[0]!.first === ranges[0]!.last ? ranges[0]!.first : undefined;

const either = (a: PortText, b: PortText): PortText => ({
  ranges: [{ first: 0, last: MOST }],
  because: a.because ?? b.because ?? 'a port is not known',
});

function named(word: string): PortText {
  const number = numberUpTo(MOST, word);
  if (number !== undefined) return { ranges: [point(number)], first: number };
  const ports = getSystemPorts(word);
  const ranges = ports.map(point);
  if (ports.length === 1) return { ranges, first: ports[0]! };
  return ports.length > 1
    ? { ranges, because: `several ports are called ${word}` }
    : { ranges: [{ first: 0, last: MOST }], because: `which port is called ${word.slice(0, 40)} is not known` };
}

/** The ports of a target: `25`, `3000:3010`, `3000:*`. Undefined where a name isn't known. */
export function targetPort(cursor: Cursor): { readonly first: number; readonly last: number | 'as many' } | undefined {
  const word = cursor.take('=') ? cursor.word('a port') : cursor.word('a port');
  const [first = '', last] = word.split(':');
  const from = single(named(first));
  const to = last === undefined ? from : last === '*' ? 'as many' : single(named(last));
  if (from === undefined || to === undefined || (typeof to === 'number' && to < from)) return undefined;
  return { first: from, last: to };
}
