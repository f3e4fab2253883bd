// Tests the verification of the rules that a device runs, beside rules of others: which of these refuse a release, and
// which are only reported.

import { parseAddress, parseInterfaceAddress } from '../../lib/net/address';
import { Device, toLocationKey } from '../../lib/net/device';
import { Policy } from '../../lib/policy/policy';
import { HealthCheck } from '../../lib/agent-protocol/release';
import { verifyDevice } from '../../lib/verifier/verify-device';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { caseWish, compiled } from '../support';

const [gateway, server] = compiled(caseWish('guide/mail-server'), 'nftables').policies as [Policy, Policy];

/** The rules of a device: our text, and another program's chain beside it. */
function judged(policy: Policy, chain = '', witnesses: readonly HealthCheck[] = []): ReturnType<typeof verifyDevice> {
  const { generated, device } = verifyPolicy(policy);
  return verifyDevice(policy, live(generated.text, chain), device, witnesses);
}

const live = (text: string, chain: string): string =>
  `${text.split('\n').slice(2).join('\n')}\n${chain === '' ? '' : `table inet foreign {\nchain one {\n${chain}\n}\n}\n`}`;

const FORWARDED = 'iifname "wan0" ip daddr 203.0.113.10 tcp dport 443';

it('finds nothing on a device that runs our text alone', () => {
  for (const policy of [gateway, server]) expect(judged(policy)).toEqual({ refusals: [], reports: [] });
});

describe('a rule that may translate a packet is refused, even if it may not match', () => {
  it.each([
    [
      'a redirect with a limit',
      `type nat hook prerouting priority -190; policy accept\n${FORWARDED} limit rate 1/second dnat ip to 10.0.0.10:25`,
    ],
    ['a target of iptables', `type nat hook prerouting priority -190; policy accept\n${FORWARDED} xt target "DNAT"`],
    [
      'a masquerade with a limit',
      'type nat hook postrouting priority -190; policy accept\niifname "wan0" ip daddr 10.0.0.10 tcp dport 443 limit rate 1/second masquerade',
    ],
  ])('%s', (_, chain) => {
    expect(judged(gateway, chain).refusals.join('\n')).toMatch(
      /203\.0\.113\.10 tcp 443 .* to another host or as another source/,
    );
  });
});

it('reports a rule that only narrows', () => {
  const { refusals, reports } = judged(
    gateway,
    'type filter hook forward priority 10; policy accept\niifname "wan0" ip daddr 10.0.0.10 tcp dport 443 limit rate over 1/second drop',
  );
  expect(refusals).toEqual([]);
  expect(reports.join('\n')).toMatch(/203\.0\.113\.10 tcp 443 .* can not be decided/);
});

it('reports a redirect with a limit to a host that the release does not open: its packets are dropped', () => {
  const { refusals, reports } = judged(
    gateway,
    `type nat hook prerouting priority -190; policy accept\n${FORWARDED} limit rate 1/second dnat ip to 10.0.0.99`,
  );
  expect(refusals).toEqual([]);
  expect(reports.join('\n')).toMatch(/203\.0\.113\.10 tcp 443 .* can not be decided/);
});

it('reports a ban that may expire, also for replies', () => {
  const banned = 'type filter hook input priority -1; policy accept\nip saddr { 192.0.2.77 } limit rate 1/second drop';
  const { refusals, reports } = judged(server, banned);
  expect(refusals).toEqual([]);
  expect(reports.join('\n')).toMatch(/from 192\.0\.2\.77, as an answer of a session, can not be decided/);
});

describe('management must be verified', () => {
  const INPUT = 'type filter hook input priority 10; policy accept\n';
  it.each([
    ['dropped', 'tcp dport 22 drop'],
    ['uncertain', 'tcp dport 22 xt match "recent" drop'],
    ['limited', 'tcp dport 22 limit rate over 1/minute drop'],
  ])('%s', (_, rule) => {
    expect(judged(server, INPUT + rule).refusals.join('\n')).toMatch(/the way in would be lost/);
  });

  it('only inbound: packets from the server itself are not management', () => {
    expect(judged(server, 'type filter hook output priority 10; policy accept\ntcp dport 22 drop').refusals).toEqual(
      [],
    );
  });
});

