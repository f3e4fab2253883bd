import { LintRule } from '../lint-rule';
import { createWrongLineRule } from './cpnat-line-rule';

/** Finds cpnat lines with an IPv6 address. The file is for IPv4 only, and IPv6 isn't translated. */
export const ipv6Line: LintRule = createWrongLineRule(
  'cpnat/ipv6',
  'A line of cpnat has an address of IPv6',
  "The file is for IPv4: IPv6 isn't translated, and the line takes the place of one that would be.",
);
