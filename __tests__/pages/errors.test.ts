import { answer } from '../review/live-samples';
import { PlanBuilder, data, held } from '../review/plan/plan-builder';
import { sampleRelease, sampleStack } from '../review/plan/sample-stack';
import { wild } from '../showing/reported';
import { read } from '../walls/sources';
import { page } from './says';
import { typedProjects } from './typed-project';

const { type, write } = typedProjects();
const errors = page('errors.md').says;
const commands = page('errors/commands.md').says;
const typed = (line: string): string => {
  const { status, out, said } = type(line);
  return `${status} ${out}${said}`;
};

describe('a wish that is refused', () => {
  const shown = /```text\n(intent\/host-bits-set [^]*?)```/.exec(read('docs/errors.md'))![1]!;

  errors(
    'Every error has a code that never changes its meaning, says where it is (at synthesis, the line that wrote it), what is wrong, and what to write instead:',
    () => {
      const [, example] = /```ts\n([^]*?)```/.exec(read('README.md'))!;
      const [before, behind] = example!.replace("(stack, 'web', {", "(stack, 'sites', {").split('gateway.publish');
      const stack = `${before!}new OneToOneNat(stack, 'web', { gateway, outside: '203.0.113.10', inside: '10.0.0.10/24', profile });\ngateway.publish${behind!}`;
      // To the line that the page names.
      const above = 41 - stack.slice(0, stack.indexOf('new OneToOneNat')).split('\n').length;
      write('stacks/edge.ts', '\n'.repeat(above) + stack.replace('Defaults, Gateway', 'Defaults, Gateway, OneToOneNat'));
      write('main.ts', "import './stacks/edge';\n");
      expect(type('cdktf synth').said).toContain(shown.trimEnd());
      const other = /^ {4}(intent\/host-bits-set .*\n) {4}(.*\n)/m.exec(read('docs/first-gateway.md'))!;
      expect(other[1]! + other[2]!).toBe(shown);
    },
  );

  errors('Where a command is asked for JSON (`--json`), what is refused stands on standard output, too:', () => {
    for (const line of [
      'exposure nowhere.nft',
      'review nowhere',
      'text gw1 nowhere',
      'verify gw1',
      'doctor 203.0.113.10',
      'import nowhere',
    ]) {
      const { status, out, said } = type(`cpanel-edge ${line} --json`);
      const { format, problems } = JSON.parse(out) as { format: number; problems: Record<string, string>[] };
      expect([line, status, format, Object.keys(problems[0]!)]).toEqual([line, 2, 1, ['code', 'where', 'what', 'instead']]);
      expect(said).toContain(`${problems[0]!['code']} at `);
    }
  });

  errors('Of a code that is written almost right it names the nearest.', () => {
    expect(typed('cpanel-edge explain intent/host-bits-set')).toMatch(/^0 # intent\/host-bits-set\n/);
    expect(typed('cpanel-edge explain intent/host-bit-set')).toMatch(/^2 cli\/no-such-code at .*\n {2}instead: intent\/host-bits-set\./);
  });
});

describe('commands that are given something else', () => {
  commands(
    'The text should say which addresses and routes the server has, as `ip -o addr` and `ip -o route` print them, and no line of it does.',
    () => {
      write('rules.nft', wild('fail2ban'));
      expect(typed('cpanel-edge exposure rules.nft --facts rules.nft')).toMatch(/^2 cli\/no-facts at rules\.nft: No line of it /);
    },
  );

  commands("A stack's file alone doesn't say where its plan and its manifest are. Give the folder that holds `cdk.tf.json`.", () => {
    write('stack.json', sampleStack());
    expect(typed('cpanel-edge exposure stack.json')).toMatch(
      /^2 cli\/stack-by-folder at stack\.json: .*\n {2}instead: the folder that holds cdk\.tf\.json\./,
    );
    write('whole/cdk.tf.json', sampleStack());
    expect(typed('cpanel-edge exposure whole')).toMatch(/^0 Open to the internet: /);
  });

  commands(
    'The stack names a device and holds no release for it, so nothing can be shown of it: that is said, and what is asked for is UNKNOWN.',
    () => {
      const stack = JSON.parse(sampleStack()) as { resource: { terraform_data: Record<string, object> } };
      delete stack.resource.terraform_data['mail1_hosting'];
      write('cut/cdk.tf.json', JSON.stringify(stack));
      const shown = typed('cpanel-edge exposure cut');
      expect(shown).toMatch(/^0 .*Not everything is told: see what is assumed\.\n/);
      expect(shown).toContain('\nassumed: hosting on mail1: The stack holds no release for it, so what it exposes is not shown.\n');
      expect(typed('cpanel-edge exposure cut --service mysql')).toMatch(/^3 /);
    },
  );

  commands(
    "To read a device's answer the review needs to know which of its interfaces are outside, which the plan's policy says, and that can't be read.",
    () => {
      const release = sampleRelease();
      const [input, after] = [held({ device: release.device, owner: release.owner }), data({ text: release.text, policy: 'e30=' })];
      const id = `${release.device}_${release.owner}`;
      const plan = new PlanBuilder()
        .kept(`terraform_data.${id}_holder`, ['no-op'], input, input)
        .kept(`terraform_data.${id}`, ['no-op'], after, after)
        .ours({ ...release, policy: 'e30=' }, id);
      write('plan.json', JSON.stringify(plan.json()));
      write('live.json', JSON.stringify(answer));
      expect(typed('cpanel-edge review plan.json --live live.json')).toMatch(
        /^2 cli\/live-without-policy at live\.json: The plan's policies for edge1 can't be read/,
      );
    },
  );
});
