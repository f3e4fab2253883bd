// Tests the facts of a server's intent (captured listening ports, cPanel's settings): they stand in policy and plan,
// and wrong ones are refused.

import { Wrong, refuses } from './samples';
import { compiled } from './compile-sample';
import { parseCapturedFacts, formatFacts } from '../../lib/import/server/captured-facts';
import { FactsIntent } from '../../lib/intent/facts-intent';
import { printPolicy } from '../../lib/policy/print-policy';
import { decodePolicy, encodePolicy } from '../../lib/verifier/policy-codec';

const FACTS: FactsIntent = {
  system: 'almalinux 9.4',
  cpanel: '11.126.0.21',
  hasAccounts: true,
  rolesOff: ['dns', 'webserver'],
  listens: { 'tcp 22': 'sshd', 'tcp 443': 'httpd', 'tcp 8443': 'httpd', 'udp 53': 'pdns_server', 'udp 443': 'httpd' },
  serviceSubdomains: true,
  redirectsToTls: false,
  autossl: 'LetsEncrypt',
  eximOldTls: true,
  passiveFtp: '49152-65534',
  firewalls: ['csf.service'],
  plans: ['/etc/cron.d/x'],
  cpnat: ['10.0.0.10 203.0.113.10', '', ' 10.0.0.11'],
  myip: '?',
};

const linesWith = (facts: unknown): readonly string[] => {
  const { server } = compiled((w) => (w.servers[0].server.facts = facts));
  expect(decodePolicy(encodePolicy(server))).toEqual(server);
  return printPolicy(server).filter((line) => line.startsWith('fact '));
};

/** The agent's answer, by section. */
const TOLD = new Map([
  ['system', ['PRETTY_NAME="AlmaLinux 9.4 (Seafoam Ocelot)"', 'ID="almalinux"', 'VERSION_ID="9.4"']],
  [
    'server',
    [
      'listens known',
      'listens udp 443 httpd',
      'listens tcp 8443 httpd',
      'listens tcp 22 sshd',
      'listens tcp 443 httpd',
      'listens udp 53 pdns_server',
      'firewall csf.service',
      'plans /etc/cron.d/x',
      'cpanel 11.126.0.21',
      'accounts 12',
      'role-off webserver',
      'role-off dns',
      'setting proxysubdomains 0',
      'setting proxysubdomains 1',
      'setting alwaysredirecttossl 0',
      'autossl LetsEncrypt',
      'exim-tls +no_sslv2 +no_tlsv1',
      'word of a newer program',
    ],
  ],
  [
    'cpanel-nat',
    [
      'cpnat there',
      'line 1 10.0.0.10 203.0.113.10',
      'line 2 - -',
      'line 3 - 10.0.0.11',
      'myip ?',
      'pure-ftpd there',
      'passiveportrange 49152 65534',
    ],
  ],
]);

describe('facts of a server', () => {
  it('are in the plan and in the policy, and absent if not given', () => {
    expect(linesWith(FACTS)).toEqual([
      'fact accounts: yes',
      'fact autossl: LetsEncrypt',
      'fact cpanel: 11.126.0.21',
      'fact exim offers old tls: yes',
      'fact firewall script planned: /etc/cron.d/x',
      'fact firewalls: csf.service',
      'fact httpd listens: tcp 443,8443; udp 443',
      'fact lines of cpnat: 10.0.0.10 203.0.113.10, ,  10.0.0.11',
      'fact myip: ?',
      'fact panel redirects to tls: no',
      'fact passive ftp: 49152-65534',
      'fact pdns_server listens: udp 53',
      'fact roles off: dns, webserver',
      'fact service subdomains: yes',
      'fact sshd listens: tcp 22',
      'fact system: almalinux 9.4',
    ]);
    expect(linesWith({})).toEqual([]);
    expect(linesWith({ listens: {}, plans: [], cpnat: 'absent' })).toEqual([
      'fact firewall script planned: none',
      'fact lines of cpnat: absent',
    ]);
    expect(encodePolicy(compiled(() => undefined).server)).not.toContain('facts');
  });

  it('are what the agent answered, whatever the order', () => {
    expect(parseCapturedFacts(TOLD)).toEqual(FACTS);
    expect(Object.keys(parseCapturedFacts(TOLD).listens!)).toEqual(Object.keys(FACTS.listens!));
    expect(linesWith(JSON.parse(formatFacts(parseCapturedFacts(TOLD))))).toEqual(linesWith(FACTS));
  });

  it.each<readonly [string, readonly string[], readonly string[], FactsIntent]>([
    ['nothing at all', [], [], {}],
    ['a server without ss', ['accounts 0'], ['cpnat absent'], { hasAccounts: false, cpnat: 'absent' }],
    ['a file that can not be read, or not whole', [], ['cpnat unknown'], {}],
    ['more lines than the agent prints', [], ['cpnat there', 'line 1 10.0.0.10 203.0.113.10', 'cpnat more'], {}],
    ['Exim with TLS 1.2 and newer', ['exim-tls +no_tlsv1 +no_tlsv1_1'], [], { eximOldTls: false }],
    ['a line cut off', ['listens tcp', 'setting', 'firewall'], ['line'], {}],
  ])("omit what isn't known: %s", (_, server, nat, facts) => {
    expect(
      parseCapturedFacts(
        new Map([
          ['server', server],
          ['cpanel-nat', nat],
        ]),
      ),
    ).toEqual(facts);
  });
});

const WRONG: readonly Wrong[] = [
  [
    'no object',
    (w) => (w.servers[0].server.facts = 'almalinux'),
    `intent/wrong-type at servers[0] facts: This is the text "almalinux".
  instead: An object, as cpanel-edge capture writes it.`,
  ],
  [
    'an unknown fact',
    (w) => (w.servers[0].server.facts = { hasAccount: true }),
    `intent/unknown-key at servers[0] facts: There is no "hasAccount" here, so it would have no effect.
  instead: hasAccounts, if that was meant.`,
  ],
  [
    'an invalid port',
    (w) => (w.servers[0].server.facts = { listens: { 'tcp 70000': 'x', https: 'httpd' } }),
    `intent/bad-fact at servers[0] facts.listens: "tcp 70000" is no protocol with a port.
  instead: As cpanel-edge capture writes it: "tcp 443", "udp 53".`,
    `intent/bad-fact at servers[0] facts.listens: "https" is no protocol with a port.
  instead: As cpanel-edge capture writes it: "tcp 443", "udp 53".`,
  ],
];

refuses('facts of a server', WRONG);
