// Finds the name of an ICMP type in firewalld's rules, by family, number and version of firewalld, for the generator.

import { Family } from '../../../net/address';
import { compareVersions } from '../../../policy/compare-versions';

/**
 * Names of ICMP types that a rule can use, by number. Types with a code are left out: they cover only part of a type.
 * Source: config/icmptypes of firewalld 1.3.3; IANA.
 */
const ICMP_TYPE_NAMES: Readonly<Record<Family, Readonly<Record<number, string>>>> = {
  ip: {
    0: 'echo-reply',
    3: 'destination-unreachable',
    4: 'source-quench',
    5: 'redirect',
    8: 'echo-request',
    9: 'router-advertisement',
    10: 'router-solicitation',
    11: 'time-exceeded',
    12: 'parameter-problem',
    13: 'timestamp-request',
    14: 'timestamp-reply',
  },
  ip6: {
    1: 'destination-unreachable',
    2: 'packet-too-big',
    3: 'time-exceeded',
    4: 'parameter-problem',
    128: 'echo-request',
    129: 'echo-reply',
    133: 'router-solicitation',
    134: 'router-advertisement',
    135: 'neighbour-solicitation',
    136: 'neighbour-advertisement',
    137: 'redirect',
  },
};

/**
 * Names of the multicast listener types, which exist from 2.1 on. Source: config/icmptypes of its tags, 2.0.0 and
 * 2.1.0.
 */
const MLD_TYPE_NAMES: Readonly<Record<number, string>> = {
  130: 'mld-listener-query',
  131: 'mld-listener-report',
  132: 'mld-listener-done',
  143: 'mld2-listener-report',
};
export const hasMldTypeNames = (version: string): boolean => compareVersions(version, '2.1') >= 0;

/** Returns the name that this version of firewalld has for an ICMP type. */
export const findIcmpTypeName = (family: Family, type: number, version: string): string | undefined =>
  ICMP_TYPE_NAMES[family][type] ?? (family === 'ip6' && hasMldTypeNames(version) ? MLD_TYPE_NAMES[type] : undefined);
