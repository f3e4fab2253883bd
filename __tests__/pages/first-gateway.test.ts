import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { page } from './says';
import { typedProjects } from './typed-project';

const { says, inLab } = page('first-gateway.md');
const { folder, type, read, write } = typedProjects();
const review = (): readonly [status: number | null, firstLine: string] => {
  const { status, out } = type('npm run review', 'edge');
  return [status, out.split('\n')[0]!];
};
const changed = (from: string, to: string): void => write('edge/edge.ts', read('edge/edge.ts').replace(from, to));

beforeAll(() => {
  expect(type('cpanel-edge init edge --yes').status).toBe(0);
});

says(
  "`Defaults.on(app, { releaseResource: 'terraform_data' });` in `main.ts`, before the stack, needs no provider and does the same.",
  () => {
    const [before, behind] = read('edge/main.ts').split('new EdgeStack');
    write(
      'edge/main.ts',
      `import { Defaults } from 'cpanel-edge';\n${before!}Defaults.on(app, { releaseResource: 'terraform_data' });\nnew EdgeStack${behind!}`,
    );
    expect(type('npm run synth', 'edge').status).toBe(0);
    expect(read('edge/cdktf.out/stacks/edge/cdk.tf.json')).not.toContain('null_resource');
  },
);

let planned = '';
says('npm run plan && npm run review', () => {
  const { status, said, out } = type('npm run plan', 'edge');
  expect([status, said]).toEqual([0, '']);
  planned = out;
  expect(review()).toEqual([
    0,
    expect.stringMatching(/^NEW WARNINGS: first release of gw1\/hosting and web1\/hosting, 14 ports open to the internet on/),
  ]);
});

says('The plan lists your mappings and, once for each distinct profile, what it opens.', () => {
  const plain = stripVTControlCharacters(planned);
  expect(plain).toMatch(/"mapping nat-203-0-113-10" += "203\.0\.113\.10 = 10\.0\.0\.10 on wan, opens web, /);
  expect(plain).toMatch(/"web opens tcp 443" += "from anywhere \(web: https\)"/);
});

says('apply without delivering: the state then has the first release, and nothing was sent.', () => {
  expect(type('CPANEL_EDGE=true terraform -chdir=cdktf.out/stacks/edge apply plan', 'edge').status).toBe(0);
  changed("'panel']", "'panel', 'ftp']");
  expect(type('npm run plan', 'edge').status).toBe(0);
  expect(review()).toEqual([1, expect.stringMatching(/^OBJECTIONS: tcp 21,49152-65534 open to the internet on 203\.0\.113\.10; /)]);
});

says('where synthesis or the plan fails, `review` alone finds the plan of before, which still lies there, and is unknown.', () => {
  changed("'ftp'", "'fttp'");
  const { status, said } = type('npm run plan && npm run review', 'edge');
  expect([status, said]).toEqual([1, expect.stringContaining('intent/unknown-service at CpanelFirewallProfile "web" (edge.ts:')]);
  expect(review()).toEqual([3, expect.stringMatching(/^UNKNOWN: the plan is out of date, and says: /)]);
});

says('Delete that state (`terraform.edge.tfstate`) before you deploy', () =>
  expect(existsSync(join(folder, 'edge/terraform.edge.tfstate'))).toBe(true),
);

says('Without `--user` no sudoers line is written, and `bootstrap` says so.', () => {
  const [root, admin] = [type('npx cpanel-edge bootstrap'), type('npx cpanel-edge bootstrap --user admin')];
  expect([root.status, root.out.includes('sudoers'), root.said]).toEqual([
    0,
    false,
    expect.stringContaining('No sudoers line was written'),
  ]);
  expect([admin.status, admin.out.includes('/etc/sudoers.d/'), admin.said]).toEqual([0, true, '']);
});

inLab([
  ['prints what was observed beside what was proven', 'deploy: from every vantage what is observed is what was proven'],
  ['npx cdktf deploy edge', 'npx cdktf diff, deploy and destroy of the stack in main.ts'],
  [
    'If you are locked out, the device undoes it by itself within 90 seconds, and the next apply converges.',
    'a lock-out rolls back by itself and the next apply converges',
  ],
  [
    "Terraform runs nothing for what the code doesn't have any more, so it forgets the device, which stays as open as it was",
    'a gateway that only disappears from the code stays as it is, until somebody takes it off by hand',
  ],
  [
    "A gateway is as it was without us; a server stays closed, unless it said `onRetract: 'as before'`.",
    'destroy gives the gateway back as it was and keeps the server closed',
  ],
  ['in its place, and the next apply takes our rules off it.', 'a retired gateway is retracted and shows in the plan'],
]);
