// Tests which changes a review reports, end to end: ports that open or close, lists that narrow, names of services, and
// review rules.

import { ReviewRules } from '../../../lib/review/rules';
import { EDGE } from '../../cases/edge';
import { Profile, edge, policiesOf, profile, reviewed, rows, server, web } from '../samples';

const MYSQL = { service: 'mysql', from: 'anywhere' } as const;

describe('ports that open and close, end to end', () => {
  test('a mistake that opens MySQL to any source', () => {
    const review = reviewed(web(['443/tcp']), web(['443/tcp', MYSQL]));
    expect(rows(review)).toEqual([
      'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere reaches 10.0.0.10 of web1',
      'opened (end to end, edge/hosting) from inside by lan0: 203.0.113.10 tcp 3306 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.changes[0]).toMatchObject({
      fromInternet: true,
      mappings: ['web'],
      reason: 'profile cpanel opens tcp 3306 from anywhere (mysql)',
      examplePacket: '198.51.100.7 port 40000 to 203.0.113.10 tcp 3306',
      evidence: 'generated config',
    });
    expect(review.changes[0]!.decidingLines.map(({ device, text }) => [device, text])).toEqual([
      ['edge', 'iifname { "lan0", "wan0" } dnat ip to ip daddr map @m_in_1'],
      ['edge', 'tcp dport @s_ports accept'],
      ['web1', 'tcp dport @s_ports accept'],
    ]);
    expect([review.verdict, review.objections.map(({ code, where }) => `${code} at ${where}`)]).toEqual([
      'objections',
      ['ports/mysql-public at server web1, owner hosting, profile cpanel'],
    ]);
    expect(review.headline).toBe(
      'tcp 3306 opens to the internet on 203.0.113.10; 1 objection; no review rules were given',
    );
  });

  test('a port of a preset has the name of its service', () => {
    const named = reviewed(web(['443/tcp']), web(['443/tcp', 'mail', 'dns', 'panel'])).changes.filter(
      (one) => one.fromInternet,
    );
    expect(named.map(({ service, reason }) => [service, reason])).toEqual([
      [
        'tcp 25,53,465,587,993,995,2078,2080,2083,2096',
        'profile cpanel opens tcp 25,53,465,587,993,995,2078,2080,2083,2096 from anywhere ' +
          '(mail: smtp, smtps, submission, imaps, pop3s; dns; panel: cpanel, webmail, webdisk, caldav)',
      ],
      ['tcp 2087', 'profile cpanel opens tcp 2087 from 198.51.100.0/28 (panel: whm)'],
      ['udp 53', 'profile cpanel opens udp 53 from anywhere (dns)'],
    ]);
  });

  test('several ports name their allow rules, and none with other sources', () => {
    const office = { service: 'ftp', from: ['198.51.100.0/28'] } as const;
    const outside = reviewed(web(['443/tcp']), web(['443/tcp', MYSQL, '5432/tcp', '25/tcp', office])).changes.filter(
      (one) => one.fromInternet,
    );
    expect(outside.map(({ service, reason }) => [service, reason])).toEqual([
      ['tcp 21,49152-65534', 'profile cpanel opens tcp 21,49152-65534 from 198.51.100.0/28 (ftp)'],
      ['tcp 25,3306,5432', 'profile cpanel opens tcp 25,3306,5432 from anywhere (mysql, 5432/tcp, 25/tcp)'],
    ]);
    const [closed] = reviewed(web(['443/tcp', MYSQL, '25/tcp']), web(['443/tcp'])).changes;
    expect([closed!.service, closed!.reason]).toEqual([
      'tcp 25,3306',
      'no opening lets it in any more; before, profile cpanel opened tcp 25,3306 from anywhere (mysql, 25/tcp)',
    ]);
  });

  test('a port that closes', () => {
    const review = reviewed(web(['443/tcp', '25/tcp']), web(['443/tcp']));
    expect(rows(review)).toEqual([
      'closed (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.10 of web1',
      'closed (end to end, edge/hosting) from inside by lan0: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.10 of web1',
    ]);
    expect(review.changes[0]!.reason).toBe(
      'no opening lets it in any more; before, profile cpanel opened tcp 25 from anywhere (25/tcp)',
    );
  });

  test('a list with fewer sources names the excluded ones only', () => {
    const from = (sources: readonly string[] | 'anywhere') => web(['443/tcp', { service: '5432/tcp', from: sources }]);
    expect(reviewed(from('anywhere'), from(['192.0.2.50'])).changes[0]!.reason).toBe(
      'no opening lets these sources in any more; before, profile cpanel opened tcp 5432 from anywhere (5432/tcp)',
    );
  });
});

