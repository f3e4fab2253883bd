import { Problem } from '../../../problems/problem';

// Problems that only nftables has. The common ones stand in lib/generate.

export const createTooManyPairsProblem = (where: string): Problem => ({
  code: 'nftables/too-many-shared-addresses',
  where,
  what: 'It shares more than 1024 public and inside addresses with mappings that open other ports; each pair would be a rule.',
  instead: 'One list of openings for these mappings, or addresses that are not shared.',
});
