import { Change, DeviceReview, Remark, Review } from '../../lib/review/review';

const UNIVERSE =
  'The first packet of every connection, of all protocols, ports and ICMP types, IPv4 and IPv6: to our public addresses and to the servers. What is not listed stays as it is.';

const remark = (code: string, where: string, what: string, instead: string): Remark => ({ code, where, what, instead });

const mysql: Change = {
  kind: 'opened',
  proof: 'end to end',
  device: 'edge1/hosting',
  vantage: 'the internet by wan0',
  outside: true,
  destinations: ['203.0.113.10'],
  destinationCount: 1,
  service: 'tcp 3306',
  sources: 'anywhere',
  reaches: '10.0.0.10 of web1',
  mappings: ['web'],
  reason: 'profile cpanel: mysql (extra), from anywhere',
  witness: '198.51.100.7 port 40000 to 203.0.113.10 tcp 3306',
  lines: [
    { device: 'edge1', number: 41, text: 'ip daddr 10.0.0.10 tcp dport @cpanel_tcp ct status dnat accept' },
    { device: 'web1', number: 28, text: 'ip daddr @addresses tcp dport { 25, 443, 465, 993, 3306 } accept' },
  ],
  evidence: 'own text',
};

const edge1: DeviceReview = {
  device: 'edge1',
  owner: 'hosting',
  role: 'gateway',
  plan: 'edge',
  action: 'changed',
  before: '',
  evidence: 'own text',
  sessions: 'those on what closes are cut',
  delivery: 'atomic; undone after 90 s unless a second connection confirms it, and at boot',
  textDiff: ['-    elements = { 25, 443, 465, 993 }', '+    elements = { 25, 443, 465, 993, 3306 }'],
};

const web1: DeviceReview = {
  ...edge1,
  device: 'web1',
  role: 'server',
  plan: 'servers',
  textDiff: [
    '-    ip daddr @addresses tcp dport { 25, 443, 465, 993 } accept',
    '+    ip daddr @addresses tcp dport { 25, 443, 465, 993, 3306 } accept',
  ],
};

const none = { opened: 0, closed: 0, moved: 0, identity: 0, unknown: 0, devices: 0 };

const plan = (name: string, foreignChanged: readonly string[] = [], foreignUnchanged = 0): Review['plans'][number] => ({
  name,
  terraformVersion: '1.11.4',
  foreignChanged,
  foreignUnchanged,
});

/** Another program is delivered, and nothing else happens. */
export const quiet: Review = {
  format: 1,
  verdict: 'nothing to object to',
  headline: 'no port opens or closes; 1 device gets the same exposure again',
  counts: { ...none, devices: 1 },
  objections: [],
  unknown: [],
  notes: [remark('review/program-only', 'edge1/hosting', 'The host keys change, so the same text is delivered again.', '')],
  changes: [],
  devices: [{ ...edge1, action: 'same exposure, new program', sessions: 'all go on', textDiff: [] }],
  lint: [],
  plans: [plan('edge')],
  universe: UNIVERSE,
};

