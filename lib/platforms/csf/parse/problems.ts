import { SayingOfTables, sayingOfTables } from '../../../parse/xtables/saying';
import { spread } from './paths';

export const say: SayingOfTables = sayingOfTables('csf', `the files of one csf: ${spread.packedBy}`);
