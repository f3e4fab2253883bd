// Tests the two Terraform resources of a device, ownership record and release: their names, triggers, environments and
// provisioners, and that no text of a user is read as Terraform code.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { App, TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { Delivery, Ownership, ReleaseResource, emitDelivery } from '../../constructs/internal/emit-delivery';
import { emitRemovedBlocks } from '../../constructs/internal/removed-blocks';
import { decodeWork } from '../../lib/agent-protocol/work-codec';
import { Release } from '../../lib/agent-protocol/release';
import { Refusal } from '../../lib/problems/problem';
import { connectionOf, releaseOf } from '../driver/samples';
import { temporaryFolder } from '../temporary-folder';
import { terraform } from '../terraform';

const pair: Ownership = { device: 'gw', owner: 'web' };
const stackOf = (id = 'emit'): TerraformStack => new TerraformStack(new App({ stackTraces: false }), id);
const delivery = (release: Partial<Release> = {}, rest: Partial<Delivery> = {}): Delivery => ({
  release: releaseOf(release),
  connection: connectionOf(),
  ...rest,
});

interface Emitted {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly variable?: Record<string, unknown>;
  readonly import?: unknown;
  readonly removed?: unknown;
  readonly provider?: unknown;
}

function emitted(stack: TerraformStack): Emitted {
  return JSON.parse(Testing.synth(stack)) as Emitted;
}

function emit(made: Delivery, as: ReleaseResource = 'terraform_data'): Emitted {
  const stack = stackOf();
  emitDelivery(stack, pair, as, () => made);
  return emitted(stack);
}

const provisionerOf = (resource: Record<string, unknown>): { command: string; environment: Record<string, string> } =>
  (resource['provisioner'] as { 'local-exec': { command: string; environment: Record<string, string> } }[])[0]![
    'local-exec'
  ];

it('makes an ownership record and a release, named by device and owner only', () => {
  const { resource, variable } = emit(
    delivery({
      lines: ['mapping web: 203.0.113.10 = 10.0.0.10 on wan0, opens web', 'web opens tcp 443: from anywhere'],
    }),
  );
  expect(Object.keys(resource)).toEqual(['terraform_data']);
  expect(Object.keys(resource['terraform_data']!)).toEqual(['gw_web', 'gw_web_holder']);
  const release = resource['terraform_data']!['gw_web']!;
  expect(release['lifecycle']).toEqual({ create_before_destroy: true });
  expect(release['triggers_replace']).toBe(
    '${merge(var.gw_web_lines, { lease = terraform_data.gw_web_holder.id, policy = var.gw_web_policy, text = var.gw_web_text })}',
  );
  const description = 'cpanel-edge writes it; it is not to be set.';
  expect(variable).toEqual({
    gw_web_lines: {
      description,
      default: {
        'host keys': connectionOf().hostKeys[0],
        'mapping web': '203.0.113.10 = 10.0.0.10 on wan0, opens web',
        'web opens tcp 443': 'from anywhere',
      },
    },
    gw_web_policy: { description, type: 'string', sensitive: true, default: Buffer.from('{}').toString('base64') },
    gw_web_text: {
      description,
      type: 'string',
      sensitive: true,
      default: Buffer.from(releaseOf().text).toString('base64'),
    },
  });
});

it('gives the driver its work as literals, and the owner token', () => {
  const made = delivery();
  const { command, environment } = provisionerOf(emit(made).resource['terraform_data']!['gw_web']!);
  expect(command).toBe('exec $${CPANEL_EDGE:-../../../dist/cli/main.js} deliver');
  expect(environment['CPANEL_EDGE_LEASE']).toBe('${terraform_data.gw_web_holder.id}');
  expect(decodeWork(environment, inflateSync)).toEqual({
    format: 1,
    connection: made.connection,
    release: made.release,
  });
});

