import { reader } from '../../lib/platforms/nftables/read/reader';
import { probe } from './cases';
import { refusals, said } from './said';

/** What nft 1.0.6 lists, and takes no such text. */

const chain = (head: string, rule: string, family = 'inet'): string => `table ${family} x {\n chain c {\n  ${head}\n  ${rule}\n }\n}\n`;
const input = (rule: string, family?: string): string => chain('type filter hook input priority 0; policy drop;', rule, family);
const codes = (text: string): readonly string[] => refusals(reader, text);

// It was written behind `meta l4proto tcp`.
it('takes the port of a session in front of what tells its protocol', () => {
  const text = input('ct original proto-dst 443 tcp dport 443 accept');
  expect([443, 80].map((port) => said(reader, text, probe('out', '198.51.100.7', '198.51.100.2', port)))).toEqual([
    'gw: 198.51.100.7 > 198.51.100.2:443',
    'denied',
  ]);
  expect(codes(input('ct original proto-dst 443 accept'))).toEqual(['nftables/two-protocols at line 4']);
  for (const rest of ['tcp option maxseg size 1-500', 'tcp dport set 80', 'reject with tcp reset'])
    expect(codes(input(`ct original proto-dst 443 ${rest}`, 'ip'))).toEqual([]);
});

// It was written behind `meta nfproto ipv4`.
it('takes the protocol of a session for that of what is translated', () => {
  expect(codes(chain('type nat hook prerouting priority -100;', 'ct protocol tcp dnat ip to 10.0.0.1:80'))).toEqual([]);
});
