// Loads NAT rules that are written by hand, without this package, on the lab's gateway: the lab's probes are tested
// against their known result.
import { Lab } from '../lab';
import { ADDRESS } from '../topology';

/** NAT as an administrator writes it by hand, without this package. The probes' results for it are known. */
const rules = (wan: string) => `
table ip hand
delete table ip hand
table ip hand {
  chain pre {
    type nat hook prerouting priority dstnat
    ip daddr ${ADDRESS.publicWeb1} dnat to ${ADDRESS.web1}
  }
  chain post {
    type nat hook postrouting priority srcnat
    oifname "${wan}" ip saddr ${ADDRESS.web1} snat to ${ADDRESS.publicWeb1}
    iifname "lan0" oifname "lan0" ct status dnat masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy accept
    ct state established,related accept
    iifname "${wan}" ip daddr ${ADDRESS.web1} tcp dport { 22, 80, 443, 9000-9010 } ct original ip daddr ${ADDRESS.publicWeb1} accept
    iifname "${wan}" ip daddr ${ADDRESS.web1} udp dport 53 ct original ip daddr ${ADDRESS.publicWeb1} accept
    iifname "${wan}" ip daddr ${ADDRESS.web1} icmp type echo-request ct original ip daddr ${ADDRESS.publicWeb1} accept
    iifname "${wan}" drop
  }
}
`;

export async function makeNatByHand(lab: Lab): Promise<void> {
  await lab.does('edge1', `ip addr replace ${ADDRESS.publicWeb1}/24 dev wan0 && nft -f -`, { input: rules('wan0') });
}
