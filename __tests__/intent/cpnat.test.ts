// Tests the field `cpnat` of a server's intent (cPanel's NAT file): the pairs that its gateways' mappings give, the
// lines in a plan, and refusals.

import { Edit, Wrong, refuses } from './samples';
import { compiled } from './compile-sample';
import { at } from '../devices';
import { compileCpnat } from '../../lib/intent/cpnat';
import { printProblem } from '../../lib/problems/problem';
import { printCpnatLines } from '../../lib/policy/cpnat-pairs';
import { printAddress } from '../../lib/net/address';
import { printPolicy } from '../../lib/policy/print-policy';
import { decodePolicy, encodePolicy } from '../../lib/verifier/policy-codec';

const known = (edit: Edit): readonly string[] => {
  const { server } = compiled(edit);
  expect(decodePolicy(encodePolicy(server))).toEqual(server);
  return (server.cpnat?.pairs ?? []).map((one) => `${printAddress(one.local)} ${printAddress(one.public)}`);
};
const second: Edit = (w) => {
  w.servers[0].server.cpnat = {};
  w.servers[0].server.addresses = ['10.0.0.10/24', '10.0.0.11/24', '10.0.0.12/24'];
};
const mapped =
  (inside: string, outside: string, more: object = {}): Edit =>
  (w) => {
    second(w);
    w.mappings[0].internal.address = '10.0.0.10';
    w.mappings.push({ name: 'second', external: outside, internal: { server: 'web-1', address: inside }, ...more });
  };

