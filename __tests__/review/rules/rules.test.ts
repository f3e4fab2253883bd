// Tests the parser of review rules: it accepts what the published schema accepts, reports all mistakes at once, and
// fits docs/reference/review-rules.md.

import Ajv2020 from 'ajv/dist/2020';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../../randomly';
import { Problem } from '../../../lib/problems/problem';
import { lintRules } from '../../../lib/lint/rules';
import { parseRules } from '../../../lib/review/rules/parse-rules';
import { scanJson } from '../../../lib/review/rules/parse-rules-json';
import { createRulesJsonSchema } from '../../../lib/review/rules/rules-json-schema';
import { expectGolden } from '../../support';
import { problemsOf } from '../../problems';

const DOCS = join(__dirname, '../../../docs/reference');

const refusedRules = (text: string): readonly Problem[] => problemsOf(() => parseRules(text, 'rules.json'));

const saidOf = (text: string): readonly string[] => refusedRules(text).map(({ code, where }) => `${code} at ${where}`);
const refusedAs = (rules: object): readonly string[] => saidOf(JSON.stringify({ format: 1, ...rules }));

const validate = new Ajv2020({ allErrors: true }).compile(createRulesJsonSchema());
const WHOLE = {
  $schema: 'x',
  format: 1,
  allowed: [
    {
      services: ['https', '8443/tcp', '60000-60100/udp', 'ping'],
      from: ['198.51.100.0/24'],
      to: ['203.0.113.10', '2001:db8::/48'],
    },
  ],
  admin: [{ services: ['ssh', 'whm'], from: ['198.51.100.7'] }],
  forbidden: ['mysql', '783/tcp', 'gre'],
  acknowledged: [{ code: 'gateway/allow-all', where: 'mapping web', reason: 'moves next week', expires: '2028-02-29' }],
  mostDevices: 3,
};

it('the example of docs/reference/review-rules.md is complete and valid', () => {
  const example = /```json\n([\s\S]*?)```/.exec(readFileSync(join(DOCS, 'review-rules.md'), 'utf8'))![1]!;
  const rules = parseRules(example, 'docs/reference/review-rules.md');
  expect(Object.keys(rules).sort()).toEqual(['acknowledged', 'admin', 'allowed', 'forbidden', 'format', 'mostDevices']);
  expect(validate(JSON.parse(example))).toBe(true);
  for (const { code } of rules.acknowledged!) expect(lintRules.map((rule) => rule.code)).toContain(code);
});

it('docs/reference/review-rules.md names every code of review rules', () => {
  const text = readFileSync(join(DOCS, 'review-rules.md'), 'utf8');
  const sources = ['find-broken-rules.ts', 'apply-acknowledgements.ts']
    .map((file) => readFileSync(join(__dirname, '../../../lib/review/rules', file), 'utf8'))
    .join();
  const codes = new Set([...sources.matchAll(/'(rules\/[a-z-]+)'/g)].map(([, code]) => code!));
  expect(codes.size).toBe(6);
  for (const code of codes) expect(text).toContain(`\`${code}\``);
});

it("the published schema is generated from the parser's definition", () => {
  mkdirSync(join(DOCS, 'schemas'), { recursive: true });
  expectGolden(`${JSON.stringify(createRulesJsonSchema(), null, 2)}\n`, join(DOCS, 'schemas/rules-1.json'));
});

it('returns the content of the file without the name of its schema', () => {
  const rules = parseRules(JSON.stringify(WHOLE), 'rules.json');
  expect({ $schema: 'x', ...rules }).toEqual(WHOLE);
  expect(rules).not.toHaveProperty('$schema');
  expect(parseRules('{"format": 1}', 'rules.json')).toEqual({ format: 1 });
});

const entry = (over: object): object => ({ allowed: [{ services: ['https'], ...over }] });

