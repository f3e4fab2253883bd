import { LintRule } from '../lint-rule';
import { createWrongLineRule } from './cpnat-line-rule';

/**
 * Finds cpnat lines whose public address an earlier line has for another local one. cPanel ignores them and publishes
 * their local address.
 */
export const shadowedLine: LintRule = createWrongLineRule(
  'cpnat/shadowed-line',
  'A later line of cpnat for a public address has no effect',
  'Of lines for one public address cPanel takes the first; the local address of a later one is given out as if it were public.',
);
