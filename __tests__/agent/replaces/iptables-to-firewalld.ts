// Helpers for the tests of a server whose release moves from iptables to firewalld: its state before and after, the
// rules that iptables has, and a delivery beside rules by hand.

import { host as onIptables, textOf } from '../iptables/host';
import { CONFIRMED } from '../under-shell';
import { besideFirewalld } from './firewalld-host';

export const TRIAL = ['upload', 'check', 'arm'] as const;
export const ARMED = CONFIRMED.slice(0, 3);
export const OFF = 'inactive disabled';

/** The states (`stateOf`) of a server with a release on iptables, and after its move to firewalld. */
export const ON_IPTABLES = ['none', true, OFF, '', false, 'as-loaded', 'as-written'];
export const ON_FIREWALLD = ['80', false, 'active enabled', 'table inet firewalld', true, 'as-loaded', 'as-written'];

/** An administrator's rules that no service loads; one of them matches a set. */
const BY_HAND = [
  'ipset create blocked hash:ip; ipset add blocked 192.0.2.66',
  'iptables -N office; iptables -A office -s 198.51.100.0/24 -j ACCEPT; iptables -A INPUT -p tcp --dport 22 -j office',
  'iptables -A INPUT -m set --match-set blocked src -j DROP; ip6tables -P FORWARD DROP',
].join('; ');
export const NO_RULES_BY_HAND =
  'iptables -F; iptables -X; ip6tables -P FORWARD ACCEPT; ipset destroy blocked 2>/dev/null';

type Host = Parameters<Parameters<typeof besideFirewalld>[1]>[0];

export const hasOwnRules = ({ saved }: Host): boolean => saved().includes('ce-web-');

export const stateOf = (host: Host): readonly unknown[] => [
  host.runs(),
  hasOwnRules(host),
  host.firewalld(),
  host.tables(),
  host.files().length > 0,
  host.says('rules'),
  host.says('boot'),
];

/** Rules, chains and policies, without empty tables. */
export const listRules = ({ saved }: Host): readonly string[] =>
  saved()
    .split('\n')
    .filter((line) => /^-A|DROP$|^:\S+ -$/.test(line));

/**
 * Delivers a release on iptables beside rules by hand. Returns these rules, and all that iptables-save prints
 * afterwards.
 */
export function deliverBesideRulesByHand(host: Host): { readonly byHand: readonly string[]; readonly before: string } {
  host.run(BY_HAND);
  const byHand = listRules(host);
  expect(host.delivered(onIptables(textOf(8080)))).toEqual(CONFIRMED);
  return { byHand, before: host.saved() };
}
