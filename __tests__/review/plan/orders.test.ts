// Tests that a review objects if the provisioners of a plan run anything other than what the plan shows.

import { connectionOf } from '../../driver/samples';
import { PlanBuilder, RETRACT, data, deliver, held } from './plan-builder';
import { Plan } from '../../../lib/review/plan';
import { readPlan } from '../../../lib/review/plan/parse-plan';
import { HOLDER, RELEASE, codes, holderStays, inflate, read } from './plan-samples';

describe('what the provisioners get beyond what the plan shows', () => {
  test.each([
    ['another program', { CPANEL_EDGE: '/tmp/other' }],
    ['code that node preloads', { NODE_OPTIONS: '--require /tmp/other.js' }],
    ['an invalid piece', { CPANEL_EDGE_WORK_X: '' }],
  ])('objects to orders that name %s', (_, more) => {
    const environment = { ...deliver({}).environment, ...more };
    const json = holderStays().change(RELEASE, ['create'], null, data()).configured(HOLDER, RETRACT);
    expect(codes(read(json.configured(RELEASE, { ...deliver({}), environment })))).toEqual(['! foreign-provisioner']);
    const holder = holderStays().kept(RELEASE, ['no-op'], data(), data()).configured(RELEASE, deliver({}));
    holder.configured(HOLDER, { ...RETRACT, environment: { ...RETRACT.environment, ...more } });
    expect(codes(read(holder))).toEqual(['! foreign-provisioner']);
  });

  test.each([
    ['host', { host: '192.0.2.66' }],
    ['user', { user: 'somebody' }],
    ['host keys', { hostKeys: ['ssh-ed25519 BBBB'] }],
    ['jump host', { jump: connectionOf({ host: '192.0.2.66' }) }],
  ])('objects to a delivery by another %s than the ownership record shows', (_, parts) => {
    const json = new PlanBuilder().kept(HOLDER, ['no-op'], held(), held({ connection: connectionOf(parts) }));
    expect(read(json.change(RELEASE, ['create'], null, data()).ours()).objections).toMatchObject([
      { code: 'review/other-work', what: expect.stringContaining('another connection') },
    ]);
  });

  // Plan JSON has neither `when` nor `on_failure`.
  test.each([
    ['as it is written', {}, {}, []],
    ['delivering at the end', { when: 'destroy' }, {}, ['! provisioner-otherwise']],
    ['a failed delivery is ignored', { on_failure: 'continue' }, {}, ['! provisioner-otherwise']],
    ['delivering quietly', { quiet: true }, {}, ['! provisioner-otherwise']],
    ['removing at once', {}, { when: undefined }, ['! provisioner-otherwise']],
    ['a failed removal is ignored', {}, { on_failure: 'continue' }, ['! provisioner-otherwise']],
  ])("judges a stack's provisioners: %s", (_, delivering, retracting, expected) => {
    const provisioned = (exec: object) => ({
      provisioner: [{ 'local-exec': JSON.parse(JSON.stringify(exec)) as object }],
    });
    const stack = {
      resource: {
        terraform_data: {
          gw_web_holder: provisioned({ ...RETRACT, when: 'destroy', ...retracting }),
          gw_web: provisioned({ ...deliver({}), ...delivering }),
        },
      },
    };
    expect(codes(read(holderStays().change(RELEASE, ['create'], null, data()).ours(), stack))).toEqual(expected);
  });

  // Terraform takes each of these stacks as one that ignores a failed delivery.
  test.each([
    ["provisioners that aren't a list", (exec: object) => ({ provisioner: { 'local-exec': exec } })],
    ['a resource in a list', (exec: object) => [{ provisioner: [{ 'local-exec': exec }] }]],
    ['a command in a list', (exec: object) => ({ provisioner: [{ 'local-exec': [exec] }] })],
  ])('objects to a stack with %s', (_, written) => {
    const stack = {
      resource: {
        terraform_data: {
          gw_web_holder: { provisioner: [{ 'local-exec': { ...RETRACT, when: 'destroy' } }] },
          gw_web: written({ ...deliver({}), on_failure: 'continue' }),
        },
      },
    };
    expect(codes(read(holderStays().change(RELEASE, ['create'], null, data()).ours(), stack))).toEqual([
      '! provisioner-otherwise',
    ]);
  });

  // Terraform 1.14 invokes actions of providers, which may run commands. Its plans list them beside resource_changes.
  test("objects to an action that a delivery triggers, and names other actions as resources that aren't ours", () => {
    const json = holderStays().change(RELEASE, ['create'], null, data()).ours().json();
    const invoked = (more: object): Plan =>
      readPlan({ ...json, action_invocations: [{ address: 'action.local_command.x', ...more }] }, 'edge', { inflate });
    const own = { triggering_resource_address: RELEASE, action_trigger_event: 'AfterCreate' };
    expect(invoked({ lifecycle_action_trigger: own }).objections).toMatchObject([
      {
        code: 'review/foreign-provisioner',
        where: `edge: ${RELEASE}`,
        what: expect.stringContaining('action.local_command.x is invoked'),
      },
    ]);
    const other = invoked({ invoke_action_trigger: {} });
    expect([codes(other), other.otherResources.changed]).toEqual([
      [],
      [{ address: 'action.local_command.x', actions: ['invoke'] }],
    ]);
  });

  test('reports unknown for a part of a plan that no known version has', () => {
    const json = holderStays().change(RELEASE, ['create'], null, data()).ours().json();
    const withPart = (value: unknown): Plan => readPlan({ ...json, deferred_changes: value }, 'edge', { inflate });
    expect([codes(withPart([{}])), codes(withPart([]))]).toEqual([['? untried-plan-format'], []]);
  });

  test("objects to a piece of packed work that is an object with unexpected keys, and doesn't throw", () => {
    const environment = { ...deliver({}).environment, CPANEL_EDGE_WORK_0: { toString: 1, valueOf: null } };
    const json = holderStays().change(RELEASE, ['create'], null, data()).configured(HOLDER, RETRACT);
    expect(codes(read(json.configured(RELEASE, { ...deliver({}), environment })))).toEqual(['! other-work']);
  });
});
