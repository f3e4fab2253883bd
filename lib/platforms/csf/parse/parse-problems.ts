// Creates the problems of the csf parser, from those of all parsers of iptables rules; the advice is to give the files
// of one csf.

import { XtablesProblems, createXtablesProblems } from '../../../parse/xtables/xtables-problems';
import { fileLayout } from './csf-paths';

export const messages: XtablesProblems = createXtablesProblems(
  'csf',
  `the files of one csf: ${fileLayout.packCommand}`,
);
