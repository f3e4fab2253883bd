import { Family } from '../../../net/address';
import { Version, atLeast } from './version';

type Types = Readonly<Record<string, readonly [type: number, code?: number]>>;

/** Types of ICMP by the names of firewalld. Source: ICMP_TYPES_FRAGMENTS of firewall/core/nftables.py, 1.3.3, and of 2.1 those of listeners; numbers by IANA. */
const ICMP_TYPES: Readonly<Record<Family, Types>> = {
  ip: {
    'communication-prohibited': [3, 13],
    'destination-unreachable': [3],
    'echo-reply': [0],
    'echo-request': [8],
    'fragmentation-needed': [3, 4],
    'host-precedence-violation': [3, 14],
    'host-prohibited': [3, 10],
    'host-redirect': [5, 1],
    'host-unknown': [3, 7],
    'host-unreachable': [3, 1],
    'ip-header-bad': [12, 1],
    'network-prohibited': [3, 8],
    'network-redirect': [5, 0],
    'network-unknown': [3, 6],
    'network-unreachable': [3, 0],
    'parameter-problem': [12],
    'port-unreachable': [3, 3],
    'precedence-cutoff': [3, 15],
    'protocol-unreachable': [3, 2],
    redirect: [5],
    'required-option-missing': [12, 1],
    'router-advertisement': [9],
    'router-solicitation': [10],
    'source-quench': [4],
    'source-route-failed': [3, 5],
    'time-exceeded': [11],
    'timestamp-reply': [14],
    'timestamp-request': [13],
    'tos-host-redirect': [5, 3],
    'tos-host-unreachable': [3, 12],
    'tos-network-redirect': [5, 2],
    'tos-network-unreachable': [3, 11],
    'ttl-zero-during-reassembly': [11, 1],
    'ttl-zero-during-transit': [11, 0],
  },
  ip6: {
    'address-unreachable': [1, 3],
    'bad-header': [4, 0],
    'beyond-scope': [1, 2],
    'communication-prohibited': [1, 1],
    'destination-unreachable': [1],
    'echo-reply': [129],
    'echo-request': [128],
    'failed-policy': [1, 5],
    'neighbour-advertisement': [136],
    'neighbour-solicitation': [135],
    'mld-listener-done': [132],
    'mld-listener-query': [130],
    'mld-listener-report': [131],
    'mld2-listener-report': [143],
    'no-route': [1, 0],
    'packet-too-big': [2],
    'parameter-problem': [4],
    'port-unreachable': [1, 4],
    redirect: [137],
    'reject-route': [1, 6],
    'router-advertisement': [134],
    'router-solicitation': [133],
    'time-exceeded': [3],
    'ttl-zero-during-reassembly': [3, 1],
    'ttl-zero-during-transit': [3, 0],
    'unknown-header-type': [4, 1],
    'unknown-option': [4, 2],
  },
};

/** Those that are others, or are there besides, from 2.3.2 on. Source: firewall/core/icmp.py of 2.3.2. */
const LATER: Readonly<Record<Family, Types>> = {
  ip: {
    'TOS-host-redirect': [5, 3],
    'TOS-host-unreachable': [3, 12],
    'TOS-network-redirect': [5, 2],
    'TOS-network-unreachable': [3, 11],
    'address-mask-reply': [18, 0],
    'address-mask-request': [17, 0],
    'ip-header-bad': [12, 0],
    'network-prohibited': [3, 9],
    ping: [8],
    pong: [0],
    'tos-host-redirect': [5, 1],
    'tos-host-unreachable': [3, 1],
    'tos-network-redirect': [5, 2],
    'tos-network-unreachable': [3, 0],
  },
  ip6: {
    'neigbour-advertisement': [136, 0],
    'neigbour-solicitation': [135, 0],
    'neighbour-advertisement': [136, 0],
    'neighbour-solicitation': [135, 0],
    ping: [128],
    pong: [129],
    redirect: [137, 0],
    'router-advertisement': [134, 0],
    'router-solicitation': [133, 0],
  },
};

/** Undefined for a name that this family hasn't. */
export function icmpType(family: Family, name: string, version: Version): Types[string] | undefined {
  if (atLeast(version, '2.3.2') && Object.hasOwn(LATER[family], name)) return LATER[family][name];
  return Object.hasOwn(ICMP_TYPES[family], name) ? ICMP_TYPES[family][name] : undefined;
}
