import { PROTOCOL } from '../../net/packet';
import { isListening, hasNoListener } from '../server-facts';
import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds 2091/tcp (ActiveSync) open to the internet, unless captured facts have a listener. Without two plugins no
 * program listens there.
 */
export const easPluginMissing: LintRule = {
  code: 'ports/eas-plugin-missing',
  severity: 'warning',
  title: 'ActiveSync is open, which needs two plugins',
  decidedBy: 'text',
  explanation: {
    why: 'Nothing listens on 2091 unless both the Calendars and Contacts Server and the Z-Push plugins are installed.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed. Which plugins there are, captured facts say: where something listens there, it is not found.',
    remedy: 'Close it, or acknowledge this where both plugins are installed.',
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [[2091, 'Exchange ActiveSync']],
    (services, addressText, targets) => ({
      what: `${services} is open to any source at ${addressText}; nothing listens there${hasNoListener(targets, PROTOCOL.tcp, 2091) ? '' : ' without the Calendars and Contacts Server and Z-Push'}.`,
      instead: 'Nothing there; or both plugins, acknowledged.',
    }),
    ({ owner }) => isListening(owner, PROTOCOL.tcp, 2091) !== true,
  ),
};
