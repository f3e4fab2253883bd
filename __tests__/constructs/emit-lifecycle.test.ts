// Tests, with the real Terraform, at which steps in the life of an owner (first apply, change, failure, hand-over,
// destroy) the driver is started to deliver or to remove.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { ReleaseResource } from '../../constructs/internal/emit-delivery';
import { decodeWork } from '../../lib/agent-protocol/work-codec';
import { parseRemoveOrder } from '../../driver/remove-order';
import { connectionOf } from '../driver/samples';
import { temporaryFolder } from '../temporary-folder';
import { Ran, Wanted, lifeStack, nullProvider, runTerraform, terraformEnvironment } from '../terraform';
import { drawCases } from '../randomly';

/**
 * The commands and environments that the real Terraform starts over the life of an owner on a device. The driver is a
 * script that logs its orders.
 */
interface Call {
  readonly verb: string;
  readonly lease: string;
  readonly environment: Record<string, string>;
}

interface FormerStack {
  readonly variable: object;
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
}

interface Change extends Wanted {
  readonly text?: string;
}

const top = temporaryFolder();
const { configuration, where } = nullProvider();
let releaseResource: ReleaseResource = 'terraform_data';

class State {
  readonly folder = mkdtempSync(join(top, 'state-'));
  private readonly calls = join(this.folder, 'calls');
  private readonly driver = join(this.folder, 'driver');
  failing = false;

  constructor() {
    const note = `node -e 'const fs = require("fs"); fs.appendFileSync(process.env.CALLS, JSON.stringify({ verb: process.argv[1], lease: process.env.CPANEL_EDGE_LEASE, environment: process.env }) + "\\n")' "$1"`;
    writeFileSync(this.driver, `#!/bin/sh\n${note}\nexit "$STATUS"\n`, { mode: 0o755 });
  }

  terraform(...argv: string[]): Ran {
    const own = { CPANEL_EDGE: this.driver, CALLS: this.calls, STATUS: this.failing ? '1' : '0' };
    return runTerraform(this.folder, argv, terraformEnvironment(own, configuration));
  }

  write({ text = 'one\n', ...wanted }: Change): void {
    const release = { text, lines: [`mapping web: ${text.trim()}`] };
    writeFileSync(join(this.folder, 'cdk.tf.json'), lifeStack({ as: releaseResource, release, ...wanted }));
  }

  /** Applies, and returns the commands that were started. */
  apply(change: Change, status = 0): { readonly calls: readonly Call[]; readonly out: string } {
    this.write(change);
    return this.run(status, 'apply', '-auto-approve', '-input=false', '-no-color');
  }

  run(status: number, ...argv: string[]): { readonly calls: readonly Call[]; readonly out: string } {
    rmSync(this.calls, { force: true });
    if (!existsSync(join(this.folder, '.terraform'))) this.terraform('init', '-input=false');
    const done = this.terraform(...argv);
    if (done.status !== status) throw new Error(done.text);
    const noted = existsSync(this.calls) ? readFileSync(this.calls, 'utf8').trim().split('\n') : [];
    return { calls: noted.map((line) => JSON.parse(line) as Call), out: done.text };
  }
}

const verbs = (calls: readonly Call[]): string[] => calls.map(({ verb }) => verb);

