// Tests imports of the rules that servers typically have (by hand, of csf, of this package) and of random ones: nothing
// opens or closes unreported.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImportedServer } from '../../../lib/import/server/import-server';
import { Refusal } from '../../../lib/problems/problem';
import { platforms } from '../../../lib/registry';
import { port } from '../../devices';
import { checkShares, fc } from '../../randomly';
import { servers } from '../../policy/random';
import { caseFile, serverCases } from '../../support';
import { printed } from '../../platforms/iptables/random';
import { whole } from '../../platforms/iptables/printed';
import { UNCHANGED, serverOf as of } from './servers';

const ETH0 = [port('eth0', 'outside', ['198.51.100.50/24', '2001:db8:0:1::50/64'])];
const wild = (name: string): ImportedServer =>
  of('iptables', readFileSync(join(__dirname, `../../platforms/iptables/wild/${name}.rules`), 'utf8'), ETH0);

describe('typical rules of servers', () => {
  it('an administrator’s own, with one service for IPv6', () => {
    const { profile, server, widened, skipped, changes } = wild('admin');
    expect(profile).toEqual({
      name: 'web1',
      services: ['http', 'https', 'http3', { ports: 873, protocol: 'tcp', from: ['192.0.2.0/28', '203.0.113.8'] }],
      sources: 'anywhere',
      management: { from: ['192.0.2.0/28', '203.0.113.8'], port: 22 },
      ping: 'anywhere',
    });
    expect(server.trustedNetworks).toBe('none');
    expect(widened.map(({ packets }) => packets)).toEqual(['tcp 80 from any IPv4', 'udp 443 from any IPv4']);
    expect(skipped.map(({ packets }) => packets)).toEqual([
      'icmp destination-unreachable code 4 from any IPv4',
      'icmpv6 from any IPv6',
    ]);
    // A widened allow rule opens for the other family, too, and is reported; nothing else opens.
    expect(changes.opened).toEqual([
      'from the internet by eth0: 2001:db8:0:1::50 tcp 80 from anywhere',
      'from the internet by eth0: 2001:db8:0:1::50 udp 443 from anywhere',
    ]);
  });

  it('ConfigServer’s: allowed hosts become trusted, banned ones blocked', () => {
    const { profile, server, changes } = wild('csf');
    expect(profile).toMatchObject({
      services: [
        'https',
        { service: 'whm', from: 'anywhere' },
        { ports: 53, protocol: 'udp' },
        { service: 'mysql', from: ['192.0.2.16/28'] },
      ],
      // A limit of connections keeps some clients out: the port is open.
      management: { from: 'anywhere', port: 22 },
      blocked: ['192.0.2.64/26', '203.0.113.77'],
      outbound: [
        { ports: [53, 80, 443, 2089], protocol: 'tcp' },
        { ports: 53, protocol: 'udp' },
      ],
    });
    expect(server.trustedNetworks).toEqual(['192.0.2.8']);
    // Management comes before the list of blocked sources.
    expect(changes.opened).toEqual([
      'from the internet by eth0: 198.51.100.50 tcp 22 from 192.0.2.64/26, 203.0.113.77',
    ]);
    // Its IPv6 rules weren't listed.
    expect(changes.perhapsClosed).toContain(
      'from the internet by eth0: 2001:db8:0:1::50 udp 0-52,54-65535 from anywhere',
    );
  });

  it('with bans in front of SSH that no list names', () => {
    const { profile, widened, changes } = wild('fail2ban');
    expect(profile.management).toEqual({ from: 'anywhere', port: 22 });
    expect(widened.map(({ reason }) => reason)).toContain('all others beside some are too many for a list.');
    expect(changes.opened).toContain('from the internet by eth0: 198.51.100.50 tcp 22 from 192.0.2.77, 198.51.100.23');
  });

  it('of ufw with a limit on SSH, which the profile does not have', () => {
    const { profile, widened, changes } = wild('ufw');
    expect(profile.management).toEqual({ from: 'anywhere', port: 22 });
    expect(widened).toContainEqual({
      packets: '198.51.100.50 tcp 22 from anywhere',
      reason: 'some clients may be kept out now: line 48: its count of earlier packets may be reached.',
    });
    expect(changes.perhapsOpened).toContain('from the internet by eth0: 198.51.100.50 tcp 22 from anywhere');
  });

  it('that let everything in: import/everything-open', () => {
    expect(() => wild('cpanel')).toThrow('import/everything-open');
  });
});

describe('rules of this package', () => {
  it.each(serverCases())('%s: give the same exposure', (name, { addresses, interfaces, profile }) => {
    const its = interfaces ?? [{ name: 'eth0', addresses: addresses! }];
    const { changes, skipped, widened } = of(
      'nftables',
      readFileSync(caseFile(name, 'nftables.golden'), 'utf8'),
      its.map((one) => port(one.name, 'outside', [...one.addresses])),
      { sshPort: Number(profile.management.port) },
    );
    expect({ changes, skipped, widened }).toEqual({
      changes: UNCHANGED,
      skipped: [],
      widened: [],
    });
  });

  it("on random policies open and close nothing that isn't reported", () =>
    fc.assert(
      fc.property(servers, (random) => {
        // Translations to its own public addresses are left to its gateway.
        const policy = { ...random, ownPublic: [] };
        const found = tried(() => of('nftables', platforms.nftables.generator.write(policy).text, policy.interfaces));
        if (!found) return;
        if (found.widened.length === 0) expect(found.changes.opened).toEqual([]);
        if (found.skipped.length === 0)
          expect(found.changes.closed.filter((one) => !/ icmp| protocol /.test(one))).toEqual([]);
      }),
      { numRuns: 100 },
    ));
});

/** IPv6 neighbour discovery passes and the server reaches itself, whatever was there. */
const inEachProfile = (line: string): boolean => / icmpv6 /.test(line) || line.startsWith('from localhost: ');

it("random iptables rules open nothing that isn't reported", () => {
  let [texts, imports] = [0, 0];
  fc.assert(
    fc.property(printed.map(whole), (text) => {
      texts += 1;
      const found = tried(() => of('iptables', text, ETH0));
      if (!found) return;
      imports += 1;
      if (found.widened.length === 0) expect(found.changes.opened.filter((line) => !inEachProfile(line))).toEqual([]);
    }),
    { numRuns: 100, seed: 4 },
  );
  checkShares(texts, () => expect(imports).toBeGreaterThan(0));
});

function tried(make: () => ImportedServer): ImportedServer | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