describe('health checks', () => {
  it('are verified for each way out of the device', () => {
    const two: Policy = twoWaysOut(gateway);
    const { generated, device } = verifyPolicy(two);
    const witness: HealthCheck = { arrives: 'lan0', from: '10.0.0.77', to: '198.51.100.9', protocol: 'tcp', port: 443 };
    const by = (name: string): string =>
      live(generated.text, `type filter hook forward priority 10; policy accept\noifname "${name}" drop`);
    expect(verifyDevice(two, live(generated.text, ''), device, [witness]).refusals).toEqual([]);
    for (const name of ['wan0', 'wan9'])
      expect(verifyDevice(two, by(name), device, [witness]).refusals.join('\n')).toMatch(/health check 10\.0\.0\.77/);
  });

  it('are verified for every source port of a client', () => {
    const witness: HealthCheck = { arrives: 'eth0', from: '192.0.2.9', to: '10.0.0.10', protocol: 'tcp', port: 25 };
    expect(judged(server, '', [witness]).refusals).toEqual([]);
    const some = 'type filter hook input priority 10; policy accept\ntcp sport 50000-60000 tcp dport 25 drop';
    expect(judged(server, some, [witness]).refusals.join('\n')).toMatch(/health check 192\.0\.2\.9/);
  });

  it('are refused if they arrive by an interface that the device lacks', () => {
    const witness: HealthCheck = { arrives: 'eth7', from: '192.0.2.9', to: '10.0.0.10', protocol: 'tcp', port: 25 };
    expect(judged(server, '', [witness]).refusals.join('\n')).toMatch(/health check 192\.0\.2\.9/);
  });
});

function twoWaysOut(policy: Policy): Policy {
  const [first] = policy.interfaces;
  return {
    ...policy,
    interfaces: [...policy.interfaces, { ...first!, name: 'wan9', addresses: [], routes: [] }],
  } as Policy;
}

it('refuses a device that lacks the interface of a start location', () => {
  const { generated, device } = verifyPolicy(server);
  const without: Device = { ...device, interfaces: [{ ...device.interfaces[0]!, name: 'other' }] };
  const { refusals } = verifyDevice(server, live(generated.text, ''), without, []);
  expect(refusals.join('\n')).toContain(toLocationKey({ kind: 'interface', name: 'eth0' }).split(' ')[1]);
});

