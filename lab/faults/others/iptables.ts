// Actions of other programs and persons on a device with iptables, as shell commands for the fault tests: restarted
// services, manual edits and flushes, rules that open or close more, ban lists, and the other backend.
import { OF_DEBIAN } from '../../debian';
import { ADDRESS } from '../../topology';
import { ALWAYS_OPEN } from '../version-options';
import { Others, Theirs } from './platform-actions';

const PLUGIN = '/usr/share/netfilter-persistent/plugins.d/90-cpanel-edge';
const DROP_IN = '/etc/systemd/system/nftables.service.d/cpanel-edge.conf';

/** Loads saved rules again. Old rules of ours are among them. */
const service = (name: string, does: string) => ({ name, begins: 'netfilter-persistent save', does });

/** Rules that another program puts first, each with its table, its chain and its match. */
const first = (...rules: readonly (readonly [table: string, chain: string, rule: string])[]): Theirs => {
  const each = (verb: string): string =>
    rules.map(([table, chain, rule]) => `iptables -t ${table} ${verb} ${chain} ${rule}`).join(' && ');
  return { load: each('-I'), remove: each('-D'), there: each('-C') };
};

/** A chain of another program in table filter of both families: it accepts some packets and drops the rest. */
const dropping = (from: string, ...accepts: readonly (readonly [programs: string, rule: string])[]): Theirs => {
  const each = (programs: string, command: string): string => `for p in ${programs}; do ${command} || exit 1; done`;
  const both = 'iptables ip6tables';
  return {
    load: [
      each(both, '$p -N foreign'),
      ...accepts.map(([programs, rule]) => each(programs, `$p -A foreign ${rule} -j ACCEPT`)),
      each(both, `$p -A foreign -j DROP && $p -A ${from} -j foreign`),
    ].join('\n'),
    remove: each(both, `$p -D ${from} -j foreign && $p -F foreign && $p -X foreign`),
    there: `ip6tables -C ${from} -j foreign`,
  };
};
const ANSWERS = ['iptables ip6tables', '-m conntrack --ctstate ESTABLISHED,RELATED'] as const;

const listed = first(['filter', 'INPUT', '-m set --match-set banned src -j DROP']);

const chooses = (back: 'nft' | 'legacy'): string =>
  `for p in iptables ip6tables; do update-alternatives --quiet --set $p /usr/sbin/$p-${back}; done`;

export const iptables: Others = {
  version: OF_DEBIAN.versions.iptables,
  program: 'iptables',
  services: [
    service('netfilter-persistent: reload', 'netfilter-persistent reload'),
    service('netfilter-persistent: restart', 'systemctl restart netfilter-persistent'),
    service('netfilter-persistent: save and stop', 'netfilter-persistent save; systemctl stop netfilter-persistent'),
    {
      name: 'nftables.service: restart',
      begins: "printf '#!/usr/sbin/nft -f\\nflush ruleset\\n' >/etc/nftables.conf; systemctl start nftables",
      does: 'systemctl restart nftables',
      gap: { ends: 'systemctl stop nftables' },
    },
  ],
  restart: 'systemctl restart netfilter-persistent',
  bringBack: { plugin: PLUGIN, 'drop-in': DROP_IN },
  backEnds: {
    other: chooses('legacy'),
    first: chooses('nft'),
    left: "for p in iptables ip6tables; do $p-nft-save 2>/dev/null | grep 'c[ego]-'; done; true",
  },
  nextStart: {
    'firewalld is enabled beside it, and does not run': {
      does: 'systemctl enable -q firewalld',
      mends: 'systemctl disable -q firewalld',
      boot: 'other-firewalld',
      refused: 'other-firewall',
    },
    'nftables.service is enabled with a table of its own, and does not run': {
      does: "printf 'table inet theirs {}\\n' >/etc/nftables.conf; systemctl enable -q nftables",
      mends: "systemctl disable -q nftables; printf 'flush ruleset\\n' >/etc/nftables.conf",
      boot: 'other-nftables',
      refused: 'other-firewall',
    },
  },
  written: [PLUGIN, '/etc/systemd/system/nftables.service.d', '/etc/iptables/rules.v4', '/etc/iptables/rules.v6'],
  misspells: 's/ --dport/ --frobnicate/',
  edits:
    "iptables -t mangle -I $(iptables-save -t mangle | awk '/^-A c[eg]-/ { print $2; exit }') -s 192.0.2.77 -m comment --comment 'by hand'",
  flushes: {
    name: 'all rules and chains of iptables flushed by hand',
    does: 'for p in ip6tables iptables; do for t in raw mangle nat filter; do $p -t $t -F; $p -t $t -X; done; done',
  },
  opens: (device) =>
    device === 'edge1'
      ? {
          ...first([
            'nat',
            'PREROUTING',
            `-d ${ADDRESS.publicWeb1} -p tcp --dport 8022 -j DNAT --to-destination ${ADDRESS.web1}:${ALWAYS_OPEN}`,
          ]),
          passedOver: true,
        }
      : first(['nat', 'PREROUTING', `-p tcp --dport 8022 -j REDIRECT --to-ports ${ALWAYS_OPEN}`]),
  drops: (source, port) =>
    first(['raw', 'PREROUTING', `-s ${source} ${port === undefined ? '' : `-p tcp --dport ${port} `}-j DROP`]),
  closes: (device) =>
    device === 'edge1'
      ? dropping('FORWARD', ANSWERS, ['iptables', '-s 10.9.0.0/24'])
      : dropping(
          'INPUT',
          ANSWERS,
          ['iptables ip6tables', '-i lo'],
          ['iptables', '-p icmp'],
          ['ip6tables', '-p ipv6-icmp'],
          ['iptables ip6tables', '-p tcp --dport 22'],
        ),
  bans: {
    ...listed,
    load: `ipset create banned hash:ip timeout 2; ${listed.load}`,
    remove: `${listed.remove}; ipset destroy banned`,
    ban: (address) => `ipset -exist add banned ${address}`,
  },
};
