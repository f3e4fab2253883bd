import { SayingOfTables, sayingOfTables } from '../../../reading/xtables/saying';
import { spread } from './paths';

export const FILES = `the files of one csf: ${spread.packedBy}`;

export const say: SayingOfTables = sayingOfTables('csf', FILES);
