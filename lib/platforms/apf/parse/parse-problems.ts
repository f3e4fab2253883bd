import { XtablesProblems, createXtablesProblems } from '../../../parse/xtables/xtables-problems';
import { fileLayout } from './apf-paths';

export const messages: XtablesProblems = createXtablesProblems(
  'apf',
  `the files of one APF: ${fileLayout.packCommand}`,
);
