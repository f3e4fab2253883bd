import { deflateSync } from 'node:zlib';
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { Resource } from '@cdktf/provider-null/lib/resource';
import {
  Annotations,
  LocalExecProvisioner,
  TerraformElement,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
} from 'cdktf';
import { ADOPT_VARIABLE, LEASE_VARIABLE, encodeWork } from '../../lib/agent-protocol/codec';
import { Connection, Release, RELEASE_FORMAT } from '../../lib/agent-protocol/release';
import { literal, literals } from './literal';
import { packageVersion } from './package-version';
import { shellCommand } from './shell-command';
import { Triggers, triggersOf } from './triggers';

// This and removed.ts alone know Terraform. What it gets is finished: a Release, and how the device is reached.

type Scope = ConstructorParameters<typeof TerraformElement>[0];

/** `null_resource` comes from a registry; `terraform_data` is part of Terraform, for runners that reach none. */
export type ReleaseResource = 'null_resource' | 'terraform_data';

export interface Ownership {
  readonly device: string;
  readonly owner: string;
}

export interface Delivery {
  readonly release: Release;
  readonly connection: Connection;
  /** The lease that another state holds. */
  readonly adopt?: string;
  /** Where its parts were written, `mapping web`: `stacks/edge.ts:41`. */
  readonly places?: Readonly<Record<string, string>>;
}

/** Environment variable that `retract` gets its orders in: JSON of what the holder knows. */
export const RETRACT_VARIABLE = 'CPANEL_EDGE_RETRACT';

/**
 * Holder and release of one owner on one device. `prove` gives the finished delivery or throws the Refusal of the whole tree; it is
 * asked at synthesis, several times, before any file is written.
 */
export function emitDelivery(scope: Scope, of: Ownership, as: ReleaseResource, prove: () => Delivery): void {
  const emission = memoised(prove, (delivery) => {
    if (as === 'null_resource') warnOfSize(scope, delivery.release);
    return emissionOf(scope, of, delivery);
  });
  new Proof(scope, 'proof', of, emission);
  const holder = new Holder(scope, 'holder', emission);
  holder.overrideLogicalId(holderId(of));
  if (as === 'null_resource') provideNull(scope);
  const release =
    as === 'null_resource' ? new NullRelease(scope, 'release', emission) : new DataRelease(scope, 'release', emission);
  release.overrideLogicalId(releaseId(of));
}

/**
 * From so many lines on it hurts: the framework of Terraform's providers copies all triggers for each of them. A plan that changes 3 of 1,000, 2,000 and 4,000
 * lines took 1.0, 2.1 and 4.0 s by null_resource, 0.5, 0.9 and 1.9 s by terraform_data (Terraform 1.11.4, the stand-in for hashicorp/null).
 */
const MANY_LINES = 4_000;

function warnOfSize(scope: Scope, { device, owner, lines }: Release): void {
  if (lines.length < MANY_LINES) return;
  const words =
    `The release of ${owner} on ${device} has ${lines.length} lines. With null_resource the time of a plan grows with their square: ` +
    `at 4,000 it takes twice as long as with releaseResource: 'terraform_data', which can be set at any time and retracts nothing.`;
  if (!scope.node.metadata.some(({ data }) => data === words)) Annotations.of(scope).addWarning(words);
}

// Device and owner hold no `_`, so no two pairs share an id. No construct path is in it: wrapping a construct plans nothing.
export const releaseId = ({ device, owner }: Ownership): string => `${device}_${owner}`;
const holderId = (of: Ownership): string => `${releaseId(of)}_holder`;
export const holderAddress = (of: Ownership): string => `terraform_data.${holderId(of)}`;

interface Emission extends Pick<Delivery, 'adopt' | 'places'> {
  readonly input: object;
  readonly triggers: Triggers;
  readonly deliver: LocalExecProvisioner;
  readonly retract: LocalExecProvisioner;
}

function emissionOf(scope: Scope, of: Ownership, { release, connection, adopt, places }: Delivery): Emission {
  const lease = `\${${holderAddress(of)}.id}`;
  const work = encodeWork({ format: RELEASE_FORMAT, connection, release }, deflateSync, packageVersion());
  // A state that has a holder already (an apply of it was refused) imports none: then its own lease takes the other one's place.
  const owning = { [LEASE_VARIABLE]: lease, ...(adopt === undefined ? {} : { [ADOPT_VARIABLE]: literal(adopt) }) };
  const { device, owner, role, platform, onRetract, rollbackSeconds, witnesses } = release;
  return {
    ...(adopt === undefined ? {} : { adopt }),
    ...(places === undefined ? {} : { places }),
    input: literals({
      format: RELEASE_FORMAT,
      device,
      owner,
      role,
      platform,
      onRetract,
      rollbackSeconds,
      connection,
      // So that a plan tells which health checks an apply ends: the provisioner's environment is in no state.
      ...(witnesses.length === 0 ? {} : { witnesses }),
    }) as object,
    triggers: triggersOf(releaseId(of), release, connection),
    deliver: {
      type: 'local-exec',
      command: literal(shellCommand(scope, 'deliver')),
      environment: { ...work, ...owning },
    },
    retract: retractProvisioner(scope),
  };
}

