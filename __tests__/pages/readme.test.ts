import { read } from '../walls/sources';
import { page } from './says';
import { typedProjects } from './typed-project';

const { says, inLab } = page('../README.md');
const { type, write } = typedProjects();
const README = read('README.md');
const [, example] = /```ts\n([^]*?)```/.exec(README)!;
const [, plan, review] = /```sh\n(npx cdktf synth .*)\n(npx cpanel-edge review)\n```/.exec(README)!;
const packed = [...README.matchAll(/^ssh root@server '(tar .*)' \| npx cpanel-edge exposure -$/gm)].map(([, tar]) => tar!);
const [, shown] = /\n( {4}OBJECTIONS: [^]*?)\n\n(?=\S)/.exec(README)!;

describe('of the stack that the page shows', () => {
  const written = (services: string): string =>
    example!.replace(`['http', 'https']`, services).replace("owner: 'shop'", "owner: 'shop', releaseResource: 'terraform_data'");

  says("**What will this change open?** Plan to a file, in the stack's folder, then ask.", () => {
    write('readme/cdktf.json', '{}');
    write('readme/tsconfig.json', '{}');
    write('readme/main.ts', written(`['http', 'https']`));
    expect(type(plan!, 'readme')).toMatchObject({ status: 0, said: '' });
    const first = type(review!, 'readme');
    expect([first.status, first.said, first.out.split('\n')[0]]).toEqual([
      0,
      '',
      expect.stringMatching(/^NEW WARNINGS: first release of gw1\/shop and web1\/shop, tcp 80,443 open to the internet/),
    ]);
    expect(type('terraform -chdir=cdktf.out/stacks/edge apply plan', 'readme')).toMatchObject({ status: 0 });

    write('readme/main.ts', written(`['http', 'https', { service: 'mysql', from: 'anywhere' }]`));
    expect(type(plan!, 'readme').status).toBe(0);
    const { status, out } = type(review!, 'readme');
    expect(status).toBe(1);
    const wanted = shown!.replace(/^ {4}/gm, '').trimEnd();
    expect(out.slice(0, wanted.length)).toBe(wanted);
  });

  says('Exit status 1: objections; 3: something is unknown; 0: neither.', () => {
    write('readme/main.ts', written(`['https']`));
    expect(type(review!, 'readme').status).toBe(3);
  });
});

says('Of any server, nobody has to have described it:', () => {
  const { out } = type('npx cpanel-edge exposure --help');
  const told = [...out.replace(/\n +/g, ' ').matchAll(/ssh root@server "(tar -chf - [^"]*)" > server\.tar/g)].map(([, tar]) => tar);
  expect(packed).toHaveLength(3);
  expect(told).toEqual(packed);
});

inLab([['Most likely: web1 has no route back to 198.51.100.7: its default route is gone.', "the server's default route is gone"]]);
