import { LintRule } from '../lint-rule';
import { createWrongLineRule } from './cpnat-line-rule';

export const shadowedLine: LintRule = createWrongLineRule(
  'cpnat/shadowed-line',
  'A later line of cpnat for a public address has no effect',
  'Of lines for one public address cPanel takes the first; the local address of a later one is given out as if it were public.',
);
