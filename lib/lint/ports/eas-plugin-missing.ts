import { openToTheInternet } from '../open-services';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';

export const easPluginMissing: LintRule = {
  code: 'ports/eas-plugin-missing',
  severity: 'warning',
  title: 'ActiveSync is open, which needs two plugins',
  decidedBy: 'text',
  explanation: {
    why: 'Nothing listens on 2091 unless both the Calendars and Contacts Server and the Z-Push plugins are installed.',
    when: 'Found where anybody can connect, end to end where the server behind the gateway is known. Not found where the sources are listed. Which plugins there are is not in any firewall text.',
    remedy: 'Close it, or acknowledge this where both plugins are installed.',
    source: FIREWALL_PAGE,
  },
  find: openToTheInternet([[2091, 'Exchange ActiveSync']], (services, at) => ({
    what: `${services} is open to anybody at ${at}; nothing listens there without the Calendars and Contacts Server and Z-Push.`,
    instead: 'Nothing there; or both plugins, acknowledged.',
  })),
};
