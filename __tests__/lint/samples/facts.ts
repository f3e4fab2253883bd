// Pairs of subjects for lint rules on the facts of a server: one with a finding, one without.

import { FactsIntent } from '../../../lib/intent/facts-intent';
import { CpanelFirewallProfileIntent, ServerIntent } from '../../../lib/intent/intent';
import { LintSubject } from '../../../lib/lint/lint-subject';
import { wished } from './lint-subjects';
import { PARTNER, SERVER, Sample, hosting } from './profiles';

type Profile = Partial<CpanelFirewallProfileIntent>;

/** Listening services on the sample server. */
const LISTENS: NonNullable<FactsIntent['listens']> = { 'tcp 22': 'sshd', 'tcp 443': 'httpd', 'tcp 2083': 'cpsrvd' };

export const known = (facts: FactsIntent, profile: Profile = {}, server: Partial<ServerIntent> = {}): LintSubject =>
  wished(hosting({ profile, server: { facts, ...server } }));

const sample = (code: string, fires: FactsIntent, what: string, twin: FactsIntent, profile: Profile = {}): Sample => ({
  code,
  fires: () => known(fires, profile),
  where: SERVER,
  what,
  twin: () => known(twin, profile),
});

const PAIR = '10.0.0.10 203.0.113.10';
const ftp = (ports: string): Profile => ({ services: ['cpanel', '21/tcp', { ports, protocol: 'tcp' }] });
const listedFtp: Profile = { services: ['cpanel', 'ftp'], sources: [PARTNER] };

/** Rules that the captured facts of a server decide. */
export const FACT_SAMPLES: readonly Sample[] = [
  sample('cpnat/existing-production', { hasAccounts: true, cpnat: 'absent' }, 'It has accounts, NAT mode is off', {
    hasAccounts: false,
    cpnat: 'absent',
  }),
  sample(
    'cpnat/shadowed-line',
    { cpnat: [PAIR, '10.0.0.11 203.0.113.10'] },
    'line 2: line 1 has 203.0.113.10 for 10.0.0.10 first',
    {
      cpnat: [PAIR, '10.0.0.11 203.0.113.11'],
    },
  ),
  sample(
    'cpnat/duplicate-local',
    { cpnat: ['10.0.0.10 203.0.113.9', PAIR] },
    'line 2: it takes 10.0.0.10 away from line 1',
    {
      cpnat: ['10.0.0.9 203.0.113.9', PAIR],
    },
  ),
  sample('cpnat/loopback-local', { cpnat: [PAIR, '127.0.0.1 203.0.113.11'] }, 'line 2: a loopback address', {
    cpnat: [PAIR],
  }),
  sample('cpnat/ipv6', { cpnat: ['2001:db8::1 2001:db8::2', PAIR] }, 'line 1: IPv6 is not translated', {
    cpnat: [PAIR],
  }),
  sample('cpnat/bad-line', { cpnat: [PAIR, ' 10.0.0.11 203.0.113.11'] }, 'line 2: it is not a local and a public', {
    cpnat: [PAIR, '', '10.0.0.11 203.0.113.11'],
  }),
  sample('cpnat/empty', { cpnat: 'empty' }, 'is there and has no line', { cpnat: 'absent' }),
  sample('cpnat/flag-without-nat', { cpnat: ['10.0.0.10 10.0.0.10'] }, 'no address of the server is translated', {
    cpnat: [PAIR],
  }),
  sample('cpnat/myip-custom', { myip: 'ifconfig.example' }, 'asks ifconfig.example for the public addresses', {
    myip: 'myip.cpanel.net',
  }),
  sample(
    'device/backend-not-recommended',
    { system: 'almalinux 9.4', firewalls: ['iptables.service'] },
    'iptables.service is there on almalinux 9.4',
    {
      system: 'ubuntu 22.04',
      firewalls: ['iptables.service'],
    },
  ),
  sample('device/configure-firewall-wipes', { plans: ['/etc/cron.d/firewall'] }, '/etc/cron.d/firewall runs', {
    plans: [],
  }),
  sample(
    'device/firewalld-with-csf-apf',
    { firewalls: ['csf.service', 'firewalld.service'] },
    'firewalld.service and csf.service are both there',
    { firewalls: ['csf.service'] },
  ),
  sample(
    'ports/ftp-passive-mismatch',
    { passiveFtp: '50000-50100' },
    'of its passive ports tcp 50051-50100 are closed',
    { passiveFtp: '50000-50050' },
    ftp('50000-50050'),
  ),
  sample(
    'ports/http-role-disabled',
    { rolesOff: ['webserver'] },
    'https (tcp 443) is open to any source at 203.0.113.10',
    {
      rolesOff: ['mailreceive'],
    },
  ),
  sample(
    'ports/unused-open',
    { listens: { 'tcp 22': 'sshd', 'tcp 2083': 'cpsrvd' } },
    'Nothing listens on tcp 443, open at 203.0.113.10',
    {
      listens: LISTENS,
    },
  ),
];

