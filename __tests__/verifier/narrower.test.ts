// Tests which unmanaged rules on a device (ufw, firewalld, csf) count as a firewall that closes most of a release.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyLive } from '../../driver/verify-live';
import { gateway, live, server } from '../driver/drift-samples';

// "Narrower than delivered": rules of others close most of what a release opens. A ban list doesn't.

const narrower = (holder: typeof server, foreign: string): readonly string[] => {
  const look = live(holder, (rules) => rules + foreign);
  return verifyLive(holder.release!, look.ruleset, look.facts).narrower ?? [];
};
const chain = (hook: string, lines: string): string =>
  `table inet foreign {\n\tset banned {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 192.0.2.0/24, 198.51.100.66 }\n\t}\n\tset seen {\n\t\ttype ipv4_addr\n\t\tflags dynamic,timeout\n\t\ttimeout 1h\n\t}\n\tchain one {\n\t\ttype filter hook ${hook} priority 10; policy accept;\n\t\t${lines}\n\t}\n}\n`;

describe('a firewall manager that was started later', () => {
  test('ufw, as `ufw allow 22/tcp` and `ufw enable` of Debian 12 load it', () => {
    const ufw = readFileSync(join(__dirname, '../platforms/nftables/other-managers/ufw.nft'), 'utf8');
    expect(narrower(server, ufw)).toEqual([
      expect.stringMatching(
        /^from the internet by eth0: 10\.0\.0\.10 tcp 25,443,465,993 from anywhere; .* was asked for, and would not pass; chain INPUT of table ip filter has policy drop/,
      ),
    ]);
    expect(narrower(gateway, ufw).join('\n')).toMatch(
      /^from the internet by wan0: 203\.0\.113\.10 .* would not pass; chain FORWARD of table ip filter has policy drop/,
    );
  });

  test('firewalld in its zone public, except for ports that its rich rules open', () => {
    const firewalld = readFileSync(join(__dirname, '../platforms/nftables/wild/firewalld-public.nft'), 'utf8');
    const [said, ...more] = narrower(server, firewalld);
    expect(said).toMatch(
      /^from the internet by eth0: 10\.0\.0\.10 tcp 25,465 from anywhere; 10\.0\.0\.10 tcp 993 from anywhere but 192\.0\.2\.0\/24;.*reject with icmpx admin-prohibited/,
    );
    expect(said).not.toMatch(/443/);
    expect(more).toEqual([]);
  });

  test('csf, except for ports that TCP_IN names', () => {
    const csf = readFileSync(join(__dirname, '../platforms/nftables/wild/csf.nft'), 'utf8');
    expect(narrower(server, csf)).toEqual([
      expect.stringMatching(
        /^from the internet by eth0: 10\.0\.0\.10 tcp 25,465,993 from anywhere but 192\.0\.2\.8 was asked for/,
      ),
    ]);
  });
});

test.each([
  ['nothing', 'ct state new counter'],
  ['a ban list', 'ip saddr @banned drop'],
  ['a ban list on one port', 'tcp dport 443 ip saddr { 192.0.2.0/24, 198.51.100.66 } reject'],
  ['a set that rules fill', 'ip saddr @seen drop'],
  ['a limit', 'tcp dport 443 limit rate over 10/second drop'],
  ['a port that the release does not open', 'tcp dport 3306 drop'],
  ['an outbound rule', 'ip saddr 10.0.0.10 tcp dport 443 drop'],
])('%s does not close the release to most sources', (_, lines) =>
  expect([...narrower(server, chain('input', lines)), ...narrower(gateway, chain('forward', lines))]).toEqual([]),
);

test.each([
  ['a port', 'tcp dport 443 drop', /tcp 443 from anywhere/],
  [
    'a port to most of the world',
    'tcp dport 443 ip saddr != 192.0.0.0/8 drop',
    /tcp 443 from anywhere but 192\.0\.0\.0\/8/,
  ],
  ['a port to sources that are not on a list', 'tcp dport 443 ip saddr != @banned drop', /tcp 443 from anywhere but/],
])('%s closed is reported', (_, lines, says) => {
  expect(narrower(server, chain('input', lines)).join('\n')).toMatch(says);
  expect(narrower(gateway, chain('forward', lines)).join('\n')).toMatch(says);
});
