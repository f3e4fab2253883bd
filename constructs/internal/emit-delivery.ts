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
import { ADOPT_VARIABLE, OWNER_TOKEN_VARIABLE, encodeWork } from '../../lib/agent-protocol/work-codec';
import { Connection, Release, RELEASE_FORMAT } from '../../lib/agent-protocol/release';
import { escapeTemplate, escapeTemplates } from './escape-template';
import { getPackageVersion } from './package-version';
import { renderShellCommand } from './shell-command';
import { Triggers, createTriggers } from './triggers';

// This and removed-blocks.ts alone know Terraform. What it gets is finished: a Release, and how the device is reached.

type ResourceScope = ConstructorParameters<typeof TerraformElement>[0];

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
export function emitDelivery(
  scope: ResourceScope,
  ownership: Ownership,
  resourceType: ReleaseResource,
  getDelivery: () => Delivery,
): void {
  const emission = memoize(getDelivery, (delivery) => {
    if (resourceType === 'null_resource') warnOfSize(scope, delivery.release);
    return createEmission(scope, ownership, delivery);
  });
  new VerificationElement(scope, 'proof', ownership, emission);
  const holder = new OwnershipResource(scope, 'holder', emission);
  holder.overrideLogicalId(getHolderId(ownership));
  if (resourceType === 'null_resource') addNullProvider(scope);
  const release =
    resourceType === 'null_resource'
      ? new NullRelease(scope, 'release', emission)
      : new DataRelease(scope, 'release', emission);
  release.overrideLogicalId(getReleaseId(ownership));
}

/**
 * From so many lines on it hurts: the framework of Terraform's providers copies all triggers for each of them. A plan that changes 3 of 1,000, 2,000 and 4,000
 * lines took 1.0, 2.1 and 4.0 s by null_resource, 0.5, 0.9 and 1.9 s by terraform_data (Terraform 1.11.4, the stand-in for hashicorp/null).
 */
const WARN_LINES = 4_000;

function warnOfSize(scope: ResourceScope, { device, owner, lines }: Release): void {
  if (lines.length < WARN_LINES) return;
  const words =
    `The release of ${owner} on ${device} has ${lines.length} lines. With null_resource the time of a plan grows with their square: ` +
    `at 4,000 it takes twice as long as with releaseResource: 'terraform_data', which can be set at any time and retracts nothing.`;
  if (!scope.node.metadata.some(({ data }) => data === words)) Annotations.of(scope).addWarning(words);
}

// Device and owner hold no `_`, so no two pairs share an id. No construct path is in it: wrapping a construct plans nothing.
export const getReleaseId = ({ device, owner }: Ownership): string => `${device}_${owner}`;
const getHolderId = (ownership: Ownership): string => `${getReleaseId(ownership)}_holder`;
export const getHolderAddress = (ownership: Ownership): string => `terraform_data.${getHolderId(ownership)}`;

interface Emission extends Pick<Delivery, 'adopt' | 'places'> {
  readonly input: object;
  readonly triggers: Triggers;
  readonly deliver: LocalExecProvisioner;
  readonly retract: LocalExecProvisioner;
}

