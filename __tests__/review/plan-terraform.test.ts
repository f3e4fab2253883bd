import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { archived } from '../../cli/plan-archive';
import { Plan } from '../../lib/review/plan';
import { readPlan } from '../../lib/review/plan/read-plan';
import { Edited, RealStack } from './plans/real-terraform';
import { temporaryFolder } from '../temporary-folder';
import { nullProvider } from '../terraform';

// What the real Terraform writes for each kind of change, read. plan.test.ts has the reader's own tests; this one has the truth
// that those are made after.

jest.setTimeout(120_000);

const folder = temporaryFolder();
const fresh = (configuration?: string): RealStack => new RealStack(folder, configuration);

/** One line for each owner, and the codes; what is true of every plan is left out. */
function said({ owners, foreign, doubts, objections }: Plan): readonly string[] {
  const where = (address: string): string => address.replace(/^edge(?:: )?/, '');
  return [
    ...owners.map(({ device, owner, action, before, mayRunNone, after, changedTriggers }) => {
      const was = [...before.map(({ as, text }) => `${as} ${text.trim()}`), ...(mayRunNone ? ['nothing'] : [])].join(' or ');
      const triggers = changedTriggers.length === 0 ? '' : ` (${changedTriggers.join(', ')})`;
      return `${device}/${owner} ${action}: ${was} -> ${after?.text.trim() ?? '-'}${triggers}`;
    }),
    ...foreign.changed.map(({ address, actions }) => `foreign ${address} ${actions.join('+')}`),
    ...doubts.map(({ code, where: at }) => `? ${code} ${where(at)}`),
    ...objections.map(({ code, where: at }) => `! ${code} ${where(at)}`),
  ].map((line) => line.trim());
}

const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes);

/** With the stack that the plan file carries, as the command reads it. */
function reading(stack: RealStack, wanted: Edited | undefined, ...options: readonly string[]): readonly string[] {
  const json = stack.plan(wanted, ...options);
  const own = archived(readFileSync(join(stack.folder, 'plan')), 'tfconfig/m-/cdk.tf.json');
  return said(readPlan(json, 'edge', { inflate, stack: JSON.parse(own!.toString('utf8')) as unknown }));
}

const HOLDER = 'terraform_data.gw_web_holder';
const RELEASE = 'terraform_data.gw_web';
const two: Edited = { release: { text: 'two\n', lines: ['mapping web: two'] } };
const gone = { none: true } as const;
const web = [{ device: 'gw', owner: 'web' }];

