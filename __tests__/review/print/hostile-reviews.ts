// A list of hostile names (HTML, Markdown, terminal escapes), and generators of random reviews with such names in
// every text, for the tests of escaping.

import { fc } from '../../randomly';
import { AddressChange, Change, DeviceReview, LintRemark, Remark, Review } from '../../../lib/review/review';

/** Names that try to change what a review says. */
export const NAMES = [
  '<img src=x onerror=alert(1)>',
  '##[add-mask]x ##vso[task.setvariable variable=x]y ::add-mask::x ##teamcity[x]',
  '::error file=a,line=1::x%0A::set-output name=x::y',
  '</details></td></table><h1>Nothing to object to</h1>',
  '<!-- cpanel-edge review -->',
  '-->',
  '<!--',
  '<script>',
  '&lt;b&gt; &#64;everyone &commat;x',
  '@octocat and @org/team',
  'a@example.com mailto:a@example.com',
  '#123 GH-123 owner/repo#12 JIRA-7 !4 ~bug %7 $5 &6',
  'fixes #1',
  'a5c3785ed8d6a35868bc169f07e40e889087fd2e and 0123abc',
  'https://evil.example/x www.evil.example www.1.2 ftp://e.x //localhost evil.example 1.com',
  '[link](https://evil.example) ![image](https://evil.example/x.png) [ref]: x',
  '[x]: https://evil.example "t"',
  '[^1]',
  '| a | b |',
  '| |',
  'a\\|b',
  'a\\\\|b `c|d`',
  '\\',
  '`',
  '``` ` `` ````',
  '`a` | `b',
  '```\n```\n# heading',
  'line\nline\r\nline\u2028line\u2029line\u0085line\vline\fline',
  '\n\n# heading\n\n- item\n\n    code',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  '---',
  'www.1.2',
  '(//localhost/x)',
  'GH-123',
  'JIRA-7',
  '===',
  '=',
  '==',
  '/close',
  '/lgtm',
  '**bold** __bold__ *it* _it_ ~~gone~~ ==mark==',
  ':tada: :+1:',
  '$$x^2$$ $`x`$',
  '${{ secrets.TOKEN }} ${var.x} %{ if true } {{ .Values }} <%= x %> $(id) `id`',
  'user\u202egnp.exe',
  '\u2066hidden\u2069 zero\u200bwidth \ufeff \u00ad \u061c \u{e0041}',
  '\u001b[2J\u001b[31mred\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '\ud800 alone \udc00',
  ' leading and trailing  and   many ',
  '\u00a0\u3000',
  '',
  ' ',
  'ü é 漢字 \u{1f310} e\u0301',
  'x'.repeat(700),
  '\u{1f310}'.repeat(400),
  'a `'.repeat(250),
];

/** Returns one of them, several of them, or any text. */
export const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...'`|\\<>&@#[]()!*_~:/.-w1a \n"\''), maxLength: 25 }) },
);

const names = (maxLength = 3) => fc.array(name, { maxLength });
const remark: fc.Arbitrary<Remark> = fc.record({ code: name, where: name, what: name, instead: name });
const evidence = fc.constantFrom<Change['evidence']>(
  'generated config',
  'generated config + captured config',
  'running config',
);

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom<Change['kind']>('opened', 'closed', 'moved', 'identity', 'unknown'),
  scope: fc.constantFrom<Change['scope']>('end to end', 'one device'),
  device: name,
  startLocation: name,
  fromInternet: fc.boolean(),
  destinations: names(),
  destinationCount: fc.nat(30),
  service: name,
  sources: name,
  destinationHost: name,
  hostBefore: name,
  hostAfter: name,
  mappings: names(),
  reason: name,
  examplePacket: name,
  decidingLines: fc.array(fc.record({ device: name, number: fc.integer(), text: name }), { maxLength: 3 }),
  evidence,
});

const device: fc.Arbitrary<DeviceReview> = fc.record({
  device: name,
  owner: name,
  role: fc.constantFrom<DeviceReview['role']>('gateway', 'server'),
  plan: name,
  action: name,
  before: name,
  evidence,
  sessions: name,
  delivery: name,
  textDiff: names(5),
});

const lint: fc.Arbitrary<LintRemark> = fc.record(
  {
    code: name,
    where: name,
    what: name,
    instead: name,
    severity: fc.constantFrom<LintRemark['severity']>('error', 'warning', 'note'),
    page: name,
    acknowledged: fc.record({ reason: name, expires: name }),
  },
  { requiredKeys: ['code', 'where', 'what', 'instead', 'severity', 'page'] },
);

const addressChange: fc.Arbitrary<AddressChange> = fc.record(
  {
    kind: fc.constantFrom<AddressChange['kind']>('added', 'removed', 'reassigned', 'renumbered'),
    external: name,
    formerExternal: name,
    hostBefore: name,
    hostAfter: name,
    gatewayBefore: name,
    gatewayAfter: name,
    details: names(),
  },
  { requiredKeys: ['kind', 'external', 'details'] },
);

/** Creates a review with such names everywhere and lists of this length. */
export const review = (most: number): fc.Arbitrary<Review> => {
  const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: most, size: 'max' });
  const counts = fc.record({
    opened: fc.nat(),
    closed: fc.nat(),
    moved: fc.nat(),
    identity: fc.nat(),
    unknown: fc.nat(),
    devices: fc.nat(),
    addresses: fc.nat(),
  });
  return fc.record({
    schema: fc.constant(2 as const),
    verdict: fc.constantFrom<Review['verdict']>('nothing to object to', 'warnings', 'objections', 'unknown'),
    headline: name,
    counts,
    addresses: list(addressChange),
    objections: list(remark),
    unknown: list(remark),
    notes: list(remark),
    changes: list(change),
    devices: list(device),
    findings: list(lint),
    plans: list(
      fc.record({ name, madeBy: name, command: name, unmanagedChanged: names(), unmanagedUnchanged: fc.nat() }),
    ),
    coverage: name,
    rules: fc.record({ name, changes: names() }),
  });
};
