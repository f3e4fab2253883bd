// Tests which packets break review rules (`forbidden`, `admin`, `allowed`, limits of devices) after a change, end to
// end.

import { LintSubject } from '../../../lib/lint/lint-subject';
import { PacketMap } from '../../../lib/net/packet-map';
import { Policy } from '../../../lib/policy/policy';
import { createUnknown } from '../../../lib/reachability/reachability';
import { Change } from '../../../lib/review/review';
import { ReviewRules } from '../../../lib/review/rules';
import { ChangeFacts, enforceRules } from '../../../lib/review/rules/find-broken-rules';
import { gateway, mapping, opening, openings, ports, ranges } from '../../generate/support';
import { HTTPS, MYSQL, SSH, PING, subjectOf, edge, host, facts, found } from './samples';

it('enforces nothing without rules', () => {
  expect(found({}, subjectOf(edge(HTTPS, MYSQL), host(HTTPS, MYSQL)))).toEqual([]);
});

const V4 = host(HTTPS, MYSQL, SSH, PING);
const withoutIpv6 = (policy: Policy & { kind: 'server' }): Policy => ({
  ...policy,
  localAddresses: policy.localAddresses.slice(0, 1),
  interfaces: policy.interfaces.map((one) => ({ ...one, addresses: one.addresses.slice(0, 1) })),
});

it('a forbidden service counts end to end, and directly if a server has IPv6', () => {
  const [plain, both] = [subjectOf(edge(HTTPS), host(HTTPS)), subjectOf(edge(HTTPS, MYSQL), host(HTTPS, MYSQL))];
  const says = 'and the review rules say otherwise (forbidden: mysql).';
  const atGateway = `rules/forbidden | gateway edge, owner web-team, mapping web | from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere is reachable, end to end, ${says}`;
  const atServer = `rules/forbidden | server web1, owner web-team, profile cpanel | from the internet by eth0: 2001:db8::10 tcp 3306 from anywhere is reachable, by the word of this device alone, ${says}`;
  expect(found({ forbidden: ['mysql'] }, both, plain)).toEqual([
    `${atGateway} This change opens it.`,
    `${atServer} This change opens it.`,
  ]);
  // Without a record, as at a first release, all of it opens. With one of two possible states, it may open.
  expect(found({ forbidden: ['mysql'] }, both)).toHaveLength(2);
  expect(found({ forbidden: ['mysql'] }, both, both, plain)[0]).toBe(`${atGateway} This change opens it.`);
  expect(found({ forbidden: ['mysql'] }, both, both)).toEqual([
    `${atGateway} It stood open before this change already.`,
    `${atServer} It stood open before this change already.`,
  ]);
  // Only one of the two firewalls allows it: it is unreachable, except from any source for a server that counts as
  // inside.
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS, MYSQL), host(HTTPS)), plain)).toEqual([
    `${atGateway.replace('from anywhere', 'from 10.0.0.0/8')} This change opens it.`,
  ]);
  const closed = { trustedNetworks: [], trustedConnections: 'listed' } as const;
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS, MYSQL), { ...host(HTTPS), ...closed }), plain)).toEqual(
    [],
  );
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS), host(HTTPS, MYSQL)), plain)).toEqual([
    `${atServer} This change opens it.`,
  ]);
});

it('if only one of the two devices is in the review, it decides alone', () => {
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS, MYSQL)))).toEqual([
    expect.stringContaining('203.0.113.10 tcp 3306 from anywhere is reachable, by the word of this device alone'),
  ]);
  expect(found({ forbidden: ['mysql'] }, subjectOf(withoutIpv6(V4 as never)))).toEqual([
    expect.stringContaining(
      '10.0.0.10 tcp 3306 from anywhere but 10.0.0.0/8 is reachable, by the word of this device alone',
    ),
  ]);
});

it("`admin` is broken by exactly the sources that aren't listed", () => {
  const wide = opening({ ports: ports(22), sources: ranges('198.51.100.0/24', '192.0.2.0/24'), origin: 'ssh' });
  const subject = subjectOf(edge(HTTPS, wide), withoutIpv6(host(HTTPS, wide) as never));
  expect(found({ admin: [{ services: ['ssh', 'whm'], from: ['198.51.100.0/24', '192.0.2.0/25'] }] }, subject)).toEqual([
    'rules/admin-source | gateway edge, owner web-team, mapping web | from the internet by wan0: 203.0.113.10 tcp 22 from 192.0.2.128/25 is reachable, end to end, and the review rules say otherwise (admin: ssh, whm from 198.51.100.0/24, 192.0.2.0/25 alone). This change opens it.',
  ]);
  expect(found({ admin: [{ services: ['ssh'], from: ['198.51.100.0/24', '192.0.2.0/24'] }] }, subject)).toEqual([]);
});

it('`allowed` checks service, source and destination; administrators are allowed; each packet breaks one rule', () => {
  const subject = subjectOf(edge(HTTPS, MYSQL, SSH, PING), withoutIpv6(V4 as never));
  const short = (rules: Omit<ReviewRules, 'format'>) =>
    found(rules, subject).map((line) => line.match(/^\S+|203\.0\.113\.10 (tcp|icmp).*? from \S+/g)!.join(' '));
  expect(short({ allowed: [{ services: ['https'] }] })).toEqual([
    'rules/not-allowed 203.0.113.10 icmp echo-request from anywhere',
    'rules/not-allowed 203.0.113.10 tcp 22 from 198.51.100.0/24',
    'rules/not-allowed 203.0.113.10 tcp 3306 from anywhere',
  ]);
  expect(
    short({
      allowed: [{ services: ['web', 'ping'] }],
      admin: [{ services: ['ssh'], from: ['198.51.100.0/25'] }],
      forbidden: ['mysql'],
    }),
  ).toEqual([
    'rules/forbidden 203.0.113.10 tcp 3306 from anywhere',
    'rules/admin-source 203.0.113.10 tcp 22 from 198.51.100.128/25',
  ]);
  const rest = [{ services: ['ping', 'ssh', 'mysql'] }];
  expect(short({ allowed: [...rest, { services: ['https'], to: ['203.0.113.10'] }] })).toEqual([]);
  expect(short({ allowed: [...rest, { services: ['https'], to: ['203.0.113.11'] }] })).toEqual([
    'rules/not-allowed 203.0.113.10 tcp 443 from anywhere',
  ]);
  expect(short({ allowed: [...rest, { services: ['https'], from: ['0.0.0.0/1', '128.0.0.0/2'] }] })).toEqual([
    'rules/not-allowed 203.0.113.10 tcp 443 from 192.0.0.0/2',
  ]);
});

