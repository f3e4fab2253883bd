import { read } from '../walls/sources';
import { page } from './says';
import { typedProjects } from './typed-project';

const { says, inLab } = page('growing.md');
const { type, write } = typedProjects();
const blocks = [...read('docs/growing.md').matchAll(/```ts\n([^]*?)```/g)].map(([, block]) => block!);
const plan = (stack: string): string =>
  `terraform -chdir=cdktf.out/stacks/${stack} init && terraform -chdir=cdktf.out/stacks/${stack} plan -out=plan`;

describe('gateways and servers in stacks of their own', () => {
  beforeAll(() => {
    write('cdktf.json', '{}');
    write('tsconfig.json', '{}');
    // As where no registry is reached.
    write('main.ts', blocks[1]!.replace('Defaults.on(app, {', "Defaults.on(app, {\n  releaseResource: 'terraform_data',"));
    expect(type(`npx cdktf synth && ${plan('gateways')} && ${plan('servers')}`)).toMatchObject({ status: 0, said: '' });
  });

  says('Plan both, and `npx cpanel-edge review` judges them together, end to end.', () => {
    const { status, out } = type('npx cpanel-edge review');
    expect([status, out]).toEqual([
      0,
      expect.stringContaining('203.0.113.10, 203.0.113.11 from the internet by wan, also from inside by lan (gw1/shop, end to'),
    ]);
    expect(out).toContain('tcp 80,443 from anywhere, reaches 10.0.0.10 of web1 and 10.0.0.11 of web2\n');
  });

  says("Of one plan alone it has one side's word, and says so: `one device`.", () => {
    const [gateways, servers] = ['gateways', 'servers'].map((stack) => type(`npx cpanel-edge review cdktf.out/stacks/${stack}/plan`).out);
    expect(gateways).toMatch(/203\.0\.113\.10, 203\.0\.113\.11 from the internet by wan, .*\(gw1\/shop, one\s+device\)/);
    expect(servers).toContain('10.0.0.10 from the internet by eth0 (web1/shop, one device)');
  });

  says('`exposure` shows each stack by itself.', () => {
    const { status, out } = type('npx cpanel-edge exposure --service https --vantage outside');
    expect([status, out.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(
        /^gateways: https from the internet: let through from anywhere to 203\.0\.113\.10, 203\.0\.113\.11, .*\. servers: https from the internet: /,
      ),
    ]);
  });
});

inLab([
  ['in the one that had it, `adopt` in the other. No rule changes by that.', 'a server moves to another stack without a packet lost'],
  [
    'Where nobody confirms, all tables of iptables are as they were when the trial began, and firewalld starts again.',
    'firewalld: taken over, back after a lock-out, and not started by the device afterwards',
  ],
  ['What somebody enables again runs beside ours: `verify` says so', 'ufw: taken over, and whoever enables it again is told'],
  [
    'A loss of power or a restart in a trial finds everything enabled as it was.',
    'ufw: a lock-out brings it back as it was, so does a loss of power in a trial, and the next apply converges',
  ],
  ['A retract brings back what gave way last', 'csf: taken over; a retract starts it, and not ufw and firewalld, which gave way before'],
]);
