// Builds Terraform plans as `terraform show -json` prints them, with the parts that a review looks at.

import { deflateSync } from 'node:zlib';
import { encodeWork } from '../../../lib/agent-protocol/work-codec';
import { Release } from '../../../lib/agent-protocol/release';
import { connectionOf, releaseOf } from '../../driver/samples';

// Builds the parts of `terraform show -json` that a review uses, and nothing else.
// terraform.test.ts shows that real plans are like this.

type Values = Readonly<Record<string, unknown>>;

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

interface ReleaseParts {
  readonly text?: string;
  readonly policy?: string;
  /** `unknown`: known only after the apply. */
  readonly lease?: string;
  readonly hostKeys?: string;
  readonly lines?: Values;
}

const triggers = ({
  text = 'one\n',
  policy = '{}',
  lease = 'lease-1',
  hostKeys = connectionOf().hostKeys[0],
  lines = {},
}: ReleaseParts): Values => ({
  ...lines,
  'host keys': hostKeys,
  ...(lease === 'unknown' ? {} : { lease }),
  policy: base64(policy),
  text: base64(text),
});

export const data = (parts: ReleaseParts = {}): Values => ({ triggers_replace: triggers(parts) });
export const nulled = (parts: ReleaseParts = {}): Values => ({ triggers: triggers(parts) });

export const held = (parts: Values = {}): Values => ({
  id: 'lease-1',
  input: {
    format: 1,
    device: 'gw',
    owner: 'web',
    role: 'gateway',
    platform: 'nftables',
    onRetract: 'as before',
    rollbackSeconds: 90,
    connection: connectionOf(),
    ...parts,
  },
});

interface ChangeParts {
  readonly reason?: string;
  readonly deposed?: string;
  readonly unknown?: unknown;
  readonly importing?: unknown;
  readonly module?: string;
  readonly index?: string | number;
}

export class PlanBuilder {
  private readonly changes: Values[] = [];
  private readonly recorded: Values[] = [];
  private readonly configuredResources: Values[] = [];
  private top: Values = {};

  change(address: string, actions: readonly string[], before: unknown, after: unknown, parts: ChangeParts = {}): this {
    const { reason, deposed, unknown, importing, module, index } = parts;
    const entry = {
      address: `${module === undefined ? '' : `${module}.`}${address}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`,
      ...(module === undefined ? {} : { module_address: module }),
      mode: 'managed',
      ...named(address),
      ...(index === undefined ? {} : { index }),
      ...(deposed === undefined ? {} : { deposed }),
      ...(reason === undefined ? {} : { action_reason: reason }),
      change: {
        actions,
        before,
        after,
        ...(unknown === undefined ? {} : { after_unknown: unknown }),
        ...(importing ? { importing } : {}),
      },
    };
    this.changes.push(entry);
    return this;
  }

  state(
    address: string,
    values: unknown,
    parts: { readonly tainted?: true; readonly deposed_key?: string } = {},
  ): this {
    this.recorded.push({ address, mode: 'managed', ...named(address), values, ...parts });
    return this;
  }

  /** A recorded object, and the actions on it. */
  kept(
    address: string,
    actions: readonly string[],
    before: unknown,
    after: unknown,
    parts: ChangeParts & { readonly tainted?: true } = {},
  ): this {
    const { tainted, deposed } = parts;
    this.state(address, before, {
      ...(tainted ? { tainted } : {}),
      ...(deposed === undefined ? {} : { deposed_key: deposed }),
    });
    return this.change(address, actions, before, after, parts);
  }

  configured(address: string, provisioner?: { readonly command: string; readonly environment: Values }): this {
    const expressions = provisioner && {
      command: { constant_value: provisioner.command },
      environment: { constant_value: provisioner.environment, references: ['self.id'] },
    };
    this.configuredResources.push({
      address,
      mode: 'managed',
      ...named(address),
      ...(expressions ? { provisioners: [{ type: 'local-exec', expressions }] } : {}),
    });
    return this;
  }

  /** The ownership record and the release as cpanel-edge writes them, with what the driver delivers. */
  ours(release: Partial<Release> = {}, base = 'gw_web', type = 'terraform_data'): this {
    this.configured(`terraform_data.${base}_holder`, RETRACT);
    return this.configured(`${type}.${base}`, deliver(release, base));
  }

  with(top: Values): this {
    this.top = { ...this.top, ...top };
    return this;
  }

  json(): Values {
    return {
      format_version: '1.2',
      terraform_version: '1.11.4',
      planned_values: {},
      ...(this.changes.length > 0 ? { resource_changes: this.changes } : {}),
      ...(this.recorded.length > 0
        ? { prior_state: { format_version: '1.0', values: { root_module: { resources: this.recorded } } } }
        : {}),
      configuration: { root_module: { resources: this.configuredResources } },
      applyable: true,
      complete: true,
      errored: false,
      ...this.top,
    };
  }
}

export const RETRACT = {
  command: 'exec $${CPANEL_EDGE:-../../../dist/cli/main.js} retract',
  environment: { CPANEL_EDGE_LEASE: '${self.id}', CPANEL_EDGE_RETRACT: '${jsonencode(self.input)}' },
};

export const deliver = (
  release: Partial<Release>,
  base = 'gw_web',
): { readonly command: string; readonly environment: Values } => ({
  command: 'exec $${CPANEL_EDGE:-../../../dist/cli/main.js} deliver',
  environment: {
    CPANEL_EDGE_LEASE: `\${terraform_data.${base}_holder.id}`,
    ...encodeWork(
      { format: 1, connection: connectionOf(), release: releaseOf({ text: 'one\n', ...release }) },
      deflateSync,
    ),
  },
});

/** The stack that removes these ownership records, as cdk.tf.json has it. */
export const retiring = (...holders: readonly string[]): Values => ({
  removed: holders.map((from) => ({
    from,
    lifecycle: { destroy: true },
    provisioner: [{ 'local-exec': { ...RETRACT, when: 'destroy' } }],
  })),
});

function named(address: string): { readonly type: string; readonly name: string } {
  const [type = '', name = ''] = address.split('.');
  return { type, name };
}