it('lets the ownership record remove with its own data, and gives it no trigger', () => {
  const holder = emit(delivery()).resource['terraform_data']!['gw_web_holder']!;
  expect(holder).toEqual({
    input: {
      format: 1,
      device: 'gw',
      owner: 'web',
      role: 'gateway',
      platform: 'nftables',
      onRetract: 'as before',
      rollbackSeconds: 90,
      connection: connectionOf(),
    },
    provisioner: [
      {
        'local-exec': {
          when: 'destroy',
          command: 'exec $${CPANEL_EDGE:-../../../dist/cli/main.js} retract',
          environment: { CPANEL_EDGE_LEASE: '${self.id}', CPANEL_EDGE_RETRACT: '${jsonencode(self.input)}' },
        },
      },
    ],
  });
});

describe('null_resource', () => {
  it('comes with one default provider', () => {
    const { resource, variable, provider } = emit(delivery({ lines: ['mapping web: x'] }), 'null_resource');
    expect(Object.keys(resource['null_resource']!)).toEqual(['gw_web']);
    expect(resource['null_resource']!['gw_web']!['triggers']).toContain('lease = terraform_data.gw_web_holder.id');
    expect(variable!['gw_web_lines']).toMatchObject({ default: { 'mapping web': 'x' } });
    expect(provider).toEqual({ null: [{}] });
  });

  it.each(['before', 'after'])('uses a provider that the stack makes %s it', (when) => {
    const stack = stackOf();
    if (when === 'before') new NullProvider(stack, 'own');
    emitDelivery(stack, pair, 'null_resource', () => delivery());
    emitDelivery(new Construct(stack, 'other'), { device: 'gw2', owner: 'web' }, 'null_resource', () =>
      delivery({ device: 'gw2' }),
    );
    if (when === 'after') new NullProvider(stack, 'own');
    expect(emitted(stack).provider).toEqual({ null: [{}] });
  });
});

it('plans no change if it is wrapped in another construct', () => {
  const [plain, wrapped] = [stackOf(), stackOf()];
  emitDelivery(plain, pair, 'null_resource', () => delivery());
  emitDelivery(new Construct(new Construct(wrapped, 'region'), 'rack'), pair, 'null_resource', () => delivery());
  expect(Testing.synth(wrapped)).toBe(Testing.synth(plain));
});

it('adopts an owner token of another state', () => {
  const { import: imported, resource } = emit(delivery({}, { adopt: 'f7c4' }));
  expect(imported).toEqual([{ id: 'f7c4', to: 'terraform_data.gw_web_holder' }]);
  // This is for a state that already has an ownership record, over which Terraform imports nothing.
  expect(JSON.stringify(resource)).toContain('"CPANEL_EDGE_ADOPT":"f7c4"');
  expect(JSON.stringify(emit(delivery()).resource)).not.toContain('CPANEL_EDGE_ADOPT');
});

it('verifies again only after a change', () => {
  const stack = stackOf();
  const made = [delivery(), delivery({ text: 'another text\n' })];
  let now = 0;
  emitDelivery(stack, pair, 'terraform_data', () => made[now]!);
  const first = Testing.synth(stack);
  expect(Testing.synth(stack)).toBe(first);
  now = 1;
  expect(Testing.synth(stack)).not.toBe(first);
});

it('passes a refusal on unchanged, from every entry point', () => {
  const stack = stackOf();
  const refusal = new Refusal([{ code: 'a/b', where: 'w', what: 'x', instead: 'y' }]);
  emitDelivery(stack, pair, 'null_resource', () => {
    throw refusal;
  });
  expect(() => Testing.synth(stack)).toThrow(refusal);
  expect(() => Testing.synthHcl(stack)).toThrow(refusal);
  expect(() => stack.prepareStack()).toThrow(refusal);
});

it("refuses HCL output, because it isn't verified", () => {
  const stack = stackOf();
  emitDelivery(stack, pair, 'null_resource', () => delivery());
  expect(() => Testing.synthHcl(stack)).toThrow('JSON only');
});

it.each([true, false])('refuses HCL output of removed owners as well, retracted: %s', (retract) => {
  const stack = stackOf();
  emitRemovedBlocks(stack, 'gone', () => [pair], retract);
  expect(() => Testing.synthHcl(stack)).toThrow('JSON only');
});