/** Wrong rules with their refusals. The schema must refuse the same, except for entries marked `beyond`. */
const WRONG: readonly (readonly [name: string, rules: object, said: readonly string[], beyond?: 'beyond'])[] = [
  ['no format', { format: undefined }, ['rules/missing at rules.json']],
  ['another format', { format: 2 }, ['rules/other-format at rules.json: format']],
  ['format as text', { format: '1' }, ['rules/wrong-type at rules.json: format']],
  ['an unknown key', { forbiden: ['mysql'] }, ['rules/unknown-key at rules.json']],
  ['an unknown key within', entry({ form: ['192.0.2.1'] }), ['rules/unknown-key at rules.json: allowed[0]']],
  ['a key of objects', JSON.parse('{"__proto__": 1}') as object, ['rules/unknown-key at rules.json']],
  ['a text for a list', { forbidden: 'mysql' }, ['rules/wrong-type at rules.json: forbidden']],
  ['an object for a list', { allowed: {} }, ['rules/wrong-type at rules.json: allowed']],
  ['null', { allowed: null }, ['rules/wrong-type at rules.json: allowed']],
  ['a port as a number', { forbidden: [443] }, ['rules/wrong-type at rules.json: forbidden[0]']],
  ['no services', { allowed: [{ from: ['192.0.2.1'] }] }, ['rules/missing at rules.json: allowed[0]']],
  ['an empty list', { allowed: [] }, ['rules/empty-list at rules.json: allowed']],
  ['an empty list within', entry({ from: [] }), ['rules/empty-list at rules.json: allowed[0].from']],
  [
    'too many entries',
    { forbidden: Array.from({ length: 1001 }, () => 'mysql') },
    ['rules/too-many-entries at rules.json: forbidden'],
  ],
  ['an unknown service', { forbidden: ['mysq'] }, ['rules/unknown-service at rules.json: forbidden[0]']],
  ['a port alone', { forbidden: ['443'] }, ['rules/protocol-missing at rules.json: forbidden[0]']],
  ['port 0', { forbidden: ['0/tcp'] }, ['rules/bad-port at rules.json: forbidden[0]']],
  ['port 65536', { forbidden: ['65536/tcp'] }, ['rules/bad-port at rules.json: forbidden[0]']],
  ['a range backwards', { forbidden: ['20-10/tcp'] }, ['rules/bad-port at rules.json: forbidden[0]'], 'beyond'],
  ['another protocol', { forbidden: ['20/icmp'] }, ['rules/bad-port at rules.json: forbidden[0]']],
  ['a name', entry({ from: ['office'] }), ['rules/bad-address at rules.json: allowed[0].from[0]']],
  [
    'host bits',
    entry({ from: ['198.51.100.7/24'] }),
    ['rules/host-bits-set at rules.json: allowed[0].from[0]'],
    'beyond',
  ],
  [
    'host bits of IPv6',
    entry({ to: ['2001:db8::1/64'] }),
    ['rules/host-bits-set at rules.json: allowed[0].to[0]'],
    'beyond',
  ],
  ['every address', entry({ from: ['0.0.0.0/0'] }), ['rules/everything at rules.json: allowed[0].from[0]']],
  ['every address of IPv6', entry({ from: ['::/0'] }), ['rules/everything at rules.json: allowed[0].from[0]']],
  [
    'an invalid address',
    entry({ from: ['256.0.0.1'] }),
    ['rules/bad-address at rules.json: allowed[0].from[0]'],
    'beyond',
  ],
  ['every address by a word', entry({ from: ['anywhere'] }), ['rules/everything at rules.json: allowed[0].from[0]']],
  [
    'a service that is allowed, or for administrators, and also forbidden',
    {
      allowed: [{ services: ['web', 'mysql'] }, { services: ['2087/tcp', 'http'] }],
      admin: [{ services: ['ssh'], from: ['192.0.2.1'] }],
      forbidden: ['http', '20-22/tcp', 'mysql'],
    },
    [
      'rules/allowed-and-forbidden at rules.json: allowed[0].services[1]',
      'rules/allowed-and-forbidden at rules.json: allowed[1].services[1]',
      'rules/allowed-and-forbidden at rules.json: admin[0].services[0]',
    ],
    'beyond',
  ],
  ['administrators from nowhere', { admin: [{ services: ['ssh'] }] }, ['rules/missing at rules.json: admin[0]']],
  ['no day', { acknowledged: [{ code: 'a/b', reason: 'x' }] }, ['rules/missing at rules.json: acknowledged[0]']],
  [
    'a bad day',
    { acknowledged: [{ ...WHOLE.acknowledged[0], expires: '31.1.2027' }] },
    ['rules/bad-date at rules.json: acknowledged[0].expires'],
  ],
  [
    'an invalid day',
    { acknowledged: [{ ...WHOLE.acknowledged[0], expires: '2027-02-29' }] },
    ['rules/bad-date at rules.json: acknowledged[0].expires'],
  ],
  [
    'no reason',
    { acknowledged: [{ ...WHOLE.acknowledged[0], reason: '' }] },
    ['rules/bad-text at rules.json: acknowledged[0].reason'],
  ],
  [
    'a reason with direction-changing characters',
    { acknowledged: [{ ...WHOLE.acknowledged[0], reason: 'fine \u202e' }] },
    ['rules/bad-text at rules.json: acknowledged[0].reason'],
    'beyond',
  ],
  [
    'an invalid code',
    { acknowledged: [{ ...WHOLE.acknowledged[0], code: 'CPNAT' }] },
    ['rules/bad-code at rules.json: acknowledged[0].code'],
  ],
  ['no devices at all', { mostDevices: 0 }, ['rules/not-in-range at rules.json: mostDevices']],
  ['half a device', { mostDevices: 1.5 }, ['rules/not-in-range at rules.json: mostDevices']],
  ['devices as text', { mostDevices: '3' }, ['rules/wrong-type at rules.json: mostDevices']],
];

