// Tests that servers with the same address at several sites have findings and acknowledgements of their own in a
// review.

import { createHash } from 'node:crypto';
import { Policy } from '../../lib/policy/policy';
import { createReview } from '../../lib/review/judging/create-review';
import { printHtml } from '../../lib/review/print/review-html';
import { printMarkdown } from '../../lib/review/print/review-markdown';
import { printSarif } from '../../lib/review/print/review-sarif';
import { printText } from '../../lib/review/print/review-text';
import { Review } from '../../lib/review/review';
import { EDGE } from '../cases/edge';
import { addFullRows } from '../tier';
import { KNOWN, ownersOf, planOf, policiesOf, profile, server } from './samples';

// Sites that each have a server at 10.0.0.10. Some open MySQL to any source; each of them has a finding of its own.

const NAMES = ['staging', 'production', 'test', 'demo', 'backup'];

/** Gateway and server of one site; its public address is 203.0.113.10 and so on. */
const siteOf = (name: string): readonly Policy[] =>
  policiesOf({
    gateway: {
      ...EDGE,
      interfaces: EDGE.interfaces.map((one) => (one.role === 'outside' ? one : { ...one, addresses: ['10.0.0.1/24'] })),
      virtualIps: [
        { name: 'vip', interface: 'wan0', address: `203.0.113.${10 + NAMES.indexOf(name)}`, kind: 'ip-alias' },
      ],
      mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: `${name}-web1` } }],
    },
    servers: [server(`${name}-web1`, '10.0.0.10', profile(['443/tcp', '3306/tcp']))],
  }).map((policy) => (policy.kind === 'gateway' ? { ...policy, device: `${name}-edge` } : policy));

const acknowledging = (...names: readonly string[]) => ({
  rules: {
    name: 'rules.json',
    rules: {
      format: 1 as const,
      acknowledged: names.map((name) => ({
        code: 'ports/mysql-public',
        where: `server ${name}-web1`,
        reason: 'known',
        expires: '2027-01-01',
      })),
    },
  },
});

/** Each site is a plan of its own, or one plan has them all. */
function reviewed(names: readonly string[], isOnePlan: boolean, acknowledged: readonly string[]): Review {
  const owners = names.map((name) => ownersOf([], siteOf(name)));
  const plans = isOnePlan
    ? [planOf(owners.flat(), { name: 'all' })]
    : owners.map((of, nth) => planOf(of, { name: names[nth]! }));
  return createReview(plans, { ...KNOWN, ...(acknowledged.length > 0 ? acknowledging(...acknowledged) : {}) });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
const FORMATS: readonly (readonly [string, (review: Review) => string])[] = [
  ['text', (review) => printText(review, { width: 1000 })],
  ['Markdown', printMarkdown],
  ['HTML', (review) => printHtml(review, sha256)],
  ['SARIF', (review) => printSarif(review, { version: '0.1.0', digest: (text) => sha256(text).slice(0, 32) })],
];

/** Returns the servers at whose MySQL a review objects. */
const objectedAt = ({ objections }: Review): readonly string[] =>
  objections
    .flatMap(({ code, where }) => (code === 'ports/mysql-public' ? where.replace(/^server (.*), owner.*/, '$1') : []))
    .sort();

describe.each(addFullRows<readonly [string, readonly string[]]>([['two', NAMES.slice(0, 2)]], [['five', NAMES]]))(
  '%s sites with the same internal addresses',
  (_, names) => {
    describe.each([
      ['a plan each', false],
      ['one plan of all', true],
    ] as const)('%s', (__, isOnePlan) => {
      const servers = names.map((name) => `${name}-web1`);

      test('each server has a finding of its own', () => {
        expect(objectedAt(reviewed(names, isOnePlan, []))).toEqual([...servers].sort());
      });

      test.each(names.map((name) => [name]))('an acknowledgement for %s applies to no other server', (name) => {
        const review = reviewed(names, isOnePlan, [name]);
        expect(review.verdict).toBe('objections');
        expect(objectedAt(review)).toEqual(servers.filter((one) => one !== `${name}-web1`).sort());
      });

      test('acknowledging all of them leaves no objection', () => {
        expect(objectedAt(reviewed(names, isOnePlan, names))).toEqual([]);
      });

      test.each(FORMATS)('%s names each server with an objection', (___, print) => {
        const printed = print(reviewed(names, isOnePlan, [names[0]!]));
        for (const one of servers.slice(1)) expect(printed).toContain(`server ${one}`);
      });
    });

    test('the server of each plan is named with its own public address only', () => {
      const found = reviewed(names, false, []).objections.filter(({ code }) => code === 'ports/mysql-public');
      for (const [nth, name] of names.entries()) {
        const own = found.find(({ where }) => where.startsWith(`server ${name}-web1,`))!;
        expect(own.what).toContain(`203.0.113.${10 + nth}`);
        for (const other of names.keys())
          if (other !== nth) expect(own.what).not.toMatch(new RegExp(`203\\.0\\.113\\.${10 + other}\\b`));
      }
    });

    test('one plan alone is judged as it is beside the others', () => {
      for (const name of names) expect(objectedAt(reviewed([name], false, []))).toEqual([`${name}-web1`]);
    });
  },
);

test("a server without a gateway in its plan isn't taken for one behind the gateway of another site", () => {
  const [staging, production] = [siteOf('staging').filter(({ kind }) => kind === 'server'), siteOf('production')];
  const review = createReview(
    [planOf(ownersOf([], staging), { name: 'staging' }), planOf(ownersOf([], production), { name: 'production' })],
    KNOWN,
  );
  expect(objectedAt(review)).toEqual(['production-web1', 'staging-web1']);
});