/** Rules whose finding facts refute or confirm. */
export const KNOWN_BETTER: readonly (readonly [
  code: string,
  facts: FactsIntent,
  said: string | undefined,
  profile: Profile,
])[] = [
  [
    'ports/port26-not-enabled',
    { listens: { ...LISTENS, 'tcp 26': 'exim' } },
    undefined,
    { services: ['cpanel', 'smtp-alternate'] },
  ],
  [
    'ports/port26-not-enabled',
    { listens: LISTENS },
    'nothing listens there.',
    { services: ['cpanel', 'smtp-alternate'] },
  ],
  [
    'ports/port26-not-enabled',
    {},
    'nothing listens there unless Service Manager says so.',
    { services: ['cpanel', 'smtp-alternate'] },
  ],
  [
    'ports/eas-plugin-missing',
    { listens: { ...LISTENS, 'tcp 2091': 'cpdavd' } },
    undefined,
    { services: ['cpanel', 'activesync'] },
  ],
  ['ports/eas-plugin-missing', { listens: LISTENS }, 'nothing listens there.', { services: ['cpanel', 'activesync'] }],
  [
    'ports/panel-via-443',
    { serviceSubdomains: false },
    undefined,
    { services: ['https', { service: 'whm', from: [PARTNER] }] },
  ],
  [
    'ports/panel-via-443',
    { serviceSubdomains: true },
    'WHM (tcp 2087)',
    { services: ['https', { service: 'whm', from: [PARTNER] }] },
  ],
  ['ports/closed-panel-via-443', { serviceSubdomains: false }, undefined, { services: ['https'] }],
  ['ports/insecure-login-port', { redirectsToTls: true }, undefined, { services: ['cpanel', 'webmail-plain'] }],
  [
    'ports/insecure-login-port',
    { redirectsToTls: false },
    'webmail (tcp 2095)',
    { services: ['cpanel', 'webmail-plain'] },
  ],
  ['ports/smtps-tls12', { eximOldTls: false }, undefined, { services: ['cpanel', 'smtps'] }],
  ['ports/smtps-tls12', { eximOldTls: true }, 'Exim offers TLS older than 1.2', { services: ['cpanel', 'smtps'] }],
  ['ports/ftp-passive-closed', { passiveFtp: '30000-30100' }, 'passive ports 30000-30100', listedFtp],
  ['ports/ftp-passive-closed', { passiveFtp: '50000-50050' }, undefined, ftp('50000-50050')],
  [
    'ports/unused-open',
    { listens: { ...LISTENS, 'tcp 21': 'pure-ftpd' } },
    undefined,
    { services: ['cpanel', 'ftp'], sources: [PARTNER] },
  ],
  ['ports/unused-open', { listens: LISTENS }, 'tcp 21, tcp 49152-65534', { services: ['cpanel', 'ftp'] }],
  ['ports/unused-open', {}, undefined, { services: ['cpanel', 'ftp'] }],
  ['outbound/autossl-egress', { autossl: 'off' }, undefined, { outbound: ['licence', 'dns', 'http'] }],
  [
    'outbound/autossl-egress',
    { autossl: 'LetsEncrypt' },
    'acme-v02.api.letsencrypt.org',
    { outbound: ['licence', 'dns', 'http'] },
  ],
  ['outbound/apt-key-port', { system: 'ubuntu 22.04' }, undefined, { outbound: ['licence', 'apt-keys'] }],
  ['outbound/apt-key-port', { system: 'ubuntu 22.04' }, 'may not connect to', { outbound: ['licence'] }],
  ['outbound/apt-key-port', { system: 'almalinux 9.4' }, 'may leave', { outbound: ['licence', 'apt-keys'] }],
  ['cpnat/existing-production', { hasAccounts: true, cpnat: ['10.0.0.10 203.0.113.10'] }, undefined, {}],
  ['cpnat/flag-without-nat', { cpnat: ['? ?', ''] }, undefined, {}],
  ['ports/unused-open', { listens: LISTENS }, 'udp 443', { services: ['cpanel', 'http3'] }],
  ['ports/unused-open', { listens: LISTENS }, undefined, { services: ['cpanel', '51820/udp'] }],
  [
    'device/backend-not-recommended',
    { system: 'ubuntu 24.04', firewalls: ['ufw.service'] },
    'ufw.service is there on ubuntu 24.04',
    {},
  ],
  ['device/backend-not-recommended', { system: 'centos 7', firewalls: ['iptables.service'] }, undefined, {}],
];
