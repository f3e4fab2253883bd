// Sample reviews for the tests of printers: quiet, typical, after a failure, huge.

import { UNIVERSE_TEXT } from '../../../lib/review/judging/create-review';
import { Review } from '../../../lib/review/review';
import { edge1, mysql, none, plan, remark, web1 } from './review-parts';
import { mistake } from './mistake';

export { mistake };

/** A new agent is delivered, and nothing else changes. */
export const quiet: Review = {
  schema: 2,
  verdict: 'nothing to object to',
  headline: 'no port opens or closes; 1 device gets the same exposure again',
  counts: { ...none, devices: 1 },
  addresses: [],
  objections: [],
  unknown: [],
  notes: [
    remark('review/program-only', 'edge1/hosting', 'The host keys change, so the same text is delivered again.', ''),
  ],
  changes: [],
  devices: [{ ...edge1, action: 'same exposure, new program', sessions: 'all go on', textDiff: [] }],
  findings: [],
  plans: [plan('edge')],
  coverage: UNIVERSE_TEXT,
};

/** The example of docs/how-to/review.md, as `cpanel-edge review` made it. */
export const example: Review = {
  schema: 2,
  verdict: 'objections',
  headline: 'tcp 3306 opens to the internet on 203.0.113.10; 2 objections',
  counts: { ...none, opened: 2, devices: 2 },
  addresses: [],
  objections: [
    remark(
      'rules/forbidden',
      'gateway edge, owner hosting, mapping web',
      'from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere is reachable, end to end, and the review rules say otherwise (forbidden: mysql). This change opens it.',
      'close it in the stack, or take it from "forbidden": the review shows a change of the rules as such.',
    ),
    remark(
      'ports/mysql-public',
      'server web1, owner hosting, profile cpanel',
      'Any source in the internet reaches MySQL (tcp 3306) at 203.0.113.10.',
      "{ service: 'mysql', from: [...] } with the remote clients, or nothing: sites on the server itself need no opening.",
    ),
  ],
  unknown: [],
  notes: [],
  changes: [true, false].map((outside) => ({
    ...mysql,
    device: 'edge/hosting',
    startLocation: outside ? 'the internet by wan0' : 'inside by lan0',
    fromInternet: outside,
    reason: 'profile cpanel opens tcp 3306 from anywhere (mysql)',
    decidingLines: [
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
    delivery: 'all rules change at once; rolled back unless it is confirmed within 90 s, by a reboot too',
    textDiff: ['-    elements = { 443 }', '+    elements = { 443, 3306 }'],
  })),
  findings: [
    {
      ...remark(
        'ports/mysql-public',
        'server web1, owner hosting, profile cpanel',
        'Any source in the internet reaches MySQL (tcp 3306) at 203.0.113.10.',
        "{ service: 'mysql', from: [...] } with the remote clients, or nothing: sites on the server itself need no opening.",
      ),
      severity: 'error',
      page: 'docs/reference/lint/ports/mysql-public.md',
    },
  ],
  plans: [
    {
      ...plan('production', ['hcloud_server.web["1"]'], 14),
      command: '../../../node_modules/cpanel-edge/dist/cli/main.js',
    },
  ],
  coverage: UNIVERSE_TEXT,
  rules: { name: 'cpanel-edge.rules.json', changes: [] },
};

/** The last apply was killed, and a server's plan is missing. */
export const afterFailure: Review = {
  schema: 2,
  verdict: 'unknown',
  headline: '1 service opens to the internet on 3 addresses; 1 thing cannot be decided; 1 objection',
  counts: { ...none, opened: 1, unknown: 1, devices: 1 },
  addresses: [],
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
      destinationHost: '',
      mappings: ['web', 'mail', 'shop'],
      reason: 'profile cpanel: extra tcp 8443',
      examplePacket: '198.51.100.7 port 40000 to 203.0.113.10 tcp 8443',
      evidence: 'generated config + captured config',
    },
    {
      ...mysql,
      kind: 'unknown',
      scope: 'one device',
      destinations: ['203.0.113.13'],
      service: 'tcp 21,30000-50000',
      destinationHost: '10.0.0.13',
      mappings: ['ftp'],
      reason: 'line 7 of the captured config is not understood',
      examplePacket: '198.51.100.7 port 40000 to 203.0.113.13 tcp 21',
      decidingLines: [{ device: 'edge1', number: 7, text: 'ct helper set "ftp-standard"' }],
      evidence: 'generated config + captured config',
    },
  ],
  devices: [
    {
      ...edge1,
      before: 'an apply was interrupted: it runs the newest applied release or the one that failed',
      evidence: 'generated config + captured config',
    },
    { ...web1, device: 'web1', action: 'unchanged', sessions: '', delivery: '', textDiff: [] },
    { ...web1, device: 'web2', action: 'unchanged', sessions: '', delivery: '', textDiff: [] },
  ],
  findings: [],
  plans: [plan('edge'), plan('servers')],
  coverage: UNIVERSE_TEXT,
};

const address = (i: number): string => `203.0.${112 + (i >> 8)}.${i & 255}`;

/** Ten thousand opened ports, and an objection to every second one. */
export const huge: Review = {
  ...mistake,
  headline: '10,000 services open to the internet on 1,000 addresses; 5,000 objections',
  counts: { ...none, opened: 10_000, devices: 400 },
  addresses: [],
  objections: Array.from({ length: 5_000 }, (_, i) =>
    remark(
      i % 3 === 0 ? 'review/not-allowed' : 'review/admin-source',
      `${address(i % 1_000)} from the internet by wan0`,
      `tcp ${1_000 + i} becomes reachable from anywhere.`,
      'Name its sources.',
    ),
  ),
  changes: Array.from({ length: 300 }, (_, i) => ({
    ...mysql,
    destinations: [address(Math.floor(i / 10))],
    service: `tcp ${1_000 + i}`,
    destinationHost: `10.0.${Math.floor(i / 10) >> 8}.${Math.floor(i / 10) & 255}`,
    mappings: [`web${Math.floor(i / 10)}`],
    examplePacket: `198.51.100.7 port 40000 to ${address(Math.floor(i / 10))} tcp ${1_000 + i}`,
  })),
  devices: [
    { ...edge1, textDiff: Array.from({ length: 200 }, (_, i) => `+    ${address(i)} : 10.0.0.${i}`) },
    ...Array.from({ length: 399 }, (_, i) => ({ ...web1, device: `web${i + 1}` })),
  ],
  findings: [],
  plans: [
    plan(
      'edge',
      Array.from({ length: 120 }, (_, i) => `hcloud_server.web["${i}"]`),
    ),
  ],
};
