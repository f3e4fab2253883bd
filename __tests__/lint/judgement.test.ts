// Tests how lint judges what is open: end to end through gateway and server, translated ports, trusted sources, IPv6
// past the gateway, reflection, gateways with rules by hand, and allow rules that repeat each other.

import { InterfaceIntent } from '../../lib/intent/intent';
import { lint } from '../../lib/lint/lint';
import { LintSubject } from '../../lib/lint/lint-subject';
import { foreign, ownersOf, subjectOf, wished } from './samples/lint-subjects';
import { hosting } from './samples/profiles';
import { HOST, byHand, hostText } from './samples/texts';

const codes = (subject: LintSubject): readonly string[] => [...new Set(lint(subject).map(({ code }) => code))];
const mysql = ['cpanel', 'https', { service: 'mysql', from: 'anywhere' as const }];

describe('the internet reaches what both devices allow', () => {
  it('a server alone is judged by its own profile', () => {
    const { servers } = hosting({ profile: { services: mysql } });
    expect(codes(wished({ servers: servers! }))).toContain('ports/mysql-public');
  });

  it('a server whose mapping is for listed peers is open to those only', () => {
    const subject = wished(hosting({ profile: { services: mysql }, mapping: { destination: ['192.0.2.0/28'] } }));
    expect(codes(subject)).not.toContain('ports/mysql-public');
    expect(codes(subject)).toContain('licence/callback-unknown');
  });

  it("reflection by pfSense from another port isn't licence traffic", () => {
    const wish = hosting({ mapping: { reflection: { mode: 'pure-nat', globalHelper: true } } });
    const owners = ownersOf(wish, 'pfsense');
    expect(owners.map(({ policy }) => [policy?.kind, policy?.platform])).toEqual([
      ['gateway', 'pfsense'],
      ['server', 'nftables'],
    ]);
    expect(codes(subjectOf(...owners))).toEqual([]);
  });

  it("a server without a mapping isn't reached", () => {
    const { gateway, servers } = hosting({ profile: { services: mysql } });
    expect(codes(wished({ gateway: { ...gateway!, mappings: [] }, servers: servers! }))).toEqual(['nat/vip-unused']);
  });

  it("a server's own IPv6 address is reached past the gateway", () => {
    const subject = wished(
      hosting({
        profile: { services: mysql },
        mapping: { destination: ['192.0.2.0/28'] },
        server: { addresses: ['10.0.0.10/24', '2001:db8:1::10/64'] },
      }),
    );
    const found = lint(subject).filter(({ code }) => code === 'ports/mysql-public' || code === 'ports/ipv6-wider');
    expect(found.map(({ what }) => what)).toEqual([
      'Any source in the internet reaches MySQL (tcp 3306) at 2001:db8:1::10.',
      'Any source reaches tcp 443, tcp 2083, tcp 3306 over IPv6 at 2001:db8:1::10, and not over IPv4.',
    ]);
  });

  it("trusted networks aren't counted as open", () => {
    expect(codes(wished(hosting({ server: { trustedNetworks: ['10.0.0.0/24', '198.51.100.0/24'] } })))).toEqual([]);
  });

  it("a server behind another owner's gateway is judged once", () => {
    const [gateway, server] = ownersOf(hosting({ profile: { services: mysql } }));
    const found = lint(subjectOf(gateway!, server!)).filter(({ code }) => code === 'ports/mysql-public');
    expect(found.map(({ where }) => where)).toEqual(['server web1, owner hosting, profile site']);
    expect(lint(subjectOf(gateway!)).filter(({ code }) => code === 'ports/mysql-public')).toEqual([
      expect.objectContaining({ where: 'gateway edge1, owner hosting, mapping web' }),
    ]);
  });
});

describe('open by default', () => {
  const said = (...rules: readonly string[]): readonly string[] =>
    lint(subjectOf(foreign('host.nft', hostText('accept', rules), HOST)))
      .filter(({ code }) => code === 'ports/everything-open')
      .map(({ what }) => what);
  const at = 'Any source in the internet reaches every TCP port at 198.51.100.50, 2001:db8:50::2 but';
  const rest = "what isn't open is named by some rule, and everything else is open by default.";

  it('lists the ports that are closed by name', () => {
    expect(said('tcp dport { 25, 3306, 8000-8100 } drop')).toEqual([`${at} 25, 3306, 8000-8100: ${rest}`]);
    expect(said('ip saddr 192.0.2.7 tcp dport 3306 accept', 'tcp dport 3306 drop')).toEqual([`${at} 3306: ${rest}`]);
    expect(said('ip protocol tcp tcp dport 3306 drop')).toEqual([`${at} 3306 over IPv4: ${rest}`]);
    expect(said('tcp dport 22 quota until 3 mbytes accept', 'tcp dport 22 drop')).toEqual([`${at} 22: ${rest}`]);
  });

  it('omits ports that are closed for some sources only', () =>
    expect(said('ip saddr 192.0.2.0/24 tcp dport 3306 drop')).toEqual([
      expect.stringContaining('or nearly every one'),
    ]));
});

