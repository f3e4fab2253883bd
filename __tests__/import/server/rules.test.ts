// Tests the profiles that an import makes of iptables rules of many kinds, and that the exposure is then unchanged or
// the change is reported.

import { ImportedServer, ServerImportOptions } from '../../../lib/import/server/import-server';
import { createConnection } from '../../../lib/import/server/server-stack';
import { port } from '../../devices';
import { UNCHANGED, dropped, serverOf as of } from './servers';

const V4 = [port('eth0', 'outside', ['198.51.100.50/24'])];
const SSH = '-A INPUT -s 203.0.113.0/24 -p tcp -m tcp --dport 22 -j ACCEPT';
const WEB = '-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT';

describe('rules with special cases', () => {
  const imports = (
    rules: readonly string[],
    more?: Parameters<typeof dropped>[1],
    wish?: Partial<ServerImportOptions>,
  ): ImportedServer => of('iptables', dropped(rules, more), V4, wish);

  it('without any: unchanged', () => {
    const { profile, changes, skipped, widened } = imports([SSH, WEB]);
    expect(profile.services).toEqual(['http', 'https']);
    expect({ changes, skipped, widened }).toEqual({ changes: UNCHANGED, skipped: [], widened: [] });
  });

  it('one closed outgoing port closes no other protocol', () => {
    const { profile, changes } = imports([
      SSH,
      WEB,
      '-A OUTPUT -p tcp -m tcp --dport 25 -j REJECT --reject-with tcp-reset',
    ]);
    expect(profile.outbound).toEqual([
      { ports: ['1-24', '26-65535'], protocol: 'tcp' },
      ...['udp', 'dccp', 'sctp', 'udplite'].map((protocol) => ({ ports: ['1-65535'], protocol })),
    ]);
    expect(changes.closed.filter((line) => /\budp (?!0\b)/.test(line))).toEqual([]);
  });

  it('all ports but one for a network', () => {
    const { profile } = imports([
      SSH,
      '-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 3306 -j DROP',
      '-A INPUT -s 10.0.0.0/8 -j ACCEPT',
      WEB,
    ]);
    expect(profile.services).toContainEqual({
      ports: ['1-578', '580-782', '784-952', '954-65535'],
      protocol: 'udp',
      from: ['10.0.0.0/8'],
    });
  });

  it.each([
    ['-s 127.0.0.1/32 -p tcp -m tcp --dport 3306 -j ACCEPT'],
    ['-s 127.0.0.0/8 -j ACCEPT'],
    ['-s 224.0.0.0/4 -j DROP'],
    ['-s 0.0.0.0/8 -j DROP'],
  ])('of sources that never occur: unchanged (%s)', (rule) =>
    expect(imports([`-A INPUT ${rule}`, SSH, WEB])).toMatchObject({ changes: UNCHANGED, skipped: [], widened: [] }),
  );

  it('management: a port of its own, a range of ports, many addresses', () => {
    const moved = imports([SSH.replace(' 22 ', ' 2222 '), WEB], {}, { sshPort: 2222 });
    expect(createConnection(moved, 'key')).toEqual({ host: '198.51.100.50', port: 2222, hostKeys: ['key'] });
    const range = '-A INPUT -p tcp -m tcp --dport 1:30000 -j ACCEPT';
    const wide = imports([range, '-A INPUT -p udp -m udp --dport 53 -j ACCEPT']);
    expect(wide.profile).toMatchObject({
      management: { from: 'anywhere', port: 22 },
      services: [{ ports: 53, protocol: 'udp' }],
    });
    expect(wide.skipped.map(({ reason }) => reason)).toContain(
      'it lets nearly all sources in on nearly every port. Write which are meant.',
    );
    expect(() => imports([range])).toThrow(
      /^import\/nothing-open [^]*left: tcp 1-21,23-30000 from any IPv4: it lets nearly all sources in/,
    );
    const many = Array.from({ length: 250 }, (_, n) =>
      SSH.replace('203.0.113.0/24', `203.0.113.${n}/32`).replace('113.', `${n % 50}.`),
    );
    expect(imports([...many, WEB]).profile.management.from).toHaveLength(250);
    expect(() => imports([WEB])).toThrow(/^import\/no-way-in .*\(eth0\)/);
  });

  it("a source that some rule of one family allows isn't blocked, though most of its rules deny it", () => {
    const both = [port('eth0', 'outside', ['198.51.100.50/24', '2001:db8:0:1::50/64'])];
    const some = '-s 2a00:1450::/48 -p tcp -m tcp';
    const ip6 = [`${some} --dport 80 -j ACCEPT`, `${some} --dport 443 -j DROP`, '-p tcp -m tcp --dport 443 -j ACCEPT'];
    const text = (rules: readonly string[]): string =>
      dropped([SSH, WEB], { ip6: rules.map((rule) => `-A INPUT ${rule}`) });
    expect(of('iptables', text(ip6), both).profile.blocked).toBeUndefined();
    expect(of('iptables', text(ip6.slice(1)), both).profile.blocked).toEqual(['2a00:1450::/48']);
  });

  it('bans: a few become blocked, with ping open or not, and many are reported', () => {
    const bans = (count: number): readonly string[] =>
      Array.from(
        { length: count },
        (_, n) => `-A INPUT -s 192.0.${Math.floor(n / 100)}.${2 * (n % 100) + 1}/32 -j DROP`,
      );
    const few = imports(['-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT', ...bans(2), SSH, WEB]);
    expect(few.profile).toMatchObject({
      blocked: ['192.0.0.1', '192.0.0.3'],
      ping: 'anywhere',
      services: ['http', 'https'],
    });
    const many = imports([...bans(3000), SSH, WEB]);
    expect(many.profile.services).toEqual(['http', 'https']);
    expect(many.profile.blocked).toBeUndefined();
    expect(many.widened.map(({ reason }) => reason)).toEqual(['all others beside some are too many for a list.']);
    // Half of all addresses are no ban.
    const half = imports([
      SSH,
      '-A INPUT -s 0.0.0.0/1 -p tcp -m tcp --dport 443 -j ACCEPT',
      '-A INPUT -s 128.0.0.0/2 -p tcp -m tcp --dport 443 -j ACCEPT',
    ]);
    expect(half.profile.blocked).toBeUndefined();
    expect(half.changes).toEqual(UNCHANGED);
  });

  it("what isn't carried over is reported", () => {
    const { skipped } = imports([
      SSH,
      WEB,
      '-A INPUT -p icmp -j ACCEPT',
      '-A INPUT -p tcp -m tcp --dport 783 -j ACCEPT',
      '-A INPUT -p tcp -m tcp --sport 20 -j ACCEPT',
    ]);
    expect(skipped.map(({ packets }) => packets)).toEqual(
      expect.arrayContaining([
        'icmp from any IPv4',
        'tcp 783 from any IPv4',
        'tcp 22 source port 20 from any IPv4 but 203.0.113.0/24',
      ]),
    );
    const sends = imports([SSH, WEB, '-A OUTPUT -p icmp -j ACCEPT', '-A OUTPUT -p udp -m udp --dport 53 -j ACCEPT'], {
      output: 'DROP',
    });
    expect(sends.profile.outbound).toEqual([{ ports: 53, protocol: 'udp' }]);
    expect(sends.skipped.map(({ packets }) => packets)).toEqual(['sent: icmp to any IPv4']);
    const some = imports([SSH, WEB, '-A OUTPUT -d 192.0.2.0/24 -j REJECT --reject-with icmp-port-unreachable']);
    expect([some.profile.outbound, some.widened.map(({ packets }) => packets)]).toEqual([
      undefined,
      ['sent: all protocols to any IPv4 but 192.0.2.0/24'],
    ]);
    expect(some.changes.opened).toEqual(['from the device itself: 192.0.2.0/24 all protocols from 198.51.100.50']);
    expect(() => imports([SSH, WEB], { output: 'DROP' })).toThrow(/^import\/nothing-sent/);
  });

  it('ICMP errors are no service: none begins a session, and a service would allow what the rules drop as invalid', () => {
    const errors = ['3', '11'].map((type) => `-A INPUT -p icmp -m icmp --icmp-type ${type} -j ACCEPT`);
    const { profile, skipped } = imports(['-A INPUT -m conntrack --ctstate INVALID -j DROP', ...errors, SSH, WEB]);
    expect(profile.services).toEqual(['http', 'https']);
    expect(skipped).toEqual([
      {
        packets: 'icmp destination-unreachable,time-exceeded from any IPv4',
        reason: 'errors pass with what they are about.',
      },
    ]);
    const stamps = imports(['-A INPUT -p icmp -m icmp --icmp-type 13 -j ACCEPT', ...errors, SSH, WEB]);
    expect(stamps.profile.services).toContainEqual({ protocol: 'icmp', types: [13], from: 'anywhere' });
  });

  it("the server's own network as a whole", () => {
    const { server, changes } = imports([SSH, WEB, '-A INPUT -s 198.51.100.0/24 -j ACCEPT']);
    expect([server.trustedNetworks, changes]).toEqual([['198.51.100.0/24'], UNCHANGED]);
  });

  it('of an IPv4 server without IPv6 rules: unchanged', () =>
    expect(of('iptables', dropped([SSH, WEB]).split(/(?=# Generated by ip6tables)/)[0]!, V4).changes).toEqual(
      UNCHANGED,
    ));
});
