import { SayingOfTables, sayingOfTables } from '../../../reading/xtables/saying';
import { spread } from './paths';

export const say: SayingOfTables = sayingOfTables('csf', `the files of one csf: ${spread.packedBy}`);
