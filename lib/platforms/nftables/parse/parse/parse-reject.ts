// Parses the `reject` statement of an nftables rule, with its type.

import { NftCursor } from '../cursor';
import { refuse, refuseUnexpected } from '../parse-problems';
import { NftStatement, ParsedNftTable } from '../syntax-tree';
import { NUMBERS_BY_NAME } from '../../../../parse/netfilter/named-numbers';

/** Parses `reject`. Its type limits the packets that it rejects: `with tcp reset` leaves everything but TCP alone. */
export function parseReject(cursor: NftCursor, { family }: ParsedNftTable): readonly NftStatement[] {
  const { line } = cursor;
  cursor.next();
  if (!cursor.take('with')) return [];
  if (cursor.take('tcp')) {
    cursor.expect('reset');
    return [createImpliedTest('meta l4proto', 'tcp', line)];
  }
  const kind = cursor.takeName('icmp, icmpv6 or icmpx');
  cursor.take('type');
  const { text: code } = cursor;
  if (!/^\d+$/.test(cursor.takeName('a code')) && !REJECT_CODES[kind]?.has(code))
    refuseUnexpected(line, code, 'a code');
  if (kind === 'icmpx' && (family === 'ip' || family === 'ip6'))
    refuse(
      'wrong-family',
      line,
      `"icmpx" is for both families, and stands in a table of family ${family}.`,
      '`reject with icmp …` or `icmpv6 …`.',
    );
  if (kind === 'icmpx') return [];
  return [createImpliedTest('meta nfproto', kind === 'icmp' ? 'ipv4' : 'ipv6', line)];
}

/** Source: `nft describe icmpx_code`, 1.0.6. */
const REJECT_CODES: Readonly<Record<string, { has: (code: string) => boolean }>> = {
  icmp: NUMBERS_BY_NAME['icmp code'],
  icmpv6: NUMBERS_BY_NAME['icmpv6 code'],
  icmpx: new Set(['port-unreachable', 'admin-prohibited', 'no-route', 'host-unreachable']),
};

const createImpliedTest = (field: string, value: string, line: number): NftStatement => ({
  is: 'test',
  fields: [field],
  comparison: '',
  right: { elements: [{ key: [value], line }], braces: true },
  implied: 'rejects',
});
