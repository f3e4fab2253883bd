// Emits the Terraform resources of one owner on one device: the holder, which exists as long as the ownership, and the
// release. Provisioners of the two run `deliver` and `retract`.
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
import { renderShellCommand } from './shell-command';
import { Triggers, createTriggers } from './triggers';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let cachedVersion: { readonly version: string | undefined } | undefined;

/**
 * Returns the version of this package, from the nearest package.json with its name. Undefined if this file is bundled
 * into another program.
 */
const getPackageVersion = (): string | undefined => (cachedVersion ??= { version: findVersion() }).version;

function findVersion(): string | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      if (name === 'cpanel-edge' && typeof version === 'string') return version;
    } catch {
      continue;
    }
  }
  return undefined;
}

// Only this file and removed-blocks.ts know Terraform. They get a finished Release and a connection.

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
  /** Owner token that another state has. */
  readonly adopt?: string;
  /** Lines of the device's parts: `mapping web` is at `stacks/edge.ts:41`. */
  readonly places?: Readonly<Record<string, string>>;
}

/** Environment variable with the input of `retract`: JSON of the holder's input. */
export const RETRACT_VARIABLE = 'CPANEL_EDGE_RETRACT';

/**
 * Adds holder and release to the stack. `getDelivery` returns the delivery or throws the Refusal of the whole tree. It
 * is called several times at synthesis, before any file is written.
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
 * Number of lines from which null_resource gets a warning. The framework of Terraform's providers copies all triggers
 * for each of them, so the time grows with their square.
 */
const WARN_LINES = 4_000;

function warnOfSize(scope: ResourceScope, { device, owner, lines }: Release): void {
  if (lines.length < WARN_LINES) return;
  const words =
    `The release of ${owner} on ${device} has ${lines.length} lines. With null_resource the time of a plan grows with their square: ` +
    `at 4,000 it takes twice as long as with releaseResource: 'terraform_data', which can be set at any time and removes nothing.`;
  if (!scope.node.metadata.some(({ data }) => data === words)) Annotations.of(scope).addWarning(words);
}

// Device and owner hold no `_`, so no two pairs share an id. No construct path is in it: wrapping a construct plans nothing.
export const getReleaseId = ({ device, owner }: Ownership): string => `${device}_${owner}`;
const getHolderId = (ownership: Ownership): string => `${getReleaseId(ownership)}_holder`;
export const getHolderAddress = (ownership: Ownership): string => `terraform_data.${getHolderId(ownership)}`;

/** Returns the owner token as a Terraform expression. */
export const getOwnerToken = (ownership: Ownership): string => `\${${getHolderAddress(ownership)}.id}`;

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
  const work = encodeWork({ format: RELEASE_FORMAT, connection, release }, deflateSync, getPackageVersion());
  // A state that has a holder already (its apply was refused) imports none. Its own token then replaces the other one.
  const ownerVariables = {
    [OWNER_TOKEN_VARIABLE]: getOwnerToken(ownership),
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
      // A plan names the health checks that an apply ends: the provisioner's environment isn't in the state.
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

/**
 * Creates the error for HCL output. cdktf's HCL lacks `removed` blocks and escapes by other rules, so Terraform would
 * read another text than the proven one.
 */
export const createJsonOnlyError = (): Error =>
  new Error('cpanel-edge is synthesized as JSON only. Instead: no hclOutput in the App, and no SYNTH_HCL_OUTPUT.');

/**
 * Verifies before any other element of the device is synthesized. Holds the variables and imports, which belong to no
 * resource.
 */
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

/**
 * The holder: it exists as long as the ownership. It has no trigger: a new connection updates it in place, and its id
 * stays the owner token.
 */
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

// A change creates the new release and forgets the old one, without a remove between them.
const REPLACE_LIFECYCLE = { createBeforeDestroy: true };

/** Terraform ignores this key, so a moved line plans nothing. Plan files keep it. */
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

/** A stack needs one default configuration of the provider. The user's stack may add one, before or after this. */
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
