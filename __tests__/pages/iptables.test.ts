import { page } from './says';

page('iptables.md').inLab([
  [
    '`netfilter-persistent reload` or a restart of the service leaves no moment without them.',
    'no moment is without its rules while the rules of the host are loaded again, saved or flushed',
  ],
  [
    'as `configure_firewall_for_cpanel` does with each run and Docker, opens nothing.',
    'what others close stays closed, what they let in in front of everything opens nothing, as with each run of cPanel’s script',
  ],
  [
    'What somebody accepts before it in `mangle` is drift, and `verify` names its place',
    'what somebody lets in before ours is asked is drift with its place, and the next delivery is asked first again',
  ],
  ['Change `platform` and `version`: it is one delivery.', 'one delivery moves it from nftables, and nobody notices'],
  [
    'The new rules load before the old ones go, and where nobody confirms, the old ones come back.',
    'a lock-out rolls back by itself and the next apply converges',
  ],
  [
    'takes chains and jumps away, out of those files, too, and nothing else',
    'and back to nftables: rules of iptables are those of the host alone, in its files, too',
  ],
  ["the server has tables of nft that iptables doesn't show", 'beside tables of nft it is refused by name, and nothing changes on it'],
  [
    'ufw, CSF or APF is enabled: it writes the same tables anew whenever it is told something.',
    'while it is enabled iptables and firewalld are refused by name, and nothing changes',
  ],
  ['whichever `iptables` is there.', 'with the older back end, too; a retract leaves the host as it was, after a reboot as well'],
  ['the lab moves one from nftables and back under constant probing', 'to nftables and back: it is one delivery, and nobody notices'],
  [
    'what somebody else translates to a mapped host',
    'what others let in opens nothing, what they translate before ours is drift, and the next delivery is asked first again',
  ],
]);
