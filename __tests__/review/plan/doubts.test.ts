// Tests plans with values that are unknown, incomplete or of unforeseen kinds: the parser reports each as unknown and
// never skips it. Also files that are refused because they are no plan.

import { Refusal } from '../../../lib/problems/problem';
import { readPlan } from '../../../lib/review/plan/parse-plan';
import { PlanBuilder, data, held } from './plan-builder';
import { inflate, read, HOLDER, RELEASE, REPLACE, codes, holderStays } from './plan-samples';

describe('values that make the answer unknown', () => {
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

  test('reports unknown for a plan that claims to be complete and leaves out our resources', () => {
    expect(codes(read(holderStays().state(RELEASE, data()).ours()))).toEqual(['? plan-incomplete']);
    expect(codes(read(new PlanBuilder().ours()))).toEqual(['? plan-incomplete']);
    expect(codes(read(new PlanBuilder().change(HOLDER, ['create'], null, held()).ours()))).toEqual([
      '? plan-incomplete',
    ]);
  });

  test('reports unknown for a text that is known only after the apply', () => {
    const triggers = Object.fromEntries(
      Object.entries(data()['triggers_replace'] as object).filter(([key]) => key !== 'text'),
    );
    const json = holderStays()
      .kept(
        RELEASE,
        REPLACE,
        data(),
        { triggers_replace: triggers },
        { unknown: { id: true, triggers_replace: { text: true } } },
      )
      .ours();
    expect([codes(read(json)), read(json).owners[0]?.action, read(json).owners[0]?.after]).toEqual([
      ['? known-after-apply'],
      'changed',
      undefined,
    ]);
  });

  test('reports unknown if all triggers are known only after the apply', () => {
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
  ])('reports unknown for a text that is %s', (_, text) => {
    const triggers = { ...(data()['triggers_replace'] as object), text };
    const json = holderStays()
      .kept(RELEASE, REPLACE, { triggers_replace: triggers }, { triggers_replace: triggers })
      .ours();
    expect(codes(read(json))).toEqual(['? release-unreadable', '? release-unreadable']);
  });

  test('keeps a byte order mark as part of the text', () => {
    const json = holderStays()
      .kept(RELEASE, ['no-op'], data({ text: '\ufeffone\n' }), data({ text: '\ufeffone\n' }))
      .ours();
    expect(read(json).owners[0]?.after?.text).toBe('\ufeffone\n');
  });

  test.each([
    ['another format', { format: 2 }],
    ['an invalid name', { device: '../etc' }],
    ['no connection', { connection: { host: 'x' } }],
  ])('reports unknown for an ownership record with %s', (_, parts) => {
    const json = new PlanBuilder()
      .change(HOLDER, ['create'], null, held(parts))
      .change(RELEASE, ['create'], null, data())
      .ours();
    const found = read(json);
    expect([codes(found), found.owners, found.otherResources.unchanged]).toEqual([['? holder-unreadable'], [], 0]);
  });

  test('reports unknown for unforeseen actions', () => {
    const json = holderStays().kept(RELEASE, ['create', 'forget'], data(), data()).ours();
    expect(codes(read(json))).toEqual(['? unforeseen-actions']);
  });

  test('reports unknown for a change that contradicts the record', () => {
    const json = holderStays().change(RELEASE, REPLACE, data(), data()).ours();
    expect(codes(read(json))).toContain('? plan-contradicts-itself');
  });

  test('reports unknown for an edited state', () => {
    const drift = (usual().json()['resource_changes'] as readonly unknown[])[1];
    expect(codes(read(usual().with({ resource_drift: [drift] })))).toEqual(['? state-edited']);
  });
});

describe("resources that aren't ours", () => {
  test('are counted, and named if they change', () => {
    const json = holderStays()
      .kept(RELEASE, ['no-op'], data(), data())
      .ours()
      .change('terraform_data.other', ['create'], null, { input: { device: 'x' } })
      .change('terraform_data.any_holder', ['update'], { input: 'x' }, { input: 'y' })
      .change('null_resource.x', ['no-op'], { triggers: { a: 'b' } }, { triggers: { a: 'b' } })
      .change('aws_instance.many', ['delete'], {}, null, { module: 'module.a["${x}"]', index: '%{y}' });
    expect(read(json).otherResources).toEqual({
      changed: [
        { address: 'terraform_data.other', actions: ['create'] },
        { address: 'terraform_data.any_holder', actions: ['update'] },
        { address: 'module.a["${x}"].aws_instance.many["%{y}"]', actions: ['delete'] },
      ],
      unchanged: 1,
    });
  });

  test('template syntax and names with a meaning in JavaScript are kept as they are', () => {
    const lines = JSON.parse('{"__proto__":"${a}","constructor":"%{ if b }","mapping $${c}":"d"}') as Record<
      string,
      string
    >;
    const json = holderStays().kept(RELEASE, ['no-op'], data({ lines }), data({ lines })).ours();
    const parsed = readPlan(JSON.parse(JSON.stringify(json.json())), 'edge');
    expect(JSON.stringify(parsed.owners[0]?.after?.lines)).toBe(
      '{"__proto__":"${a}","constructor":"%{ if b }","mapping $${c}":"d"}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(parsed.owners[0]?.after?.lines)).toBe(Object.prototype);
  });
});

describe('inputs that are no plan', () => {
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
      'changes in place of a list',
      { format_version: '1.2', terraform_version: 'x', configuration: {}, resource_changes: {} },
      'resource_changes',
    ],
    [
      'an invalid record',
      {
        format_version: '1.2',
        terraform_version: 'x',
        configuration: {},
        prior_state: { values: { root_module: { resources: [1] } } },
      },
      'prior_state',
    ],
    ['another format', { format_version: '2.0', terraform_version: 'x' }, '2.0'],
  ])('refuses %s by name', (_, json, says) => {
    expect(() => readPlan(json, 'edge')).toThrow(Refusal);
    expect(() => readPlan(json, 'edge')).toThrow(says);
  });

  test('reports all mistakes at once', () => {
    const json = new PlanBuilder().change('a.b', ['create'], null, null).change('a.c', [], null, null).json();
    const changes = (json['resource_changes'] as readonly Record<string, unknown>[]).map((each) => ({
      ...each,
      mode: 7,
    }));
    try {
      readPlan({ ...json, resource_changes: changes, errored: 'no' }, 'edge');
      throw new Error('it was read');
    } catch (error) {
      expect((error as Refusal).problems.map(({ what }) => what.split(':')[0])).toEqual([
        'errored is neither true nor false.',
        'resource_changes.0.mode is no text.',
        'resource_changes.1.mode is no text.',
        'resource_changes.1.change.actions',
      ]);
    }
  });
});
