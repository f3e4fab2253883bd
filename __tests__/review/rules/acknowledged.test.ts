// Tests acknowledgements in review rules: they count up to their last day; expired ones and ones that match nothing are
// reported.

import { Severity } from '../../../lib/lint/lint-rule';
import { LintRemark } from '../../../lib/review/review';
import { ReviewRules } from '../../../lib/review/rules';
import { applyAcknowledgements } from '../../../lib/review/rules/apply-acknowledgements';
import { compareRules } from '../../../lib/review/rules/compare-rules';

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

  it('count up to and including their last day, at their place', () => {
    const all = [
      lint('a/b', 'edge1, mapping web'),
      lint('a/b', 'edge1, mapping mail'),
      lint('a/c', 'edge1, mapping web'),
    ];
    const {
      lint: joined,
      objections,
      notes,
    } = applyAcknowledgements({ acknowledged: [{ ...entry, where: 'mapping web' }] }, all, '2027-01-15');
    expect(joined.map((one) => one.acknowledged)).toEqual([
      { reason: 'known', expires: '2027-01-15' },
      undefined,
      undefined,
    ]);
    expect([objections, notes]).toEqual([[], []]);
  });

  const GATEWAY = 'gateway edge1, owner hosting';

  it.each([
    ['another name that begins alike', 'server web1', 'server web10, owner hosting'],
    ['another address that begins alike', '10.0.0.1', `${GATEWAY}, 10.0.0.10`],
    ['an address that ends alike', '3.0.113.1', `${GATEWAY}, 203.0.113.1`],
    ['a network that begins alike', '10.0.0.0', `${GATEWAY}, 10.0.0.0/8`],
    ['an IPv6 address that begins alike', '2001:db8::1', `${GATEWAY}, 2001:db8::1:2`],
    ['the same of a mapping more', 'web', `${GATEWAY}, mappings shop, web`],
    ['the same of many more', 'mappings mail, shop, web', `${GATEWAY}, mappings mail, shop, web and 9 more`],
    [
      'the same of other owners',
      'edge1',
      `${GATEWAY}, mapping web; gateway edge2, owner hosting, mapping web and 20 more`,
    ],
  ])('do not hide %s', (_, where, found) => {
    expect(
      applyAcknowledgements({ acknowledged: [{ ...entry, where }] }, [lint('a/b', found)], '2027-01-10').lint[0]!
        .acknowledged,
    ).toBeUndefined();
  });

  it.each([
    ['an owner', 'edge1', `${GATEWAY}, mappings shop, web`],
    ['all places', 'mappings shop, web', `${GATEWAY}, mappings shop, web`],
    ['a mapping', 'mapping web', `${GATEWAY}, mapping web`],
    ['an address', '10.0.0.1', `${GATEWAY}, 10.0.0.1`],
  ])('count if they name %s', (_, where, found) => {
    expect(
      applyAcknowledgements({ acknowledged: [{ ...entry, where }] }, [lint('a/b', found)], '2027-01-10').lint[0]!
        .acknowledged,
    ).toBeDefined();
  });

  it("don't count afterwards, with an objection for an error and a note otherwise", () => {
    const all = [lint('a/b', 'one'), lint('a/b', 'two', 'warning')];
    const { lint: joined, objections, notes } = applyAcknowledgements({ acknowledged: [entry] }, all, '2027-01-16');
    expect(joined.filter((one) => one.acknowledged)).toEqual([]);
    expect(objections.map(({ code, where }) => [code, where])).toEqual([['rules/acknowledgement-expired', 'one']]);
    expect(notes.map(({ code, where }) => [code, where])).toEqual([['rules/acknowledgement-expired', 'two']]);
    // A newer acknowledgement of the same finding counts, and the old one is ignored.
    const renewed = applyAcknowledgements(
      { acknowledged: [entry, { ...entry, expires: '2027-03-01' }] },
      all,
      '2027-01-16',
    );
    expect([renewed.objections, renewed.lint.filter((one) => one.acknowledged).length]).toEqual([[], 2]);
  });

  it('without a finding give a note', () => {
    const { objections, notes } = applyAcknowledgements({ acknowledged: [entry] }, [lint('a/c', 'one')], '2027-01-16');
    expect([objections, notes.map(({ code }) => code)]).toEqual([[], ['rules/acknowledgement-unused']]);
    expect(notes[0]!.what).toContain('There is no lint rule of that name');
    const [misspelt, right] = ['ports/mysql-publik', 'ports/mysql-public'].map(
      (code) => applyAcknowledgements({ acknowledged: [{ ...entry, code }] }, [], '2027-01-10').notes[0]!.what,
    );
    expect(misspelt).toContain('there is ports/mysql-public');
    expect(right).toContain('acknowledged until 2027-01-15, and nothing of the kind was found');
  });
});

describe('a change of the rules themselves', () => {
  const changed = (before: Omit<ReviewRules, 'format'>, after: Omit<ReviewRules, 'format'>) =>
    compareRules({ format: 1, ...before }, { format: 1, ...after });

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
    [
      'gone',
      { allowed: [{ services: ['https'] }] },
      {},
      ['allows everything that is not forbidden: "allowed" is gone'],
    ],
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
      [
        'acknowledges a/b until 2028-01-15 instead of 2027-01-15: known',
        'acknowledges a/c at "web" until 2027-01-15: new',
      ],
    ],
  ])('%s', (_, before, after, said) => {
    expect(changed(before, after)).toEqual(said);
  });

  it('rules that are new, or that are gone', () => {
    expect(compareRules(undefined, { format: 1 })).toEqual(['the review rules are new: until now none were enforced']);
    expect(compareRules({ format: 1 }, undefined)).toEqual([
      'there are no review rules any more: nothing of them is enforced',
    ]);
    expect(compareRules(undefined, undefined)).toEqual([]);
  });
});
