import { LintRule } from '../lint-rule';
import { createWrongLineRule } from './cpnat-line-rule';

/** Finds cpnat lines whose local address an earlier line has, too. cPanel uses the last one. */
export const duplicateLocal: LintRule = createWrongLineRule(
  'cpnat/duplicate-local',
  'Two lines of cpnat are for one local address',
  'The last one counts, which a reader of the file from its top does not see.',
);
