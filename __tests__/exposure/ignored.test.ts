// Tests the remarks of a report on bans (cPHulk) and lists (Host Access Control) that have no effect, because another
// rule accepts the packets before.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEADER, filter } from '../platforms/iptables/printed';
import { reportOf } from './report-on-file';

/** Returns the remarks on programs whose rules exclude no address. */
function said(text: string): readonly string[] {
  return reportOf(text).devices.flatMap(({ findings }) =>
    findings.filter(({ code }) => /-ignored$/.test(code)).map(({ code, what }) => `${code}: ${what}`),
  );
}

const NO_IP6 = HEADER.ip6 + filter('DROP', 'DROP');
const CHAINS = ['cPanel-HostAccessControl', 'cphulk', 'f2b-sshd'].map((name) => `:${name} - [0:0]`);
const iptables = (...rules: readonly string[]): string => {
  const text = HEADER.ip + filter('DROP', 'DROP', ...rules);
  return text.replace(/^:OUTPUT.*\n/m, (line) => `${line}${CHAINS.join('\n')}\n`) + NO_IP6;
};
const accept = (ports: string): string =>
  `-A INPUT -p tcp -m multiport --dports ${ports} -m state --state NEW -j ACCEPT`;
const HAC = [
  '-A cPanel-HostAccessControl -s 192.0.2.10/32 -p tcp -m state --state NEW -m tcp --dport 2087 -j ACCEPT',
  '-A cPanel-HostAccessControl -p tcp -m state --state NEW -m tcp --dport 2087 -j DROP',
];
const TO_HAC = '-A INPUT -j cPanel-HostAccessControl';
const JAIL = '-A f2b-sshd -s 192.0.2.77/32 -j REJECT --reject-with icmp-port-unreachable';
const TO_JAIL = '-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd';
const BAN = '-A cphulk -s 192.0.2.66/32 -m time --datestop 2026-11-21T18:00:00 --kerneltz -j DROP';

describe('Host Access Control, in rules of iptables', () => {
  const ignored =
    'access/hac-ignored: Host Access Control refuses tcp 2087 from anywhere but 192.0.2.10 at this server, and it gets in all the same: ';

  it('has no remark if its rules come first', () =>
    expect(said(iptables(TO_HAC, accept('22,2087'), ...HAC))).toEqual([]));

  it('has no effect behind a rule that accepts the port', () =>
    expect(said(iptables(accept('22,2087'), TO_HAC, ...HAC))).toEqual([
      `${ignored}it is accepted before chain cPanel-HostAccessControl of table ip filter is asked.`,
    ]));

  it('has no effect if no rule jumps to its chain', () =>
    expect(said(iptables(accept('22,2087'), ...HAC))).toEqual([
      `${ignored}no rule leads to chain cPanel-HostAccessControl of table ip filter.`,
    ]));

  it('has no remark on ports that are closed anyway', () => expect(said(iptables(accept('22'), ...HAC))).toEqual([]));

  it('has no remark on sources that are allowed everything', () =>
    expect(said(iptables('-A INPUT -s 198.51.100.0/24 -j ACCEPT', TO_HAC, accept('22,2087'), ...HAC))).toEqual([]));

  it('has no remark on packets that may be dropped or may reach its rules', () => {
    const perhaps = '-A INPUT -p tcp -m tcp --dport 2087 -m limit --limit 3/min -j';
    expect(said(iptables(`${perhaps} ACCEPT`, TO_HAC, ...HAC))).toEqual([]);
    expect(said(iptables(`${perhaps} DROP`, accept('2087'), TO_HAC, ...HAC))).toEqual([]);
  });

  it('is judged by the port that its rules see', () => {
    const led = (port: string): string =>
      `${HEADER.ip}*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport ${port} -j REDIRECT --to-ports 9000\nCOMMIT\n`;
    expect(said(led('2087') + iptables(accept('2087,9000'), TO_HAC, ...HAC))).toEqual([]);
    expect(said(led('2086') + iptables(accept('2087,9000'), TO_HAC, ...HAC))).toHaveLength(1);
  });
});

describe('bans, in rules of iptables', () => {
  it('have no remark if they come first, for the ports of their jail', () => {
    expect(said(iptables(TO_JAIL, accept('22,443'), JAIL))).toEqual([]);
    expect(said(iptables('-A INPUT -j cphulk', accept('22,443'), BAN))).toEqual([]);
  });

  it('have no effect on a port that is accepted before', () =>
    expect(said(iptables(accept('22,443'), TO_JAIL, '-A INPUT -j cphulk', JAIL, BAN))).toEqual([
      'access/ban-ignored: cPHulk refuses tcp 22, 443 from 192.0.2.66 at this server, and it gets in all the same: it is accepted before chain cphulk of table ip filter is asked. fail2ban refuses tcp 22 from 192.0.2.77 at this server, and it gets in all the same: it is accepted before chain f2b-sshd of table ip filter is asked.',
    ]));

  it('are followed through chains of other programs', () => {
    const through = ['-A INPUT -j own', '-A own -p tcp -m tcp --dport 22 -j f2b-sshd', JAIL];
    const text = (...rules: readonly string[]): string =>
      iptables(...rules).replace(':f2b-sshd', ':own - [0:0]\n:f2b-sshd');
    expect(said(text(...through, accept('22,443')))).toEqual([]);
    expect(said(text(accept('22,443'), ...through))).toEqual([
      expect.stringContaining('fail2ban refuses tcp 22 from 192.0.2.77 at'),
    ]);
  });

  it('are followed past a rule that returns packets', () =>
    expect(
      said(
        iptables(
          '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
          TO_JAIL,
          '-A f2b-sshd -s 192.0.2.70/32 -j RETURN',
          JAIL,
        ),
      ),
    ).toEqual([expect.stringContaining('tcp 22 from 192.0.2.77 at')]));
});

it("rules of configure_firewall_for_cpanel come before cPHulk's bans on Enterprise Linux, and after Host Access Control", () => {
  const text = readFileSync(join(__dirname, '../platforms/nftables/wild/cpanel-el9.nft'), 'utf8');
  expect(said(text)).toEqual([
    'access/ban-ignored: cPHulk refuses tcp 21-22, 25-26, 53, 80, 110, 143 and 15 more, udp 53 from 192.0.2.91 at this server, and it gets in all the same: it is accepted before chain cphulk of table inet filter is asked.',
  ]);
  const again = text
    .replace('\t\tcounter packets 0 bytes 0 jump cphulk\n', '')
    .replace(/jump cP-Firewall-1-INPUT\n/g, 'accept\n');
  expect(said(again)).toEqual([
    'access/ban-ignored: cPHulk refuses tcp 0-2086, 2088-65535, every udp port from 192.0.2.91 at this server, and it gets in all the same: no rule leads to chain cphulk of table inet filter.',
  ]);
});