it("refuses what doesn't fit a provisioner’s environment", () => {
  let random = 1;
  const noise = Array.from({ length: 900_000 }, () =>
    String.fromCharCode(33 + ((random = (random * 48271) % 2147483647) % 90)),
  ).join('');
  expect(() => emit(delivery({ text: noise }))).toThrow('delivering/too-much-work');
});

describe("Terraform's reading of the output", () => {
  const NASTY = [
    '${x}',
    '%{if true}',
    '$${y}',
    '%%{z}',
    '$',
    '%',
    '"quoted"',
    "it's",
    '\\back',
    'é\u{1f600}',
    '$$${a}',
    '${"b"}',
    '#{c}',
    '\t',
    '{{d}}',
  ];
  const folder = temporaryFolder();

  it('has every value and key as it was written, and text and policy from the plan', () => {
    const stack = stackOf();
    const text = NASTY.join('\n');
    const made = delivery({ lines: NASTY.map((nasty, index) => `${index}${nasty}: ${nasty}`), text });
    emitDelivery(stack, pair, 'terraform_data', () => ({
      ...made,
      connection: connectionOf({ identityFile: '/keys/${user}%{x}' }),
    }));
    emitRemovedBlocks(stack, 'gone', () => [{ device: 'old', owner: 'web' }], true);
    emitRemovedBlocks(stack, 'given', () => [{ device: 'other', owner: 'web' }], false);
    stack.ensureBackendExists();
    stack.addOverride('terraform.backend.local.path', 'state');
    writeFileSync(join(folder, 'cdk.tf.json'), Testing.synth(stack));
    terraform(folder, 'init', '-input=false');
    const human = terraform(folder, 'plan', '-input=false', '-no-color', '-out=plan');
    expect(human).toContain('(sensitive value)');
    expect(human).not.toContain(Buffer.from(text).toString('base64').slice(0, 12));
    const plan = JSON.parse(terraform(folder, 'show', '-json', 'plan')) as {
      resource_changes: {
        address: string;
        change: { after: { triggers_replace?: Record<string, string>; input?: { connection: unknown } } };
      }[];
    };
    const after = (address: string) => plan.resource_changes.find((one) => one.address === address)!.change.after;
    const triggers = after('terraform_data.gw_web').triggers_replace!;
    NASTY.forEach((nasty, index) => expect(triggers[`${index}${nasty}`]).toBe(nasty));
    expect(Buffer.from(triggers['text']!, 'base64').toString('utf8')).toBe(text);
    expect(Buffer.from(triggers['policy']!, 'base64').toString('utf8')).toBe('{}');
    expect(after('terraform_data.gw_web_holder').input!.connection).toEqual(
      connectionOf({ identityFile: '/keys/${user}%{x}' }),
    );
  });
});

describe('a release with many lines', () => {
  const many = (count: number): Delivery =>
    delivery({ lines: Array.from({ length: count }, (_, n) => `mapping web${n}: 203.0.113.10`) });
  const warned = (count: number, as: ReleaseResource): readonly unknown[] => {
    const stack = stackOf();
    const made = many(count);
    emitDelivery(stack, pair, as, () => made);
    // Like synth, which does it more than once; Testing's further work grows with the square of the number of lines.
    stack.toTerraform();
    stack.toTerraform();
    return stack.node.metadata.filter(({ type }) => type.endsWith('warn')).map(({ data }) => data);
  };

  it('warns once about the cost of null_resource, and names the cheaper setting', () => {
    expect(warned(4_000, 'null_resource')).toEqual([
      "The release of web on gw has 4000 lines. With null_resource the time of a plan grows with their square: at 4,000 it takes twice as long as with releaseResource: 'terraform_data', which can be set at any time and removes nothing.",
    ]);
  });

  it("doesn't warn about fewer lines, or with that setting", () => {
    expect([warned(3_999, 'null_resource'), warned(4_000, 'terraform_data')]).toEqual([[], []]);
  });
});
