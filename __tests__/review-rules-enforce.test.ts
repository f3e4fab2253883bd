import { composed } from '../lib/exposure/compose';
import { Subject, SubjectOwner } from '../lib/lint/subject';
import { Severity } from '../lib/lint/rule';
import { PacketMap } from '../lib/net/packet-map';
import { Policy } from '../lib/policy/policy';
import { prove } from '../lib/proving/prove';
import { unknown } from '../lib/exposure/exposure';
import { Change, LintRemark } from '../lib/review/review';
import { ReviewRules } from '../lib/review/rules';
import { acknowledged } from '../lib/review/rules/acknowledge';
import { rulesChanged } from '../lib/review/rules/changed';
import { enforce } from '../lib/review/rules/enforce';
import { gateway, mapping, opening, openings, ports, ranges, server, virtualIp } from './writer-support';

const HTTPS = opening({ ports: ports(443) });
const MYSQL = opening({ ports: ports(3306), because: 'mysql' });
const SSH = opening({ ports: ports(22), sources: ranges('198.51.100.0/24'), because: 'ssh' });
const PING = opening({ protocol: 1, ports: ports(8), because: 'ping' });

function subjectOf(...policies: readonly Policy[]): Subject {
  const owners = policies.map((policy): SubjectOwner => {
    const { device, reading } = prove(policy);
    return { name: `${policy.kind} ${policy.device}, owner ${policy.owner}`, policy, device, exposure: reading.exposure };
  });
  const servers = owners.filter(({ policy }) => policy?.kind === 'server');
  const gateways = owners.filter(({ policy }) => policy?.kind === 'gateway');
  return { owners, reached: gateways.map((one) => ({ gateway: one, ends: composed(one.exposure, one.device, servers) })) };
}

const edge = (...entries: readonly ReturnType<typeof opening>[]) =>
  gateway([mapping('203.0.113.10', '10.0.0.10', { name: 'web', openings: openings('cpanel', entries) })], {
    virtualIps: [virtualIp('203.0.113.10')],
  });
const host = (...entries: readonly ReturnType<typeof opening>[]) => server({ openings: openings('cpanel', entries) });

const facts = { changes: [], devicesChanged: 1, today: '2027-01-15' };
const found = (rules: Omit<ReviewRules, 'format'>, subject: Subject, ...before: readonly Subject[]) =>
  enforce({ format: 1, ...rules }, subject, { ...facts, before }).map(({ code, where, what }) => `${code} | ${where} | ${what}`);

it('nothing is enforced that is not said', () => {
  expect(found({}, subjectOf(edge(HTTPS, MYSQL), host(HTTPS, MYSQL)))).toEqual([]);
});

const V4 = host(HTTPS, MYSQL, SSH, PING);
const withoutIpv6 = (policy: Policy & { kind: 'server' }): Policy => ({
  ...policy,
  localAddresses: policy.localAddresses.slice(0, 1),
  interfaces: policy.interfaces.map((one) => ({ ...one, addresses: one.addresses.slice(0, 1) })),
});

it('a forbidden service counts end to end, and directly where a server has IPv6', () => {
  const [plain, both] = [subjectOf(edge(HTTPS), host(HTTPS)), subjectOf(edge(HTTPS, MYSQL), host(HTTPS, MYSQL))];
  const says = 'and the review rules say otherwise (forbidden: mysql).';
  const atGateway = `rules/forbidden | gateway edge, owner web-team, 203.0.113.10 | from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere is reachable, end to end, ${says}`;
  const atServer = `rules/forbidden | server web1, owner web-team, 2001:db8::10 | from the internet by eth0: 2001:db8::10 tcp 3306 from anywhere is reachable, by the word of this device alone, ${says}`;
  expect(found({ forbidden: ['mysql'] }, both, plain)).toEqual([`${atGateway} This change opens it.`, `${atServer} This change opens it.`]);
  // Nothing recorded, as at a first release: all of it opens. In one of two possible states: it may open.
  expect(found({ forbidden: ['mysql'] }, both)).toHaveLength(2);
  expect(found({ forbidden: ['mysql'] }, both, both, plain)[0]).toBe(`${atGateway} This change opens it.`);
  expect(found({ forbidden: ['mysql'] }, both, both)).toEqual([
    `${atGateway} It stood open before this change already.`,
    `${atServer} It stood open before this change already.`,
  ]);
  // Only one of the two firewalls lets it pass: not reachable, but for whom the server counts as inside, and any source may come.
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS, MYSQL), host(HTTPS)), plain)).toEqual([
    `${atGateway.replace('from anywhere', 'from 10.0.0.0/8')} This change opens it.`,
  ]);
  const closed = { inside: [], insideConnections: 'listed' } as const;
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS, MYSQL), { ...host(HTTPS), ...closed }), plain)).toEqual([]);
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS), host(HTTPS, MYSQL)), plain)).toEqual([`${atServer} This change opens it.`]);
});

