import { SayingOfTables, sayingOfTables } from '../../../reading/xtables/saying';
import { spread } from './paths';

export const FILES = `the files of one APF: ${spread.packedBy}`;

export const say: SayingOfTables = sayingOfTables('apf', FILES);
