import { Refuse, Saying, inTextOf, refusing, shown } from '../../../problems/in-text';

export const problem = inTextOf('iptables');
export const refuse: Refuse = refusing(problem);

/** What every text can be had from. */
export const WHOLE = 'the whole text as `iptables-save`, `ip6tables-save` and `ipset save` print it.';

export const unexpected = (line: number, got: string, wanted: string): never =>
  refuse('unexpected-text', line, got === '' ? `${wanted} is missing.` : `${shown(got)} stands where ${wanted} has to.`, WHOLE);

/** Of rules and of sets. */
export const say: Saying = { refuse, unexpected, whole: WHOLE };
