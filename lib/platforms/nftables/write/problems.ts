import { Problem } from '../../../problems/problem';

// What is nftables' own: the rest is `writing/refuse`.

export const surroundings = (where: string): Problem => ({
  code: 'nftables/surroundings',
  where,
  what: 'Its rules are tables of their own: what else is on the device is no part of them.',
  instead: 'no "surroundings"; the whole live ruleset is judged on the device.',
});

export const tooManyPairs = (where: string): Problem => ({
  code: 'nftables/too-many-shared-addresses',
  where,
  what: 'It shares more than 1024 public and inside addresses with mappings that open other ports; each pair would be a rule.',
  instead: 'One list of openings for these mappings, or addresses that are not shared.',
});
