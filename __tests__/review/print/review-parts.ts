// Parts of reviews (remarks, changes, devices) for the tests of printers.

import { Change, DeviceReview, Remark, Review } from '../../../lib/review/review';

export const remark = (code: string, where: string, what: string, instead: string): Remark => ({
  code,
  where,
  what,
  instead,
});

export const mysql: Change = {
  kind: 'opened',
  scope: 'end to end',
  device: 'edge1/hosting',
  startLocation: 'the internet by wan0',
  fromInternet: true,
  destinations: ['203.0.113.10'],
  destinationCount: 1,
  service: 'tcp 3306',
  sources: 'anywhere',
  destinationHost: '10.0.0.10 of web1',
  mappings: ['web'],
  reason: 'profile cpanel: mysql (extra), from anywhere',
  examplePacket: '198.51.100.7 port 40000 to 203.0.113.10 tcp 3306',
  decidingLines: [
    { device: 'edge1', number: 41, text: 'ip daddr 10.0.0.10 tcp dport @cpanel_tcp ct status dnat accept' },
    { device: 'web1', number: 28, text: 'ip daddr @addresses tcp dport { 25, 443, 465, 993, 3306 } accept' },
  ],
  evidence: 'generated config',
};

export const edge1: DeviceReview = {
  device: 'edge1',
  owner: 'hosting',
  role: 'gateway',
  plan: 'edge',
  action: 'changed',
  before: '',
  evidence: 'generated config',
  sessions: 'those on what closes are cut',
  delivery: 'atomic; undone after 90 s unless a second connection confirms it, and at boot',
  textDiff: ['-    elements = { 25, 443, 465, 993 }', '+    elements = { 25, 443, 465, 993, 3306 }'],
};

export const web1: DeviceReview = {
  ...edge1,
  device: 'web1',
  role: 'server',
  plan: 'servers',
  textDiff: [
    '-    ip daddr @addresses tcp dport { 25, 443, 465, 993 } accept',
    '+    ip daddr @addresses tcp dport { 25, 443, 465, 993, 3306 } accept',
  ],
};

export const none = { opened: 0, closed: 0, moved: 0, identity: 0, unknown: 0, devices: 0, addresses: 0 };

export const plan = (
  name: string,
  unmanagedChanged: readonly string[] = [],
  unmanagedUnchanged = 0,
): Review['plans'][number] => ({
  name,
  madeBy: 'Terraform 1.11.4',
  unmanagedChanged,
  unmanagedUnchanged,
});
