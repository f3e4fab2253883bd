// Pairs of subjects for lint rules on profiles: one with a finding, one without. Also the type of such pairs and the
// sample stack that all files of this folder change.

import {
  CpanelFirewallProfileIntent,
  OneToOneNatIntent,
  ServerIntent,
  VirtualIpIntent,
} from '../../../lib/intent/intent';
import { LintSubject } from '../../../lib/lint/lint-subject';
import { wished } from './lint-subjects';
import { Wish } from '../../support';

/** A subject with a finding, and its twin, which differs in one thing and has none. */
export interface Sample {
  readonly code: string;
  readonly fires: () => LintSubject;
  readonly where: string;
  /** Part of the finding's message. */
  readonly what: string;
  readonly twin: () => LintSubject;
}

const OPERATORS = ['198.51.100.0/28'];
export const PARTNER = '192.0.2.0/28';

interface Parts {
  readonly profile?: Partial<CpanelFirewallProfileIntent>;
  readonly mapping?: Partial<OneToOneNatIntent>;
  readonly virtualIp?: Partial<VirtualIpIntent>;
  readonly server?: Partial<ServerIntent>;
}

/** One gateway, one virtual IP, and one mapping to one cPanel server, without findings. */
export const hosting = ({ profile, mapping, virtualIp, server }: Parts = {}): Wish => ({
  gateway: {
    device: 'edge1',
    interfaces: [
      { name: 'wan0', role: 'outside', addresses: ['203.0.113.2/24'] },
      { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'] },
    ],
    virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias', ...virtualIp }],
    mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' }, ...mapping }],
  },
  servers: [
    {
      device: 'web1',
      addresses: ['10.0.0.10/24'],
      trustedNetworks: 'none',
      profile: {
        name: 'site',
        services: ['https', 'cpanel'],
        sources: 'anywhere',
        management: { from: OPERATORS, port: 22 },
        ...profile,
      },
      ...server,
    },
  ],
});

export const SERVER = 'server web1, owner hosting, profile site';
export const MAPPING = 'gateway edge1, owner hosting, mapping web';

type Services = CpanelFirewallProfileIntent['services'];

const opened = (code: string, fires: Services, what: string, twin: Services): Sample => ({
  code,
  fires: () => wished(hosting({ profile: { services: ['cpanel', ...fires] } })),
  where: SERVER,
  what,
  twin: () => wished(hosting({ profile: { services: ['cpanel', ...twin] } })),
});

const sending = (code: string, fires: readonly string[], what: string, twin: readonly string[]): Sample => ({
  code,
  fires: () => wished(hosting({ profile: { outbound: fires } })),
  where: SERVER,
  what,
  twin: () => wished(hosting({ profile: { outbound: twin } })),
});

const listed = (service: string) => ({ service, from: [PARTNER] });

/** Rules that a profile decides: open ports and outgoing connections. */
export const PROFILE_SAMPLES: readonly Sample[] = [
  opened('ports/mysql-public', [{ service: 'mysql', from: 'anywhere' }], 'reaches MySQL (tcp 3306) at 203.0.113.10', [
    listed('mysql'),
  ]),
  opened('ports/plaintext-open', ['imap-plain'], 'reaches IMAP (tcp 143) at 203.0.113.10', [listed('imap-plain')]),
  opened('ports/insecure-login-port', ['webmail-plain'], 'login of webmail (tcp 2095) at 203.0.113.10 without TLS', [
    listed('webmail-plain'),
  ]),
  opened('ports/ftp-prefer-sftp', ['ftp'], 'reaches FTP (tcp 21) at 203.0.113.10', [listed('ftp')]),
  opened('ports/ftp-passive-closed', ['21/tcp'], 'none of its passive ports 49152-65534', ['ftp']),
  opened('ports/port26-not-enabled', ['smtp-alternate'], '(tcp 26) is open to any source at 203.0.113.10', [
    'submission',
  ]),
  opened('ports/smtps-tls12', ['smtps'], 'SMTPS (tcp 465) is open at 203.0.113.10', ['submission']),
  opened('ports/eas-plugin-missing', ['activesync'], 'ActiveSync (tcp 2091) is open to any source', [
    listed('activesync'),
  ]),
  opened('ports/panel-via-443', ['https', listed('whm')], 'WHM (tcp 2087) is for listed sources only, while 443', [
    listed('https'),
    listed('whm'),
  ]),
  {
    code: 'ports/closed-panel-via-443',
    fires: () => wished(hosting({ profile: { services: ['https'] } })),
    where: SERVER,
    what: 'No port of the panel is open at 203.0.113.10, but 443 is',
    twin: () => wished(hosting()),
  },
  {
    code: 'access/opening-blocked',
    fires: () => wished(hosting({ profile: { services: ['https', listed('mysql')], blocked: ['192.0.2.0/24'] } })),
    where: SERVER,
    what: 'No source is let in by mysql for 192.0.2.0/28: all of its sources are blocked.',
    twin: () => wished(hosting({ profile: { services: ['https', listed('mysql')], blocked: ['192.0.2.0/29'] } })),
  },
  opened(
    'access/opening-held',
    ['https', listed('https')],
    'The sources of https for 192.0.2.0/28 keep no address out',
    [listed('https')],
  ),
  opened(
    'access/opening-twice',
    ['web', 'https'],
    "https opens nothing that isn't open to the same sources by another name",
    ['web', listed('ssh')],
  ),
  opened('access/whm-open', [{ service: 'whm', from: 'anywhere' }], 'root login of WHM (tcp 2087) at 203.0.113.10', [
    listed('whm'),
  ]),
  {
    code: 'access/management-open',
    fires: () => wished(hosting({ profile: { management: { from: 'anywhere', port: 2222 } } })),
    where: SERVER,
    what: 'log in by the management port, tcp 2222, at 203.0.113.10',
    twin: () => wished(hosting({ profile: { management: { from: [PARTNER], port: 2222 } } })),
  },
  {
    code: 'access/ssh-open',
    fires: () =>
      wished(
        hosting({
          profile: {
            services: ['cpanel', { service: 'ssh', from: 'anywhere' }],
            management: { from: [PARTNER], port: 2222 },
          },
        }),
      ),
    where: SERVER,
    what: 'log in by SSH (tcp 22) at 203.0.113.10',
    twin: () => wished(hosting()),
  },
  {
    code: 'licence/callback-closed',
    fires: () => wished(hosting({ profile: { services: ['https', 'webmail-plain'] } })),
    where: SERVER,
    what: 'None of tcp 2082, 2083, 2086, 2087 and 2096 is open at 203.0.113.10',
    twin: () => wished(hosting({ profile: { services: ['https', 'webmail'] } })),
  },
  {
    code: 'licence/callback-unknown',
    fires: () => wished(hosting({ profile: { services: ['https', listed('cpanel')] } })),
    where: SERVER,
    what: 'open to listed sources alone at 203.0.113.10',
    twin: () => wished(hosting({ profile: { services: ['https', 'cpanel'] } })),
  },
  sending('licence/egress-blocked', ['dns', 'https'], 'may not connect to tcp 2089 from source port 4 or 1020', [
    'dns',
    'https',
    'licence',
  ]),
  sending('outbound/autossl-egress', ['licence', 'dns', 'http'], 'store.cpanel.net (tcp 443)', [
    'licence',
    'dns',
    'https',
  ]),
  sending('cpnat/myip-blocked', ['licence', 'dns'], 'may connect to no web page (tcp 80, 443)', [
    'licence',
    'dns',
    'http',
  ]),
  sending('outbound/apns-only', ['licence', 'apns'], 'Apple Push (tcp 2195) may leave', ['licence']),
  sending('outbound/apt-key-port', ['licence', 'apt-keys'], 'key servers (tcp 11371) may leave', ['licence']),
];