it('where only one of the two is in the review, its word counts', () => {
  expect(found({ forbidden: ['mysql'] }, subjectOf(edge(HTTPS, MYSQL)))).toEqual([
    expect.stringContaining('203.0.113.10 tcp 3306 from anywhere is reachable, by the word of this device alone'),
  ]);
  expect(found({ forbidden: ['mysql'] }, subjectOf(withoutIpv6(V4 as never)))).toEqual([
    expect.stringContaining('10.0.0.10 tcp 3306 from anywhere but 10.0.0.0/8 is reachable, by the word of this device alone'),
  ]);
});

it('administrators alone: exactly the other sources break it', () => {
  const wide = opening({ ports: ports(22), sources: ranges('198.51.100.0/24', '192.0.2.0/24'), because: 'ssh' });
  const subject = subjectOf(edge(HTTPS, wide), withoutIpv6(host(HTTPS, wide) as never));
  expect(found({ admin: [{ services: ['ssh', 'whm'], from: ['198.51.100.0/24', '192.0.2.0/25'] }] }, subject)).toEqual([
    'rules/admin-source | gateway edge, owner web-team, 203.0.113.10 | from the internet by wan0: 203.0.113.10 tcp 22 from 192.0.2.128/25 is reachable, end to end, and the review rules say otherwise (admin: ssh, whm from 198.51.100.0/24, 192.0.2.0/25 alone). This change opens it.',
  ]);
  expect(found({ admin: [{ services: ['ssh'], from: ['198.51.100.0/24', '192.0.2.0/24'] }] }, subject)).toEqual([]);
});

it('only what is allowed, from whom and where; administrators are; each packet breaks one rule', () => {
  const subject = subjectOf(edge(HTTPS, MYSQL, SSH, PING), withoutIpv6(V4 as never));
  const short = (rules: Omit<ReviewRules, 'format'>) =>
    found(rules, subject).map((line) => line.match(/^\S+|203\.0\.113\.10 (tcp|icmp).*? from \S+/g)!.join(' '));
  expect(short({ allowed: [{ services: ['https'] }] })).toEqual([
    'rules/not-allowed 203.0.113.10 icmp echo-request from anywhere',
    'rules/not-allowed 203.0.113.10 tcp 22 from 198.51.100.0/24',
    'rules/not-allowed 203.0.113.10 tcp 3306 from anywhere',
  ]);
  expect(
    short({ allowed: [{ services: ['web', 'ping'] }], admin: [{ services: ['ssh'], from: ['198.51.100.0/25'] }], forbidden: ['mysql'] }),
  ).toEqual(['rules/forbidden 203.0.113.10 tcp 3306 from anywhere', 'rules/admin-source 203.0.113.10 tcp 22 from 198.51.100.128/25']);
  const rest = [{ services: ['ping', 'ssh', 'mysql'] }];
  expect(short({ allowed: [...rest, { services: ['https'], to: ['203.0.113.10'] }] })).toEqual([]);
  expect(short({ allowed: [...rest, { services: ['https'], to: ['203.0.113.11'] }] })).toEqual([
    'rules/not-allowed 203.0.113.10 tcp 443 from anywhere',
  ]);
  expect(short({ allowed: [...rest, { services: ['https'], from: ['0.0.0.0/1', '128.0.0.0/2'] }] })).toEqual([
    'rules/not-allowed 203.0.113.10 tcp 443 from 192.0.0.0/2',
  ]);
});

it('what comes to an address that isn’t public is allowed whatever "to" says, and errors and neighbours are never asked', () => {
  const subject = subjectOf(withoutIpv6(host(HTTPS) as never));
  expect(found({ allowed: [{ services: ['https'], to: ['203.0.113.10'] }] }, subject)).toEqual([]);
  expect(found({ allowed: [{ services: ['https'] }] }, subjectOf(host(HTTPS)))).toEqual([]);
  expect(found({ allowed: [{ services: ['http'] }] }, subject)).toHaveLength(1);
});

