// Tests the nftables tables generated for gateways and servers line by line.

import { generator } from '../../../lib/platforms/nftables/generate/generator';
import { Policy } from '../../../lib/policy/policy';
import { GATEWAYS, REFLECTED, SERVERS } from '../../generate/samples';
import { WEB, elementsOf, gateway, linesOf, mapping, openings, rulesOf, virtualIp } from '../../generate/support';

const write = (policy: Policy): string => generator.write(policy).text;

describe('a gateway', () => {
  it('translates and opens one server, and nothing else', () => {
    const text = write(GATEWAYS['one mapping']!);
    expect(rulesOf(text, 'c_prerouting')).toEqual(['iifname "wan0" dnat ip to ip daddr map @m_in_1']);
    expect(rulesOf(text, 'c_postrouting')).toEqual(['oifname "wan0" snat ip to ip saddr map @m_out_1']);
    expect(rulesOf(text, 'c_public')).toEqual(['ip daddr @s_hosts jump c_open_1 comment "openings web"', 'drop']);
    expect(rulesOf(text, 'c_open_1')).toEqual(['tcp dport @s_ports accept']);
    expect(elementsOf(text, 's_ports')).toBe('elements = { 80, 443 }');
    expect(elementsOf(text, 'm_in_1')).toBe('elements = { 203.0.113.10 : 10.0.0.10 }');
    expect(rulesOf(text, 'c_forward').slice(-3)).toEqual([
      'ct original ip daddr @s_public jump c_public',
      'ip daddr @s_public drop comment "not translated"',
      'iifname "wan0" ip daddr @s_inside drop comment "past the public address"',
    ]);
    expect(rulesOf(text, 'c_input').slice(-2)).toEqual([
      'ip daddr @s_public drop comment "not translated"',
      'ct original ip daddr @s_public drop comment "redirected to the gateway"',
    ]);
  });

  it('accepts only replies as established, or whole sessions if they may go on', () => {
    const rules = (establishedSessions: 'terminate' | 'keep') =>
      rulesOf(write(gateway([mapping('203.0.113.10', '10.0.0.10')], { establishedSessions })), 'c_forward')[0];
    expect(rules('terminate')).toBe('ct direction reply ct state established accept');
    expect(rules('keep')).toBe('ct state established accept');
  });

  it('pairs prefixes as prefixes, and translates the source in the shared subnet only', () => {
    const text = write(GATEWAYS['a /28 to a /28, reflected']!);
    expect(rulesOf(text, 'c_prerouting')).toEqual([
      'iifname { "lan0", "wan0" } dnat ip prefix to ip daddr map { 203.0.113.16/28 : 10.0.0.16/28 }',
    ]);
    expect(rulesOf(text, 'c_postrouting')).toEqual([
      'iifname "lan0" oifname "lan0" ip saddr 10.0.0.0/24 ip daddr 10.0.0.0/24 ct status dnat ct original ip daddr @s_public snat ip to 10.0.0.1 comment "client and server in one subnet"',
      'oifname "wan0" snat ip prefix to ip saddr map { 10.0.0.16/28 : 203.0.113.16/28 }',
    ]);
    const elsewhere = gateway([mapping('203.0.113.10', '10.0.9.10', { reflection: REFLECTED })]);
    expect(rulesOf(write(elsewhere), 'c_postrouting')).toEqual(['oifname "wan0" snat ip to ip saddr map @m_out_1']);
  });

  it('removes exclusions from the translated addresses', () => {
    const part = write(GATEWAYS['one address of a /28 excluded']!);
    expect(elementsOf(part, 'm_in_1')).toBe('elements = { 203.0.113.20 : 10.0.0.20 }');
    expect(rulesOf(part, 'c_prerouting')[1]).toBe(
      'iifname "wan0" dnat ip prefix to ip daddr map { 203.0.113.16/30 : 10.0.0.16/30, 203.0.113.22/31 : 10.0.0.22/31, 203.0.113.24/29 : 10.0.0.24/29 }',
    );
    expect(elementsOf(part, 's_public')).toBe('elements = { 203.0.113.16/28 }');
    const peers = write(GATEWAYS['peers excluded']!);
    expect(rulesOf(peers, 'c_prerouting')).toEqual([
      'iifname "wan0" ip saddr != 192.0.2.0/24 dnat ip to ip daddr map @m_in_1',
    ]);
    expect(rulesOf(peers, 'c_postrouting')).toEqual([
      'oifname "wan0" ip daddr != 192.0.2.0/24 snat ip to ip saddr map @m_out_1',
    ]);
    const nothing = gateway([
      mapping('203.0.113.10', '10.0.0.10', { exclude: [{ internal: 'all', peers: 'anywhere' }] }),
    ]);
    expect(rulesOf(write(nothing), 'c_prerouting')).toEqual([]);
    expect(rulesOf(write(nothing), 'c_public')).toEqual(['drop']);
  });

  it('puts restricted mappings first', () => {
    const text = write(GATEWAYS['restricted before everybody']!);
    expect(rulesOf(text, 'c_postrouting')).toEqual([
      'oifname "wan0" ip daddr 192.0.2.0/24 snat ip to ip saddr map @m_out_1',
      'oifname "wan0" snat ip to ip saddr map @m_out_2',
    ]);
    expect(elementsOf(text, 'm_out_1')).toBe('elements = { 10.0.0.10 : 203.0.113.11 }');
  });

  it('separates the allow rules of one server by its public addresses', () => {
    const text = write(GATEWAYS['two publics for one server']!);
    expect(rulesOf(text, 'c_public')).toEqual([
      'ip daddr @s_shared ct original ip daddr @s_shared_public jump c_open_1 comment "openings mail"',
      'ip daddr @s_shared_2 ct original ip daddr @s_shared_public_2 jump c_open_2 comment "openings web"',
      'drop',
    ]);
    expect(elementsOf(text, 's_shared_public')).toBe('elements = { 203.0.113.10 }');
    expect(elementsOf(text, 's_shared_public_2')).toBe('elements = { 203.0.113.11 }');
  });

  it('separates the allow rules of one pair of addresses by peers; the restricted ones come first and are final', () => {
    expect(rulesOf(write(GATEWAYS['one pair of addresses, two lists of openings']!), 'c_public')).toEqual([
      'iifname { "lan0", "wan0" } ip saddr 192.0.2.0/24 ip daddr 10.0.0.10 ct original ip daddr 203.0.113.10 jump c_open_2 comment "openings mail"',
      'iifname { "lan0", "wan0" } ip saddr 192.0.2.0/24 ip daddr 10.0.0.10 ct original ip daddr 203.0.113.10 drop',
      'iifname "wan0" ip daddr 10.0.0.10 ct original ip daddr 203.0.113.10 jump c_open_1 comment "openings web"',
      'iifname "wan0" ip daddr 10.0.0.10 ct original ip daddr 203.0.113.10 drop',
      'drop',
    ]);
  });

  it('accepts management before it drops blocked sources, and the rest after', () => {
    expect(rulesOf(write(GATEWAYS['every kind of opening']!), 'c_open_1')).toEqual([
      'ip saddr 10.9.0.0/16 tcp dport 0-65535 accept',
      'ip saddr @s_blocked drop',
      'meta l4proto 17 accept',
      'dccp dport @s_ports accept',
      'sctp dport @s_ports accept',
      'udplite dport @s_ports accept',
      'meta l4proto 47 accept',
      'icmp type @s_icmp_types accept',
      'ip saddr 198.51.100.1 meta l4proto 1 accept',
    ]);
  });

  it('answers on a virtual IP only the requests that are allowed', () => {
    const text = write(GATEWAYS['a gateway that answers']!);
    expect(rulesOf(text, 'c_input').slice(-3)[0]).toBe('ip daddr @s_vip jump c_open_1 comment "answers vip"');
    expect(rulesOf(text, 'c_prerouting')).toEqual([]);
    expect(rulesOf(text, 'c_public')).toEqual(['drop']);
  });

  it('finds the allow rules of many hosts by one lookup', () => {
    const text = write(GATEWAYS['more lists of openings than rules are good for']!);
    expect(rulesOf(text, 'c_public')).toEqual(['ip daddr vmap @m_hosts', 'drop']);
    expect(elementsOf(text, 'm_hosts')).toContain('10.0.0.139 : jump c_open_40 }');
  });

  it('has hosts with equal allow rules once, whatever the lists’ names and the order of mappings', () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      mapping(`203.0.113.${n + 10}`, `10.0.0.${n + 10}`, { allowRules: openings(`own-${n}`, WEB.entries) }),
    );
    const text = write(gateway(many));
    expect(linesOf(text).filter((line) => line.endsWith('accept')).length).toBe(8);
    const same = many.map((one) => ({ ...one, allowRules: WEB }));
    expect(write(gateway([...same].reverse()))).toBe(write(gateway(same)));
  });

  it('uses an inboundOnly mapping for no outbound packet', () => {
    const text = write(gateway([mapping('203.0.113.10', '10.0.0.10', { inboundOnly: true })]));
    expect(rulesOf(text, 'c_postrouting')).toEqual([]);
  });

  it('lists the virtual IPs that the device must have', () => {
    const { addresses } = generator.write(
      gateway([], {
        virtualIps: [
          virtualIp('203.0.113.10', { mask: 24 }),
          virtualIp('203.0.113.12/31'),
          virtualIp('203.0.113.32/28', { kind: 'proxy-arp' }),
          virtualIp('198.18.0.0/24', { kind: 'other' }),
        ],
      }),
    );
    expect(addresses).toEqual([
      { kind: 'alias', interface: 'wan0', address: '203.0.113.10/24' },
      { kind: 'alias', interface: 'wan0', address: '203.0.113.12/32' },
      { kind: 'alias', interface: 'wan0', address: '203.0.113.13/32' },
      { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.32/28' },
      { kind: 'routed', interface: 'wan0', address: '198.18.0.0/24' },
    ]);
  });
});