/** A pull request that meant to open mail, and opens MySQL to the world. */
export const mistake: Review = {
  format: 1,
  verdict: 'objections',
  headline: '2 services open to the internet on 1 address, tcp 3306 among them; 3 objections',
  counts: { opened: 3, closed: 1, moved: 1, identity: 1, unknown: 0, devices: 2 },
  objections: [
    remark(
      'review/forbidden-service',
      '203.0.113.10 from the internet by wan0',
      'tcp 3306 becomes reachable from anywhere. The review rules forbid mysql from outside.',
      'Take mysql out of the profile cpanel, or name the one address that needs it as its source.',
    ),
    remark(
      'cpanel/database-open',
      'gateway edge1, owner hosting, mapping web',
      'MySQL is reachable from anywhere: it has no TLS unless asked, and passwords are tried within minutes.',
      'Let applications reach it by an SSH tunnel, or give the source: { services: ["mysql"], from: ["198.51.100.20"] }.',
    ),
    remark(
      'review/wider-in-between',
      'edge1 and web1, 203.0.113.10',
      'With the new text of edge1 and the old one of web1, tcp 2077 from anywhere reaches 10.0.0.10, which neither the old nor the new pair lets happen.',
      'First narrow, then widen: apply the closing alone, and the openings in a second change.',
    ),
  ],
  unknown: [],
  notes: [
    remark(
      'review/first-release',
      'web1/hosting',
      'Nothing of this owner is on the device before; what it had open of its own stays as it was.',
      '',
    ),
  ],
  changes: [
    mysql,
    {
      ...mysql,
      service: 'tcp 587',
      reason: 'profile cpanel: submission (mail), from anywhere',
      witness: '198.51.100.7 port 40000 to 203.0.113.10 tcp 587',
    },
    {
      ...mysql,
      vantage: 'inside by lan0',
      outside: false,
      sources: '10.0.0.0/24',
      reason: 'reflection of mapping web',
      witness: '10.0.0.50 port 40000 to 203.0.113.10 tcp 3306',
    },
    {
      ...mysql,
      kind: 'closed',
      service: 'tcp 2077',
      reason: 'profile cpanel no longer has webdisk-plain',
      witness: '198.51.100.7 port 40000 to 203.0.113.10 tcp 2077',
      lines: [{ device: 'edge1', number: 44, text: 'ct status dnat drop' }],
    },
    {
      ...mysql,
      kind: 'moved',
      destinations: ['203.0.113.11'],
      service: 'tcp 443',
      reaches: '10.0.0.12 of web2',
      from: '10.0.0.11 of web1',
      to: '10.0.0.12 of web2',
      mappings: ['shop'],
      reason: 'mapping shop: inside 10.0.0.12',
      witness: '198.51.100.7 port 40000 to 203.0.113.11 tcp 443',
      lines: [{ device: 'edge1', number: 12, text: 'elements = { 203.0.113.11 : 10.0.0.12 }' }],
    },
    {
      ...mysql,
      kind: 'identity',
      proof: 'one device',
      vantage: 'inside by lan0',
      outside: false,
      destinations: ['any IPv4'],
      service: 'all protocols',
      sources: '10.0.0.12',
      reaches: '',
      from: '203.0.113.10',
      to: '203.0.113.11',
      mappings: ['shop'],
      reason: 'mapping shop translates what 10.0.0.12 sends',
      witness: '10.0.0.12 port 40000 to 198.51.100.7 tcp 25',
      lines: [{ device: 'edge1', number: 19, text: 'ip saddr map { 10.0.0.12 : 203.0.113.11 }' }],
    },
  ],
  devices: [edge1, { ...web1, action: 'first release' }],
  lint: [
    {
      code: 'cpanel/database-open',
      where: 'gateway edge1, owner hosting, mapping web',
      what: 'MySQL is reachable from anywhere: it has no TLS unless asked, and passwords are tried within minutes.',
      instead: 'Let applications reach it by an SSH tunnel, or give the source: { services: ["mysql"], from: ["198.51.100.20"] }.',
      severity: 'error',
      page: 'docs/lint/cpanel/database-open.md',
    },
    {
      code: 'cpanel/plaintext-twin',
      where: 'server web1, owner hosting, profile cpanel',
      what: 'pop3 (tcp 110) is open beside pop3s (tcp 995).',
      instead: 'Open pop3s alone.',
      severity: 'warning',
      page: 'docs/lint/cpanel/plaintext-twin.md',
      acknowledged: { reason: 'two customers still fetch without TLS; ticket 4711', expires: '2027-01-31' },
    },
  ],
  plans: [plan('edge', ['hcloud_server.web["1"]', 'cloudflare_record.mail'], 14), plan('servers')],
  universe: UNIVERSE,
  policy: { name: 'cpanel-edge.rules.json', changed: ['forbidden: telnet is no longer forbidden', 'mostDevices: 2, was 1'] },
};

/** The example of docs/review.md, as `cpanel-edge review` made it. */
export const example: Review = {
  format: 1,
  verdict: 'objections',
  headline: 'tcp 3306 opens to the internet on 203.0.113.10; 2 objections',
  counts: { ...none, opened: 2, devices: 2 },
  objections: [
    remark(
      'rules/forbidden',
      'gateway edge, owner hosting, 203.0.113.10',
      'from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere is reachable, end to end, and the review rules say otherwise (forbidden: mysql). This change opens it.',
      'close it in the stack, or take it from "forbidden": the review shows a change of the rules as such.',
    ),
    remark(
      'ports/mysql-public',
      'server web1, owner hosting, profile cpanel',
      'Anybody in the internet reaches MySQL (tcp 3306) at 203.0.113.10.',
      "{ service: 'mysql', from: [...] } with the remote clients, or nothing: sites on the server itself need no opening.",
    ),
  ],
  unknown: [],
  notes: [],
  changes: [true, false].map((outside) => ({
    ...mysql,
    device: 'edge/hosting',
    vantage: outside ? 'the internet by wan0' : 'inside by lan0',
    outside,
    reason: 'profile cpanel opens tcp 3306 from anywhere (mysql)',
    lines: [
      { device: 'edge', number: 46, text: 'iifname { "lan0", "wan0" } dnat ip to ip daddr map @m_in_1' },
      { device: 'edge', number: 36, text: 'tcp dport @s_ports accept' },
      { device: 'web1', number: 22, text: 'tcp dport @s_ports accept' },
    ],
  })),
  devices: [edge1, web1].map((device) => ({
    ...device,
    device: device.role === 'gateway' ? 'edge' : 'web1',
    plan: 'production',
    sessions: 'nothing closes',
    delivery: 'all rules change at once; undone unless it is confirmed within 90 s, by a reboot too',
    textDiff: ['-    elements = { 443 }', '+    elements = { 443, 3306 }'],
  })),
  lint: [
    {
      ...remark(
        'ports/mysql-public',
        'server web1, owner hosting, profile cpanel',
        'Anybody in the internet reaches MySQL (tcp 3306) at 203.0.113.10.',
        "{ service: 'mysql', from: [...] } with the remote clients, or nothing: sites on the server itself need no opening.",
      ),
      severity: 'error',
      page: 'docs/lint/ports/mysql-public.md',
    },
  ],
  plans: [plan('production', ['hcloud_server.web["1"]'], 14)],
  universe: UNIVERSE,
  policy: { name: 'cpanel-edge.rules.json', changed: [] },
};

