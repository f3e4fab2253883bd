// The review of a sample pull request that opens MySQL to the world by mistake.

import { UNIVERSE_TEXT } from '../../../lib/review/judging/create-review';
import { Review } from '../../../lib/review/review';
import { edge1, mysql, plan, remark, web1 } from './review-parts';

/** A pull request that was meant to open mail and opens MySQL to any source. */
export const mistake: Review = {
  schema: 2,
  verdict: 'objections',
  headline: '2 services open to the internet on 1 address, tcp 3306 among them; 3 objections',
  counts: { opened: 3, closed: 1, moved: 1, identity: 1, unknown: 0, devices: 2, addresses: 1 },
  addresses: [
    {
      kind: 'reassigned',
      external: '203.0.113.11',
      hostBefore: 'web1 (10.0.0.11)',
      hostAfter: 'web2 (10.0.0.12)',
      gatewayBefore: 'edge1/hosting',
      gatewayAfter: 'edge1/hosting',
      details: ['the same services, for the same sources'],
    },
  ],
  objections: [
    {
      ...remark(
        'review/forbidden-service',
        '203.0.113.10 from the internet by wan0',
        'tcp 3306 becomes reachable from anywhere. The review rules forbid mysql from outside.',
        'Take mysql out of the profile cpanel, or name the one address that needs it as its source.',
      ),
      subject: 'tcp 3306 from anywhere',
      existedBefore: false,
      sourceLine: 'stacks/edge.ts:41',
    },
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
      examplePacket: '198.51.100.7 port 40000 to 203.0.113.10 tcp 587',
    },
    {
      ...mysql,
      startLocation: 'inside by lan0',
      fromInternet: false,
      sources: '10.0.0.0/24',
      reason: 'reflection of mapping web',
      examplePacket: '10.0.0.50 port 40000 to 203.0.113.10 tcp 3306',
    },
    {
      ...mysql,
      kind: 'closed',
      service: 'tcp 2077',
      reason: 'profile cpanel no longer has webdisk-plain',
      examplePacket: '198.51.100.7 port 40000 to 203.0.113.10 tcp 2077',
      decidingLines: [{ device: 'edge1', number: 44, text: 'ct status dnat drop' }],
    },
    {
      ...mysql,
      kind: 'moved',
      destinations: ['203.0.113.11'],
      service: 'tcp 443',
      destinationHost: '10.0.0.12 of web2',
      hostBefore: '10.0.0.11 of web1',
      hostAfter: '10.0.0.12 of web2',
      mappings: ['shop'],
      reason: 'mapping shop: inside 10.0.0.12',
      examplePacket: '198.51.100.7 port 40000 to 203.0.113.11 tcp 443',
      decidingLines: [{ device: 'edge1', number: 12, text: 'elements = { 203.0.113.11 : 10.0.0.12 }' }],
    },
    {
      ...mysql,
      kind: 'identity',
      scope: 'one device',
      startLocation: 'inside by lan0',
      fromInternet: false,
      destinations: ['any IPv4'],
      service: 'all protocols',
      sources: '10.0.0.12',
      destinationHost: '',
      hostBefore: '203.0.113.10',
      hostAfter: '203.0.113.11',
      mappings: ['shop'],
      reason: 'mapping shop translates what 10.0.0.12 sends',
      examplePacket: '10.0.0.12 port 40000 to 198.51.100.7 tcp 25',
      decidingLines: [{ device: 'edge1', number: 19, text: 'ip saddr map { 10.0.0.12 : 203.0.113.11 }' }],
    },
  ],
  devices: [edge1, { ...web1, action: 'first release' }],
  findings: [
    {
      code: 'cpanel/database-open',
      where: 'gateway edge1, owner hosting, mapping web',
      what: 'MySQL is reachable from anywhere: it has no TLS unless asked, and passwords are tried within minutes.',
      instead:
        'Let applications reach it by an SSH tunnel, or give the source: { services: ["mysql"], from: ["198.51.100.20"] }.',
      severity: 'error',
      page: 'docs/reference/lint/cpanel/database-open.md',
    },
    {
      code: 'cpanel/plaintext-twin',
      where: 'server web1, owner hosting, profile cpanel',
      what: 'pop3 (tcp 110) is open beside pop3s (tcp 995).',
      instead: 'Open pop3s alone.',
      severity: 'warning',
      page: 'docs/reference/lint/cpanel/plaintext-twin.md',
      existedBefore: true,
      sourceLine: 'stacks/servers.ts:12',
      acknowledged: { reason: 'two customers still fetch without TLS; ticket 4711', expires: '2027-01-31' },
    },
  ],
  plans: [plan('edge', ['hcloud_server.web["1"]', 'cloudflare_record.mail'], 14), plan('servers')],
  coverage: UNIVERSE_TEXT,
  rules: {
    name: 'cpanel-edge.rules.json',
    changes: ['forbidden: telnet is no longer forbidden', 'mostDevices: 2, was 1'],
  },
};
