import { XtablesProblems, createXtablesProblems } from '../../../parse/xtables/saying';
import { fileLayout } from './paths';

export const messages: XtablesProblems = createXtablesProblems('csf', `the files of one csf: ${fileLayout.packedBy}`);