test('the same change from several inside interfaces is one row, and from outside another row', () => {
  const both = (services: Profile['services']) =>
    policiesOf({
      gateway: {
        ...EDGE,
        interfaces: [...EDGE.interfaces, { name: 'lan1', role: 'inside', addresses: ['10.0.1.1/24'] }],
        virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }],
        mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
      },
      servers: [server('web1', '10.0.0.10', profile(services))],
    });
  const review = reviewed(both(['443/tcp']), both(['443/tcp', '25/tcp']));
  expect(rows(review)).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.10 of web1',
    'opened (end to end, edge/hosting) from inside by lan0, lan1: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.10 of web1',
  ]);
  expect(review.counts.opened).toBe(2);
});

test('a mapping that moves to another server', () => {
  const leading = (to: string) =>
    edge(
      { vip: '203.0.113.10' },
      [
        server('web1', '10.0.0.10', profile(['443/tcp'])),
        server('web2', '10.0.0.20', profile(['443/tcp', '25/tcp'], { name: 'other' })),
      ],
      [{ name: 'web', virtualIp: 'vip', internal: { server: to } }],
    );
  const review = reviewed(leading('web1'), leading('web2'));
  expect(rows(review).filter((row) => row.includes('from the internet'))).toEqual([
    'opened (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 25 from anywhere reaches 10.0.0.20 of web2',
    'moved (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 22 from 198.51.100.0/28 reaches 10.0.0.20 of web2: 10.0.0.10 of web1 → 10.0.0.20 of web2',
    'moved (end to end, edge/hosting) from the internet by wan0: 203.0.113.10 tcp 443 from anywhere reaches 10.0.0.20 of web2: 10.0.0.10 of web1 → 10.0.0.20 of web2',
  ]);
  expect(rows(review).filter((row) => row.startsWith('identity'))).toEqual([
    'identity (one device, edge/hosting) from inside by lan0: any IPv4 but 10.0.0.0/24, 127.0.0.0/8, 203.0.113.2, 203.0.113.10, 224.0.0.0/3 all protocols from 10.0.0.10, 10.0.0.20: ' +
      '10.0.0.10: 203.0.113.10; 10.0.0.20: untranslated by us → 10.0.0.10: untranslated by us; 10.0.0.20: 203.0.113.10',
  ]);
});

describe('lint and the review rules', () => {
  const codes = (remarks: readonly { readonly code: string }[]): readonly string[] => remarks.map(({ code }) => code);
  const [before, after] = [web(['443/tcp']), web(['443/tcp', MYSQL])];
  const acknowledging = (expires: string): ReviewRules => ({
    format: 1,
    acknowledged: [{ code: 'ports/mysql-public', where: 'web1', reason: 'a week of moving', expires }],
  });

  test("an acknowledged error is listed and isn't an objection", () => {
    const review = reviewed(before, after, { rules: { name: 'rules.json', rules: acknowledging('2026-11-20') } });
    expect([review.verdict, review.objections]).toEqual(['nothing to object to', []]);
    expect(review.findings.find(({ code }) => code === 'ports/mysql-public')).toMatchObject({
      severity: 'error',
      acknowledged: { reason: 'a week of moving', expires: '2026-11-20' },
    });
    expect(review.rules).toEqual({ name: 'rules.json', changes: [] });
  });

  test('an expired acknowledgement makes the error an objection', () => {
    const review = reviewed(before, after, { rules: { name: 'rules.json', rules: acknowledging('2026-11-19') } });
    expect(codes(review.objections)).toEqual(['ports/mysql-public', 'rules/acknowledgement-expired']);
  });

  test('rules are enforced end to end, and their change is shown', () => {
    const rules: ReviewRules = { ...acknowledging('2026-12-31'), forbidden: ['mysql'], mostDevices: 1 };
    const review = reviewed(before, after, {
      rules: { name: 'rules.json', rules, before: acknowledging('2026-12-31') },
    });
    expect(codes(review.objections)).toEqual(['rules/forbidden', 'rules/too-many-devices']);
    expect(review.objections[0]!.what).toContain('This change opens it.');
    expect(review.rules?.changes).toEqual(['forbids mysql', 'lets one change touch 1 devices at most']);
  });

  test('warnings count for --fail-on warning, and new ones for new-warning', () => {
    const open = web(['443/tcp', '21/tcp']);
    const warnings = reviewed(open, open).findings.filter(({ severity }) => severity === 'warning');
    expect(warnings.length).toBeGreaterThan(0);
    expect(codes(reviewed(open, open, { failOn: ['warning'] }).objections)).toContain('review/fail-on-warning');
    expect(codes(reviewed(open, open, { failOn: ['new-warning'] }).objections)).toEqual([]);
    const [added] = reviewed(web(['443/tcp']), open, { failOn: ['new-warning'] }).objections;
    expect(added).toMatchObject({
      code: 'review/fail-on-warning',
      what: expect.stringMatching(
        /^2 new lint warnings .*: ports\/ftp-passive-closed at server web1, owner hosting, profile cpanel; ports\/ftp-prefer-sftp at server web1, /,
      ),
    });
    expect(codes(reviewed(web(['443/tcp']), open).objections)).toEqual([]);
  });
});
