import { allowedBesides } from '../egress';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';

export const aptKeyPort: LintRule = {
  code: 'outbound/apt-key-port',
  severity: 'note',
  title: 'Connections to key servers may leave',
  decidedBy: 'text',
  explanation: {
    why: '11371 is where Ubuntu servers get the keys of package repositories. Other systems do not use it.',
    when: 'Found for a cPanel server whose outbound connections are restricted, where 11371/tcp is among those that are allowed. Whether it is used is not in any firewall text.',
    remedy: "Leave it out where it isn't used.",
    source: FIREWALL_PAGE,
  },
  find: allowedBesides(11371, {
    what: 'Connections to key servers (tcp 11371) may leave; only Ubuntu uses that port.',
    instead: 'The outbound list without it, where it is not used.',
  }),
};