export const retractProvisioner = (scope: Scope): LocalExecProvisioner & { readonly when: 'destroy' } => ({
  type: 'local-exec',
  when: 'destroy',
  command: literal(shellCommand(scope, 'retract')),
  // A destroy provisioner may read self and nothing else.
  environment: { [RETRACT_VARIABLE]: '${jsonencode(self.input)}', [LEASE_VARIABLE]: '${self.id}' },
});

/** cdktf's HCL leaves out `removed` and escapes by other rules, so what was proven would not be what Terraform reads. */
export const jsonOnly = (): Error =>
  new Error('cpanel-edge is synthesized as JSON only. Instead: no hclOutput in the App, and no SYNTH_HCL_OUTPUT.');

/** Proves before anything else of its gateway or server is asked, and carries what belongs to no resource. */
class Proof extends TerraformElement {
  constructor(
    scope: Scope,
    id: string,
    private readonly of: Ownership,
    private readonly emission: () => Emission,
  ) {
    super(scope, id);
  }

  override toTerraform(): object {
    const { adopt, triggers } = this.emission();
    const imported = adopt === undefined ? {} : { import: [{ to: holderAddress(this.of), id: literal(adopt) }] };
    return { variable: triggers.variables, ...imported };
  }

  override toHclTerraform(): object {
    this.emission();
    throw jsonOnly();
  }
}

/** Lives as long as the ownership. No trigger: a new connection updates it in place, and its id stays the lease. */
class Holder extends TerraformResource {
  constructor(
    scope: Scope,
    id: string,
    private readonly emission: () => Emission,
  ) {
    super(scope, id, { terraformResourceType: 'terraform_data' });
  }

  override toTerraform(): object {
    this.provisioners = [this.emission().retract];
    return super.toTerraform() as object;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.emission().input };
  }
}

// A change makes the new one and forgets the old one, without a retract between them.
const REPLACED = { createBeforeDestroy: true };

/** Terraform reads nothing of it, so a line that moves plans nothing. A plan file keeps it, with its stack. */
const COMMENT = '//';

function give(resource: TerraformResource, { deliver, places }: Emission): void {
  resource.addOverride(COMMENT, { places });
  resource.provisioners = [deliver];
}

class NullRelease extends Resource {
  constructor(
    scope: Scope,
    id: string,
    private readonly emission: () => Emission,
  ) {
    super(scope, id, { lifecycle: REPLACED });
  }

  override toTerraform(): object {
    give(this, this.emission());
    return super.toTerraform() as object;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers: this.emission().triggers.expression };
  }
}

class DataRelease extends TerraformResource {
  constructor(
    scope: Scope,
    id: string,
    private readonly emission: () => Emission,
  ) {
    super(scope, id, { terraformResourceType: 'terraform_data', lifecycle: REPLACED });
  }

  override toTerraform(): object {
    give(this, this.emission());
    return super.toTerraform() as object;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: this.emission().triggers.expression };
  }
}

/** The stack needs one default configuration of the provider, and it may have its own, before or after this. */
class DefaultNullProvider extends NullProvider {
  override toTerraform(): object {
    const others = providersOf(this).filter((one) => one !== this && one.alias === undefined);
    return others.length > 0 ? {} : (super.toTerraform() as object);
  }
}

const NULL_PROVIDER = 'cpanel-edge-null';

function provideNull(scope: Scope): void {
  const stack = TerraformStack.of(scope);
  if (!stack.node.tryFindChild(NULL_PROVIDER)) new DefaultNullProvider(stack, NULL_PROVIDER);
}

const providersOf = (scope: Scope): readonly TerraformProvider[] =>
  TerraformStack.of(scope)
    .allProviders()
    .filter(({ terraformResourceType }) => terraformResourceType === 'null');

function memoised<From, To>(get: () => From, make: (from: From) => To): () => To {
  let last: { readonly from: From; readonly to: To } | undefined;
  return () => {
    const from = get();
    if (last?.from !== from) last = { from, to: make(from) };
    return last.to;
  };
}