/** The last apply was killed, and a server's plan is missing. */
export const afterFailure: Review = {
  format: 1,
  verdict: 'unknown',
  headline: '1 service opens to the internet on 3 addresses; 1 thing cannot be decided; 1 objection',
  counts: { ...none, opened: 1, unknown: 1, devices: 1 },
  objections: [
    remark(
      'review/wider-in-between',
      'edge1 and web1, 203.0.113.10',
      'While edge1 has its new text and web1 may still have the one of the failed apply, tcp 8443 from anywhere reaches 10.0.0.10.',
      'Apply web1 first, on its own.',
    ),
  ],
  unknown: [
    remark(
      'review/server-missing',
      '10.0.0.13, behind 203.0.113.13',
      'No plan has the server at 10.0.0.13, so only the gateway says what reaches it.',
      'Give the plan of its stack, too: cpanel-edge review edge.json servers.json',
    ),
    remark(
      'plan/interrupted',
      'plan edge',
      'An apply was interrupted: edge1 runs the newest applied release or the one whose delivery failed. The worse is shown.',
      'Run cpanel-edge verify --json before the plan, and give its answer.',
    ),
  ],
  notes: [],
  changes: [
    {
      ...mysql,
      destinations: ['203.0.113.10', '203.0.113.12', '203.0.113.13'],
      destinationCount: 3,
      service: 'tcp 8443',
      sources: '198.51.100.0/28, 192.0.2.0/24, 2001:db8:ffff:ffff:ffff:ffff:ffff:0/112',
      reaches: '',
      mappings: ['web', 'mail', 'shop'],
      reason: 'profile cpanel: extra tcp 8443',
      witness: '198.51.100.7 port 40000 to 203.0.113.10 tcp 8443',
      evidence: 'own text + captured surroundings',
    },
    {
      ...mysql,
      kind: 'unknown',
      proof: 'one device',
      destinations: ['203.0.113.13'],
      service: 'tcp 21,30000-50000',
      reaches: '10.0.0.13',
      mappings: ['ftp'],
      reason: 'line 7 of the captured surroundings is not understood',
      witness: '198.51.100.7 port 40000 to 203.0.113.13 tcp 21',
      lines: [{ device: 'edge1', number: 7, text: 'ct helper set "ftp-standard"' }],
      evidence: 'own text + captured surroundings',
    },
  ],
  devices: [
    {
      ...edge1,
      before: 'an apply was interrupted: it runs the newest applied release or the one that failed',
      evidence: 'own text + captured surroundings',
    },
    { ...web1, device: 'web1', action: 'unchanged', sessions: '', delivery: '', textDiff: [] },
    { ...web1, device: 'web2', action: 'unchanged', sessions: '', delivery: '', textDiff: [] },
  ],
  lint: [],
  plans: [plan('edge'), plan('servers')],
  universe: UNIVERSE,
};

const address = (i: number): string => `203.0.${112 + (i >> 8)}.${i & 255}`;

/** Ten thousand openings, and an objection to every second one. */
export const huge: Review = {
  ...mistake,
  headline: '10,000 services open to the internet on 1,000 addresses; 5,000 objections',
  counts: { ...none, opened: 10_000, devices: 400 },
  objections: Array.from({ length: 5_000 }, (_, i) =>
    remark(
      i % 3 === 0 ? 'review/not-allowed' : 'review/admin-source',
      `${address(i % 1_000)} from the internet by wan0`,
      `tcp ${1_000 + i} becomes reachable from anywhere.`,
      'Name its sources.',
    ),
  ),
  changes: Array.from({ length: 10_000 }, (_, i) => ({
    ...mysql,
    destinations: [address(Math.floor(i / 10))],
    service: `tcp ${1_000 + i}`,
    reaches: `10.0.${Math.floor(i / 10) >> 8}.${Math.floor(i / 10) & 255}`,
    mappings: [`web${Math.floor(i / 10)}`],
    witness: `198.51.100.7 port 40000 to ${address(Math.floor(i / 10))} tcp ${1_000 + i}`,
  })),
  devices: [
    { ...edge1, textDiff: Array.from({ length: 200 }, (_, i) => `+    ${address(i)} : 10.0.0.${i}`) },
    ...Array.from({ length: 399 }, (_, i) => ({ ...web1, device: `web${i + 1}` })),
  ],
  lint: [],
  plans: [
    plan(
      'edge',
      Array.from({ length: 120 }, (_, i) => `hcloud_server.web["${i}"]`),
    ),
  ],
};
