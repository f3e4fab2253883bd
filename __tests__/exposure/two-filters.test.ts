// Tests the remark on two input chains that each drop by default: a packet must pass both, and ports that only one
// opens are named as closed.

import { HEADER, filter } from '../platforms/iptables/printed';
import { reportOf } from './report-on-file';

/** Returns the remark on chains beside each other. */
function said(text: string): readonly string[] {
  return reportOf(text).devices.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === 'ports/two-filters').map(({ what }) => what),
  );
}

const chain = (table: string, policy: string, ...rules: readonly string[]): string =>
  `table ${table} {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n}\n`;
const PASS = 'What comes to the server has to pass';

describe('two input chains of one host', () => {
  it('that each drop by default are reported, also if they agree', () => {
    const both =
      chain('inet a', 'drop', 'tcp dport 443 accept') + chain('inet b', 'accept', 'tcp dport 443 accept', 'drop');
    expect(said(both)).toEqual([
      `${PASS} chain input of table inet a and chain input of table inet b, each of which drops what it doesn't open.`,
    ]);
  });

  it("of which one only bans or closes single ports aren't reported", () => {
    const one = chain('inet a', 'drop', 'tcp dport 443 accept');
    expect(said(one + chain('inet b', 'accept', 'ip saddr 192.0.2.0/24 drop', 'tcp dport 1-1024 drop'))).toEqual([]);
    expect(said(one + chain('ip b', 'accept', 'ip saddr { 1.0.0.0/8, 32.0.0.0/3 } drop'))).toEqual([]);
  });

  it("of one family each don't overlap", () =>
    expect(said(chain('ip a', 'drop') + chain('ip6 a', 'drop', 'tcp dport 443 accept'))).toEqual([]));

  it('are judged by their own drops, not by those of an earlier hook', () => {
    const early = chain('inet a', 'drop', 'udp dport 53 accept').replace(
      'hook input priority filter',
      'hook prerouting priority raw',
    );
    expect(said(early + chain('inet b', 'accept', 'tcp dport 25 drop') + chain('inet c', 'drop'))).toEqual([]);
  });

  it('are judged with the marks that packets have at that hook', () => {
    const marks = chain('inet m', 'drop', 'tcp dport 25 drop', 'tcp dport 443 meta mark set 1').replace(
      'hook input priority filter',
      'hook prerouting priority mangle',
    );
    expect(
      said(marks + chain('inet a', 'drop', 'meta mark 1 accept', 'tcp dport 25 accept') + chain('inet b', 'drop')),
    ).toEqual([
      `${PASS} chain input of table inet a and chain input of table inet b, each of which drops what it doesn't open. Closed to most all the same: tcp 25, 443, which chain input of table inet a opens.`,
    ]);
  });

  it("of which one may accept anything aren't reported", () =>
    expect(said(chain('inet a', 'drop') + chain('inet b', 'drop', 'limit rate 3/minute accept'))).toEqual([]));

  it('of both iptables back ends are reported for the family that has both', () => {
    const legacy = (policy: string, rule: string): string =>
      HEADER.ip.replace('(nf_tables)', '(legacy)') + filter(policy, 'DROP', rule);
    const open = (port: string): string => `-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT`;
    const text = (policy: string): string =>
      HEADER.ip +
      filter('DROP', 'DROP', open('443')) +
      legacy(policy, open('8443')) +
      HEADER.ip6 +
      filter('DROP', 'DROP');
    expect(said(text('DROP'))).toEqual([
      `${PASS} chain INPUT of table ip filter and chain INPUT of table ip filter (the second), each of which drops what it doesn't open. Closed to most all the same: tcp 443, which chain INPUT of table ip filter opens. Closed to most all the same: tcp 8443, which chain INPUT of table ip filter (the second) opens.`,
    ]);
    expect(said(text('ACCEPT'))).toEqual([]);
  });
});
