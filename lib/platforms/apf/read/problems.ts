import { Refuse, inTextOf, refusing, shown } from '../../../problems/in-text';
import { SayingOfTables } from '../../../reading/xtables/parse-saved';
import { spread } from './paths';

const problem = inTextOf('apf');
const refuse: Refuse = refusing(problem);

export const FILES = `the files of one APF: ${spread.packedBy}`;

const unexpected = (line: number, got: string, wanted: string): never =>
  refuse('unexpected-text', line, got === '' ? `${wanted} is missing.` : `${shown(got)} stands where ${wanted} has to.`, FILES);

export const say: SayingOfTables = { problem, refuse, unexpected, whole: FILES };