describe('open by a source port', () => {
  const said = (policy: 'accept' | 'drop', ...rules: readonly string[]): readonly string[] =>
    codes(subjectOf(foreign('host.nft', hostText(policy, rules), HOST)));

  it('is one finding, without another for each service', () => {
    expect(said('drop', 'tcp sport 20 accept')).toEqual(['ports/by-source-port']);
    expect(said('drop', 'tcp dport 443 accept', 'tcp sport 53 tcp dport 1024-65535 accept')).toContain(
      'ports/by-source-port',
    );
  });

  it("isn't found if all sources are allowed anyway, or few source ports are denied", () => {
    expect(said('accept')).toEqual(['ports/everything-open']);
    expect(said('accept', 'tcp sport 0-1023 drop', 'udp sport 19 drop')).toEqual(['ports/everything-open']);
  });

  it("isn't found for some sources, or for replies", () => {
    expect(said('drop', 'ip saddr 192.0.2.53 udp sport 53 accept')).not.toContain('ports/by-source-port');
    expect(said('drop', 'udp sport 53 ct state established accept')).toEqual([]);
    expect(said('drop', 'udp sport 53 accept')).toContain('ports/by-source-port');
  });
});

describe('reflection', () => {
  it('by the gateway only is enough if both addresses are in one network', () => {
    expect(codes(wished(hosting({ mapping: { reflection: { mode: 'pure-nat', onServer: false } } })))).toEqual([]);
  });

  it("by the server only doesn't cover its neighbours", () => {
    expect(codes(wished(hosting({ mapping: { reflection: { mode: 'disabled', onServer: true } } })))).toEqual([
      'nat/hairpin-missing-for-neighbours',
    ]);
  });

  it("by the gateway only isn't enough for a server in a routed network, which would receive its own packet", () => {
    const { gateway, servers } = hosting({ server: { addresses: ['10.0.16.10/28'] } });
    const [wan, lan] = gateway!.interfaces;
    const routed = (onServer: boolean): LintSubject =>
      wished({
        gateway: {
          ...gateway!,
          interfaces: [wan!, { ...(lan as InterfaceIntent), routes: ['10.0.16.0/28'] }],
          mappings: [
            { name: 'web', virtualIp: 'vip', internal: { server: 'web1' }, reflection: { mode: 'pure-nat', onServer } },
          ],
        },
        servers: servers!,
      });
    expect(codes(routed(false))).toEqual(['cpnat/hairpin-missing']);
    expect(codes(routed(true))).toEqual([]);
  });
});

describe('a gateway by hand', () => {
  const LAN = 'iifname { "lan0", "lan1" } accept';
  const where = (subject: LintSubject): readonly string[] =>
    lint(subject).map(({ code, where: at }) => `${code}: ${at}`);

  it('has no finding without a cause', () => expect(where(byHand())).toEqual([]));

  it('that passes everything to a mapped host gets one finding, and not one for every port', () => {
    expect(where(byHand('ct status dnat tcp dport { 443, 2083, 8080 } accept', 'ct status dnat accept'))).toEqual([
      'ports/everything-open: edge.nft, 203.0.113.10, 203.0.113.11',
    ]);
  });

  it('that blocks licence traffic gets a finding for the hosts with a panel', () => {
    for (const sourcePort of [4, 1020])
      expect(where(byHand(LAN, `tcp sport ${sourcePort} tcp dport 2089 drop\n\t\t${LAN}`))).toEqual([
        'licence/egress-blocked: edge.nft, 203.0.113.10, 203.0.113.11',
      ]);
    expect(where(byHand(LAN, `tcp sport 5 tcp dport 2089 drop\n\t\t${LAN}`))).toEqual([]);
  });

  it('that forwards a port of every address also takes it from mapped ones', () => {
    const found = where(byHand('ip daddr 203.0.113.12 tcp dport 8080', 'iifname "wan0" tcp dport 8080'));
    expect(found).toEqual(['nat/forward-shadows-mapping: edge.nft, 203.0.113.10, 203.0.113.11']);
  });
});

