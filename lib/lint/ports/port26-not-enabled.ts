import { PROTOCOL } from '../../net/packet';
import { isListening, hasNoListener } from '../server-facts';
import { createOpenServiceFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds port 26 open to the internet, unless captured facts have a listener. Exim listens there only if Service Manager
 * sets the alternate port.
 */
export const port26NotEnabled: LintRule = {
  code: 'ports/port26-not-enabled',
  severity: 'warning',
  title: 'Port 26 is open',
  decidedBy: 'text',
  explanation: {
    why: 'Nothing listens on 26 unless an alternate port was set for Exim in Service Manager. An unused open port waits for a program that uses it.',
    when: 'Found where any source can connect, end to end where the server behind the gateway is known. Not found where the sources are listed. Whether the alternate port is set, captured facts say: where something listens there, it is not found.',
    remedy:
      'Close it, or acknowledge this where Exim is known to listen there. `submission` (587) and `smtps` (465) do the same for mail clients.',
    source: FIREWALL_PAGE,
  },
  find: createOpenServiceFinder(
    [[26, 'SMTP on the alternate port']],
    (services, addressText, targets) => ({
      what: `${services} is open to any source at ${addressText}; nothing listens there${hasNoListener(targets, PROTOCOL.tcp, 26) ? '' : ' unless Service Manager says so'}.`,
      instead: 'smtps (465) or submission (587); 26 only where the alternate Exim port is set, acknowledged.',
    }),
    ({ owner }) => isListening(owner, PROTOCOL.tcp, 26) !== true,
  ),
};
