// Tests how the kind of an input text is recognised: rules of a platform, a plan, a stack, facts. Any other text is
// refused with advice.

import { MAX_BYTES, decodeText } from '../../lib/exposure/texts/decode-text';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { codesOf } from '../problems';
import { reportOf, wild } from './report-on-file';

const rules = wild('fail2ban');
const refused = (run: () => unknown): string => codesOf(run).join() || 'read';

describe('a file', () => {
  it.each([
    ['', 'review/empty'],
    ['\n \n', 'review/empty'],
    ['# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n', 'review/rules-elsewhere'],
    [
      '# Warning: ip6tables-legacy tables present, use ip6tables-legacy-save to see them\n2: eth0    inet 10.0.0.10/24 scope global eth0\n',
      'review/rules-elsewhere',
    ],
    ['# csf\nTESTING = "0"\nTCP_IN = "22,80"\n', 'review/rules-elsewhere'],
    ['DEVEL_MODE="0"\nIG_TCP_CPORTS="22,80"\n', 'review/rules-elsewhere'],
    [
      '<?xml version="1.0" encoding="utf-8"?>\n<zone target="DROP">\n  <service name="ssh"/>\n</zone>\n',
      'review/rules-elsewhere',
    ],
    ['<zone/>\n', 'review/rules-elsewhere'],
    ['# firewalld config file\nDefaultZone=public\n', 'review/rules-elsewhere'],
    ['<zones><zone/></zones>', 'review/not-recognised'],
    ['hello\n', 'review/not-recognised'],
    ['[1]', 'review/not-recognised'],
    ['{"a": ', 'review/broken-json'],
    ['{"nftables": []}', 'review/not-yet-read'],
    ['{\n  "version": 4,\n  "terraform_version": "1.11.4",\n  "serial": 5\n}\n', 'review/not-yet-read'],
    ['root@web:~# nft -j list ruleset\n{"nftables": []}', 'review/not-yet-read'],
    ['-P INPUT DROP\n-A INPUT -j ACCEPT\n', 'review/not-yet-read'],
    ['<?xml version="1.0"?>\n<pfsense>\n</pfsense>\n', 'pfsense/no-interfaces'],
    ['<pfsense><version>99.9</version><interfaces><wan/></interfaces></pfsense>\n', 'pfsense/unknown-version'],
    ['<opnsense><version>1</version></opnsense>\n', 'review/not-yet-read'],
    ['eth0             UP             203.0.113.20/24 fe80::1/64 \n', 'review/not-yet-read'],
    [
      'eth0: flags=4163<UP>  mtu 1500\n        inet 203.0.113.20  netmask 255.255.255.0  broadcast 203.0.113.255\n',
      'review/not-yet-read',
    ],
    ['netlink: Error: cache initialization failed: Operation not permitted\n', 'review/not-allowed'],
    ['\u0001\u0002\u0003\u0004', 'review/no-text'],
    [rules.slice(0, 600), 'nftables/cut-off'],
  ])('%j is refused', (text, code) => expect(refused(() => reportOf(text))).toBe(code));

  it.each([
    [
      'Status: active\n\nTo                         Action      From\n',
      'iptables-save 2>&1; ip6tables-save 2>&1; ipset save',
    ],
    [
      'Chain INPUT (policy DROP)\ntarget     prot opt source               destination\n',
      'iptables-save 2>&1; ip6tables-save',
    ],
    ['public (active)\n  target: default\n', 'nft list ruleset'],
    [
      'TCP_IN = "22,80"\n',
      'the folder that it is in, whole: cpanel-edge exposure /etc/csf; of a server: ssh root@server "tar -chf - /etc/csf',
    ],
    ['IG_TCP_CPORTS="22,80"\n', 'the folder that it is in, whole: cpanel-edge exposure /etc/apf-firewall'],
    ['<zone/>\n', 'beside it the files of its package: ssh root@server "tar -chf - /etc/firewalld /usr/lib/firewalld'],
    ['{"nftables": []}', 'the same without -j: nft list ruleset'],
  ])('%j is refused with what to give instead', (text, instead) => expect(() => reportOf(text)).toThrow(instead));

  it.each([
    [
      '#!/bin/sh\niptables -P INPUT DROP\niptables -A INPUT -p tcp --dport 22 -j ACCEPT\n',
      'a shell script of iptables',
    ],
    ['#!/bin/bash\nIPT=/sbin/iptables\n$IPT -F\n$IPT -A INPUT -i lo -j ACCEPT\n', 'a shell script of iptables'],
    ['root@web:~# iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n', 'a shell script of iptables'],
    ['#!/bin/sh\niptables-restore <<EOF\n*filter\nCOMMIT\nEOF\n', 'a shell script of iptables'],
    ['#!/bin/bash\nnft flush ruleset\nnft add table inet filter\n', 'a shell script of nft'],
    ['#!/bin/sh\nnft -f - <<EOF\ntable inet filter {\n}\nEOF\n', 'a shell script of nft'],
    ['sudo ufw default deny incoming\nsudo ufw allow 22/tcp\n', 'a script of ufw'],
    ['firewall-cmd --permanent --add-service=ssh\n', 'a script of firewall-cmd'],
    ["config defaults\n\toption input 'REJECT'\n", 'OpenWrt’s /etc/config/firewall'],
    ["firewall.@zone[0].name='wan'\n", '`uci show firewall`'],
    ['00100 allow ip from any to any via lo0\n65535 deny ip from any to any\n', '`ipfw list`'],
    ['00100   12   720 allow ip from any to any via lo0\n', '`ipfw list`'],
    ['fwcmd="/sbin/ipfw"\n${fwcmd} add 100 pass all from any to any via lo0\n', 'a script of ipfw'],
    ['Chain INPUT (policy DROP 1 packets, 60 bytes)\n pkts bytes target\n', '`iptables -L`'],
    ['Chain DOCKER (1 references)\ntarget     prot opt source\n', '`iptables -L`'],
    ['iptables filter table\n=====================\nChain INPUT (policy DROP 0 packets, 0 bytes)\n', '`csf -l`'],
    ['Name: blacklist\nType: hash:net\nRevision: 7\n', '`ipset list`'],
    ['Status: active\n\n     To      Action      From\n[ 1] 22/tcp  ALLOW IN    Anywhere\n', '`ufw status`'],
    [
      'Status: Aktiv\n\nZu                         Aktion      Von\n22/tcp                     ALLOW       Anywhere\n',
      '`ufw status`',
    ],
    ["Added user rules (see 'ufw status' for running firewall):\nufw allow 22/tcp\n", '`ufw show added`'],
    ['*filter\n:ufw-user-input - [0:0]\n-A ufw-user-input -p tcp --dport 22 -j ACCEPT\nCOMMIT\n', 'a file of /etc/ufw'],
    ['public\n  target: default\n  interfaces: \n', '`firewall-cmd --list-all`'],
    ['block\n  target: %%REJECT%%\n\npublic (default, active)\n  target: default\n', '`firewall-cmd --list-all`'],
    ['FILTER RULES:\nblock drop in all\n\nSTATES:\nall tcp 10.0.0.1:22 <- 10.0.0.2:5555\n', '`pfctl -s all`'],
    ['all tcp 10.0.0.1:22 <- 10.0.0.2:5555       ESTABLISHED:ESTABLISHED\n', '`pfctl -ss`'],
    ['\nRule Name:                            Remote Desktop\nEnabled:  Yes\n', 'a list of Windows Firewall’s rules'],
    ['State    Recv-Q   Send-Q     Local Address:Port\n', '`ss`, `netstat` or `lsof`'],
    ['Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address\n', '`ss`, `netstat` or `lsof`'],
    ['Starting Nmap 7.93 ( https://nmap.org ) at 2024-01-01\n', '`nmap`'],
    ['{"SecurityGroups": [{"IpPermissions": []}]}', 'a list of security groups'],
    ['[{"kind": "compute#firewall", "direction": "INGRESS"}]', 'a list of security groups'],
    [': Saved\nASA Version 9.12(4)\naccess-list out extended permit tcp any any eq 22\n', 'Cisco ASA'],
    ['ip access-list extended OUTSIDE-IN\n permit tcp any any eq 22\n', 'Cisco IOS'],
    ['#config-version=FGT60F-7.0.5\nconfig system global\n', 'FortiGate'],
    ['# jan/02/2024 by RouterOS 7.13\n/ip firewall filter\nadd action=accept chain=input\n', 'RouterOS'],
    ['set security policies from-zone untrust to-zone trust policy p1 then permit\n', 'Junos'],
    ["set firewall name WAN_IN default-action 'drop'\n", 'VyOS'],
    ['<opnsense><version>1</version></opnsense>\n', 'OPNsense'],
  ])('%j is named and refused', (text, label) => {
    expect(refused(() => reportOf(text))).toBe('review/not-yet-read');
    expect(() => reportOf(text)).toThrow(label);
  });

  it('of one long line or of empty lines is searched fast', () => {
    for (const text of [
      'x '.repeat(200_000),
      'x/'.repeat(200_000),
      `${'\n'.repeat(200_000)}x`,
      `${' '.repeat(200_000)}x`,
    ])
      expect(refused(() => reportOf(text))).toBe('review/not-recognised');
  });

  it('of iptables-save with chains of ufw is read', () =>
    expect(
      refused(() =>
        reportOf(
          '# Generated by iptables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:ufw-user-input - [0:0]\nCOMMIT\n',
        ),
      ),
    ).toBe('read'));

  it.each([
    '2: eth0    inet 10.0.0.10/24 scope global eth0\ndefault via 10.0.0.1 dev eth0\n',
    '\n10.0.0.0/24 dev eth0\n',
    'net.ipv4.ip_forward = 0\n',
  ])('%j is output of ip or sysctl without rules', (text) =>
    expect(recognizeText(text, 'x')).toEqual({ is: 'facts', text }),
  );

  it.each([
    ['include "/etc/pf.macros"\nblock in all\n', 'pf/includes'],
    ['include "/etc/nftables.d/*.nft"\ntable inet filter {\n}\n', 'nftables/include'],
    ['[2.7.2-RELEASE][root@fw.example]/root: pfctl -sn\nno rdr all\n# pfctl -sr\nblock in all\n', 'read'],
  ])('%j, whose first line other programs have, too: %s', (text, code) =>
    expect(refused(() => recognizeText(text, 'x') && reportOf(text))).toBe(code),
  );

  it('that ends within a line of ip is refused, since the rest is missing', () => {
    const LIFE = '\\       valid_lft forever preferred_lft forever';
    const [own, other] = [
      '2: eth0    inet 10.0.0.10/24 brd 10.0.0.255 scope global eth0',
      '3: lan0    inet6 2001:db8::1/64 scope global dynamic ',
    ];
    const whole = `${rules}${own}${LIFE}\n${other}${LIFE.replace('forever preferred_lft forever', '86322sec preferred_lft 14322sec')}\n`;
    expect(refused(() => recognizeText(whole, 'x'))).toBe('read');
    // An editor may omit the last line break, and a person the lifetimes.
    expect(refused(() => recognizeText(whole.trimEnd(), 'x'))).toBe('read');
    expect(refused(() => recognizeText(`${rules}${own}\n`, 'x'))).toBe('read');
    const ends = whole.trimEnd().length;
    for (let at = ends - 3; at > whole.indexOf(other) + 2; at--)
      expect([at, refused(() => recognizeText(whole.slice(0, at), 'x'))]).toEqual([at, 'review/facts-cut-off']);
    const below = `${rules}2: eth0: <UP> mtu 1500\n    inet 10.0.0.10/2`;
    expect(refused(() => recognizeText(below, 'x'))).toBe('review/facts-cut-off');
    expect(refused(() => recognizeText(`${whole}default via 10.0.0.1 dev et`, 'x'))).toBe('review/facts-cut-off');
    expect(refused(() => recognizeText(`${whole}default via 10.0.0.1 dev eth0`, 'x'))).toBe('read');
    expect(refused(() => recognizeText(`${whole}default via 10.0.0.1 dev wg0\n`, 'x'))).toBe('read');
  });

  it('is refused if it is binary or too large', () => {
    expect(refused(() => decodeText(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 3, 0x80]), 'x'))).toBe('review/no-text');
    expect(refused(() => decodeText(Buffer.alloc(MAX_BYTES + 1, 32), 'x'))).toBe('review/too-large');
    for (const [first, packer] of [
      ['504b0304', 'zip'],
      ['425a6839', 'bzip2'],
      ['fd377a585a', 'xz'],
      ['28b52ffd', 'zstd'],
      ['377abcaf27', '7z'],
    ] as const)
      expect(() =>
        decodeText(Buffer.concat([Buffer.from(first, 'hex'), Buffer.from([0x14, 0, 0, 0, 1, 2, 3])]), 'x'),
      ).toThrow(`It is packed with ${packer}.`);
    expect(() => decodeText(Buffer.alloc(10_240), 'x')).toThrow(
      'nothing but zeros, as a tar in which there is no file',
    );
  });
});
