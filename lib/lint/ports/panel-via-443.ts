import { PROTOCOL } from '../../net/packet';
import { NamedTcpPort, printServices, createTargetFinder } from '../open-services';
import { isInternetWide } from '../addresses';
import { getFacts } from '../server-facts';
import { LintTarget, getOpenSources, isOpenToInternet } from '../lint-targets';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds panel ports (2083, 2087, 2096) for listed sources beside 443 for the internet. Service subdomains show the same
 * login on 443.
 */
export const panelVia443: LintRule = {
  code: 'ports/panel-via-443',
  severity: 'warning',
  title: 'A panel port is restricted, and the panel is reachable on 443 all the same',
  decidedBy: 'text',
  explanation: {
    why: 'With service subdomains, which are on by default, cpanel., whm. and webmail.example.com on port 443 show the same logins. Restricting 2083, 2087 or 2096 then closes the front door only.',
    when: 'Found where 2083, 2087 or 2096 is open to listed sources alone while 443 is open to any source. Whether service subdomains are on, captured facts say: where they are off, it is not found.',
    remedy:
      "Turn off service subdomains in WHM's tweak settings (or those for WHM at least), or acknowledge this where they are off.",
    source: FIREWALL_PAGE,
  },
  find: createTargetFinder(findRestrictedPanels, (restrictedPanels, addressText) => ({
    what: `${printServices(PANELS.filter((panel) => restrictedPanels.includes(panel)))} is for listed sources only, while 443, where service subdomains show the same login, is open to any source at ${addressText}.`,
    instead: 'Service subdomains turned off in WHM, then acknowledge this; or the login open to any source on purpose.',
  })),
};

const PANELS: readonly NamedTcpPort[] = [
  [2083, 'cPanel'],
  [2087, 'WHM'],
  [2096, 'webmail'],
];

function findRestrictedPanels(target: LintTarget): readonly NamedTcpPort[] {
  if (getFacts(target.owner).serviceSubdomains === false || !isOpenToInternet(target, PROTOCOL.tcp, 443)) return [];
  return PANELS.filter(([port]) => {
    const sources = getOpenSources(target, PROTOCOL.tcp, port);
    return sources.length > 0 && !isInternetWide(sources, target.family);
  });
}
