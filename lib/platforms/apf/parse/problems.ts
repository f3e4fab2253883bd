import { XtablesProblems, createXtablesProblems } from '../../../parse/xtables/saying';
import { fileLayout } from './paths';

export const messages: XtablesProblems = createXtablesProblems('apf', `the files of one APF: ${fileLayout.packedBy}`);