describe('after a good apply', () => {
  const stack = fresh();
  const one: Edited = { release: { lines: ['mapping web: one'] } };
  test('the first', () => expect(reading(stack, one)).toEqual(['gw/web first: nothing -> one']));

  describe('then', () => {
    beforeAll(() => void stack.apply(one));
    const cases: readonly (readonly [string, Edited, readonly string[], readonly string[]])[] = [
      ['nothing', one, [], ['gw/web unchanged: applied one -> one']],
      ['another text', two, [], ['gw/web changed: applied one -> two (mapping web)']],
      ['other lines', { release: { lines: ['mapping web: uno', 'new'] } }, [], ['gw/web program: applied one -> one (mapping web, new)']],
      ['another policy', { release: { lines: ['mapping web: one'], policy: '{"a":1}' } }, [], ['gw/web changed: applied one -> one']],
      ['other host keys', { ...one, connection: { hostKeys: ['ssh-rsa AAAA'] } }, [], ['gw/web program: applied one -> one (host keys)']],
      ['another address of the device', { ...one, connection: { host: '127.0.0.9' } }, [], ['gw/web unchanged: applied one -> one']],
      ['-replace of the release', one, [`-replace=${RELEASE}`], ['gw/web program: applied one -> one']],
      [
        '-replace of the holder',
        one,
        [`-replace=${HOLDER}`],
        ['gw/web program: applied one -> one (lease)', `! review/holder-replaced ${HOLDER}`],
      ],
      ['no construct any more', gone, [], ['gw/web stays open: applied one -> -', `! review/stays-open ${HOLDER}`]],
      ['Retired', { ...gone, retired: web }, [], ['gw/web retired: applied one -> -']],
      [
        'another owner retired',
        { ...gone, retired: [{ device: 'gw', owner: 'mail' }] },
        [],
        ['gw/web stays open: applied one -> -', `! review/stays-open ${HOLDER}`],
      ],
      ['Released', { ...gone, released: web }, [], ['gw/web released: applied one -> -']],
      ['destroy', one, ['-destroy'], ['gw/web retired: applied one -> -']],
      ['destroy without the construct', gone, ['-destroy'], ['gw/web stays open: applied one -> -', `! review/stays-open ${HOLDER}`]],
      ['destroy with Retired', { ...gone, retired: web }, ['-destroy'], ['gw/web retired: applied one -> -']],
      [
        'another name of the device',
        { ...one, device: 'gw2' },
        [],
        ['gw2/web first: nothing -> one', 'gw/web stays open: applied one -> -', `! review/stays-open ${HOLDER}`],
      ],
      [
        'another owner, the former one retired',
        { ...one, owner: 'mail', retired: web },
        [],
        ['gw/mail first: nothing -> one', 'gw/web retired: applied one -> -'],
      ],
      [
        '-target',
        two,
        [`-target=${HOLDER}`],
        ['gw/web unchanged: applied one -> one', '? review/plan-incomplete', `? review/plan-incomplete ${RELEASE}`],
      ],
      ['-refresh-only', two, ['-refresh-only'], ['gw/web unchanged: applied one -> one', '? review/refresh-only']],
      [
        'an error',
        {
          ...two,
          edit: (stack) => {
            const postcondition = [{ condition: '${self.input == "z"}', error_message: 'no' }];
            stack.resource.terraform_data.x = { input: 'q', lifecycle: { postcondition } };
          },
        },
        [],
        ['gw/web changed: applied one -> two (mapping web)', 'foreign terraform_data.x create', '? review/plan-errored'],
      ],
      [
        'a text that is known after the apply',
        {
          ...one,
          edit: (stack) => {
            stack.resource.terraform_data.x = { input: 'q' };
            stack.resource.terraform_data.gw_web.triggers_replace.text = '${terraform_data.x.id}';
          },
        },
        [],
        ['gw/web changed: applied one -> -', 'foreign terraform_data.x create', `? review/known-after-apply ${RELEASE}`],
      ],
      [
        'a text that is not what is delivered',
        { ...two, edit: (stack) => (stack.resource.terraform_data.gw_web.triggers_replace.text = Buffer.from('six\n').toString('base64')) },
        [],
        ['gw/web changed: applied one -> six (mapping web)', `! review/other-work ${RELEASE}`],
      ],
      [
        'resources of others, many of them by for_each, with template sequences in their keys',
        {
          ...one,
          edit: (stack) => (stack.resource.terraform_data.other = { for_each: { 'a$${b': 'x', '%%{c': '$${d}' }, input: { device: 'gw' } }),
        },
        [],
        [
          'gw/web unchanged: applied one -> one',
          // Terraform writes an address as it would have to be typed.
          'foreign terraform_data.other["%%{c"] create',
          'foreign terraform_data.other["a$${b"] create',
        ],
      ],
      [
        'a release that is moved',
        {
          ...one,
          edit: (stack) => {
            const { gw_web: release, ...rest } = stack.resource.terraform_data;
            stack.resource.terraform_data = { ...rest, gw_web2: release };
            stack.moved = [{ from: RELEASE, to: `${RELEASE}2` }];
          },
        },
        [],
        ['gw/web first: nothing -> -', `? review/plan-incomplete ${HOLDER}`, `! review/release-without-holder ${RELEASE}2`],
      ],
    ];
    test.each(cases)('%s', (_, wanted, options, expected) => expect(reading(stack, wanted, ...options)).toEqual(expected));
  });
});

