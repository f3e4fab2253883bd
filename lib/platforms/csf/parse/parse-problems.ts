import { XtablesProblems, createXtablesProblems } from '../../../parse/xtables/xtables-problems';
import { fileLayout } from './csf-paths';

export const messages: XtablesProblems = createXtablesProblems(
  'csf',
  `the files of one csf: ${fileLayout.packCommand}`,
);
