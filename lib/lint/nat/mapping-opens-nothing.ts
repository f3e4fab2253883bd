import { printPrefix } from '../../net/address';
import { printList } from '../addresses';
import { createMappingFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { MANUAL, NAT_PAGE } from '../source-documents';

/** Finds enabled mappings without an allow rule. A 1:1 NAT opens nothing by itself, so no source reaches the host. */
export const mappingOpensNothing: LintRule = {
  code: 'nat/mapping-opens-nothing',
  severity: 'note',
  title: 'A mapping opens nothing',
  decidedBy: 'intent',
  explanation: {
    why: 'A 1:1 NAT translates and opens nothing by itself. Without a profile or `open` the host has a fixed address to leave as, and no source reaches it.',
    when: 'Found for enabled mappings whose host has no opening. A mapping that is meant for outbound traffic alone is right that way, so this is a note.',
    remedy:
      'Name what is to be reached: a profile on the mapping, or `open`. A managed server brings its profile where the server itself is named, not its address.',
    source: `${NAT_PAGE}; ${MANUAL}`,
  },
  find: createMappingFinder(
    ({ mappings }) => mappings.filter(({ enabled, allowRules }) => enabled && allowRules.entries.length === 0),
    (closedMappings) => ({
      what: `No source reaches ${printList(closedMappings.map(({ external }) => printPrefix(external)))}: the mapping translates, and opens nothing.`,
      instead:
        'A profile or "open" with the services, or the CpanelServer itself in place of its address, unless it is for outbound connections alone.',
    }),
  ),
};
