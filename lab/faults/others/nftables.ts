// Actions of other programs and persons on a device with nftables, as shell commands for the fault tests: restarted
// services, manual edits and flushes, tables that open or close more, and ban lists.
import { OF_DEBIAN } from '../../debian';
import { ADDRESS } from '../../topology';
import { ALWAYS_OPEN } from '../version-options';
import { Others, Theirs } from './platform-actions';

const DROP_IN = '/etc/systemd/system/nftables.service.d/cpanel-edge.conf';

const service = (verb: 'reload' | 'restart' | 'stop') => ({
  name: `nftables.service: ${verb}`,
  begins: 'systemctl start nftables',
  does: `systemctl ${verb} nftables`,
});

/** A table of another program. Loading it again changes nothing. */
const table = (content: string): Theirs => ({
  load: `nft -f - <<'END'\ntable inet foreign\ndelete table inet foreign\ntable inet foreign {\n${content}\n}\nEND\n`,
  remove: "printf 'table inet foreign\\ndelete table inet foreign\\n' | nft -f -",
  there: 'nft list table inet foreign',
});
const chain = (content: string): Theirs => table(`chain one {\n${content}\n}`);

const forward = (what: string): Theirs => chain(`type nat hook prerouting priority -110; policy accept;\n${what}`);

const banned = table(
  'set banned {\ntype ipv4_addr\nflags timeout\n}\nchain one {\ntype filter hook input priority -1; policy accept;\nip saddr @banned drop\n}',
);

export const nftables: Others = {
  version: OF_DEBIAN.versions.nftables,
  program: 'nft',
  services: [service('reload'), service('restart'), service('stop')],
  restart: 'systemctl restart nftables',
  bringBack: { 'drop-in': DROP_IN },
  written: ['/etc/systemd/system/nftables.service.d'],
  misspells: 's/ dport / frobnicate /',
  edits: [
    "table=$(nft list tables | awk '/cpanel_edge/ { print $3; exit }')",
    'chain=$(nft list table inet "$table" | awk \'/chain / { print $2; exit }\')',
    'nft insert rule inet "$table" "$chain" ip saddr 192.0.2.77 counter comment \\"by hand\\"',
  ].join('; '),
  flushes: { name: 'nft flush ruleset by hand', does: 'nft flush ruleset' },
  opens: (device) =>
    device === 'edge1'
      ? forward(`ip daddr ${ADDRESS.publicWeb1} tcp dport 8022 dnat ip to ${ADDRESS.web1}:${ALWAYS_OPEN}`)
      : forward(`tcp dport 8022 redirect to :${ALWAYS_OPEN}`),
  drops: (source, port) =>
    chain(
      `type filter hook prerouting priority -290; policy accept;\nip saddr ${source} ${port === undefined ? '' : `tcp dport ${port} `}drop`,
    ),
  closes: (device) =>
    chain(
      device === 'edge1'
        ? 'type filter hook forward priority 10; policy drop;\nct state established,related accept\nip saddr 10.9.0.0/24 accept'
        : 'type filter hook input priority 10; policy drop;\nct state established,related accept\niif lo accept\nmeta l4proto { 1, 58 } accept\ntcp dport 22 accept',
    ),
  bans: { ...banned, ban: (address) => `nft add element inet foreign banned '{ ${address} timeout 2s }'` },
};
