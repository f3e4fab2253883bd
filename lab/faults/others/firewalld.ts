// Actions of other programs and persons on a device with firewalld, as shell commands for the fault tests: reloads,
// cPanel's program, manual edits, and a firewalld that is disabled or masked.
import { OF_DEBIAN } from '../../debian';
import { NEVER_OPEN } from '../version-options';
import { nftables } from './nftables';
import { Others } from './platform-actions';

const DROP_IN = '/etc/systemd/system/firewalld.service.d/cpanel-edge.conf';

/** Services of cPanel's program, which it writes anew with each run and puts into the default zone. */
const CPANELS = [
  'mkdir -p /etc/firewalld/services',
  `printf '<?xml version="1.0" encoding="utf-8"?>\\n<service>\\n${[21, 22, 443, 993, 995, NEVER_OPEN]
    .map((port) => `<port protocol="tcp" port="${port}"/>\\n`)
    .join('')}</service>\\n' >/etc/firewalld/services/cpanel.xml`,
  'firewall-cmd -q --reload',
  '{ firewall-cmd -q --permanent --query-service=cpanel || firewall-cmd -q --permanent --add-service=cpanel; }',
  'firewall-cmd -q --reload',
].join(' && ');

const service = (name: string, does: string) => ({ name, begins: 'true', does });

/** Tables of other programs can exist beside firewalld's table, as beside ours. */
export const firewalld: Others = {
  ...nftables,
  version: OF_DEBIAN.versions.firewalld,
  program: 'firewalld',
  few: [
    'firewalld: reload | before prove',
    'power lost, and with it what was not synced | confirm: on the disk, not yet where others load it from',
    'power lost while a release is undone | rollback: undoing, loaded in part',
    'the stored release is truncated before a boot | before connect',
    'the device program is killed while a server moves from iptables to firewalld | arm: firewalld is started',
  ],
  begins: `systemctl enable -q --now firewalld && ${CPANELS} && sync`,
  starts: { off: 'systemctl disable -q --now firewalld', on: 'systemctl enable -q --now firewalld' },
  services: [
    service('firewalld: reload', 'firewall-cmd --reload'),
    service('firewalld: complete reload', 'firewall-cmd --complete-reload'),
    service("firewalld: cPanel's program", CPANELS),
    service('firewalld.service: restart', 'systemctl restart firewalld'),
  ],
  restart: 'systemctl restart firewalld',
  bringBack: { firewalld: DROP_IN },
  nextStart: {
    'firewalld is disabled': {
      does: 'systemctl disable -q firewalld',
      mends: 'systemctl enable -q firewalld',
      boot: 'firewalld-disabled',
      refused: 'firewalld-disabled',
    },
    'firewalld is masked': {
      does: 'systemctl mask firewalld',
      mends: 'systemctl unmask firewalld && systemctl enable -q firewalld',
      boot: 'firewalld-masked',
      refused: 'firewalld-masked',
    },
  },
  written: ['/etc/systemd/system/firewalld.service.d', '/etc/firewalld/policies', '/etc/firewalld/ipsets'],
  misspells: 's/<port port=/<prot port=/',
  edits: [
    "firewall-cmd --permanent --policy=cf-hosting-in --add-rich-rule='rule family=ipv4 source address=192.0.2.77 accept'",
    'firewall-cmd --reload',
  ].join(' && '),
};
