import { PROTOCOL } from '../../net/packet';
import { createCpanelServerFinder, computeReach } from '../egress';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds cPanel servers that may connect neither to port 80 nor to 443. They can't ask for their public address, so the
 * cpnat file stays empty or is deleted.
 */
export const myipBlocked: LintRule = {
  code: 'cpnat/myip-blocked',
  severity: 'warning',
  title: 'The server cannot find out its public address',
  decidedBy: 'text',
  explanation: {
    why: 'Behind a 1:1 NAT the server asks a web page, bound to each of its addresses in turn, as whom it is seen. Without an answer its NAT map stays empty or is deleted, and private addresses end up in DNS zones.',
    when: 'Found where a cPanel server may connect nowhere on 80/tcp nor on 443/tcp. Which of the two it asks depends on its configuration, so one of them is enough here.',
    remedy: 'Allow the outbound service `http` (or `https`, where the page is asked over TLS).',
    source: NAT_PAGE,
  },
  find: createCpanelServerFinder(
    (owner) =>
      [80, 443].every((port) => computeReach(owner, { protocol: PROTOCOL.tcp, port }) === 'nowhere') && {
        what: "The server may connect to no web page (tcp 80, 443), so it can't ask as whom it is seen: its NAT map can't be built.",
        instead: 'The outbound service "http" or "https".',
      },
  ),
};
