import { Cursor } from '../cursor';
import { refuse, unexpected } from '../problems';
import { Statement, Table } from '../ruleset';
import { NUMBERS } from '../../../../parse/netfilter/words';

/** How it is rejected decides what is rejected: `with tcp reset` leaves everything but TCP alone. */
export function rejectHere(cursor: Cursor, { family }: Table): readonly Statement[] {
  const { line } = cursor;
  cursor.next();
  if (!cursor.take('with')) return [];
  if (cursor.take('tcp')) {
    cursor.expect('reset');
    return [only('meta l4proto', 'tcp', line)];
  }
  const kind = cursor.name('icmp, icmpv6 or icmpx');
  cursor.take('type');
  const { text: code } = cursor;
  if (!/^\d+$/.test(cursor.name('a code')) && !CODES[kind]?.has(code)) unexpected(line, code, 'a code');
  if (kind === 'icmpx' && (family === 'ip' || family === 'ip6'))
    refuse(
      'wrong-family',
      line,
      `"icmpx" is for both families, and stands in a table of family ${family}.`,
      '`reject with icmp …` or `icmpv6 …`.',
    );
  if (kind === 'icmpx') return [];
  return [only('meta nfproto', kind === 'icmp' ? 'ipv4' : 'ipv6', line)];
}

/** Source: `nft describe icmpx_code`, 1.0.6. */
const CODES: Readonly<Record<string, { has: (code: string) => boolean }>> = {
  icmp: NUMBERS['icmp code'],
  icmpv6: NUMBERS['icmpv6 code'],
  icmpx: new Set(['port-unreachable', 'admin-prohibited', 'no-route', 'host-unreachable']),
};

const only = (field: string, value: string, line: number): Statement => ({
  is: 'test',
  fields: [field],
  comparison: '',
  right: { elements: [{ key: [value], line }], braces: true },
  implied: 'rejects',
});