describe.each<ReleaseResource>(
  configuration === undefined ? ['terraform_data'] : drawCases(['terraform_data', 'null_resource'], 1),
)('%s', (as) => {
  beforeEach(() => void (releaseResource = as));

  it('delivers once, replaces without a removal, and removes at the end', () => {
    const state = new State();
    const first = state.apply({});
    expect(verbs(first.calls)).toEqual(['deliver']);
    expect(first.calls[0]!.lease).toMatch(/^[0-9a-f-]{36}$/);
    expect(decodeWork(first.calls[0]!.environment, inflateSync).release.text).toBe('one\n');

    expect(state.apply({})).toMatchObject({ calls: [], out: expect.stringContaining('No changes') as string });

    const second = state.apply({ text: 'two\n' });
    expect(verbs(second.calls)).toEqual(['deliver']);
    expect(second.calls[0]!.lease).toBe(first.calls[0]!.lease);
    expect(second.out).toMatch(/~ "mapping web" += "one" -> "two"/);
    expect(second.out).toContain('1 added, 0 changed, 1 destroyed');

    const end = state.run(0, 'destroy', '-auto-approve', '-no-color');
    expect(verbs(end.calls)).toEqual(['retract']);
    expect(end.calls[0]!.lease).toBe(first.calls[0]!.lease);
    expect(parseRemoveOrder(end.calls[0]!.environment)).toMatchObject({
      device: 'gw',
      owner: 'web',
      role: 'gateway',
      connection: connectionOf(),
    });
  });

  it('a release applied in the former form is kept', () => {
    const state = new State();
    const release = { text: 'one\n', policy: '{}', lines: ['a ${b}: %{c} $${d}', 'mapping web: one', 'said'] };
    state.write({ release });
    const path = join(state.folder, 'cdk.tf.json');
    const { variable, ...stack } = JSON.parse(readFileSync(path, 'utf8')) as FormerStack;
    const triggers = {
      'a $${b}': '%%{c} $$${d}',
      'host keys': connectionOf().hostKeys[0],
      lease: '${terraform_data.gw_web_holder.id}',
      'mapping web': 'one',
      policy: '${sensitive("e30=")}',
      said: '',
      text: '${sensitive("b25lCg==")}',
    };
    stack.resource[as]!['gw_web']![as === 'null_resource' ? 'triggers' : 'triggers_replace'] = triggers;
    writeFileSync(path, JSON.stringify(stack));
    expect(Object.keys(variable)).toEqual(['gw_web_lines', 'gw_web_policy', 'gw_web_text']);
    expect(verbs(state.run(0, 'apply', '-auto-approve', '-input=false', '-no-color').calls)).toEqual(['deliver']);
    expect(state.apply({ release })).toMatchObject({ calls: [], out: expect.stringContaining('No changes') as string });
  });

  it('a new address is updated in place; a new host key delivers again', () => {
    const state = new State();
    const first = state.apply({});
    const moved = state.apply({ connection: { host: '127.0.0.9' } });
    expect([verbs(moved.calls), moved.out.includes('0 added, 1 changed, 0 destroyed')]).toEqual([[], true]);
    const rebuilt = state.apply({ connection: { host: '127.0.0.9', hostKeys: ['ssh-ed25519 AAAArebuilt'] } });
    expect(verbs(rebuilt.calls)).toEqual(['deliver']);
    expect(rebuilt.calls[0]!.lease).toBe(first.calls[0]!.lease);
    expect(parseRemoveOrder(state.run(0, 'destroy', '-auto-approve').calls[0]!.environment).connection.host).toBe(
      '127.0.0.9',
    );
  });

  it('a failed delivery succeeds with the next apply, without a removal', () => {
    const state = new State();
    const first = state.apply({});
    state.failing = true;
    expect(verbs(state.apply({ text: 'two\n' }, 1).calls)).toEqual(['deliver']);
    expect(verbs(state.apply({ text: 'two\n' }, 1).calls)).toEqual(['deliver']);
    state.failing = false;
    const good = state.apply({ text: 'three\n' });
    expect(verbs(good.calls)).toEqual(['deliver']);
    expect(good.calls[0]!.lease).toBe(first.calls[0]!.lease);
    expect(state.apply({ text: 'three\n' }).out).toContain('No changes');
  });

  it('CPANEL_EDGE=true applies without a delivery, and the next plan shows that', () => {
    const state = new State();
    state.write({});
    const environment = terraformEnvironment({ CPANEL_EDGE: 'true' }, configuration);
    for (const argv of [['init'], ['apply', '-auto-approve', '-input=false', '-no-color']]) {
      expect(runTerraform(state.folder, argv, environment).status).toBe(0);
    }
    expect(state.apply({}).out).toContain('No changes');
    state.write({ text: 'two\n' });
    expect(state.run(0, 'plan', '-no-color').out).toContain('.gw_web must be replaced');
  });

  it('an owner that disappears from the code is planned away visibly, and only DecommissionedOwner removes it', () => {
    const state = new State();
    state.apply({});
    state.write({ device: 'gw2' });
    expect(state.run(0, 'plan', '-no-color').out).toMatch(/terraform_data\.gw_web_holder will be destroyed/);
    // Terraform runs no destroy provisioner of a block that is gone.
    const other = new State();
    other.apply({});
    expect(other.apply({ none: true })).toMatchObject({
      calls: [],
      out: expect.stringContaining('2 destroyed') as string,
    });
    const { calls } = state.apply({ device: 'gw2', retired: [{ device: 'gw', owner: 'web' }] });
    expect(verbs(calls).sort()).toEqual(['deliver', 'retract']);
    expect(parseRemoveOrder(calls.find(({ verb }) => verb === 'retract')!.environment).device).toBe('gw');
    expect(state.apply({ device: 'gw2', retired: [{ device: 'gw', owner: 'web' }] }).out).toContain('No changes');
  });

  it('a failed removal is repeated by the next apply', () => {
    const state = new State();
    state.apply({});
    state.failing = true;
    expect(verbs(state.apply({ none: true, retired: [{ device: 'gw', owner: 'web' }] }, 1).calls)).toEqual(['retract']);
    state.failing = false;
    expect(verbs(state.apply({ none: true, retired: [{ device: 'gw', owner: 'web' }] }).calls)).toEqual(['retract']);
  });

  it('moves to another state by its owner token, without a delivery or removal by the first', () => {
    const [from, to] = [new State(), new State()];
    const { lease } = from.apply({}).calls[0]!;
    const given = from.apply({ none: true, released: [{ device: 'gw', owner: 'web' }] });
    expect([given.calls, given.out.includes('0 destroyed')]).toEqual([[], true]);
    expect(from.terraform('state', 'list').out).toBe('');

    const taken = to.apply({ adopt: lease });
    expect(verbs(taken.calls)).toEqual(['deliver']);
    expect(taken.calls[0]!.lease).toBe(lease);
    expect(to.apply({ adopt: lease }).out).toContain('No changes');
    expect(to.apply({}).out).toContain('No changes');
    expect(to.run(0, 'destroy', '-auto-approve').calls).toMatchObject([{ verb: 'retract', lease }]);
  });
});

where('both resources', () => {
  it('switching the resource delivers again and removes nothing', () => {
    const state = new State();
    releaseResource = 'null_resource';
    const { lease } = state.apply({}).calls[0]!;
    releaseResource = 'terraform_data';
    expect(state.apply({}).calls).toMatchObject([{ verb: 'deliver', lease }]);
  });
});

it('a saved plan can be applied from an empty folder', () => {
  releaseResource = 'terraform_data';
  const state = new State();
  state.write({});
  state.run(0, 'plan', '-input=false', '-out=plan');
  const elsewhere = new State();
  writeFileSync(join(elsewhere.folder, 'plan'), readFileSync(join(state.folder, 'plan')));
  expect(verbs(elsewhere.run(0, 'apply', '-input=false', 'plan').calls)).toEqual(['deliver']);
});