describe('interfaces that the intent does not name', () => {
  const { generated, device } = verifyPolicy(server);
  const named = (name: string, address: string): Device => ({
    ...device,
    interfaces: [
      ...device.interfaces,
      { name, role: 'inside', addresses: [parseInterfaceAddress(address)!], routes: [] },
    ],
    forwarding: true,
  });
  const table = (chains: string): string => `${live(generated.text, '')}table ip foreign {\n${chains}\n}\n`;

  it('are start locations, too', () => {
    const entered = table(
      'chain p {\ntype nat hook prerouting priority dstnat; policy accept\niifname "wg0" tcp dport 3306 redirect to :25\n}',
    );
    expect(verifyDevice(server, live(generated.text, ''), named('wg0', '10.7.0.1/24'), []).refusals).toEqual([]);
    expect(verifyDevice(server, entered, named('wg0', '10.7.0.1/24'), []).refusals.join('\n')).toMatch(
      /by wg0: 10\.0\.0\.10 tcp 3306/,
    );
  });

  it('are outgoing interfaces: a port that a container publishes is open', () => {
    const published = table(
      [
        'chain p {\ntype nat hook prerouting priority dstnat; policy accept\niifname != "docker0" tcp dport 8080 dnat to 172.17.0.2:80\n}',
        'chain f {\ntype filter hook forward priority filter; policy drop\noifname "docker0" ip daddr 172.17.0.2 tcp dport 80 accept\n}',
      ].join('\n'),
    );
    expect(verifyDevice(server, published, named('docker0', '172.17.0.1/16'), []).refusals.join('\n')).toMatch(
      /by eth0: 10\.0\.0\.10, 172\.17\.0\.1 tcp 8080 from anywhere but 10\.0\.0\.0\/24 would pass, and nothing asks for it/,
    );
  });

  it('have addresses that are not the server’s: their translation on the way out is reported, such as Docker’s masquerade', () => {
    const leaving = (source: string): string =>
      table(
        `chain q {\ntype nat hook postrouting priority srcnat; policy accept\noifname != "docker0" ip saddr ${source} masquerade\n}`,
      );
    const docker = (source: string) => verifyDevice(server, leaving(source), named('docker0', '172.17.0.1/16'), []);
    expect(docker('172.17.0.0/16').refusals).toEqual([]);
    expect(docker('172.17.0.0/16').reports.join('\n')).toMatch(
      /from the device itself.* from 172\.17\.0\.1 would pass, or may pass, .*masquerade/,
    );
    expect(docker('10.0.0.10').refusals.join('\n')).toMatch(
      /from the device itself.* from 10\.0\.0\.10 would pass, or may pass/,
    );
    // If both sources are translated, each is reported for itself.
    const [both, one] = [docker('{ 10.0.0.10, 172.17.0.0/16 }'), docker('10.0.0.10')];
    expect(both.refusals.join('\n')).not.toContain('from 172.17.0.1');
    expect([both.refusals.length, both.reports.length > 0, one.reports]).toEqual([one.refusals.length, true, []]);
  });

  it('add addresses, which are closed as well', () => {
    const bridge = named('docker0', '172.17.0.1/16');
    const also: Device = { ...bridge, localAddresses: [...bridge.localAddresses, parseAddress('203.0.113.99')!] };
    const published = table(
      'chain p {\ntype nat hook prerouting priority dstnat; policy accept\nip daddr 203.0.113.99 tcp dport 8080 dnat to 172.17.0.2:80\n}',
    );
    expect(verifyDevice(server, live(generated.text, ''), also, [])).toEqual({ refusals: [], reports: [] });
    expect(verifyDevice(server, published, also, []).refusals.join('\n')).toMatch(
      /by eth0: 203\.0\.113\.99 tcp 8080 .* nothing asks for it/,
    );
  });
});

describe('other effects of our rules', () => {
  const own = (text: string): string =>
    text.replace(
      'chain c_prerouting {',
      'chain c_besides {\n\ttype nat hook prerouting priority dstnat; policy accept\n\tip daddr 203.0.113.2 tcp dport 25 dnat ip to 10.0.0.99\n\t}\n\tchain c_prerouting {',
    );

  it('are refused', () => {
    const { generated, device } = verifyPolicy(gateway);
    expect(verifyDevice(gateway, own(live(generated.text, '')), device, []).refusals.join('\n')).toMatch(
      /203\.0\.113\.2 tcp 25 from anywhere would be translated to another host, and is not ours to translate/,
    );
  });

  it('are accepted in a table of another program', () => {
    expect(
      judged(
        gateway,
        'type nat hook prerouting priority dstnat; policy accept\nip daddr 203.0.113.2 tcp dport 25 dnat ip to 10.0.0.99',
      ).refusals,
    ).toEqual([]);
  });
});

it('loses no management if packets with the server’s own source, or without a route back, are dropped', () => {
  const [policy] = compiled(caseWish('server/ipv6'), 'nftables').policies as [Policy & { kind: 'server' }];
  const entries = policy.allowRules.entries.map((one) => ({ ...one, sources: 'anywhere' as const }));
  const open: Policy = { ...policy, allowRules: { ...policy.allowRules, entries } };
  const back = (what: string): string => `type filter hook prerouting priority -150; policy accept\n${what}`;
  expect(judged(open, back('meta nfproto ipv6 fib saddr . iif oif missing drop')).refusals).toEqual([]);
  expect(judged(open, back('ip6 saddr 2001:db8:77::/48 drop')).refusals.join('\n')).toContain(
    'the way in would be lost',
  );
});
