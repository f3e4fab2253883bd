// Tests that plans of the real Terraform are parsed as meant, for each kind of change to a stack.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionOf } from '../../driver/samples';
import { Edited, RealStack } from './real-terraform';
import { temporaryFolder } from '../../temporary-folder';
import { HOLDER, RELEASE } from './plan-samples';
import { gone, reading, two, web } from './real-plans';

// Plans of the real Terraform for each kind of change, parsed. plan.test.ts tests the parser; this suite shows that its
// samples are like real plans.

const folder = temporaryFolder();
const lines = join(folder, 'lines.tfvars.json');
const fresh = (configuration?: string): RealStack => new RealStack(folder, configuration);

describe('after a good apply', () => {
  const stack = fresh();
  const one: Edited = { release: { lines: ['mapping web: one'] } };
  test('the first', async () => expect(await reading(stack, one)).toEqual(['gw/web first: nothing -> one']));

  describe('then', () => {
    beforeAll(() => {
      stack.apply(one);
      writeFileSync(
        lines,
        JSON.stringify({ gw_web_lines: { 'host keys': connectionOf().hostKeys[0], 'mapping web': 'closed' } }),
      );
    });
    const cases: readonly (readonly [string, Edited, readonly string[], readonly string[]])[] = [
      ['nothing', one, [], ['gw/web unchanged: applied one -> one']],
      ['another text', two, [], ['gw/web changed: applied one -> two (mapping web)']],
      [
        'other lines',
        { release: { lines: ['mapping web: uno', 'new'] } },
        [],
        ['gw/web program: applied one -> one (mapping web, new)'],
      ],
      [
        'another policy',
        { release: { lines: ['mapping web: one'], policy: '{"a":1}' } },
        [],
        ['gw/web changed: applied one -> one'],
      ],
      [
        'other host keys',
        { ...one, connection: { hostKeys: ['ssh-rsa AAAA'] } },
        [],
        ['gw/web program: applied one -> one (host keys)'],
      ],
      [
        'another address of the device',
        { ...one, connection: { host: '127.0.0.9' } },
        [],
        ['gw/web unchanged: applied one -> one'],
      ],
      ['-replace of the release', one, [`-replace=${RELEASE}`], ['gw/web program: applied one -> one']],
      [
        '-replace of the ownership record',
        one,
        [`-replace=${HOLDER}`],
        ['gw/web program: applied one -> one (lease)', `! review/holder-replaced ${HOLDER}`],
      ],
      ['no construct any more', gone, [], ['gw/web stays open: applied one -> -', `! review/stays-open ${HOLDER}`]],
      ['DecommissionedOwner', { ...gone, retired: web }, [], ['gw/web retired: applied one -> -']],
      [
        'another owner retired',
        { ...gone, retired: [{ device: 'gw', owner: 'mail' }] },
        [],
        ['gw/web stays open: applied one -> -', `! review/stays-open ${HOLDER}`],
      ],
      ['HandedOverOwner', { ...gone, released: web }, [], ['gw/web released: applied one -> -']],
      ['destroy', one, ['-destroy'], ['gw/web retired: applied one -> -']],
      [
        'destroy without the construct',
        gone,
        ['-destroy'],
        ['gw/web stays open: applied one -> -', `! review/stays-open ${HOLDER}`],
      ],
      [
        'destroy with DecommissionedOwner',
        { ...gone, retired: web },
        ['-destroy'],
        ['gw/web retired: applied one -> -'],
      ],
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
        [
          'gw/web changed: applied one -> two (mapping web)',
          'foreign terraform_data.x create',
          '? review/plan-errored',
        ],
      ],
      [
        'a text that is known after the apply',
        {
          ...one,
          edit: (stack) => {
            stack.resource.terraform_data.x = { input: 'q' };
            const release = stack.resource.terraform_data.gw_web;
            release.triggers_replace = release.triggers_replace.replace('var.gw_web_text', 'terraform_data.x.id');
          },
        },
        [],
        [
          'gw/web changed: applied one -> -',
          'foreign terraform_data.x create',
          `? review/known-after-apply ${RELEASE}`,
        ],
      ],
      [
        'a text that is not what is delivered',
        { ...two, edit: (stack) => (stack.variable.gw_web_text.default = Buffer.from('six\n').toString('base64')) },
        [],
        ['gw/web changed: applied one -> six (mapping web)', `! review/other-work ${RELEASE}`],
      ],
      [
        'a text that is set from outside',
        two,
        [`-var=gw_web_text=${Buffer.from('six\n').toString('base64')}`],
        ['gw/web changed: applied one -> six (mapping web)', `! review/other-work ${RELEASE}`],
      ],
      [
        'lines that are set from outside',
        two,
        [`-var-file=${lines}`],
        ['gw/web changed: applied one -> two (mapping web)', `! review/other-work ${RELEASE}`],
      ],
      [
        'resources of others, many of them by for_each, with template sequences in their keys',
        {
          ...one,
          edit: (stack) =>
            (stack.resource.terraform_data.other = {
              for_each: { 'a$${b': 'x', '%%{c': '$${d}' },
              input: { device: 'gw' },
            }),
        },
        [],
        [
          'gw/web unchanged: applied one -> one',
          // Terraform writes an address as a user has to type it.
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
        [
          'gw/web first: nothing -> -',
          `? review/plan-incomplete ${HOLDER}`,
          `! review/release-without-holder ${RELEASE}2`,
        ],
      ],
    ];
    test.each(cases)('%s', async (_, wanted, options, expected) =>
      expect(await reading(stack, wanted, ...options)).toEqual(expected),
    );
  });
});
