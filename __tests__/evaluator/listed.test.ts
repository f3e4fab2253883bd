// Tests that rules in the form that nft 1.0.6 lists, but wouldn't accept as input, are evaluated as the kernel means
// them.

import { PROTOCOL } from '../../lib/net/packet';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { probe } from './cases/cases';
import { getDisposition, refusals } from './get-disposition';

/** Rules in the form that nft 1.0.6 lists and does not accept. */

const chain = (head: string, rule: string, family = 'inet'): string =>
  `table ${family} x {\n chain c {\n  ${head}\n  ${rule}\n }\n}\n`;
const input = (rule: string, family?: string): string =>
  chain('type filter hook input priority 0; policy drop;', rule, family);
const codes = (text: string): readonly string[] => refusals(parser, text);

// The loaded rule has `meta l4proto tcp` before it.
it('accepts the port of a session before the test of its protocol', () => {
  const text = input('ct original proto-dst 443 tcp dport 443 accept');
  expect(
    [443, 80].map((port) => getDisposition(parser, text, probe('out', '198.51.100.7', '198.51.100.2', port))),
  ).toEqual(['gw: 198.51.100.7 > 198.51.100.2:443', 'denied']);
  for (const rest of ['tcp option maxseg size 1-500', 'tcp dport set 80', 'reject with tcp reset'])
    expect(codes(input(`ct original proto-dst 443 ${rest}`, 'ip'))).toEqual([]);
});

// Later versions accept it without a protocol, and the kernel compares it with the bytes that a protocol without ports
// has in its place.
it('accepts the port of a session without a protocol, for any protocol', () => {
  const text = input('ct original proto-dst 443 accept');
  expect(
    [443, 80].map((port) => getDisposition(parser, text, probe('out', '198.51.100.7', '198.51.100.2', port))),
  ).toEqual(['gw: 198.51.100.7 > 198.51.100.2:443', 'denied']);
  expect(
    getDisposition(parser, text, { ...probe('out', '198.51.100.7', '198.51.100.2', 8), protocol: PROTOCOL.icmp }),
  ).toBe('unknown');
});

// Later versions list this, too.
it('treats an element without its own timeout as one that may expire with the set’s', () => {
  const set =
    'set s {\n type ipv4_addr\n timeout 2h\n elements = { 198.51.100.7 timeout never,\n 198.51.100.8 expires 1h59m59s996ms }\n}';
  const text = input('ip saddr @s accept').replace('table inet x {', `table inet x {\n${set}`);
  expect(getDisposition(parser, text, probe('out', '198.51.100.7', '198.51.100.2', 443))).toBe(
    'gw: 198.51.100.7 > 198.51.100.2:443, but',
  );
  expect(getDisposition(parser, text, probe('out', '198.51.100.9', '198.51.100.2', 443))).toBe('denied');
});

// The loaded rule has `meta nfproto ipv4` before it.
it('accepts the protocol of a session before a translation', () => {
  expect(codes(chain('type nat hook prerouting priority -100;', 'ct protocol tcp dnat ip to 10.0.0.1:80'))).toEqual([]);
});

const becomes = (rule: string, port = 443): string =>
  getDisposition(parser, input(rule), probe('out', '198.51.100.7', '198.51.100.2', port));

// `tcp sport < 443 tcp dport > 22`, and the same of one port; `tcp sport >= 1024 tcp dport <= 443`.
it.each(['tcp dport != 443-22', 'tcp dport 1024-443', 'ip saddr != 10.0.0.9-10.0.0.1', 'meta mark != 0x9-0x5'])(
  'treats a reversed range as one that may match: %s',
  (test) => {
    expect(becomes(`${test} accept`)).toBe('unknown');
    expect(becomes(`ip saddr 10.0.0.1 ${test} accept`)).toBe('denied');
  },
);

// `{ 198.51.100.7 . 20005 }`, and the same the other way round.
it.each([
  'ct original ip saddr . ct original proto-src { 198.51.100.7, 192.0.2.5 }',
  'ct original proto-src . ct original ip saddr { 0x4e25 [invalid type] }',
])('treats a list that leaves out the port of a session as one that may match: %s', (test) => {
  expect(becomes(`meta l4proto tcp ${test} accept`)).toBe('unknown');
  expect(becomes(`meta l4proto udp ${test} accept`)).toBe('denied');
});

// `th dport`.
it('treats a port after a list of protocols as a field of the header that was tested before', () => {
  const rule = 'tcp window > 0 meta l4proto { icmp, tcp, udp } tcp dport 443 accept';
  expect([443, 80].map((port) => becomes(rule, port))).toEqual(['unknown', 'denied']);
});
