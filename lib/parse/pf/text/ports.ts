// Parses the ports of pf rules, such as `443`, `{ http https }`, `> 1023` and `8000:8080`, and the target port of a
// translation rule.

import { NumberRange } from '../../../net/device';
import { toSingleRange } from '../../../net/range';
import { getSystemPorts } from '../../../net/port-names';
import { PfCursor } from './cursor';
import { parseNumberUpTo } from './protocol-numbers';
import { refuseUnexpected } from './pf-problems';
import { ParsedPfPorts } from './syntax-tree';

const MAX_PORT = 65_535;
const OPERATORS = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** Parses the words behind `port`: one element, or several in braces. */
export const parsePorts = (cursor: PfCursor): readonly ParsedPfPorts[] => cursor.takeList(parsePort);

function parsePort(cursor: PfCursor): ParsedPfPorts {
  const operator = cursor.next ?? '';
  if (OPERATORS.has(operator)) {
    cursor.skip();
    const port = applyOperator(operator, parseNamedPort(cursor.takeWord('a port')));
    return operator === '=' ? port : { ...port, compared: true };
  }
  const word = cursor.takeWord('a port');
  const colon = word.indexOf(':');
  if (colon >= 0) return parsePortRange(word.slice(0, colon), word.slice(colon + 1), cursor);
  const first = parseNamedPort(word);
  const rangeOperator = cursor.next;
  if (rangeOperator !== '><' && rangeOperator !== '<>') return first;
  cursor.skip();
  const last = parseNamedPort(cursor.takeWord('a port'));
  const from = findSinglePort(first);
  const to = findSinglePort(last);
  if (from === undefined || to === undefined) return { ...createUnknownPorts(first, last), compared: true };
  if (rangeOperator === '><')
    return { ranges: dropEmptyRanges([{ first: from + 1, last: to - 1 }]), first: from, compared: true };
  const outside = [
    { first: 0, last: from - 1 },
    { first: to + 1, last: MAX_PORT },
  ];
  return { ranges: dropEmptyRanges(outside), compared: true };
}

function parsePortRange(first: string, last: string, cursor: PfCursor): ParsedPfPorts {
  const from = first === '' ? { ranges: [toSingleRange(0)] } : parseNamedPort(first);
  const to = last === '' || last === '*' ? { ranges: [toSingleRange(MAX_PORT)] } : parseNamedPort(last);
  const low = findSinglePort(from);
  const high = findSinglePort(to);
  if (low === undefined || high === undefined) return createUnknownPorts(from, to);
  if (low > high) refuseUnexpected(cursor.line.number, `${first}:${last}`, 'a range of ports');
  return { ranges: [{ first: low, last: high }], first: low };
}

function applyOperator(operator: string, port: ParsedPfPorts): ParsedPfPorts {
  const number = findSinglePort(port);
  if (number === undefined) return operator === '=' ? port : createUnknownPorts(port, port);
  switch (operator) {
    case '=':
      return port;
    case '!=':
      return {
        ranges: dropEmptyRanges([
          { first: 0, last: number - 1 },
          { first: number + 1, last: MAX_PORT },
        ]),
      };
    case '<':
      return { ranges: dropEmptyRanges([{ first: 0, last: number - 1 }]) };
    case '<=':
      return { ranges: [{ first: 0, last: number }] };
    case '>':
      return { ranges: dropEmptyRanges([{ first: number + 1, last: MAX_PORT }]), first: number };
    default:
      return { ranges: [{ first: number, last: MAX_PORT }], first: number };
  }
}

const dropEmptyRanges = (ranges: readonly NumberRange[]): readonly NumberRange[] =>
  ranges.filter(({ first, last }) => first <= last);

const findSinglePort = ({ ranges, reason }: ParsedPfPorts): number | undefined =>
  reason === undefined && ranges.length === 1 && ranges[0]!.first === ranges[0]!.last ? ranges[0]!.first : undefined;

const createUnknownPorts = (a: ParsedPfPorts, b: ParsedPfPorts): ParsedPfPorts => ({
  ranges: [{ first: 0, last: MAX_PORT }],
  reason: a.reason ?? b.reason ?? 'a port is not known',
});

function parseNamedPort(word: string): ParsedPfPorts {
  const number = parseNumberUpTo(MAX_PORT, word);
  if (number !== undefined) return { ranges: [toSingleRange(number)], first: number };
  const ports = getSystemPorts(word);
  const ranges = ports.map(toSingleRange);
  if (ports.length === 1) return { ranges, first: ports[0]! };
  return ports.length > 1
    ? { ranges, reason: `several ports are called ${word}` }
    : { ranges: [{ first: 0, last: MAX_PORT }], reason: `which port is called ${word.slice(0, 40)} is not known` };
}

/** Parses the ports of a target: `25`, `3000:3010`, `3000:*`. Undefined if a name isn't known. */
export function parseTargetPort(
  cursor: PfCursor,
): { readonly first: number; readonly last: number | 'as many' } | undefined {
  const word = cursor.take('=') ? cursor.takeWord('a port') : cursor.takeWord('a port');
  const [first = '', last] = word.split(':');
  const from = findSinglePort(parseNamedPort(first));
  const to = last === undefined ? from : last === '*' ? 'as many' : findSinglePort(parseNamedPort(last));
  if (from === undefined || to === undefined || (typeof to === 'number' && to < from)) return undefined;
  return { first: from, last: to };
}
