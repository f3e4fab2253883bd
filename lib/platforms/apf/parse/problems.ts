import { SayingOfTables, sayingOfTables } from '../../../parse/xtables/saying';
import { spread } from './paths';

export const say: SayingOfTables = sayingOfTables('apf', `the files of one APF: ${spread.packedBy}`);