it('a service for listed sources may be meant for administrators, which is suggested first', () => {
  const remarks = enforceRules({ format: 1, allowed: [{ services: ['web'] }] }, subjectOf(edge(HTTPS, MYSQL, SSH)), {
    ...facts,
    before: [],
  });
  expect(
    remarks.map(({ subject, instead }) => [/tcp \d+/.exec(subject!)![0], /add it .*?:/.exec(instead)![0]]),
  ).toEqual([
    ['tcp 22', 'add it with these sources to "admin", or to "allowed":'],
    ['tcp 3306', 'add it to "allowed":'],
  ]);
});

it('packets to an address that isn’t public are allowed whatever "to" says, and errors and neighbour discovery are never checked', () => {
  const subject = subjectOf(withoutIpv6(host(HTTPS) as never));
  expect(found({ allowed: [{ services: ['https'], to: ['203.0.113.10'] }] }, subject)).toEqual([]);
  expect(found({ allowed: [{ services: ['https'] }] }, subjectOf(host(HTTPS)))).toEqual([]);
  expect(found({ allowed: [{ services: ['http'] }] }, subject)).toHaveLength(1);
});

it('unknown counts as reachable, with the reason', () => {
  const good = subjectOf(edge(HTTPS));
  const doubtful: LintSubject = {
    owners: good.owners.map((owner) => ({
      ...owner,
      reachability: {
        views: owner.reachability.views.map((view) => ({
          ...view,
          dispositions: view.dispositions.unite(
            PacketMap.create(createUnknown('line 7 is not understood'), { protocol: ports(6), port: ports(3306) }),
          ),
        })),
      },
    })),
    composedGateways: [],
  };
  expect(found({ forbidden: ['mysql'] }, doubtful)).toEqual([
    expect.stringContaining(
      '203.0.113.10 tcp 3306 from anywhere may be reachable (line 7 is not understood), which counts as reachable',
    ),
  ]);
});

it('hosts with the same finding share one remark, and a remark is limited in length', () => {
  const many = gateway(
    Array.from({ length: 100 }, (_, n) =>
      mapping(`203.0.113.${2 * n + 20}`, `10.0.0.${2 * n + 20}`, { name: `m${n}`, allowRules: openings('x', [MYSQL]) }),
    ),
  );
  const [only, ...more] = found({ forbidden: ['mysql'] }, subjectOf(many));
  expect(more).toEqual([]);
  expect(only).toContain('and 80 more tcp 3306');
  const different = gateway(
    Array.from({ length: 100 }, (_, n) =>
      mapping(`203.0.113.${n + 20}`, `10.0.0.${n + 20}`, {
        name: `m${n}`,
        allowRules: openings(`x${n}`, [opening({ ports: ports(4000 + n) })]),
      }),
    ),
  );
  const remarks = found({ forbidden: ['4000-5000/tcp'] }, subjectOf(different));
  expect(remarks).toHaveLength(51);
  expect(remarks.at(-1)).toContain('50 more rows break the same rule');
});

it('says that a change opens it only if that is known', () => {
  const subject = subjectOf(edge(MYSQL));
  const rules: ReviewRules = { format: 1, forbidden: ['mysql'] };
  const opened = { kind: 'opened', fromInternet: true } as Change;
  expect(enforceRules(rules, subject, { ...facts, changes: [opened] })[0]!.what).toMatch(/\(forbidden: mysql\)\.$/);
  expect(enforceRules(rules, subject, { ...facts, changes: [{ ...opened, fromInternet: false }] })[0]!.what).toMatch(
    /stood open before this change already\.$/,
  );
});

it('has as data what is open, and whether it existed before', () => {
  const [plain, both] = [subjectOf(edge(HTTPS), host(HTTPS)), subjectOf(edge(HTTPS, MYSQL), host(HTTPS, MYSQL))];
  const asData = (change: Partial<ChangeFacts>) =>
    enforceRules({ format: 1, forbidden: ['mysql'] }, both, { ...facts, ...change })[0]!;
  const subject = 'from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere';
  expect(asData({ before: [both] })).toMatchObject({ subject, existedBefore: true });
  expect(asData({ before: [both, plain] })).toMatchObject({ subject, existedBefore: false });
  const unsure = asData({ changes: [{ kind: 'opened', fromInternet: true } as Change] });
  expect(unsure).toMatchObject({ subject });
  expect(unsure).not.toHaveProperty('existedBefore');
});

it('counts devices', () => {
  const devices = (devicesChanged: number) =>
    enforceRules({ format: 1, mostDevices: 2 }, subjectOf(edge(HTTPS)), { ...facts, devicesChanged });
  expect(devices(2)).toEqual([]);
  expect(devices(3).map(({ code, what }) => `${code}: ${what}`)).toEqual([
    'rules/too-many-devices: It touches 3 devices; the review rules let one change touch 2 (mostDevices).',
  ]);
});