describe("the public addresses for cPanel's NAT file", () => {
  test('are absent without the field `cpnat`', () => {
    const { server } = compiled(() => undefined);
    expect([server.cpnat, encodePolicy(server)]).toEqual([undefined, expect.not.stringContaining('cpnat')]);
  });

  test.each<readonly [string, Edit, readonly string[]]>([
    ["the mapping's external address, IPv4 only", (w) => (w.servers[0].server.cpnat = {}), ['10.0.0.10 203.0.113.10']],
    ['each of several', mapped('10.0.0.11', '198.51.100.17'), ['10.0.0.10 203.0.113.10', '10.0.0.11 198.51.100.17']],
    [
      'no mapping that is inbound only',
      mapped('10.0.0.10', '198.51.100.17', { inboundOnly: true }),
      ['10.0.0.10 203.0.113.10'],
    ],
    ['no disabled mapping', mapped('10.0.0.11', '198.51.100.17', { enabled: false }), ['10.0.0.10 203.0.113.10']],
    [
      'no mapping for some peers only',
      mapped('10.0.0.11', '198.51.100.17', { destination: ['192.0.2.0/24'] }),
      ['10.0.0.10 203.0.113.10'],
    ],
    [
      'pairs by hand',
      (w) => (w.servers[0].server.cpnat = { pairs: [{ local: '10.0.0.10', public: '192.0.2.7' }] }),
      ['10.0.0.10 192.0.2.7'],
    ],
    ['NAT mode off', (w) => (w.servers[0].server.cpnat = { natMode: 'off' }), []],
  ])('%s', (_, edit, pairs) => expect(known(edit)).toEqual(pairs));

  const settings: Edit = (w) => {
    w.servers[0].profile.services = ['web', { ports: '50000-50100', protocol: 'tcp' }];
    w.servers[0].server.cpnat = { myip: 'https://ip.example:8443/v1/', passiveFtp: { ports: '50000-50100' } };
  };

  test('are printed as lines for a device', () => {
    expect(known(settings)).toEqual(['10.0.0.10 203.0.113.10']);
    expect(printCpnatLines(compiled(settings).server.cpnat!)).toEqual([
      'nat-mode on',
      'in-use refuse',
      'pair 10.0.0.10 203.0.113.10',
      'set myip https://ip.example:8443/v1/',
      'set ftp-address 203.0.113.10',
      'set ftp-ports 50000 50100',
    ]);
  });

  test("are printed as a plan's lines", () => {
    const lines = (edit: Edit): readonly string[] =>
      printPolicy(compiled(edit).server).filter((line) => line.startsWith('cpnat'));
    expect(lines((w) => (w.servers[0].server.cpnat = {}))).toEqual([
      'cpnat 10.0.0.10: 203.0.113.10',
      'cpnat: nat mode on',
    ]);
    expect(lines(settings)).toEqual([
      'cpnat 10.0.0.10: 203.0.113.10',
      'cpnat page asked: https://ip.example:8443/v1/',
      'cpnat passive ftp: 203.0.113.10 50000-50100',
      'cpnat: nat mode on',
    ]);
    expect(lines((w) => (w.servers[0].server.cpnat = { natMode: 'off', serverInUse: 'change' }))).toEqual([
      'cpnat: nat mode off, also where there are accounts',
    ]);
  });

  const WRONG: readonly Wrong[] = [
    [
      'no mapping',
      (w) => {
        w.servers[0].server.cpnat = {};
        w.mappings = [];
      },
      `intent/cpnat-nobody-translates at servers[0] cpnat: No mapping of a gateway of this app stands for an address of the server in both directions and for all peers.
  instead: A OneToOneNat to this server ("inboundOnly" and "destination" unset); pairs, where its gateway is elsewhere; or natMode: 'off'.`,
    ],
    [
      'pairs and NAT mode off',
      (w) => (w.servers[0].server.cpnat = { natMode: 'off', pairs: [{ local: '10.0.0.10', public: '192.0.2.7' }] }),
      `intent/cpnat-off-with-more at servers[0] cpnat: NAT mode is off, so cPanel takes no other address for a local one: there is nothing for "pairs" to say.
  instead: natMode: 'off' without it; or "pairs" with natMode: 'on', which is the default.`,
    ],
    [
      'invalid pairs',
      (w) =>
        (w.servers[0].server.cpnat = {
          pairs: [
            { local: '10.0.0.99', public: '192.0.2.7' },
            { local: '10.0.0.10', public: '2001:db8::1' },
            { local: '10.0.0.10' },
            '10.0.0.10 192.0.2.7',
            { local: '10.0.0.10\n10.0.0.11', public: '192.0.2.7' },
          ],
        }),
      `intent/cpnat-not-local at servers[0] cpnat.pairs[0].local: 10.0.0.99 is no address of this server.
  instead: One of its own: 10.0.0.10.`,
      `intent/cpnat-ipv6 at servers[0] cpnat.pairs[1].public: 2001:db8::1 is of IPv6, which is never translated: the file is for IPv4.
  instead: Pairs of IPv4 addresses alone.`,
      `intent/missing at servers[0] cpnat.pairs[2]: "public" is not set, and it has no default.
  instead: public: an IPv4 address.`,
      `intent/wrong-type at servers[0] cpnat.pairs[3]: This is the text "10.0.0.10 192.0.2.7".
  instead: { local: '10.0.0.10', public: '203.0.113.10' }.`,
      `intent/control-characters at servers[0] cpnat.pairs[4].local: "10.0.0.10\\u{a}10.0.0.11" has control characters, line breaks or invisible marks in it, with which it could pass for something else.
  instead: Plain text on one line.`,
    ],
    ...(
      ['https://user:secret@ip.example/', 'https://ip.example/?a', 'ip.example', 'https://ip.example/$(id)'] as const
    ).map((page): Wrong => [
      `the page ${page}`,
      (w) => (w.servers[0].server.cpnat = { myip: page }),
      `intent/cpnat-bad-page at servers[0] cpnat.myip: "${page}" is not the address of a page as cpsources.conf takes it here.
  instead: http:// or https://, a host, perhaps a port and a path, and nothing else: 'https://ifconfig.me/ip'. No user, no password, no query.`,
    ]),
    [
      'passive connections elsewhere, and to closed ports',
      (w) => (w.servers[0].server.cpnat = { passiveFtp: { address: '192.0.2.7', ports: '50000-50100' } }),
      `intent/cpnat-passive-elsewhere at servers[0] cpnat.passiveFtp: 192.0.2.7 is not translated to this server: its passive connections would go to another host.
  instead: One of its public addresses: 203.0.113.10.`,
      `intent/cpnat-passive-closed at servers[0] cpnat.passiveFtp: The profile does not open tcp 50000: passive transfers would fail.
  instead: The same range in the profile: { ports: "50000-50100", protocol: "tcp" } beside "ftp".`,
    ],
    [
      'one address twice',
      (w) => {
        mapped('10.0.0.11', '198.51.100.17')(w);
        w.servers[0].server.cpnat.pairs = [
          { local: '10.0.0.10', public: '192.0.2.7' },
          { local: '10.0.0.10', public: '192.0.2.8' },
          { local: '10.0.0.11', public: '192.0.2.8' },
        ];
      },
      `intent/cpnat-twice at servers[0] cpnat.pairs[1]: The local address 10.0.0.10 is in an earlier pair, and cPanel takes one of both alone.
  instead: One public address for each local one.`,
      `intent/cpnat-twice at servers[0] cpnat.pairs[2]: The public address 192.0.2.8 is in an earlier pair, and cPanel takes one of both alone.
  instead: One public address for each local one.`,
    ],
  ];
  refuses('cpnat', WRONG);

  test('refuse two gateways by which one address leaves', () => {
    const { gateway, server } = compiled(() => undefined);
    const [mapping] = gateway.mappings;
    const other = { ...mapping!, external: { ...mapping!.external, first: at('192.0.2.7') } };
    const draft = { where: 'web-1 cpnat', natMode: 'on', serverInUse: 'refuse', pairs: 'of mappings' } as const;
    const { policy, problems } = compileCpnat(draft, {
      localAddresses: server.localAddresses,
      mappings: [mapping!, other],
      allowRules: [],
    });
    expect([policy, problems.map(printProblem)]).toEqual([
      undefined,
      [
        `intent/cpnat-several at web-1 cpnat: 10.0.0.10 leaves as 203.0.113.10 or as 192.0.2.7: mappings of several gateways stand for it, and cPanel knows one.
  instead: pairs: what it is to be known as; and inboundOnly for the mapping by which it does not leave.`,
      ],
    ]);
  });
});
