// Emits the Terraform resources of one owner on one device: the ownership record, which exists as long as the
// ownership, and the release. Provisioners of the two run `deliver` and `retract`.

import { deflateSync } from 'node:zlib';
import { Construct } from 'constructs';
import { ADOPT_VARIABLE, OWNER_TOKEN_VARIABLE, encodeWork } from '../../lib/agent-protocol/work-codec';
import { Connection, Release, RELEASE_FORMAT } from '../../lib/agent-protocol/release';
import { escapeTemplate, escapeTemplates } from './escape-template';
import { ProviderSource, Provisioner, addDefaultProvider, addElement, addResource, addWarning } from './framework';
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

/** Environment variable with the input of `retract`: JSON of the ownership record's input. */
export const RETRACT_VARIABLE = 'CPANEL_EDGE_RETRACT';

/**
 * Adds ownership record and release to the stack. `getDelivery` returns the delivery or throws the Refusal of the whole
 * tree. It is called several times at synthesis, before any file is written.
 */
export function emitDelivery(
  scope: Construct,
  ownership: Ownership,
  resourceType: ReleaseResource,
  getDelivery: () => Delivery,
): void {
  const emission = memoize(getDelivery, (delivery) => {
    if (resourceType === 'null_resource') warnOfSize(scope, delivery.release);
    return createEmission(scope, ownership, delivery);
  });
  // The element precedes the other ones of the device, so it verifies first. Variables and imports belong to no
  // resource.
  addElement(scope, 'proof', () => {
    const { adopt, triggers } = emission();
    const importBlock =
      adopt === undefined ? {} : { import: [{ to: getHolderAddress(ownership), id: escapeTemplate(adopt) }] };
    return { variable: triggers.variables, ...importBlock };
  });
  // The ownership record exists as long as the ownership. It has no trigger: a new connection updates it in place, and
  // its id stays the owner token.
  addResource(scope, 'holder', { type: 'terraform_data', logicalId: getHolderId(ownership) }, () => {
    const { input, retract } = emission();
    return { attributes: { input }, provisioner: retract };
  });
  if (resourceType === 'null_resource') addDefaultProvider(scope, 'cpanel-edge-null', NULL_PROVIDER);
  const header = {
    type: resourceType,
    logicalId: getReleaseId(ownership),
    lifecycle: REPLACE_LIFECYCLE,
    ...(resourceType === 'null_resource' ? { provider: NULL_PROVIDER } : {}),
  };
  addResource(scope, 'release', header, () => {
    const { triggers, deliver, places } = emission();
    return {
      attributes: { [TRIGGER_ATTRIBUTES[resourceType]]: triggers.expression },
      provisioner: deliver,
      comment: { places },
    };
  });
}

/** The provider of `null_resource`, as @cdktf/provider-null 11.0.1 has it. */
const NULL_PROVIDER: ProviderSource = {
  name: 'null',
  source: 'null',
  version: '3.2.4',
  versionConstraint: '~> 3.0',
};

// A change creates the new release and forgets the old one, without a remove between them.
const REPLACE_LIFECYCLE = { createBeforeDestroy: true };

const TRIGGER_ATTRIBUTES = { null_resource: 'triggers', terraform_data: 'triggers_replace' } as const;

/**
 * Number of lines from which null_resource gets a warning. The framework of Terraform's providers copies all triggers
 * for each of them, so the time grows with their square.
 */
const WARN_LINES = 4_000;

function warnOfSize(scope: Construct, { device, owner, lines }: Release): void {
  if (lines.length < WARN_LINES) return;
  const words =
    `The release of ${owner} on ${device} has ${lines.length} lines. With null_resource the time of a plan grows with their square: ` +
    `at 4,000 it takes twice as long as with releaseResource: 'terraform_data', which can be set at any time and removes nothing.`;
  if (!scope.node.metadata.some(({ data }) => data === words)) addWarning(scope, words);
}

// Device and owner hold no `_`, so no two pairs share an id. No construct path is in it: wrapping a construct plans
// nothing.
export const getReleaseId = ({ device, owner }: Ownership): string => `${device}_${owner}`;
const getHolderId = (ownership: Ownership): string => `${getReleaseId(ownership)}_holder`;
export const getHolderAddress = (ownership: Ownership): string => `terraform_data.${getHolderId(ownership)}`;

/** Returns the owner token as a Terraform expression. */
export const getOwnerToken = (ownership: Ownership): string => `\${${getHolderAddress(ownership)}.id}`;

interface Emission extends Pick<Delivery, 'adopt' | 'places'> {
  readonly input: object;
  readonly triggers: Triggers;
  readonly deliver: Provisioner;
  readonly retract: Provisioner;
}

function createEmission(
  scope: Construct,
  ownership: Ownership,
  { release, connection, adopt, places }: Delivery,
): Emission {
  const work = encodeWork({ format: RELEASE_FORMAT, connection, release }, deflateSync, getPackageVersion());
  // A state that has an ownership record already (its apply was refused) imports none. Its own token then replaces the
  // other one.
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

export const createRemoveProvisioner = (scope: Construct): Provisioner => ({
  type: 'local-exec',
  when: 'destroy',
  command: escapeTemplate(renderShellCommand(scope, 'retract')),
  // A destroy provisioner may read self and nothing else.
  environment: { [RETRACT_VARIABLE]: '${jsonencode(self.input)}', [OWNER_TOKEN_VARIABLE]: '${self.id}' },
});

function memoize<From, To>(get: () => From, make: (from: From) => To): () => To {
  let lastResult: { readonly from: From; readonly to: To } | undefined;
  return () => {
    const source = get();
    if (lastResult?.from !== source) lastResult = { from: source, to: make(source) };
    return lastResult.to;
  };
}
