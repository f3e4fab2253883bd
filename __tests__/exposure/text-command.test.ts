// Tests the command `text`, which prints the generated config in a stack or a plan: to the byte, some lines of it, or a
// refusal.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Printed, builtCommand, heard, typed } from '../built-command';
import { drawCases } from '../randomly';
import { PlanBuilder, data, held } from '../review/plan/plan-builder';
import { sampleRelease, sampleStack } from '../review/plan/sample-stack';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();
const release = sampleRelease();
const { device, owner, text: whole } = release;
const lines = whole.trimEnd().split('\n');

const run = (...args: readonly string[]): Printed => typed(built, ['text', ...args], { cwd: folder });

/** Writes a plan of one owner with this text. */
function plan(name: string, text: string, its = owner): string {
  const id = `${device}_${its}`;
  const [input, after] = [held({ device, owner: its }), data({ text, policy: release.policy })];
  const made = new PlanBuilder()
    .kept(`terraform_data.${id}_holder`, ['no-op'], input, input)
    .kept(`terraform_data.${id}`, ['no-op'], after, after)
    .ours({ ...release, owner: its, text }, id);
  writeFileSync(join(folder, name), JSON.stringify(made.json()));
  return name;
}

beforeAll(() => {
  mkdirSync(join(folder, 'cdktf.out/stacks/edge'), { recursive: true });
  writeFileSync(join(folder, 'cdktf.out/stacks/edge/cdk.tf.json'), sampleStack());
});

test("prints a stack's text to the byte, and chosen lines with their numbers", () => {
  expect(run(device)).toEqual({ status: 0, out: whole, said: '' });
  expect(run(device, '--lines', '2').out).toBe(`2  ${lines[1]}\n`);
  expect(run(device, 'cdktf.out', '--lines', '9-11').out).toBe(` 9  ${lines[8]}\n10  ${lines[9]}\n11  ${lines[10]}\n`);
  expect(run(device, '--lines', `${lines.length}-9999`).out).toBe(`${lines.length}  ${lines.at(-1)}\n`);
  expect(JSON.parse(run(device, '--lines', '3-4', '--json').out)).toEqual({
    schema: 2,
    device,
    owner,
    first: 3,
    lines: lines.slice(2, 4),
  });
});

test('prints a refusal as JSON if --json is given', () => {
  const { status, out, said } = run('nowhere', '--format', 'json');
  expect(status).toBe(2);
  const { schema, problems } = JSON.parse(out) as { schema: number; problems: object[] };
  expect([schema, problems]).toEqual([2, [expect.objectContaining({ code: 'cli/no-such-text', where: 'nowhere' })]]);
  expect(said).toBe(run('nowhere').said);
  expect(JSON.parse(run('nowhere', '--json').out)).toEqual(JSON.parse(out));
});

test("refuses a missing argument with the usage and the argument's meaning", () => {
  expect(run()).toEqual({
    status: 2,
    out: '',
    said:
      "cli/argument-missing at cpanel-edge text: Missing required argument 'device'.\n" +
      '  instead: cpanel-edge text [options] <device> [source...]; device: its name in the intent.\n',
  });
  expect(JSON.parse(run('--json').out)).toMatchObject({ schema: 2, problems: [{ code: 'cli/argument-missing' }] });
});

test("prints a plan's text, and marks characters that could move the cursor", () => {
  expect(run(device, plan('same.json', whole))).toEqual({ status: 0, out: whole, said: '' });
  // A plan and its stack with the same text are one.
  expect(run(device, 'same.json', 'cdktf.out').out).toBe(whole);
  expect(run(device, plan('hostile.json', `table inet x {\n\t# \u001b[2J${'x'.repeat(700)}\n}\n`)).out).toBe(
    `table inet x {\n\t# \\u{1b}[2J${'x'.repeat(700)}\n}\n`,
  );
});

test.each(
  drawCases(
    [
      [
        'a missing device',
        ['nowhere'],
        /^cli\/no-such-text at nowhere: Nothing is delivered to it by what was read, which has hosting on edge1, /,
      ],
      ['a missing owner', [device, '--owner', 'other'], /^cli\/no-such-text at other on edge1: /],
      [
        'a missing line',
        [device, '--lines', '99999'],
        /^cli\/no-such-line at line 99999 of hosting on edge1: The text has \d+ lines\./,
      ],
      ['lines in no order', [device, '--lines', '7-3'], /the first line is 1/],
      ['rules of a device', [device, 'rules.nft'], /^cli\/not-ours-to-print at rules\.nft: /],
      ['a plan and a stack that differ', [device, 'cdktf.out', 'other.json'], /^cli\/several-texts at edge1: /],
      [
        'two owners',
        [device, 'cdktf.out', 'second.json'],
        /^cli\/several-owners at edge1: .*\n {2}instead: --owner hosting, or --owner second\n$/,
      ],
    ] as const,
    3,
  ),
)('refuses %s by name', (_, args, wanted) => {
  writeFileSync(join(folder, 'rules.nft'), 'table inet x {\n}\n');
  plan('other.json', `${whole}\n# another\n`);
  plan('second.json', whole, 'second');
  const { status, said } = heard(run(...args));
  expect([status, said]).toEqual([2, expect.stringMatching(wanted)]);
});
