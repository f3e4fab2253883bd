// Tests what the parser of plans gives for each action on an owner: first apply, change, no change, adoption, switch of
// the resource.

import { connectionOf } from '../../driver/samples';
import { PlanBuilder, data, held, nulled } from './plan-builder';
import {
  read,
  HOLDER,
  RELEASE,
  REPLACE,
  KILLED,
  gateway,
  plan,
  one,
  two,
  applied,
  action,
  holderStays,
} from './plan-samples';

describe('the action of a plan on an owner', () => {
  test('a first apply, whose owner token is known after it', () => {
    const json = new PlanBuilder()
      .change(HOLDER, ['create'], null, held(), { unknown: { id: true, input: { connection: { hostKeys: [false] } } } })
      .change(RELEASE, ['create'], null, data({ lease: 'unknown', lines: { 'mapping web': '203.0.113.10' } }), {
        unknown: { id: true, triggers_replace: { lease: true } },
      })
      .ours({ lines: ['mapping web: 203.0.113.10'] });
    const after = { ...one, lines: { 'mapping web': '203.0.113.10' }, ownerToken: undefined };
    expect(read(json)).toEqual({
      ...plan,
      owners: [{ ...gateway, action: 'first', mayRunNone: true, after, settings: expect.any(Array) }],
    });
    expect(read(json).owners[0]!.settings).toContainEqual({
      name: 'connection.port',
      description: 'port of SSH',
      before: 'none',
      after: '22',
    });
  });

  test('no change', () => {
    const json = holderStays().kept(RELEASE, ['no-op'], data(), data()).ours();
    expect(read(json)).toEqual({ ...plan, owners: [{ ...gateway, before: [applied], after: one }] });
  });

  test.each([
    ['../../../node_modules/cpanel-edge/dist/cli/main.js', '../../../node_modules/cpanel-edge/dist/cli/main.js'],
    [`'../../a b'\\''s/dist/cli/main.js'`, `../../a b's/dist/cli/main.js`],
    ['$HOME/dist/cli/main.js', undefined],
  ])('another command for the delivery: %s', (word, command) => {
    const environment = {};
    const json = holderStays()
      .configured(HOLDER)
      .configured(RELEASE, { command: `exec $\${CPANEL_EDGE:-${word}} deliver`, environment });
    expect(read(json).command).toBe(command);
  });

  test('another connection address', () => {
    const json = new PlanBuilder()
      .kept(HOLDER, ['update'], held(), held({ connection: connectionOf({ host: '192.0.2.9', user: 'ops' }) }))
      .kept(RELEASE, ['no-op'], data(), data())
      .ours();
    expect(read(json).owners).toMatchObject([{ login: 'ops@192.0.2.9:22', previousLogin: 'root@127.0.0.1:22' }]);
  });

  test('another text', () => {
    const [before, after] = [
      data({ lines: { a: '1', gone: 'x' } }),
      data({ text: 'two\n', lines: { a: '2', new: 'y' } }),
    ];
    const json = holderStays()
      .kept(RELEASE, REPLACE, before, after, { reason: 'replace_because_cannot_update' })
      .ours({ text: 'two\n', lines: ['a: 2', 'new: y'] });
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

  test('other host keys and another owner token, with the same exposure', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data(), data({ hostKeys: 'ssh-rsa BBBB', lease: 'lease-2' }))
      .ours();
    expect(read(json).owners).toEqual([
      {
        ...gateway,
        action: 'program',
        before: [applied],
        after: { ...one, hostKeys: 'ssh-rsa BBBB', ownerToken: 'lease-2' },
        changedTriggers: ['host keys', 'lease'],
      },
    ]);
  });

  test('after a failed apply: the newest applied release or the failed one may run', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data({ text: 'two\n' }), data({ text: 'two\n' }), {
        tainted: true,
        reason: 'replace_because_tainted',
      })
      .kept(RELEASE, ['delete'], data(), null, { deposed: '00aa' })
      .ours({ text: 'two\n' });
    expect(read(json)).toEqual({
      ...plan,
      owners: [
        {
          ...gateway,
          action: 'changed',
          before: [
            { ...two, origin: 'tainted' },
            { ...one, origin: 'deposed' },
          ],
          uncertain: ['An apply failed: it may run what was delivered before, or what failed.', KILLED],
          after: two,
        },
      ],
    });
  });

  test('after several failed applies: any of three texts may run', () => {
    const json = holderStays()
      .kept(RELEASE, REPLACE, data({ text: 'three\n' }), data({ text: 'four\n' }), { tainted: true })
      .kept(RELEASE, ['delete'], data({ text: 'two\n' }), null, { deposed: 'bb', tainted: true })
      .kept(RELEASE, ['delete'], data({ text: 'three\n' }), null, { deposed: 'cc', tainted: true })
      .kept(RELEASE, ['delete'], data(), null, { deposed: 'aa' })
      .ours({ text: 'four\n' });
    const [owner] = read(json).owners;
    expect(owner?.before.map(({ text, origin }) => [text, origin])).toEqual([
      ['three\n', 'tainted'],
      ['two\n', 'tainted'],
      ['one\n', 'deposed'],
    ]);
    expect(owner?.uncertain[0]).toBe('3 applies failed: it may run what was delivered before, or what failed.');
    expect(owner?.mayRunNone).toBe(false);
  });

  test('after a first apply that failed: the device may run nothing, so the same text is a change', () => {
    const json = holderStays().kept(RELEASE, REPLACE, data(), data(), { tainted: true }).ours();
    expect(read(json).owners[0]).toMatchObject({
      action: 'changed',
      mayRunNone: true,
      before: [{ text: 'one\n', origin: 'tainted' }],
    });
  });

  test('a deposed former release may still run', () => {
    const json = holderStays()
      .kept(RELEASE, ['no-op'], data({ text: 'two\n' }), data({ text: 'two\n' }))
      .kept(RELEASE, ['delete'], data(), null, { deposed: 'aa' })
      .ours({ text: 'two\n' });
    const [owner] = read(json).owners;
    expect(owner?.before.map(({ text, origin }) => [text, origin])).toEqual([
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

  test('an ownership record that is imported', () => {
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
          after: { ...one, ownerToken: 'lease-9' },
          settings: expect.arrayContaining([
            {
              name: 'adopt',
              description: 'owner token of another state that is taken over',
              before: 'none',
              after: 'lease-9',
            },
          ]),
        },
      ],
    });
  });

  test('an ownership record without a recorded release: the apply may have been killed', () => {
    const json = holderStays().change(RELEASE, ['create'], null, data()).ours();
    expect(read(json).owners[0]).toMatchObject({
      action: 'first',
      mayRunNone: true,
      uncertain: [expect.stringContaining('killed'), KILLED],
    });
  });
});
