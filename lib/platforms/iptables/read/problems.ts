import { Refuse, inTextOf, refusing, shown } from '../../../problems/in-text';
import { SayingOfTables } from '../../../reading/xtables/parse-saved';

const problem = inTextOf('iptables');
const refuse: Refuse = refusing(problem);

/** What every text can be had from. */
const WHOLE = 'the whole text as `iptables-save`, `ip6tables-save` and `ipset save` print it.';

const unexpected = (line: number, got: string, wanted: string): never =>
  refuse('unexpected-text', line, got === '' ? `${wanted} is missing.` : `${shown(got)} stands where ${wanted} has to.`, WHOLE);

export const say: SayingOfTables = { problem, refuse, unexpected, whole: WHOLE };
