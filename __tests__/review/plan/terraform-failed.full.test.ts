// Tests plans that the real Terraform makes after failed or killed applies and of edited states: which releases a
// device may run.

import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../../../lib/review/plan/parse-plan';
import { Edited, RealStack } from './real-terraform';
import { temporaryFolder } from '../../temporary-folder';
import { nullProvider } from '../../terraform';
import { HOLDER, RELEASE, inflate } from './plan-samples';
import { gone, reading, said, two, web } from './real-plans';

// Plans that the real Terraform makes after failed applies and edits of its state.

const folder = temporaryFolder();
const fresh = (configuration?: string): RealStack => new RealStack(folder, configuration);

describe('after failed applies', () => {
  const stack = fresh();
  const three: Edited = { release: { text: 'three\n' } };
  test('the first apply', async () => {
    const other = fresh().applyInVain({});
    expect(await reading(other, {})).toEqual(['gw/web changed: tainted one or nothing -> one']);
  });

  test('one or several in a row, and each way to go on', async () => {
    stack.apply().applyInVain(two);
    expect(await reading(stack, two)).toEqual(['gw/web changed: tainted two or deposed one -> two']);
    expect(await reading(stack, {})).toEqual(['gw/web changed: tainted two or deposed one -> one (mapping web)']);
    stack.applyInVain(two).applyInVain(three);
    expect(await reading(stack, { release: { text: 'four\n' } })).toEqual([
      'gw/web changed: tainted three or tainted two or deposed one -> four',
    ]);
    expect((await reading(stack, gone))[0]).toBe('gw/web stays open: tainted three or tainted two or deposed one -> -');
    expect(await reading(stack, { ...gone, retired: web })).toEqual([
      'gw/web retired: tainted three or tainted two or deposed one -> -',
    ]);
    expect(await reading(stack, { ...gone, released: web })).toEqual([
      'gw/web released: tainted three or tainted two or deposed one -> -',
    ]);
    stack.must('untaint', RELEASE);
    expect(await reading(stack, three)).toEqual([
      'gw/web unchanged: applied three or tainted two or deposed one -> three',
    ]);
    stack.must('taint', HOLDER);
    expect((await reading(stack, { ...gone, retired: web }))[1]).toBe(`! review/stays-open ${HOLDER}`);
    expect((await reading(stack, three))[1]).toBe(`! review/holder-replaced ${HOLDER}`);
  });

  test('a killed Terraform leaves no trace in the state', async () => {
    const killed = await fresh().apply().applyAndKill(two);
    expect(await reading(killed, two)).toEqual(['gw/web changed: applied one -> two (mapping web)']);
    const uncertain = readPlan(killed.plan(), 'edge').owners[0]?.uncertain;
    expect(uncertain).toEqual(['This is what Terraform has recorded; an apply that was killed leaves no trace in it.']);
  });

  test('Terraform is killed during the first apply', async () => {
    const killed = await fresh().applyAndKill({});
    // The ownership record may be recorded; the release never is.
    expect(await reading(killed, {})).toEqual(['gw/web first: nothing -> one']);
  });
});

describe('edited states', () => {
  test('a lost ownership record, then a lost release', async () => {
    const stack = fresh().apply();
    stack.must('state', 'rm', HOLDER);
    expect(await reading(stack, {})).toEqual([
      'gw/web program: applied one -> one (lease)',
      `! review/holder-lost ${HOLDER}`,
    ]);
    expect(await reading(stack, { adopt: '0f6c0f6c-0000-4000-8000-000000000000' })).toEqual([
      'gw/web program: applied one -> one (lease)',
    ]);
    const other = fresh().apply();
    other.must('state', 'rm', RELEASE);
    expect(await reading(other, {})).toEqual(['gw/web first: nothing -> one']);
  });

  test('an owner adopted from another state', async () => {
    const stack = fresh();
    expect(await reading(stack, { adopt: '0f6c0f6c-0000-4000-8000-000000000000' })).toEqual([
      'gw/web adopted: nothing -> one',
    ]);
  });
});

test('the same owner in a module, twice by for_each', async () => {
  const stack = fresh().write({});
  mkdirSync(join(stack.folder, 'inner'));
  writeFileSync(join(stack.folder, 'inner', 'main.tf.json'), readFileSync(join(stack.folder, 'cdk.tf.json')));
  const edit = (written: Record<string, unknown>): void => {
    delete written['resource'];
    written['module'] = { a: { source: './inner', for_each: { 'x.y': 1, 'z"]q': 2 } } };
  };
  expect(await reading(stack, { edit })).toEqual([
    'gw/web first: nothing -> one',
    'gw/web first: nothing -> one',
    '! review/owner-twice',
  ]);
});

test("the plan file has what its JSON lacks: without it DecommissionedOwner doesn't count", () => {
  const stack = fresh().apply();
  const [without, with_] = [gone, { ...gone, retired: web }].map((wanted) => {
    const json = { ...(stack.plan(wanted) as object), timestamp: '' };
    expect(said(readPlan(json, 'edge', { inflate }))[1]).toBe(`! review/stays-open ${HOLDER}`);
    return json;
  });
  expect(without).toEqual(with_);
});

const { configuration, where } = nullProvider();
where('null_resource', () => {
  const stack = fresh(configuration);
  const nulled = { as: 'null_resource' } as const;
  test('its lifecycle, and the switch to terraform_data and back', async () => {
    expect(await reading(stack, nulled)).toEqual(['gw/web first: nothing -> one']);
    stack.apply(nulled);
    expect(await reading(stack, nulled)).toEqual(['gw/web unchanged: applied one -> one']);
    expect(await reading(stack, { ...nulled, ...two })).toEqual(['gw/web changed: applied one -> two (mapping web)']);
    expect(await reading(stack, {})).toEqual(['gw/web program: applied one -> one']);
    stack.applyInVain({ ...nulled, ...two });
    expect(await reading(stack, { ...nulled, ...two })).toEqual(['gw/web changed: tainted two or deposed one -> two']);
    expect(await reading(stack, two)).toEqual(['gw/web changed: tainted two or deposed one -> two']);
    expect(await reading(stack, { ...gone, retired: web })).toEqual([
      'gw/web retired: tainted two or deposed one -> -',
    ]);
    expect(await reading(stack, { ...gone, released: web })).toEqual([
      'gw/web released: tainted two or deposed one -> -',
    ]);
  });
});
