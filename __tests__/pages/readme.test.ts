// Tests that README.md's stack gives the review that the page shows, and that `exposure --help` has the same commands
// for packing a server's files as docs/how-to/exposure.md.

import { createProgram } from '../../cli/commands';
import { read } from '../walls/sources';
import { typedProjects } from './typed-project';

const { type, write } = typedProjects();
const README = read('README.md');
const [, example] = /```ts\n([^]*?)```/.exec(README)!;
const [, plan, review] = /```sh\n(npx cdktf synth .*)\n(npx cpanel-edge review)\n```/.exec(README)!;
const packed = [
  ...read('docs/how-to/exposure.md').matchAll(/^ssh root@server '(tar .*)' \| npx cpanel-edge exposure -$/gm),
].map(([, tar]) => tar!);
const [, shown] = /\n( {4}OBJECTIONS: [^]*?)\n\n(?=\S)/.exec(README)!;

function helpOf(name: string): string {
  const out: string[] = [];
  const command = createProgram([]).commands.find((one) => one.name() === name)!;
  command.configureOutput({ writeOut: (text) => out.push(text) });
  command.outputHelp();
  return out.join('');
}

describe('for the stack on the page', () => {
  const written = (services: string): string =>
    example!
      .replace(`['http', 'https']`, services)
      .replace("owner: 'shop'", "owner: 'shop', releaseResource: 'terraform_data'");

  test('review prints what the page shows', () => {
    write('readme/cdktf.json', '{}');
    write('readme/tsconfig.json', '{}');
    write('readme/main.ts', written(`['http', 'https']`));
    expect(type(plan!, 'readme')).toMatchObject({ status: 0, said: '' });
    expect(type('terraform -chdir=cdktf.out/stacks/edge apply plan', 'readme')).toMatchObject({ status: 0 });

    write('readme/main.ts', written(`['http', 'https', { service: 'mysql', from: 'anywhere' }]`));
    expect(type(plan!, 'readme').status).toBe(0);
    const { status, out } = type(review!, 'readme');
    expect(status).toBe(1);
    const wanted = shown!.replace(/^ {4}/gm, '').trimEnd();
    expect(out.slice(0, wanted.length)).toBe(wanted);
  });
});

test('exposure --help has the commands of docs/how-to/exposure.md', () => {
  const told = [
    ...helpOf('exposure')
      .replace(/\n +/g, ' ')
      .matchAll(/ssh root@server "(tar -chf - [^"]*)" > server\.tar/g),
  ].map(([, tar]) => tar);
  expect(packed).toHaveLength(3);
  expect(told).toEqual(packed);
});