it('findings are sorted with errors first, always in one order', () => {
  const subject = (): LintSubject =>
    wished(
      hosting({
        profile: {
          services: ['https', 'imap-plain', 'smtps', { service: 'mysql', from: 'anywhere' }],
          outbound: ['dns'],
        },
      }),
    );
  const found = lint(subject()).map(({ severity, code }) => `${severity} ${code}`);
  expect(found).toEqual([
    'error licence/egress-blocked',
    'error ports/mysql-public',
    'warning cpnat/myip-blocked',
    'warning licence/callback-closed',
    'warning outbound/autossl-egress',
    'warning ports/plaintext-open',
    'note ports/closed-panel-via-443',
    'note ports/smtps-tls12',
  ]);
  expect(lint(subject()).map(({ severity, code }) => `${severity} ${code}`)).toEqual(found);
});

describe('a port that two services open', () => {
  const twice = (...services: readonly unknown[]): readonly string[] =>
    lint(wished(hosting({ profile: { services: services as never } })))
      .filter(({ code }) => code === 'access/opening-twice')
      .map(({ what }) => what.replace(/ opens? nothing .*/, ''));
  it('is found at the service that the other contains, and of two equal ones at the second', () => {
    expect(twice('https', 'web')).toEqual(['https']);
    expect(twice('web', '443/tcp')).toEqual(['443/tcp']);
    expect(twice('443/tcp', 'https')).toEqual(['https']);
    expect(twice('80/tcp', '443/tcp', 'web')).toEqual(['80/tcp, 443/tcp']);
    expect(twice('web', 'http', 'https')).toEqual(['http, https']);
  });
  it("isn't found if a port or a source belongs to one of them only", () => {
    const from = (...sources: readonly string[]) => ({ service: 'https', from: sources });
    expect(twice('web', '444/udp', '8443/tcp')).toEqual([]);
    expect(twice('web', from('192.0.2.0/28'))).toEqual([]);
    expect(twice(from('192.0.2.0/28'), from('192.0.2.0/29'))).toEqual([]);
    expect(twice(from('192.0.2.0/28'), { service: '443/tcp', from: ['192.0.2.0/29', '192.0.2.8/29'] })).toEqual([
      '443/tcp for 192.0.2.0/28',
    ]);
  });
});

describe('a list of sources without effect', () => {
  const held = (subject: LintSubject): readonly string[] =>
    lint(subject)
      .filter(({ code }) => code === 'access/opening-held')
      .map(({ where, what }) => `${where}: ${what.replace(/ keep no address .*/, '')}`);
  const from = (...sources: readonly string[]) => ({ service: 'mysql', from: sources });
  const profile = (...services: readonly object[]): LintSubject =>
    wished(hosting({ profile: { services: ['https', ...services] as never } }));

  it('is found if a longer list contains it, not if it is equal or reaches further', () => {
    expect(held(profile(from('192.0.2.0/28', '192.0.2.64/28'), from('192.0.2.0/28')))).toEqual([
      'server web1, owner hosting, profile site: The sources of mysql for 192.0.2.0/28',
    ]);
    expect(held(profile(from('192.0.2.0/28'), from('192.0.2.0/28')))).toEqual([]);
    expect(held(profile(from('192.0.2.0/28'), from('192.0.2.8/29', '192.0.2.64/28')))).toEqual([]);
  });

  it("isn't found if some port of a preset is open to that list only", () => {
    expect(held(profile({ service: 'web', from: ['192.0.2.0/28'] }))).toEqual([]);
    expect(held(profile({ service: 'web', from: 'anywhere' }, { service: 'web', from: ['192.0.2.0/28'] }))).toEqual([
      'server web1, owner hosting, profile site: The sources of web for 192.0.2.0/28',
    ]);
  });

  it('is found for a mapping to an unmanaged host', () => {
    const { gateway } = hosting();
    const open = [
      { service: 'https', from: 'anywhere' as const },
      { service: 'https', from: ['192.0.2.0/28'] },
    ];
    expect(
      held(
        wished({
          gateway: { ...gateway!, mappings: [{ name: 'web', virtualIp: 'vip', internal: '10.0.0.20', open }] },
        }),
      ),
    ).toEqual(['gateway edge1, owner hosting, mapping web: The sources of https for 192.0.2.0/28']);
  });
});
