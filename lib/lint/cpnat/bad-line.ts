import { LintRule } from '../lint-rule';
import { createWrongLineRule } from './cpnat-line-rule';

/**
 * Finds cpnat lines that aren't a local and a public IPv4 address. cPanel parses comments and misplaced blanks as
 * addresses.
 */
export const badLine: LintRule = createWrongLineRule(
  'cpnat/bad-line',
  'A line of cpnat is not a pair of addresses',
  "cPanel takes such a line all the same, as something that was not meant: a remark is no remark, and a blank in front moves the local address to the public one's place.",
);