describe('after failed applies', () => {
  const stack = fresh();
  const three: Edited = { release: { text: 'three\n' } };
  test('the first of all', () => {
    const other = fresh().applyInVain({});
    expect(reading(other, {})).toEqual(['gw/web changed: tainted one or nothing -> one']);
  });

  test('one, several in a row, and every way out', () => {
    stack.apply().applyInVain(two);
    expect(reading(stack, two)).toEqual(['gw/web changed: tainted two or deposed one -> two']);
    expect(reading(stack, {})).toEqual(['gw/web changed: tainted two or deposed one -> one (mapping web)']);
    stack.applyInVain(two).applyInVain(three);
    expect(reading(stack, { release: { text: 'four\n' } })).toEqual([
      'gw/web changed: tainted three or tainted two or deposed one -> four',
    ]);
    expect(reading(stack, gone)[0]).toBe('gw/web stays open: tainted three or tainted two or deposed one -> -');
    expect(reading(stack, { ...gone, retired: web })).toEqual(['gw/web retired: tainted three or tainted two or deposed one -> -']);
    expect(reading(stack, { ...gone, released: web })).toEqual(['gw/web released: tainted three or tainted two or deposed one -> -']);
    stack.must('untaint', RELEASE);
    expect(reading(stack, three)).toEqual(['gw/web unchanged: applied three or tainted two or deposed one -> three']);
    stack.must('taint', HOLDER);
    expect(reading(stack, { ...gone, retired: web })[1]).toBe(`! review/stays-open ${HOLDER}`);
    expect(reading(stack, three)[1]).toBe(`! review/holder-replaced ${HOLDER}`);
  });

  test('a Terraform that was killed leaves no trace', async () => {
    const killed = await fresh().apply().applyAndKill(two);
    expect(reading(killed, two)).toEqual(['gw/web changed: applied one -> two (mapping web)']);
    const uncertain = readPlan(killed.plan(), 'edge').owners[0]?.uncertain;
    expect(uncertain).toEqual(['This is what Terraform has recorded; an apply that was killed leaves no trace in it.']);
  });

  test('a Terraform that was killed in the first apply', async () => {
    const killed = await fresh().applyAndKill({});
    // The holder may be recorded or not; the release never is.
    expect(reading(killed, {})).toEqual(['gw/web first: nothing -> one']);
  });
});

describe('states that somebody edited', () => {
  test('a holder that is lost, then a release that is lost', () => {
    const stack = fresh().apply();
    stack.must('state', 'rm', HOLDER);
    expect(reading(stack, {})).toEqual(['gw/web program: applied one -> one (lease)', `! review/holder-lost ${HOLDER}`]);
    expect(reading(stack, { adopt: '0f6c0f6c-0000-4000-8000-000000000000' })).toEqual(['gw/web program: applied one -> one (lease)']);
    const other = fresh().apply();
    other.must('state', 'rm', RELEASE);
    expect(reading(other, {})).toEqual(['gw/web first: nothing -> one']);
  });

  test('adopted from another state', () => {
    const stack = fresh();
    expect(reading(stack, { adopt: '0f6c0f6c-0000-4000-8000-000000000000' })).toEqual(['gw/web adopted: nothing -> one']);
  });
});

test('the same owner in a module, twice by for_each', () => {
  const stack = fresh().write({});
  mkdirSync(join(stack.folder, 'inner'));
  writeFileSync(join(stack.folder, 'inner', 'main.tf.json'), readFileSync(join(stack.folder, 'cdk.tf.json')));
  const edit = (written: Record<string, unknown>): void => {
    delete written['resource'];
    written['module'] = { a: { source: './inner', for_each: { 'x.y': 1, 'z"]q': 2 } } };
  };
  expect(reading(stack, { edit })).toEqual(['gw/web first: nothing -> one', 'gw/web first: nothing -> one', '! review/owner-twice']);
});

test('what the plan’s JSON leaves out is in the plan file: without it, Retired counts for nothing', () => {
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
  test('its life, and the switch to terraform_data and back', () => {
    expect(reading(stack, nulled)).toEqual(['gw/web first: nothing -> one']);
    stack.apply(nulled);
    expect(reading(stack, nulled)).toEqual(['gw/web unchanged: applied one -> one']);
    expect(reading(stack, { ...nulled, ...two })).toEqual(['gw/web changed: applied one -> two (mapping web)']);
    expect(reading(stack, {})).toEqual(['gw/web program: applied one -> one']);
    stack.applyInVain({ ...nulled, ...two });
    expect(reading(stack, { ...nulled, ...two })).toEqual(['gw/web changed: tainted two or deposed one -> two']);
    expect(reading(stack, two)).toEqual(['gw/web changed: tainted two or deposed one -> two']);
    expect(reading(stack, { ...gone, retired: web })).toEqual(['gw/web retired: tainted two or deposed one -> -']);
    expect(reading(stack, { ...gone, released: web })).toEqual(['gw/web released: tainted two or deposed one -> -']);
  });
});
