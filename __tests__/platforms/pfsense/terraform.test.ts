// Tests deliveries to a simulated pfSense box by the real Terraform: apply, change, a refused change that keeps what
// runs, destroy.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { emitDelivery } from '../../../constructs/internal/emit-delivery';
import { createRelease } from '../../../constructs/create-release';
import { capturer } from '../../../lib/platforms/pfsense/capture/capture';
import { GatewayPolicy } from '../../../lib/policy/policy';
import { verifyPolicy } from '../../../lib/verifier/verify-policy';
import { builtCommand } from '../../built-command';
import { stackOf } from '../../constructs/construct-samples';
import { canHaveBox } from './machine';
import { boxOverSsh } from './sshd';
import { oneHost } from './generate/samples';
import { describeWhere } from '../../where-possible';
import { opening, openings, ports } from '../../generate/support';

// The whole way of an operator: the real Terraform starts the real command, which connects to the box by a real sshd.

const possible = canHaveBox && spawnSync('terraform', ['version']).status === 0;
const withBox = describeWhere(
  possible,
  'terraform apply against a pfSense box',
  'Terraform, root on Linux, and php-cli with php-xml',
);

const wish = (...open: readonly number[]): GatewayPolicy =>
  oneHost(openings('web', [opening({ ports: ports(...open) })]));

withBox('terraform', () => {
  const { folder, box, connection } = boxOverSsh(false);
  const state = join(folder, 'stack');
  const built = builtCommand();
  let around: string;
  beforeAll(() => {
    mkdirSync(state);
    around = capturer.capture(box().read('/cf/conf/config.xml')).text;
    writeFileSync(join(folder, 'edge'), `#!/bin/sh\nexec ${process.execPath} ${join(built, 'cli', 'main.js')} "$@"\n`, {
      mode: 0o755,
    });
  });

  const terraform = (...argv: string[]): { readonly out: string; readonly status: number | null } => {
    const env = { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
    const own = { CPANEL_EDGE: join(folder, 'edge') };
    const { stdout, stderr, status } = spawnSync('terraform', argv, {
      cwd: state,
      encoding: 'utf8',
      env: { ...env, ...own },
      timeout: 240_000,
    });
    return { out: stdout + stderr, status };
  };
  const apply = (policy: GatewayPolicy): ReturnType<typeof terraform> => {
    const release = createRelease(verifyPolicy(policy, around), [], 60);
    const stack = stackOf('life');
    emitDelivery(stack, { device: policy.device, owner: policy.owner }, 'terraform_data', () => ({
      release,
      connection: connection(),
    }));
    writeFileSync(join(state, 'cdk.tf.json'), Testing.synth(stack));
    terraform('init', '-input=false', '-no-color');
    return terraform('apply', '-auto-approve', '-input=false', '-no-color');
  };
  const runs = (): string => box().read('/var/pf/nat') + box().read('/var/pf/rules');

  test('applies, changes, keeps the running release if it is refused, and destroys', () => {
    const before = box()
      .read('/cf/conf/config.xml')
      .replace(/\t<revision>[^]*<\/revision>\n/, '');
    const first = apply(wish(80, 443));
    expect(first.out).toMatch(
      /installing the agent[^]*edge runs release [0-9a-f]{12} of web-team: proven over a new connection/,
    );
    expect(first.status).toBe(0);
    expect(runs()).toMatch(/-> 203\.0\.113\.10\n[^]*to <ce_web_team_\w+> port = 443 /);

    const second = apply(wish(80));
    expect([second.status, runs().includes('port = 443 ')]).toEqual([0, false]);
    expect(box().read('/var/pf/killed')).toContain('-k 10.0.1.50');

    box().write('/var/pf/refuses', '');
    const refused = apply(wish(80, 8443));
    expect(refused.status).not.toBe(0);
    expect(refused.out).toMatch(/device\/load-failed[^]*pf runs those of before/);
    expect(runs()).not.toContain('8443');
    box().remove('/var/pf/refuses');

    const destroyed = terraform('destroy', '-auto-approve', '-input=false', '-no-color');
    expect([destroyed.status, runs().includes('203.0.113.10')]).toEqual([0, false]);
    expect(
      box()
        .read('/cf/conf/config.xml')
        .replace(/\t<revision>[^]*<\/revision>\n/, ''),
    ).toBe(before);
  });
});