it.each(WRONG.map(([name, ...rest]) => ({ name, rest })))(
  'refuses $name, with its place',
  ({ rest: [rules, said, beyond] }) => {
    expect(refusedAs(rules)).toEqual(said);
    expect(validate(JSON.parse(JSON.stringify({ format: 1, ...rules })))).toBe(beyond === 'beyond');
  },
);

it('accepts valid rules, as the schema does', () => {
  for (const rules of [
    {},
    WHOLE,
    entry({ to: ['203.0.113.10'] }),
    { forbidden: ['1-65535/tcp'] },
    { acknowledged: WHOLE.acknowledged },
  ]) {
    expect(refusedAs(rules)).toEqual([]);
    expect(validate({ format: 1, ...rules })).toBe(true);
  }
});

it('reports everything at once, with the nearest known word', () => {
  const problems = refusedRules(
    '{"format": 1, "alowed": [], "forbidden": ["htps", "imap"], "admin": [{"services": ["ssh"], "from": ["10.0.0.1/8"]}], "mostDevices": 0, "mostDevices": -1}',
  );
  expect(problems.map(({ code, instead }) => [code, instead])).toEqual([
    ['rules/key-twice', 'one "mostDevices" with all that both say.'],
    ['rules/host-bits-set', '"10.0.0.0/8" for the network, or the address without a length.'],
    ['rules/unknown-service', '"https", if that was meant, or a port such as "8443/tcp".'],
    ['rules/unknown-service', '"imaps", if that was meant, or a port such as "8443/tcp".'],
    ['rules/not-in-range', 'a number from 1 to 100000, without quotes.'],
    ['rules/unknown-key', '"allowed", if that was meant.'],
  ]);
});

it('suggests a value for an empty list by the field it is in', () => {
  const problems = refusedRules(
    '{"format": 1, "allowed": [{"services": [], "from": [], "to": []}], "admin": [{"services": ["ssh"], "from": []}], "forbidden": []}',
  );
  expect(problems.map(({ instead }) => instead)).toEqual([
    'at least one entry, or no list at all.',
    'at least one address or prefix, or no "from" at all: then it is for any source.',
    'at least one address or prefix, or no "to" at all: then it is at every public address.',
    'the addresses that administrators come from. What no source outside may reach stands under "forbidden".',
    'at least one entry, or no list at all.',
  ]);
});

it('names the line where a text stops being JSON', () => {
  expect(saidOf('')).toEqual(['rules/ends-early at rules.json']);
  expect(saidOf(' \n')).toEqual(['rules/ends-early at rules.json']);
  expect(saidOf('{"format": 1,\n "forbidden": ["mysql"')).toEqual([
    'rules/ends-early at rules.json, line 2, column 23',
  ]);
  expect(saidOf('{"format": 1,\n "forbidden": ["mysql",]}')).toEqual([
    'rules/not-json at rules.json, line 2, column 24',
  ]);
  expect(saidOf('{"format": 1} // yes')).toEqual(['rules/not-json at rules.json, line 1, column 15']);
  expect(saidOf('\ufeff{"format": 1, "x": 1}')).toEqual([
    'rules/byte-order-mark at rules.json',
    'rules/unknown-key at rules.json',
  ]);
  expect(saidOf('{"allowed": [{"services": ["https"], "services": ["ssh"]}], "format": 1}')).toEqual([
    'rules/key-twice at rules.json, line 1, column 38',
  ]);
  expect(saidOf('[]')).toEqual(['rules/wrong-type at rules.json']);
});

it('refuses giant texts at once', () => {
  expect(saidOf(' '.repeat(1_000_001))).toEqual(['rules/too-large at rules.json']);
  expect(saidOf('['.repeat(900_000))).toEqual(['rules/ends-early at rules.json, line 1, column 900001']);
  expect(saidOf(`{"format": 1, "${'k'.repeat(900_000)}": 1}`)).toEqual(['rules/unknown-key at rules.json']);
});

it('its own JSON scanner fails exactly where JSON.parse fails', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const whole = JSON.stringify(WHOLE, null, 1);
  const mutated = fc
    .tuple(
      fc.nat(whole.length),
      fc.nat(3),
      fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '1', '-', 'e', '\\', '\n', 'null', ' '),
    )
    .map(([at, drop, put]) => whole.slice(0, at) + put + whole.slice(at + drop));
  fc.assert(
    fc.property(fc.oneof(mutated, fc.json(), fc.string()), (text) => {
      expect(scanJson(text).brokenAt === undefined).toBe(isJson(text));
    }),
    { numRuns: 3000 },
  );
});
