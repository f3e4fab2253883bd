// Names of protocols as pfSense's filter rules have them, by number, and the function that names ICMP types.

import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';

/** Names of the form of a rule, by protocol number. Source: firewall_rules_edit.php. */
export const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [PROTOCOL.icmp, 'icmp'],
  [PROTOCOL.igmp, 'igmp'],
  [PROTOCOL.tcp, 'tcp'],
  [PROTOCOL.udp, 'udp'],
  [41, 'ipv6'],
  [PROTOCOL.gre, 'gre'],
  [PROTOCOL.esp, 'esp'],
  [PROTOCOL.ah, 'ah'],
  [89, 'ospf'],
  [97, 'etherip'],
  [103, 'pim'],
  [PROTOCOL.sctp, 'sctp'],
]);

/** Names that pfSense offers, by ICMP type. Source: pfctl, icmp_type names of IPv4. */
const ICMP_NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'echorep'],
  [3, 'unreach'],
  [4, 'squench'],
  [5, 'redir'],
  [6, 'althost'],
  [8, 'echoreq'],
  [9, 'routeradv'],
  [10, 'routersol'],
  [11, 'timex'],
  [12, 'paramprob'],
  [13, 'timereq'],
  [14, 'timerep'],
  [15, 'inforeq'],
  [16, 'inforep'],
  [17, 'maskreq'],
  [18, 'maskrep'],
  [30, 'trace'],
  [31, 'dataconv'],
  [32, 'mobredir'],
  [33, 'ipv6-where'],
  [34, 'ipv6-here'],
  [35, 'mobregreq'],
  [36, 'mobregrep'],
  [39, 'skip'],
  [40, 'photuris'],
]);

/** Returns the names of the types up to the first one without a name, which is `nameless`. */
export function nameIcmpTypes(types: readonly NumberRange[]): {
  readonly names: readonly string[];
  readonly nameless: number | undefined;
} {
  const names: string[] = [];
  for (const { first, last } of types) {
    for (let type = first; type <= last; type++) {
      const name = ICMP_NAMES.get(type);
      if (name === undefined) return { names, nameless: type };
      names.push(name);
    }
  }
  return { names, nameless: undefined };
}