it('unknown counts as reachable, and says why it is unknown', () => {
  const good = subjectOf(edge(HTTPS));
  const doubtful: Subject = {
    owners: good.owners.map((owner) => ({
      ...owner,
      exposure: {
        views: owner.exposure.views.map((view) => ({
          ...view,
          verdicts: view.verdicts.or(PacketMap.of(unknown('line 7 is not understood'), { protocol: ports(6), port: ports(3306) })),
        })),
      },
    })),
    reached: [],
  };
  expect(found({ forbidden: ['mysql'] }, doubtful)).toEqual([
    expect.stringContaining('203.0.113.10 tcp 3306 from anywhere may be reachable (line 7 is not understood), which counts as reachable'),
  ]);
});

it('many hosts alike are one remark, and no remark is endless', () => {
  const many = gateway(
    Array.from({ length: 100 }, (_, n) =>
      mapping(`203.0.113.${2 * n + 20}`, `10.0.0.${2 * n + 20}`, { name: `m${n}`, openings: openings('x', [MYSQL]) }),
    ),
  );
  const [only, ...more] = found({ forbidden: ['mysql'] }, subjectOf(many));
  expect(more).toEqual([]);
  expect(only).toContain('and 80 more tcp 3306');
  const different = gateway(
    Array.from({ length: 100 }, (_, n) =>
      mapping(`203.0.113.${n + 20}`, `10.0.0.${n + 20}`, {
        name: `m${n}`,
        openings: openings(`x${n}`, [opening({ ports: ports(4000 + n) })]),
      }),
    ),
  );
  const remarks = found({ forbidden: ['4000-5000/tcp'] }, subjectOf(different));
  expect(remarks).toHaveLength(51);
  expect(remarks.at(-1)).toContain('50 more rows break the same rule');
});

it('says when it opens only where that is known', () => {
  const subject = subjectOf(edge(MYSQL));
  const rules: ReviewRules = { format: 1, forbidden: ['mysql'] };
  const opened = { kind: 'opened', outside: true } as Change;
  expect(enforce(rules, subject, { ...facts, changes: [opened] })[0]!.what).toMatch(/\(forbidden: mysql\)\.$/);
  expect(enforce(rules, subject, { ...facts, changes: [{ ...opened, outside: false }] })[0]!.what).toMatch(
    /stood open before this change already\.$/,
  );
});

it('counts devices', () => {
  const devices = (devicesChanged: number) => enforce({ format: 1, mostDevices: 2 }, subjectOf(edge(HTTPS)), { ...facts, devicesChanged });
  expect(devices(2)).toEqual([]);
  expect(devices(3).map(({ code, what }) => `${code}: ${what}`)).toEqual([
    'rules/too-many-devices: It touches 3 devices; the review rules let one change touch 2 (mostDevices).',
  ]);
});

describe('acknowledgements', () => {
  const lint = (code: string, where: string, severity: Severity = 'error'): LintRemark => ({
    code,
    where,
    what: '',
    instead: '',
    page: '',
    severity,
  });
  const entry = { code: 'a/b', reason: 'known', expires: '2027-01-15' };

  it('count up to and on their last day, where they say', () => {
    const all = [lint('a/b', 'edge1, mapping web'), lint('a/b', 'edge1, mapping mail'), lint('a/c', 'edge1, mapping web')];
    const { lint: joined, objections, notes } = acknowledged({ acknowledged: [{ ...entry, where: 'mapping web' }] }, all, '2027-01-15');
    expect(joined.map((one) => one.acknowledged)).toEqual([{ reason: 'known', expires: '2027-01-15' }, undefined, undefined]);
    expect([objections, notes]).toEqual([[], []]);
  });

  it('do not count afterwards, which is said: of an error as an objection, else as a note', () => {
    const all = [lint('a/b', 'one'), lint('a/b', 'two', 'warning')];
    const { lint: joined, objections, notes } = acknowledged({ acknowledged: [entry] }, all, '2027-01-16');
    expect(joined.filter((one) => one.acknowledged)).toEqual([]);
    expect(objections.map(({ code, where }) => [code, where])).toEqual([['rules/acknowledgement-expired', 'one']]);
    expect(notes.map(({ code, where }) => [code, where])).toEqual([['rules/acknowledgement-expired', 'two']]);
    // A newer one for the same counts, and the old one is forgotten.
    const renewed = acknowledged({ acknowledged: [entry, { ...entry, expires: '2027-03-01' }] }, all, '2027-01-16');
    expect([renewed.objections, renewed.lint.filter((one) => one.acknowledged).length]).toEqual([[], 2]);
  });

  it('of nothing are a note', () => {
    const { objections, notes } = acknowledged({ acknowledged: [entry] }, [lint('a/c', 'one')], '2027-01-16');
    expect([objections, notes.map(({ code }) => code)]).toEqual([[], ['rules/acknowledgement-unused']]);
    expect(notes[0]!.what).toContain('There is no lint rule of that name');
    const [misspelt, right] = ['ports/mysql-publik', 'ports/mysql-public'].map(
      (code) => acknowledged({ acknowledged: [{ ...entry, code }] }, [], '2027-01-10').notes[0]!.what,
    );
    expect(misspelt).toContain('there is ports/mysql-public');
    expect(right).toContain('acknowledged until 2027-01-15, and nothing of the kind was found');
  });
});

