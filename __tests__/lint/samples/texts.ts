// Pairs of subjects for lint rules on unmanaged texts: one with a finding, one without. Also builds the rules of a
// sample host and a gateway's rules by hand, with one edit.

import { LintSubject } from '../../../lib/lint/lint-subject';
import { foreign, ownersOf, subjectOf } from './lint-subjects';
import { Sample, hosting } from './profiles';
import { host as hostWith, port, router } from '../../devices';

export const HOST = hostWith(port('eth0', 'outside', ['198.51.100.50/24', '2001:db8:50::2/64']));

const GATEWAY = router([
  port('wan0', 'outside', ['203.0.113.2/24']),
  port('lan0', 'inside', ['10.0.0.1/24']),
  port('lan1', 'inside', ['10.0.1.1/24']),
]);

/** The input chain of a host, statement by statement. */
export const hostText = (policy: 'accept' | 'drop', rules: readonly string[]): string => `table inet own {
	chain input {
		type filter hook input priority filter; policy ${policy};
		ct state established,related accept
		iif "lo" accept
		tcp dport 22 ip saddr 192.0.2.5 accept
${rules.map((rule) => `\t\t${rule}\n`).join('')}	}
}
`;

const host = (...rules: readonly string[]): LintSubject =>
  subjectOf(foreign('host.nft', hostText('drop', rules), HOST));

export const edited = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`"${from}" is not in the text`);
  return text.replace(from, to);
};

const LOOPBACK = `table inet own {
	chain input {
		type filter hook input priority filter; policy drop;
		iif "lo" accept
		tcp dport { 22, 443 } accept
	}
}
`;

/** A 1:1 NAT by hand, with a panel on its host. */
const BY_HAND = `table ip nat {
	map inward {
		type ipv4_addr : ipv4_addr
		elements = { 203.0.113.10 : 10.0.0.10, 203.0.113.11 : 10.0.0.11 }
	}
	map outward {
		type ipv4_addr : ipv4_addr
		elements = { 10.0.0.10 : 203.0.113.10, 10.0.0.11 : 203.0.113.11 }
	}
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr 203.0.113.12 tcp dport 8080 dnat to 10.0.0.20
		dnat to ip daddr map @inward
	}
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "lan0" ip saddr 10.0.0.0/24 ct status dnat masquerade
		oifname "wan0" snat to ip saddr map @outward
	}
}
table inet filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		iifname { "lan0", "lan1" } accept
		ct status dnat tcp dport { 443, 2083, 8080 } accept
	}
	chain input {
		type filter hook input priority filter; policy drop;
		iif "lo" accept
	}
}
`;

export const byHand = (from = '', to = ''): LintSubject =>
  subjectOf(foreign('edge.nft', edited(BY_HAND, from, to), GATEWAY));

/** Port forwards on the gateway's own address. */
const FORWARDS = `table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "wan0" ip daddr 203.0.113.2 tcp dport 2083 dnat to 10.0.0.10
	}
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "wan0" masquerade
	}
}
table inet filter {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		iifname "lan0" accept
		ct status dnat accept
	}
}
`;

/** A gateway by hand in front of a managed server, which trusts the gateway's internal address. */
const before = (masquerade: string): LintSubject => {
  const text = edited(
    edited(BY_HAND, 'oifname "lan0" ip saddr 10.0.0.0/24 ct status dnat masquerade', masquerade),
    '{ 443, 2083, 8080 }',
    '{ 22, 443 }',
  );
  const { servers } = hosting({ server: { trustedNetworks: ['10.0.0.1'] } });
  return subjectOf(foreign('edge.nft', text, GATEWAY), ...ownersOf({ servers: servers! }));
};

const tcp = (ports: string): string => `tcp dport ${ports} accept`;

