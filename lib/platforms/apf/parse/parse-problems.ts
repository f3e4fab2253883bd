// Creates the problems of the APF parser, from those of all parsers of iptables rules; the advice is to give the files
// of one APF.

import { XtablesProblems, createXtablesProblems } from '../../../parse/xtables/xtables-problems';
import { fileLayout } from './apf-paths';

export const messages: XtablesProblems = createXtablesProblems(
  'apf',
  `the files of one APF: ${fileLayout.packCommand}`,
);
