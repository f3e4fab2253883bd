// Tests in which form commands are printed for the operator to type (with npx in a project, otherwise as Terraform or
// the command was started), and the parsing of device, owner, connection and release from a synthesized stack.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { OperatorProject, findProject, quoteWord, formatCommand } from '../../driver/operator-project';
import { readOwnershipRecords } from '../../driver/synthesized-stack';
import { Refusal } from '../../lib/problems/problem';
import { stackText } from './projects';
import { connectionOf, releaseOf } from './samples';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();

let count = 0;
/** Creates a folder with these files; `true` is an empty one. */
function made(files: Readonly<Record<string, string | true>>): string {
  const root = join(folder, `project-${(count += 1)}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text === true ? '' : text);
  }
  mkdirSync(root, { recursive: true });
  return root;
}

const GOOD = stackText(releaseOf(), connectionOf());
const STACK = 'cdktf.out/stacks/production';
const of = (
  at: string,
  environment: Record<string, string> = {},
  started = '/opt/edge/dist/cli/main.js',
): OperatorProject => findProject(at, { environment, started });

describe('commands to type', () => {
  test('use npx in a project in which cdktf and the package are installed', () => {
    const bin = 'node_modules/.bin/';
    const root = made({
      [`${STACK}/cdk.tf.json`]: GOOD,
      'cdktf.json': true,
      [`${bin}cdktf`]: true,
      [`${bin}cpanel-edge`]: true,
    });
    const project = of(join(root, STACK));
    expect(project).toEqual({
      folder: root,
      packageCommand: 'npx cpanel-edge',
      stack: STACK,
      synth: 'npx cdktf synth',
      apply: 'npx cdktf deploy production',
      destroy: 'npx cdktf destroy production',
      terraform: `terraform -chdir=${STACK}`,
    });
    expect(formatCommand(project, ['verify', 'gw'], connectionOf(), 'gw')).toBe(
      `npx cpanel-edge verify gw --stack ${STACK}`,
    );
  });

  test('use the command of cdktn if that is installed', () => {
    const root = made({ [`${STACK}/cdk.tf.json`]: GOOD, 'cdktf.json': true, 'node_modules/.bin/cdktn': true });
    const { synth, apply, destroy } = of(join(root, STACK));
    expect([synth, apply, destroy]).toEqual([
      'npx cdktn synth',
      'npx cdktn deploy production',
      'npx cdktn destroy production',
    ]);
  });

  test('use Terraform and the command as it was started otherwise', () => {
    const root = made({ [`${STACK}/cdk.tf.json`]: GOOD, 'cdktf.out/manifest.json': '{}' });
    const project = of(join(root, STACK), { TERRAFORM_BINARY_NAME: 'tofu' }, join(root, 'dist', 'cli', 'main.js'));
    expect([project.folder, project.packageCommand, project.apply]).toEqual([
      root,
      'dist/cli/main.js',
      `tofu -chdir=${STACK} apply`,
    ]);
    expect(of(join(root, STACK)).packageCommand).toBe('/opt/edge/dist/cli/main.js');
    expect(of(join(root, STACK), { CPANEL_EDGE: 'node /opt/edge.js' }).packageCommand).toBe('node /opt/edge.js');
  });

  test("are for the stack's folder if nothing above is a project", () => {
    const root = made({ 'cdk.tf.json': GOOD });
    const project = of(root);
    expect([project.folder, project.stack, project.apply]).toEqual([root, '.', 'terraform apply']);
  });

  test('contain the connection if a plan is applied in an empty folder, and run as printed', () => {
    const root = made({});
    const project = of(root, {}, '/bin/echo');
    const connection = connectionOf({ identityFile: "/keys/it's $HOME `x`" });
    const line = formatCommand(project, ['verify', "g'w $(x)"], connection, "g'w $(x)");
    const { stdout } = spawnSync('sh', ['-c', `${line} && cat ./g_w___x_.json`], { cwd: root, encoding: 'utf8' });
    const [said, written] = stdout.split('\n');
    expect(said).toBe("verify g'w $(x) --connection ./g_w___x_.json");
    expect(JSON.parse(written!)).toEqual(connection);
  });

  test.each(['plain/x.y', "it's", 'a b', '$(x)`y`"z"', '', 'ä;&|<>\\', '-x'])(
    'quote %j as one word of the shell',
    (word) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '[%s]' ${quoteWord(word)}`], { encoding: 'utf8' });
      expect(stdout).toBe(`[${word}]`);
    },
  );
});

describe('a synthesized stack', () => {
  test.each(['terraform_data', 'null_resource'] as const)('has device, owner, connection and release, by %s', (as) => {
    const connection = { identityFile: '/keys/${a}%{b}$${c}%%{d}$x' };
    const root = made({ 'cdk.tf.json': stackText(releaseOf(), connectionOf(connection), 'production', as) });
    expect(readOwnershipRecords(root)).toEqual([
      {
        stack: root,
        device: 'gw',
        owner: 'web',
        role: 'gateway',
        connection: { ...connectionOf(connection), platform: 'nftables' },
        release: releaseOf(),
        address: `${as}.gw_web`,
      },
    ]);
  });

  test('is undefined if it is no stack', () => {
    expect(readOwnershipRecords(made({}))).toBeUndefined();
    expect(readOwnershipRecords(made({ 'cdk.tf.json': '{}' }))).toEqual([]);
  });

  const edited = (from: string, to: string): string => GOOD.replace(from, to);
  test.each<[string, () => string, RegExp]>([
    ['cut off', () => GOOD.slice(0, 900), /^cli\/stack-unreadable at .*cdk\.tf\.json: It is no whole JSON/],
    ['empty', () => '', /It is no whole JSON/],
    [
      'with a template of Terraform',
      () => edited('"127.0.0.1"', '"${var.host}"'),
      /"\$\{var\.host\}" is known to Terraform only/,
    ],
    [
      'without a role',
      () => edited('"role": "gateway"', '"role": "router"'),
      /gw_web_holder holds no device, owner, role and connection/,
    ],
    ['with a broken work', () => edited('"1:', '"1:x'), /^delivering\/work-unreadable/],
    ['with escapes in a name', () => edited('"127.0.0.1"', '"\\u001b[2J${x}"'), /"\\u\{1b\}\[2J\$\{x\}" is known/],
  ])('%s is refused', (_, text, said) => {
    const root = made({ 'cdk.tf.json': text() });
    expect(() => readOwnershipRecords(root)).toThrow(Refusal);
    expect(() => readOwnershipRecords(root)).toThrow(said);
  });
});