function createEmission(
  scope: ResourceScope,
  ownership: Ownership,
  { release, connection, adopt, places }: Delivery,
): Emission {
  const ownerToken = `\${${getHolderAddress(ownership)}.id}`;
  const work = encodeWork({ format: RELEASE_FORMAT, connection, release }, deflateSync, getPackageVersion());
  // A state that has a holder already (an apply of it was refused) imports none: then its own lease takes the other one's place.
  const ownerVariables = {
    [OWNER_TOKEN_VARIABLE]: ownerToken,
    ...(adopt === undefined ? {} : { [ADOPT_VARIABLE]: escapeTemplate(adopt) }),
  };
  const { device, owner, role, platform, onRetract, rollbackSeconds, witnesses } = release;
  return {
    ...(adopt === undefined ? {} : { adopt }),
    ...(places === undefined ? {} : { places }),
    input: escapeTemplates({
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
    triggers: createTriggers(getReleaseId(ownership), release, connection),
    deliver: {
      type: 'local-exec',
      command: escapeTemplate(renderShellCommand(scope, 'deliver')),
      environment: { ...work, ...ownerVariables },
    },
    retract: createRemoveProvisioner(scope),
  };
}

export const createRemoveProvisioner = (scope: ResourceScope): LocalExecProvisioner & { readonly when: 'destroy' } => ({
  type: 'local-exec',
  when: 'destroy',
  command: escapeTemplate(renderShellCommand(scope, 'retract')),
  // A destroy provisioner may read self and nothing else.
  environment: { [RETRACT_VARIABLE]: '${jsonencode(self.input)}', [OWNER_TOKEN_VARIABLE]: '${self.id}' },
});

/** cdktf's HCL leaves out `removed` and escapes by other rules, so what was proven would not be what Terraform reads. */
export const createJsonOnlyError = (): Error =>
  new Error('cpanel-edge is synthesized as JSON only. Instead: no hclOutput in the App, and no SYNTH_HCL_OUTPUT.');

/** Proves before anything else of its gateway or server is asked, and carries what belongs to no resource. */
class VerificationElement extends TerraformElement {
  constructor(
    scope: ResourceScope,
    id: string,
    private readonly ownership: Ownership,
    private readonly emission: () => Emission,
  ) {
    super(scope, id);
  }

  override toTerraform(): object {
    const { adopt, triggers } = this.emission();
    const imported =
      adopt === undefined ? {} : { import: [{ to: getHolderAddress(this.ownership), id: escapeTemplate(adopt) }] };
    return { variable: triggers.variables, ...imported };
  }

  override toHclTerraform(): object {
    this.emission();
    throw createJsonOnlyError();
  }
}

/** Lives as long as the ownership. No trigger: a new connection updates it in place, and its id stays the lease. */
class OwnershipResource extends TerraformResource {
  constructor(
    scope: ResourceScope,
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
const REPLACE_LIFECYCLE = { createBeforeDestroy: true };

/** Terraform reads nothing of it, so a line that moves plans nothing. A plan file keeps it, with its stack. */
const COMMENT_KEY = '//';

function attachDelivery(resource: TerraformResource, { deliver, places }: Emission): void {
  resource.addOverride(COMMENT_KEY, { places });
  resource.provisioners = [deliver];
}

class NullRelease extends Resource {
  constructor(
    scope: ResourceScope,
    id: string,
    private readonly emission: () => Emission,
  ) {
    super(scope, id, { lifecycle: REPLACE_LIFECYCLE });
  }

  override toTerraform(): object {
    attachDelivery(this, this.emission());
    return super.toTerraform() as object;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers: this.emission().triggers.expression };
  }
}

class DataRelease extends TerraformResource {
  constructor(
    scope: ResourceScope,
    id: string,
    private readonly emission: () => Emission,
  ) {
    super(scope, id, { terraformResourceType: 'terraform_data', lifecycle: REPLACE_LIFECYCLE });
  }

  override toTerraform(): object {
    attachDelivery(this, this.emission());
    return super.toTerraform() as object;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: this.emission().triggers.expression };
  }
}

/** The stack needs one default configuration of the provider, and it may have its own, before or after this. */
class DefaultNullProvider extends NullProvider {
  override toTerraform(): object {
    const otherProviders = listNullProviders(this).filter(
      (provider) => provider !== this && provider.alias === undefined,
    );
    return otherProviders.length > 0 ? {} : (super.toTerraform() as object);
  }
}

const NULL_PROVIDER = 'cpanel-edge-null';

function addNullProvider(scope: ResourceScope): void {
  const stack = TerraformStack.of(scope);
  if (!stack.node.tryFindChild(NULL_PROVIDER)) new DefaultNullProvider(stack, NULL_PROVIDER);
}

const listNullProviders = (scope: ResourceScope): readonly TerraformProvider[] =>
  TerraformStack.of(scope)
    .allProviders()
    .filter(({ terraformResourceType }) => terraformResourceType === 'null');

function memoize<From, To>(get: () => From, make: (from: From) => To): () => To {
  let last: { readonly from: From; readonly to: To } | undefined;
  return () => {
    const from = get();
    if (last?.from !== from) last = { from, to: make(from) };
    return last.to;
  };
}
