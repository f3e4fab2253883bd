// Tests `doctor` with sample answers in which a single thing is wrong: it names exactly this as the cause.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_STATUS } from '../../../driver/doctor/diagnose';
import { Asked, MAIL, walk } from './samples';
import { EDGE } from '../../cases/edge';
import { said, table, gatewayRules, serverRules, withoutLine } from './print-sample-diagnosis';
import { drawCases } from '../../randomly';

const UFW = readFileSync(join(__dirname, '../../platforms/nftables/other-managers/ufw.nft'), 'utf8');

describe('names a single fault as the cause', () => {
  test.each<[string, Asked, RegExp]>(
    drawCases(
      [
        [
          'a port that is not opened',
          { target: '203.0.113.10:3306' },
          /^Most likely: "mail" does not open tcp 3306 to any source\.\n.*'3306\/tcp' in extra of profile "mail"/,
        ],
        [
          'a mapping that opens nothing',
          {
            wish: {
              gateway: {
                ...MAIL.gateway!,
                mappings: [{ name: 'mail', virtualIp: 'mail-vip', internal: '10.0.0.10' }],
              },
            },
          },
          /^Most likely: the intent opens nothing there to any source\.\n.*'443\/tcp' in open of the mapping/,
        ],
        [
          'another source',
          { target: '203.0.113.10:22', from: '192.0.2.1' },
          /^Most likely: "mail" opens tcp 22 to 198\.51\.100\.0\/28 only, and 192\.0\.2\.1 is not among them/,
        ],
        [
          'another protocol',
          { target: '203.0.113.10:443/udp' },
          /^Most likely: "mail" does not open udp 443 to any source\./,
        ],
        [
          'no mapping',
          { target: '203.0.113.11' },
          /^Most likely: nothing in the synthesized stacks gives 203\.0\.113\.11 to a server\./,
        ],
        [
          'the address that the server itself has',
          { target: '10.0.0.10:25' },
          /^Most likely: 10\.0\.0\.10 is an inside address: outside it is 203\.0\.113\.10\.\n {2}What to do: npx cpanel-edge doctor 203\.0\.113\.10:25$/,
        ],
        [
          'a virtual IP without a mapping',
          { wish: { ...MAIL, gateway: { ...EDGE, virtualIps: MAIL.gateway!.virtualIps!, mappings: [] } } },
          /^Most likely: virtual IP "mail-vip" has 203\.0\.113\.10, and no mapping translates it to a server\./,
        ],
        [
          'a mapping that is not enabled',
          {
            wish: {
              ...MAIL,
              gateway: {
                ...MAIL.gateway!,
                mappings: MAIL.gateway!.mappings!.map((one) => ({ ...one, enabled: false })),
              },
            },
          },
          /^Most likely: mapping "mail" is not enabled\./,
        ],
        [
          'a restriction',
          {
            from: '198.51.100.200',
            wish: {
              ...MAIL,
              gateway: {
                ...MAIL.gateway!,
                mappings: MAIL.gateway!.mappings!.map((one) => ({ ...one, destination: ['192.0.2.0/24'] })),
              },
            },
          },
          /^Most likely: mapping "mail" is restricted to 192\.0\.2\.0\/24, and 198\.51\.100\.200 is not among them/,
        ],
        [
          'rules flushed',
          { gateway: { look: { ruleset: '' }, owner: { rules: 'absent' } } },
          /^Most likely: edge runs none of our rules: our rules are absent: they were flushed\.\n.*in \/srv\/edge: npx cdktf deploy edge/,
        ],
        [
          'an interface that is down',
          { gateway: { facts: { links: '2: wan0: <BROADCAST>\n3: lan0: <BROADCAST,UP,LOWER_UP>' } } },
          /^Most likely: interface wan0 of edge is down\./,
        ],
        [
          'a cable',
          { gateway: { facts: { links: '2: wan0: <NO-CARRIER,BROADCAST,UP>\n3: lan0: <BROADCAST,UP,LOWER_UP>' } } },
          /^Most likely: interface wan0 of edge has no carrier/,
        ],
        [
          'no interface',
          { gateway: { facts: { links: '3: lan0: <BROADCAST,UP,LOWER_UP>' } } },
          /^Most likely: edge has no interface wan0\./,
        ],
        [
          'no virtual IP',
          { gateway: { facts: { addresses: '2: wan0    inet 203.0.113.2/24\n3: lan0    inet 10.0.0.1/24' } } },
          /^Most likely: wan0 of edge does not have 203\.0\.113\.10: the virtual IP was taken away/,
        ],
        [
          'a duplicate',
          { gateway: { looked: { wire: 'taken 02:00:00:00:00:99' } } },
          /^Most likely: another machine on the wire of wan0, 02:00:00:00:00:99, has 203\.0\.113\.10, too/,
        ],
        [
          'arp_ignore',
          { gateway: { looked: { settings: new Map([['arp_ignore all', '8']]) } } },
          /^Most likely: edge answers no ARP request on wan0: arp_ignore is 8\./,
        ],
        [
          'no forwarding',
          {
            gateway: {
              facts: { forwarding: { ip: false, ip6: false } },
              looked: { settings: new Map([['forwarding wan0', '0']]) },
            },
          },
          /^Most likely: edge does not forward IPv4\./,
        ],
        [
          'no forwarding on one interface',
          { gateway: { looked: { settings: new Map([['forwarding wan0', '0']]) } } },
          /^Most likely: edge does not forward IPv4 on wan0\./,
        ],
        [
          'no route',
          { gateway: { looked: { inside: 'RTNETLINK answers: Network is unreachable' } } },
          /^Most likely: edge has no route to 10\.0\.0\.10\./,
        ],
        [
          'another route',
          { gateway: { looked: { inside: '10.0.0.10 via 203.0.113.254 dev wan0 src 203.0.113.2' } } },
          /^Most likely: edge sends 10\.0\.0\.10 out by wan0, and it is behind lan0\./,
        ],
        [
          'rp_filter on the gateway',
          { gateway: { looked: { through: 'RTNETLINK answers: Invalid cross-device link' } } },
          /^Most likely: rp_filter of edge drops what 192\.0\.2\.77 sends by wan0/,
        ],
        [
          'a server that is off',
          { gateway: { looked: { neighbour: ['silent lan0', '10.0.0.10 dev lan0 FAILED'] } } },
          /^Most likely: the server does not answer ARP for 10\.0\.0\.10 on lan0 of edge/,
        ],
        [
          "another program's translation",
          {
            gateway: {
              more: table(
                'type nat hook prerouting priority -150; policy accept;\nip daddr 203.0.113.10 tcp dport 443 dnat to 10.0.0.20:80',
              ),
            },
          },
          /^Most likely: line 4 of table ip foreign on edge translates it to 10\.0\.0\.20 port 80 instead of 10\.0\.0\.10 port 443: ip daddr .*\n.*nft -a list table ip foreign/,
        ],
        [
          'our translation gone',
          { gateway: { look: { ruleset: withoutLine(gatewayRules, /dnat ip to/) }, owner: { rules: 'edited' } } },
          /^Most likely: no rule of edge translates 203\.0\.113\.10: our rules were edited by hand\.\n.*npx cpanel-edge accept edge f{64} --stack stack/,
        ],
        [
          "another program's drop rule",
          { gateway: { more: table('type filter hook forward priority 0; policy accept;\ntcp dport 443 drop') } },
          /^Most likely: line 4 of table ip foreign on edge refuses .*: tcp dport 443 drop, which is not of cpanel-edge\./,
        ],
        [
          "another program's default policy",
          { gateway: { more: table('type filter hook forward priority 0; policy drop;') } },
          /^Most likely: the rules of edge refuse .*: chain one of table ip foreign has policy drop\./,
        ],
        [
          "a rule of WHM's Host Access Control, which isn't removed with nft",
          {
            server: {
              more: [
                'table inet filter {',
                '\tchain INPUT {',
                '\t\ttype filter hook input priority filter; policy accept;',
                '\t\tcounter packets 5 bytes 300 jump cPanel-HostAccessControl',
                '\t}',
                '',
                '\tchain cPanel-HostAccessControl {',
                '\t\tip saddr 192.0.2.0/24 ct state new tcp dport 443 counter packets 0 bytes 0 drop',
                '\t}',
                '}',
                '',
              ].join('\n'),
            },
          },
          /^Most likely: line 8 of table inet filter \(Host Access Control\) on mail1 refuses .* drop, which is not of cpanel-edge\.\n.*change it in WHM, Security Center, Host Access Control/,
        ],
        [
          'ufw, by the default that it sets',
          { server: { more: UFW } },
          /^Most likely: the rules of mail1 refuse .* tcp 443: chain INPUT of table ip filter \(ufw\) has policy drop\./,
        ],
        [
          'ufw, by a rule of its own',
          {
            server: {
              more: UFW.replace(
                'tcp dport 22 counter packets 0 bytes 0 accept',
                'tcp dport 443 counter packets 0 bytes 0 drop',
              ),
            },
          },
          /^Most likely: line \d+ of table ip filter \(ufw\) on mail1 refuses .* drop, which is not of cpanel-edge\.\n.*change it by ufw, or in \/etc\/ufw/,
        ],
        [
          'a server that was edited',
          {
            server: {
              look: {
                ruleset: serverRules.replace(/(type filter hook input [^\n]*\n)/, '$1    tcp dport 443 drop\n'),
                edits: [{ role: 'server', owner: 'hosting', kind: 'new', text: 'tcp dport 443 drop' }],
              },
              owner: { rules: 'edited' },
            },
          },
          /^Most likely: line \d+ of table inet cpanel_edge_hosting_host on mail1 refuses .*: tcp dport 443 drop, a line that was added to our rules by hand\./,
        ],
        [
          'nothing listens',
          { server: { looked: { listening: [] } } },
          /^Most likely: nothing listens on tcp 443 of mail1/,
        ],
        [
          'loopback only',
          {
            server: {
              looked: { listening: ['LISTEN 0 511 127.0.0.1:443 0.0.0.0:*', 'LISTEN 0 511 [::1]:443 [::]:*'] },
            },
          },
          /^Most likely: the service of tcp 443 on mail1 listens on 127\.0\.0\.1, ::1 only, not on 10\.0\.0\.10\./,
        ],
        [
          'no way back',
          { server: { looked: { back: 'RTNETLINK answers: Network is unreachable' } } },
          /^Most likely: mail1 has no route back to 192\.0\.2\.77: its default route is gone\.\n.*ip route replace default via 10\.0\.0\.1 dev eth0/,
        ],
        [
          'another router',
          { server: { looked: { back: '192.0.2.77 from 10.0.0.10 via 10.0.0.20 dev eth0' } } },
          /^Most likely: mail1 answers 192\.0\.2\.77 by 10\.0\.0\.20 on eth0, not by edge \(10\.0\.0\.1\)/,
        ],
        [
          'a direct reply by another interface',
          { server: { looked: { back: '192.0.2.77 from 10.0.0.10 dev eth1' } } },
          /^Most likely: mail1 answers 192\.0\.2\.77 directly by eth1, not by edge/,
        ],
        [
          'rp_filter on the server',
          { server: { looked: { through: 'RTNETLINK answers: Invalid argument' } } },
          /^Most likely: rp_filter of mail1 drops what comes from 192\.0\.2\.77/,
        ],
      ],
      7,
    ),
  )('%s', (_, asked, cause) => {
    const { found } = walk(asked);
    const [, last = ''] = said(asked).split('\n\n').slice(-2);
    expect(last).toMatch(cause);
    expect([found.outcome, EXIT_STATUS[found.outcome]]).toEqual(['a cause', 1]);
  });
});

test.each<[string, string]>([
  ['LISTEN 0 511 *:443 *:*', 'every address, both families'],
  ['LISTEN 0 511 [::]:443 [::]:* ino:1 sk:2 v6only:0 <->', 'IPv6 and IPv4'],
  ['LISTEN 0 511 10.0.0.10%eth0:443 0.0.0.0:*', 'the address on one interface'],
  ['LISTEN 0 511 [::ffff:10.0.0.10]:443 [::]:*', 'the address, mapped'],
])('%s listens on %s', (line) => {
  expect(walk({ server: { looked: { listening: [line] } } }).found.outcome).toBe('nothing wrong');
});
