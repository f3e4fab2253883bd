// Pairs of subjects for lint rules on the programs of a host: one with a finding, one without.

import { LintSubject } from '../../../lib/lint/lint-subject';
import { judged, subjectOf } from './lint-subjects';
import { Sample } from './profiles';
import { HOST, edited } from './texts';

/** Chains of several programs on one panel host. */
const PROGRAMS = `table inet filter {
	set cphulk-TempBan {
		type ipv4_addr
		flags timeout
		elements = { 192.0.2.91 timeout 2h expires 1h }
	}
	chain INPUT {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif "lo" accept
		jump cphulk
		jump cPanel-HostAccessControl
		tcp dport { 443, 2087 } accept
	}
	chain cphulk {
		ip saddr @cphulk-TempBan drop
	}
	chain cPanel-HostAccessControl {
		ip saddr 192.0.2.10 ct state new tcp dport 2087 accept
		ct state new tcp dport 2087 drop
	}
}
`;

const programs = (from = '', to = ''): LintSubject => subjectOf(judged('host.nft', edited(PROGRAMS, from, to), HOST));

/** Two programs with a filter chain each. */
const BESIDE = `table ip filter {
	chain INPUT {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif "lo" accept
		jump ufw-user-input
	}
	chain ufw-user-input {
		tcp dport { 443, 3306 } accept
	}
}
table inet own {
	chain input {
		type filter hook input priority filter + 10; policy drop;
		ct state established,related accept
		iif "lo" accept
		tcp dport { 443, 8443 } accept
	}
}
`;

const beside = (from = '', to = ''): LintSubject => subjectOf(judged('host.nft', edited(BESIDE, from, to), HOST));

/** Rules on hosts with chains of several programs. */
export const HOST_SAMPLES: readonly Sample[] = [
  {
    code: 'access/hac-ignored',
    fires: () => programs('jump cphulk', 'ip saddr 198.51.100.0/25 tcp dport 2087 accept\n\t\tjump cphulk'),
    where: 'host.nft, 198.51.100.50',
    what: 'Host Access Control refuses tcp 2087 from 198.51.100.0/25 at 198.51.100.50, and it gets in all the same: it is accepted before chain cPanel-HostAccessControl of table inet filter is asked.',
    twin: () => programs(),
  },
  {
    code: 'access/ban-ignored',
    fires: () => programs('\t\tjump cphulk\n', ''),
    where: 'host.nft, 198.51.100.50',
    what: 'cPHulk refuses tcp 443 from 192.0.2.91 at 198.51.100.50, and it gets in all the same: no rule leads to chain cphulk of table inet filter.',
    twin: () => programs(),
  },
  {
    code: 'ports/two-filters',
    fires: () => beside(),
    where: 'host.nft',
    what: "has to pass chain INPUT of table ip filter (ufw) and chain input of table inet own, each of which drops what it doesn't open. Closed to most all the same: tcp 3306, which chain INPUT of table ip filter (ufw) opens. Closed to most all the same: tcp 8443, which chain input of table inet own opens.",
    twin: () => beside('priority filter + 10; policy drop', 'priority filter + 10; policy accept'),
  },
];
