import { PROTOCOL } from '../../net/packet';
import { getFacts } from '../server-facts';
import { listOwnerFindings } from '../owner-findings';
import { PANEL_PORTS, LintTarget, getOpenSources, isOpenToInternet, getTargets } from '../lint-targets';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds managed servers with 443 open to the internet and no panel port open at all. Service subdomains show the
 * panel's logins on 443.
 */
export const closedPanelVia443: LintRule = {
  code: 'ports/closed-panel-via-443',
  severity: 'note',
  title: 'The panel is closed, and may be reachable on 443',
  decidedBy: 'text',
  explanation: {
    why: "With service subdomains, which are on by default, cpanel., whm. and webmail.example.com on port 443 show the panel's logins, also where none of its own ports is open.",
    when: 'Found for managed servers with 443 open to any source and no port of the panel open. Whether service subdomains are on, captured facts say: where they are off, it is not found.',
    remedy: "Turn off service subdomains in WHM's tweak settings where no login from outside is wanted.",
    source: FIREWALL_PAGE,
  },
  find: (subject) =>
    listOwnerFindings(getTargets(subject).filter(isPanelClosed), (_, addressText) => ({
      what: `No port of the panel is open at ${addressText}, but 443 is, and service subdomains (on by default) show its logins there.`,
      instead: 'Service subdomains turned off in WHM, where no login from outside is wanted.',
    })),
};

const isPanelClosed = (target: LintTarget): boolean =>
  target.owner.policy?.kind === 'server' &&
  getFacts(target.owner).serviceSubdomains !== false &&
  isOpenToInternet(target, PROTOCOL.tcp, 443) &&
  PANEL_PORTS.every((port) => getOpenSources(target, PROTOCOL.tcp, port).length === 0);
