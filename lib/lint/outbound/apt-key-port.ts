import { PROTOCOL } from '../../net/packet';
import { createAllowedPortFinder, createCpanelServerFinder, computeReach } from '../egress';
import { getFacts } from '../server-facts';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';
import { SubjectOwner } from '../lint-subject';

/**
 * Finds restricted outbound lists with 11371/tcp (key servers); on Ubuntu, lists without it. Only Ubuntu gets its
 * repository keys there.
 */
export const aptKeyPort: LintRule = {
  code: 'outbound/apt-key-port',
  severity: 'note',
  title: 'Connections to key servers leave, or are missed',
  decidedBy: 'text',
  explanation: {
    why: '11371 is where Ubuntu servers get the keys of package repositories. Other systems do not use it.',
    when: 'Found for a cPanel server whose outbound connections are restricted, where 11371/tcp is among those that are allowed. Where captured facts say that it is Ubuntu: where 11371/tcp can reach no address.',
    remedy: "Leave it out where it isn't used; allow it on Ubuntu.",
    source: FIREWALL_PAGE,
  },
  find: (subject) => [...findNeedlessPort(subject), ...findMissingPort(subject)],
};

const isUbuntu = (owner: SubjectOwner): boolean => /^ubuntu\b/.test(getFacts(owner).system ?? '');

const findNeedlessPort = createAllowedPortFinder(
  11371,
  {
    what: 'Connections to key servers (tcp 11371) may leave; only Ubuntu uses that port.',
    instead: 'The outbound list without it, where it is not used.',
  },
  (owner) => !isUbuntu(owner),
);

const findMissingPort = createCpanelServerFinder(
  (owner) =>
    isUbuntu(owner) &&
    computeReach(owner, { protocol: PROTOCOL.tcp, port: 11371 }) === 'nowhere' && {
      what: 'Ubuntu gets the keys of package repositories from key servers (tcp 11371), which the server may not connect to.',
      instead: 'The outbound service "apt-keys", or { ports: 11371, protocol: "tcp" }.',
    },
);
