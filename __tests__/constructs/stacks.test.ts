/**
 * Tests this repository's stacks (stacks/): compares Terraform JSON and exposure with snapshots, and asserts that
 * neither databases nor administration are open to the whole internet.
 *
 * @jest-environment node
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from 'cdktf';
import { exposureMatchers, portExposure } from '../../constructs/testing';
import { EdgeEnvironment, EdgeStack } from '../../stacks/edge-stack';
import { lab } from '../../stacks/environments/lab';
import { production } from '../../stacks/environments/production';
import { readable, synthesized } from './synthesized';
import { temporaryFolder } from '../temporary-folder';
import { terraform } from '../terraform';

const top = realpathSync(temporaryFolder());

expect.addSnapshotSerializer(portExposure);
expect.extend(exposureMatchers);

const stackOf = (id: string, environment: EdgeEnvironment): EdgeStack =>
  new EdgeStack(new App({ stackTraces: false }), id, environment);

describe.each([
  ['lab', lab],
  ['production', production],
])('%s', (id, environment) => {
  const stack = stackOf(id, environment);

  it('is what Terraform receives', () => expect(readable(stack)).toMatchSnapshot());

  it('exposes', () => expect(stack).toMatchSnapshot());

  it('exposes databases to no outside source, and administration to listed sources only', () => {
    expect(stack).not.toExpose('mysql on 203.0.113.0/24 from anywhere');
    expect(stack).not.toExpose('tcp 22,2087 on 203.0.113.0/24 from 8.8.8.0/24');
    expect(stack).toExpose({
      to: id === 'lab' ? '203.0.113.10' : '203.0.113.30',
      service: 'https',
      from: '8.8.8.0/24',
    });
  });

  it('is accepted by Terraform', () => {
    const folder = join(top, id);
    mkdirSync(folder);
    const written = synthesized(stack);
    // Nothing here depends on the provider's code, and a test run may have no registry.
    const text = JSON.stringify(written)
      .replaceAll('null_resource', 'terraform_data')
      .replaceAll('"triggers":', '"triggers_replace":');
    const rest = JSON.parse(text) as Record<string, unknown>;
    delete rest['provider'];
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ ...rest, terraform: { backend: { local: {} } } }));
    terraform(folder, 'init', '-input=false', '-backend=false');
    expect(JSON.parse(terraform(folder, 'validate', '-json'))).toMatchObject({
      valid: true,
      error_count: 0,
      warning_count: 0,
    });
  });
});

it('main.ts writes them, with a command that is found from each output folder', () => {
  const root = join(__dirname, '../..');
  const outdir = join(top, 'main');
  const env = { ...process.env, CDKTF_OUTDIR: outdir };
  const done = spawnSync(process.execPath, ['-r', './scripts/typescript/register.js', 'main.ts'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(done.stderr).toBe('');
  const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, { workingDirectory: string }>;
  };
  expect(Object.keys(stacks).sort()).toEqual(['lab', 'production']);
  for (const { workingDirectory } of Object.values(stacks)) {
    const folder = join(outdir, workingDirectory);
    const commands = readFileSync(join(folder, 'cdk.tf.json'), 'utf8').matchAll(/CPANEL_EDGE:-([^}]*)}/g);
    expect(new Set([...commands].map(([, path]) => resolve(folder, path!)))).toEqual(
      new Set([join(root, 'dist/cli/main.js')]),
    );
  }
});

it("the lab's device addresses come from the file that a lab names", () => {
  try {
    const reached = {
      host: '127.0.0.9',
      port: 2222,
      user: 'deploy',
      hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'],
      identityFile: '/run/key',
    };
    const file = join(top, 'lab.json');
    writeFileSync(file, JSON.stringify({ gateway: reached, server: { ...reached, host: '127.0.0.10' } }));
    process.env['CPANEL_EDGE_LAB'] = file;
    jest.isolateModules(() => {
      // The module reads the environment when it is loaded.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { lab: running } = require('../../stacks/environments/lab') as { lab: EdgeEnvironment };
      expect(running.gateway.connection).toEqual(reached);
      expect(running.servers['web1']!.connection?.host).toBe('127.0.0.10');
    });
  } finally {
    delete process.env['CPANEL_EDGE_LAB'];
  }
});

describe('an environment', () => {
  it('is refused if it names an unknown part', () => {
    const { web1 } = lab.servers;
    expect(() => stackOf('x', { ...lab, servers: { web1: { ...web1!, profile: 'cpanle' } } })).toThrow(
      'no "cpanle"; it has cpanel',
    );
  });

  it('keeps the password of its back end out of the output', () => {
    expect((synthesized(stackOf('production', production))['terraform'] as { backend: unknown }).backend).toEqual({
      pg: { schema_name: 'edge_production' },
    });
  });

  it('removes owners and hands them over', () => {
    const gone = { device: 'edge0', owner: 'hosting' };
    expect(
      synthesized(stackOf('lab', { ...lab, decommissioned: [gone], handedOver: [{ ...gone, device: 'web0' }] }))[
        'removed'
      ],
    ).toMatchObject([
      { from: 'terraform_data.edge0_hosting_holder', lifecycle: { destroy: true } },
      { from: 'terraform_data.web0_hosting_holder', lifecycle: { destroy: false } },
      { from: 'terraform_data.web0_hosting' },
      { from: 'null_resource.web0_hosting' },
    ]);
  });
});