/** Rules that a text decides, managed or not. */
export const TEXT_SAMPLES: readonly Sample[] = [
  {
    code: 'ports/everything-open',
    fires: () => host('meta l4proto { tcp, udp } accept'),
    where: 'host.nft, 198.51.100.50, 2001:db8:50::2',
    what: 'reaches every TCP port, or nearly every one, at 198.51.100.50, 2001:db8:50::2',
    twin: () => host('ip saddr 192.0.2.0/24 meta l4proto { tcp, udp } accept'),
  },
  {
    code: 'ports/by-source-port',
    fires: () => host(tcp('443'), 'udp sport 53 accept', 'tcp sport { 20, 53 } tcp dport 1024-65535 accept'),
    where: 'host.nft, 198.51.100.50, 2001:db8:50::2',
    what: 'a client that sends from tcp port 20, 53 reaches 64,512 tcp ports that others do not, and a client that sends from udp port 53 reaches 65,535 udp ports',
    twin: () =>
      host(
        tcp('443'),
        'udp sport 123 udp dport 123 accept',
        'ip saddr 192.0.2.53 udp sport 53 accept',
        'tcp sport 1024-65535 tcp dport 8000-9999 accept',
      ),
  },
  {
    code: 'ports/localhost-only-exposed',
    fires: () => host(tcp('{ 443, 783 }')),
    where: 'host.nft, 198.51.100.50, 2001:db8:50::2',
    what: 'SpamAssassin (tcp 783) can be reached from elsewhere at 198.51.100.50',
    twin: () => host(tcp('{ 443, 784 }')),
  },
  {
    code: 'ports/localhost-only-blocked',
    fires: () =>
      subjectOf(foreign('host.nft', edited(LOOPBACK, 'iif "lo" accept', 'iif "lo" ip saddr 10.0.0.1 accept'), HOST)),
    where: 'host.nft',
    what: "can't reach cPHulk (579), SpamAssassin (783), PowerDNS control (953) on 127.0.0.1",
    twin: () => subjectOf(foreign('host.nft', LOOPBACK, HOST)),
  },
  {
    code: 'ports/ipv6-wider',
    fires: () =>
      host(tcp('443'), 'ip saddr 192.0.2.0/24 tcp dport 8443 accept', 'meta nfproto ipv6 tcp dport 8443 accept'),
    where: 'host.nft, 2001:db8:50::2',
    what: 'Any source reaches tcp 8443 over IPv6 at 2001:db8:50::2, and not over IPv4',
    twin: () =>
      host(
        tcp('443'),
        'ip saddr 192.0.2.0/24 tcp dport 8443 accept',
        'ip6 saddr 2001:db8:1::/48 tcp dport 8443 accept',
      ),
  },
  {
    code: 'access/admin-lockout',
    fires: () => subjectOf(foreign('host.nft', edited(LOOPBACK, '{ 22, 443 }', '443'), HOST)),
    where: 'host.nft',
    what: 'No source reaches SSH or WHM on it',
    twin: () => subjectOf(foreign('host.nft', LOOPBACK, HOST)),
  },
  {
    code: 'licence/port-changing-nat',
    fires: () => byHand('snat to ip saddr map @outward', 'snat to ip saddr map @outward random'),
    where: 'edge.nft, 203.0.113.10, 203.0.113.11',
    what: 'Connections of 10.0.0.10, 10.0.0.11 to tcp 2089 lose their source port',
    twin: () => byHand(),
  },
  {
    code: 'cpnat/not-one-to-one',
    fires: () => subjectOf(foreign('edge.nft', FORWARDS, GATEWAY)),
    where: 'edge.nft, 203.0.113.2',
    what: '10.0.0.10 shares the public address 203.0.113.2',
    twin: () => subjectOf(foreign('edge.nft', FORWARDS.replace('dport 2083', 'dport 8443'), GATEWAY)),
  },
  {
    code: 'cpnat/duplicate-public',
    fires: () => byHand('10.0.0.11 : 203.0.113.11', '10.0.0.11 : 203.0.113.10'),
    where: 'edge.nft, 203.0.113.10',
    what: '10.0.0.10, 10.0.0.11 leave as 203.0.113.10, one by one',
    twin: () => byHand(),
  },
  {
    code: 'nat/forward-shadows-mapping',
    fires: () => byHand('ip daddr 203.0.113.12', 'ip daddr 203.0.113.10'),
    where: 'edge.nft, 203.0.113.10',
    what: 'Part of what comes to 203.0.113.10 is translated to 10.0.0.20',
    twin: () => byHand(),
  },
  {
    code: 'nat/default-accept-forward',
    fires: () => byHand('hook forward priority filter; policy drop', 'hook forward priority filter; policy accept'),
    where: 'edge.nft, forwarding',
    what: 'Every TCP port of 10.0.0.0/24, 10.0.1.0/24 can be reached from outside',
    twin: () => byHand(),
  },
  {
    code: 'nat/hides-clients',
    fires: () => byHand('oifname "lan0" ip saddr 10.0.0.0/24 ct status dnat masquerade', 'oifname "lan0" masquerade'),
    where: 'edge.nft, 203.0.113.10, 203.0.113.11, 203.0.113.12',
    what: 'What comes from the internet to 203.0.113.10, 203.0.113.11, 203.0.113.12 reaches its host with another source',
    twin: () => byHand(),
  },
  {
    code: 'nat/hairpin-launders-source',
    fires: () => before('oifname "lan0" ct status dnat ip saddr 10.0.0.0/16 masquerade'),
    where: 'edge.nft, from lan0, lan1',
    what: 'at 203.0.113.10 only because the gateway changes their source',
    twin: () => before('oifname "lan0" ip saddr 203.0.113.99 ct status dnat masquerade'),
  },
];
