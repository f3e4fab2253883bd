import { join } from 'node:path';
import { lookAt } from '../driver/doctor/samples';
import { live, server, verify } from '../driver/drift-samples';
import { builtCommand, typed } from '../built-command';
import { ROOT, read } from '../walls/sources';
import { page } from './says';

const { says, inLab } = page('cpanel-firewall.md');
const built = builtCommand();

/** The line of the page's examples that begins so. */
const shown = (begins: string): string => new RegExp(`^(${begins}.*)$`, 'm').exec(read('docs/cpanel-firewall.md'))![1]!;

const ACCESS = `table inet filter {${'\n'.repeat(15)}	chain INPUT {
		type filter hook input priority filter; policy accept;
		jump cPanel-HostAccessControl
	}
	chain cPanel-HostAccessControl {
		ip saddr 198.51.100.7 tcp dport 443 drop
	}
}
`;

says('A line of theirs is named with its program, in `verify`', () => {
  const { lines } = verify(
    live(server, (rules) => rules + ACCESS),
    { holders: [server] },
  );
  const [begin, end] = shown('  no drift: closed there').split('(…)') as [string, string];
  expect(lines.filter((line) => line.startsWith(begin)).map((line) => line.slice(line.indexOf('), by') + 1))).toEqual([end]);
});

says('Where it adds rules, `verify` and a delivery say so once, beside a release that is as delivered.', () => {
  const { facts } = lookAt(server);
  const { same, lines } = verify({ ...lookAt(server), facts: { ...facts, cpanelRules: 'added' } }, { holders: [server] });
  expect([same, lines.filter((line) => line.includes('configure_firewall_for_cpanel'))]).toEqual([true, [shown('  no drift: configure')]]);
});

says('Where Host Access Control or a ban refuses somebody who gets in all the same, it says so, with the ports', () => {
  const { out } = typed(built, ['exposure', join(ROOT, '__tests__/platforms/nftables/wild/cpanel-el9.nft')]);
  expect(out.split('\n')).toContain(shown('  warning access/ban-ignored'));
});

inLab([
  [
    'what is observed there on all TCP ports is what was proven.',
    'beside it what is observed is what was proven, also where its program runs once more, after a restart of its service and of the server',
  ],
  ['the copy is never in force.', 'a release that it dumped does not come back in place of a later one'],
  [
    'what it accepts opens nothing; list those sources in the profile. What it drops is closed',
    'Host Access Control opens nothing past ours; what it closes is said with its name, and where to change it',
  ],
  [
    'on the ports that `cP-Firewall-1-INPUT` accepts it keeps nobody out, with or without us',
    'a ban of cPHulk holds where its chain is asked before the list of ports, and there alone: verify, doctor and packets agree',
  ],
  ['take our table out of the file, and nothing else.', 'a retract leaves the server as cPanel has it, after restarts, too'],
  [
    'a delivery says what ufw closes of it, `verify` ends with `narrower`, `exposure` names both',
    'beside a table of nft both have to let pass: a delivery, verify and exposure say whose it is',
  ],
  ['which is refused while ufw is enabled.', 'while it is enabled iptables and firewalld are refused by name, and nothing changes'],
]);