describe('a change of the rules themselves', () => {
  const changed = (before: Omit<ReviewRules, 'format'>, after: Omit<ReviewRules, 'format'>) =>
    rulesChanged({ format: 1, ...before }, { format: 1, ...after });

  it.each<[string, Omit<ReviewRules, 'format'>, Omit<ReviewRules, 'format'>, readonly string[]]>([
    [
      'the same written otherwise',
      { allowed: [{ services: ['http', 'https'] }] },
      { allowed: [{ services: ['443/tcp'] }, { services: ['80/tcp'] }] },
      [],
    ],
    [
      'wider',
      { allowed: [{ services: ['https'] }] },
      { allowed: [{ services: ['https', 'http3'] }] },
      ['also allows udp 443 on any address from anywhere'],
    ],
    [
      'for more sources',
      { allowed: [{ services: ['https'], from: ['198.51.100.0/25'] }] },
      { allowed: [{ services: ['https'], from: ['198.51.100.0/24'], to: ['203.0.113.10'] }] },
      [
        'also allows tcp 443 on 203.0.113.10 from 198.51.100.128/25',
        'does not allow tcp 443 on any IPv4 address but 203.0.113.10 from 198.51.100.0/25 any more',
      ],
    ],
    ['gone', { allowed: [{ services: ['https'] }] }, {}, ['allows everything that is not forbidden: "allowed" is gone']],
    [
      'new',
      {},
      { allowed: [{ services: ['https'] }] },
      ['allows nothing any more but what is listed: tcp 443 on any address from anywhere'],
    ],
    ['not forbidden', { forbidden: ['mysql', 'ssh'] }, { forbidden: ['ssh'] }, ['mysql is not forbidden any more']],
    [
      'forbidden otherwise',
      { forbidden: ['mysql'] },
      { forbidden: ['3000-4000/tcp'] },
      ['forbids 3000-4000/tcp in part (tcp 3000-3305,3307-4000)'],
    ],
    [
      'more administrators',
      { admin: [{ services: ['ssh'], from: ['198.51.100.0/25'] }] },
      { admin: [{ services: ['ssh'], from: ['198.51.100.0/24'] }] },
      ['does not keep tcp 22 on any IPv4 address from 198.51.100.128/25 for administrators any more'],
    ],
    ['more devices', { mostDevices: 2 }, { mostDevices: 20 }, ['lets one change touch 20 devices instead of 2']],
    ['any number of devices', { mostDevices: 2 }, {}, ['lets one change touch any number of devices']],
    [
      'acknowledged for longer',
      { acknowledged: [{ code: 'a/b', reason: 'known', expires: '2027-01-15' }] },
      {
        acknowledged: [
          { code: 'a/b', reason: 'known', expires: '2028-01-15' },
          { code: 'a/c', where: 'web', reason: 'new', expires: '2027-01-15' },
        ],
      },
      ['acknowledges a/b until 2028-01-15 instead of 2027-01-15: known', 'acknowledges a/c at "web" until 2027-01-15: new'],
    ],
  ])('%s', (_, before, after, said) => {
    expect(changed(before, after)).toEqual(said);
  });

  it('none before, or none any more', () => {
    expect(rulesChanged(undefined, { format: 1 })).toEqual(['the review rules are new: until now none were enforced']);
    expect(rulesChanged({ format: 1 }, undefined)).toEqual(['there are no review rules any more: nothing of them is enforced']);
    expect(rulesChanged(undefined, undefined)).toEqual([]);
  });
});