describe('a server', () => {
  it('drops what is not listed, and keeps what keeps it reachable', () => {
    expect(rulesOf(write(SERVERS['one profile']!), 'c_input')).toEqual([
      'iif "lo" accept',
      'ct direction reply ct state established accept',
      'ct state related icmp type { destination-unreachable, time-exceeded, parameter-problem } accept',
      'ct state related icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept',
      'icmpv6 type { mld-listener-query, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept',
      'ip saddr 10.0.0.0/8 accept comment "inside"',
      'tcp dport @s_ports accept',
    ]);
    expect(write(SERVERS['one profile']!)).toContain('type filter hook input priority filter - 10; policy drop;');
    expect(write(SERVERS['one profile']!)).not.toContain('hook output');
  });

  it('has a rule per family if sources have one', () => {
    expect(rulesOf(write(SERVERS['both families, blocked and management']!), 'c_input').slice(5)).toEqual([
      'ip saddr @s_from tcp dport 22 accept',
      'ip6 saddr @s_from6 tcp dport 22 accept',
      'ip saddr 203.0.113.0/24 drop',
      'ip6 saddr 2001:db8:bad::/48 drop',
      'tcp dport @s_ports accept',
      'icmp type 8 accept',
      'icmpv6 type 128 accept',
      'meta l4proto 1 meta nfproto ipv4 accept',
      'meta nfproto ipv6 udp dport 53 accept',
    ]);
  });

  it('accepts outbound only what is listed, with the required source ports', () => {
    const text = write(SERVERS['few ways out']!);
    expect(rulesOf(text, 'c_output').slice(-6)).toEqual([
      'ip daddr 10.0.0.10 ct original ip daddr 203.0.113.10 accept comment "own public address"',
      'ip6 daddr 2001:db8::10 ct original ip6 daddr 2001:db8::99 accept comment "own public address"',
      'tcp sport @s_ports_2 tcp dport 2089 accept',
      'ip daddr 9.9.9.9 udp dport 53 accept',
      'ip6 daddr 2620:fe::fe udp dport 53 accept',
      'tcp sport 20 accept',
    ]);
    expect(rulesOf(text, 'c_own_public')).toEqual([
      'dnat ip to ip daddr map @m_own',
      'dnat ip6 to ip6 daddr map @m_own6',
    ]);
  });
});

it('puts 10,000 servers of one profile into a handful of rules', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => {
    const host = `${n >> 8}.${n & 255}`;
    return mapping(`198.18.${host}`, `10.64.${host}`);
  });
  const text = write(gateway(many));
  const rules = ['c_open_1', 'c_public', 'c_prerouting', 'c_postrouting'].flatMap((chain) => rulesOf(text, chain));
  expect(rules).toHaveLength(5);
});
