import { Problem } from '../../../problems/problem';

// What is iptables' own: the rest is `writing/refuse`.

export const surroundings = (where: string): Problem => ({
  code: 'iptables/surroundings',
  where,
  what: 'Its rules are chains of their own: what else is on the device is no part of them.',
  instead: 'no "surroundings"; the whole live ruleset is judged on the device.',
});

export const lastType = (where: string): Problem => ({
  code: 'iptables/icmp-type-255',
  where,
  what: 'ICMP type 255 is every type in a rule of iptables.',
  instead: 'the types that are meant, or "all".',
});
