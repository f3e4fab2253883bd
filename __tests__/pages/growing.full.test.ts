// Tests docs/how-to/add-servers.md (gateways and servers in stacks of their own) by typing its commands: synth, plan,
// review, exposure.

import { read } from '../walls/sources';
import { typedProjects } from './typed-project';

const { type, write } = typedProjects();
const blocks = [...read('docs/how-to/add-servers.md').matchAll(/```ts\n([^]*?)```/g)].map(([, block]) => block!);
const plan = (stack: string): string =>
  `terraform -chdir=cdktf.out/stacks/${stack} init && terraform -chdir=cdktf.out/stacks/${stack} plan -out=plan`;

describe('gateways and servers in separate stacks', () => {
  beforeAll(() => {
    write('cdktf.json', '{}');
    write('tsconfig.json', '{}');
    // The machine reaches no registry.
    write(
      'main.ts',
      blocks[1]!.replace('Defaults.on(app, {', "Defaults.on(app, {\n  releaseResource: 'terraform_data',"),
    );
    expect(type(`npx cdktf synth && ${plan('gateways')} && ${plan('servers')}`)).toMatchObject({ status: 0, said: '' });
  });

  test('review judges both plans together, end to end', () => {
    const { status, out } = type('npx cpanel-edge review');
    expect([status, out]).toEqual([
      0,
      expect.stringContaining(
        '203.0.113.10, 203.0.113.11 from the internet by wan, also from inside by lan (gw1/shop, end to',
      ),
    ]);
    expect(out).toContain('tcp 80,443 from anywhere, reaches 10.0.0.10 of web1 and 10.0.0.11 of web2\n');
  });

  test('review of one plan says that it covers one device', () => {
    const [gateways, servers] = ['gateways', 'servers'].map(
      (stack) => type(`npx cpanel-edge review cdktf.out/stacks/${stack}/plan`).out,
    );
    expect(gateways).toMatch(
      /203\.0\.113\.10, 203\.0\.113\.11 from the internet by wan, .*\(gw1\/shop, one\s+device\)/,
    );
    expect(servers).toContain('10.0.0.10 from the internet by eth0 (web1/shop, one device)');
  });

  test('exposure shows each stack alone', () => {
    const { status, out } = type('npx cpanel-edge exposure --service https --start outside');
    expect(status).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^(gateways|servers): https: YES, from any address in the internet/);
    expect(out).toMatch(/^gateways: https: /m);
    expect(out).toMatch(/^servers: https: /m);
  });
});
