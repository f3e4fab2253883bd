// Tests docs/tutorials/first-gateway.md in a fresh project: typing its commands gives the plans, reviews and states
// that the tutorial shows.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { typedProjects } from './typed-project';

const { folder, type, read, write } = typedProjects();
const review = (): readonly [status: number | null, firstLine: string] => {
  const { status, out } = type('npm run review', 'edge');
  return [status, out.split('\n')[0]!];
};
const changed = (from: string, to: string): void => write('edge/edge.ts', read('edge/edge.ts').replace(from, to));

beforeAll(() => {
  expect(type('cpanel-edge init edge --yes').status).toBe(0);
});

test('terraform_data by Defaults.on in main.ts needs no provider', () => {
  const [before, behind] = read('edge/main.ts').split('new EdgeStack');
  write(
    'edge/main.ts',
    `import { Defaults } from 'cpanel-edge';\n${before!}Defaults.on(app, { releaseResource: 'terraform_data' });\nnew EdgeStack${behind!}`,
  );
  expect(type('npm run synth', 'edge').status).toBe(0);
  expect(read('edge/cdktf.out/stacks/edge/cdk.tf.json')).not.toContain('null_resource');
});

let planned = '';
test('npm run plan, then npm run review', () => {
  const { status, said, out } = type('npm run plan', 'edge');
  expect([status, said]).toEqual([0, '']);
  planned = out;
  expect(review()).toEqual([
    0,
    expect.stringMatching(
      /^NEW WARNINGS: first release of gw1\/hosting and web1\/hosting, 14 ports open to the internet on/,
    ),
  ]);
});

test("the plan lists the mappings, and each profile's ports once", () => {
  const plain = stripVTControlCharacters(planned);
  expect(plain).toMatch(/"mapping nat-203-0-113-10" += "203\.0\.113\.10 = 10\.0\.0\.10 on wan, opens web, /);
  expect(plain).toMatch(/"web opens tcp 443" += "from anywhere \(web: https\)"/);
});

test('after an apply without a delivery, a change is reviewed against the first release', () => {
  expect(type('CPANEL_EDGE=true terraform -chdir=cdktf.out/stacks/edge apply plan', 'edge').status).toBe(0);
  changed("'panel']", "'panel', 'ftp']");
  expect(type('npm run plan', 'edge').status).toBe(0);
  expect(review()).toEqual([
    1,
    expect.stringMatching(/^OBJECTIONS: tcp 21,49152-65534 open to the internet on 203\.0\.113\.10; /),
  ]);
});

test('a failed synthesis leaves the old plan, which review calls out of date', () => {
  changed("'ftp'", "'fttp'");
  const { status, said } = type('npm run plan && npm run review', 'edge');
  expect([status, said]).toEqual([
    1,
    expect.stringContaining('intent/unknown-service at CpanelFirewallProfile "web" (edge.ts:'),
  ]);
  expect(review()).toEqual([3, expect.stringMatching(/^UNKNOWN: the plan is out of date, and says: /)]);
});

test('the state to delete before a deployment is terraform.edge.tfstate', () =>
  expect(existsSync(join(folder, 'edge/terraform.edge.tfstate'))).toBe(true));
