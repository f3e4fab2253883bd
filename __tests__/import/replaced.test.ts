// Tests which firewalls of a server (ufw, csf, saved iptables rules) the imported release may replace, and that chains
// of other programs prevent it.

import { readFileSync } from 'node:fs';
import {
  ACCOMPANYING_CHAINS_PATTERN,
  findAccompanyingChain,
  findReplacedFirewalls,
} from '../../lib/import/find-replaced-firewalls';

const SAVED = '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n';
const with_ = (...chains: readonly string[]): string =>
  SAVED.replace('COMMIT', chains.map((chain) => `:${chain} - [0:0]\n`).join('') + 'COMMIT');

// The program of a server's rules, by hand.
test.each<readonly [string, string, string, string, readonly string[]]>([
  ['rules of no known program', 'iptables', SAVED, 'nftables', ['iptables']],
  ['the same for firewalld', 'iptables', SAVED, 'firewalld', ['iptables']],
  ['the same for a platform whose rules go with them', 'iptables', SAVED, 'iptables', []],
  ['ufw’s', 'iptables', with_('ufw-before-input', 'ufw6-user-input'), 'nftables', ['ufw']],
  ['csf’s, with bans of fail2ban', 'iptables', with_('LOCALINPUT', 'f2b-sshd'), 'nftables', ['csf']],
  ['APF’s', 'iptables', with_('TALLOW', 'TDENY'), 'nftables', ['apf']],
  [
    'ufw’s, as nft lists them',
    'nftables',
    'table ip filter {\n\tchain ufw-before-input {\n\t}\n}\n',
    'nftables',
    ['ufw'],
  ],
  [
    'firewalld’s, as nft lists them',
    'nftables',
    'table inet firewalld {\n\tchain filter_INPUT {\n\t}\n}\n',
    'nftables',
    ['firewalld'],
  ],
  ['firewalld’s, for csf', 'nftables', 'table inet firewalld {\n}\n', 'csf', ['firewalld']],
  ['ufw’s, for csf', 'iptables', with_('ufw-before-input'), 'csf', []],
  ['firewalld’s, for firewalld', 'nftables', 'table inet firewalld {\n}\n', 'firewalld', []],
  ['nft tables of no known program', 'nftables', 'table inet filter {\n\tchain input {\n\t}\n}\n', 'nftables', []],
  ['files of csf', 'csf', '==> etc/csf/csf.conf <==\nTESTING = "0"\n', 'nftables', ['csf']],
  ['files of firewalld', 'firewalld', '', 'nftables', ['firewalld']],
  ['files of APF', 'apf', '', 'nftables', ['apf']],
])('%s', (_, kind, text, platform, expected) => expect(findReplacedFirewalls(kind, text, platform)).toEqual(expected));

test("the pattern of chains that go along equals the agent's", () => {
  const [, names] = /^OTHERS='(.*)'$/m.exec(readFileSync('agent/system/other-firewalls.sh', 'utf8'))!;
  expect(ACCOMPANYING_CHAINS_PATTERN).toBe(names);
});

test.each([
  ['Docker’s', with_('ufw-before-input', 'DOCKER', 'DOCKER-USER'), 'DOCKER'],
  ['Docker’s, as nft lists them', 'table ip nat {\n\tchain DOCKER {\n\t}\n}\n', 'DOCKER'],
  ['libvirt’s', with_('LIBVIRT_INP'), 'LIBVIRT_INP'],
  ['no known program’s', with_('ufw-before-input', 'MYDOCKER'), undefined],
])('chains that go along: %s', (_, text, expected) => expect(findAccompanyingChain(text)).toBe(expected));
