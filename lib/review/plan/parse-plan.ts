// Parses the JSON of `terraform show -json` into a `Plan`: each owner with releases, and the unknowns, objections and
// notes about the plan. The parser evaluates no rules: judging/ does.

import { BytesTransform, isRecord } from '../../agent-protocol/work-codec';
import { Problem } from '../../problems/problem';
import { Plan, PlannedOwner } from '../plan';
import { PolicyCache } from '../policy-cache';
import {
  checkDelivery,
  compareRemovalProvisioner,
  startsDelivery,
  listCommands,
  checkRemoval,
} from './compare-delivery';
import { parseOwnershipInput, findId } from './ownership-input';
import { OwnerObjects, groupByOwner } from './owner-objects';
import { buildPlannedOwner } from './build-planned-owner';
import * as say from './plan-problems';
import { findContradictions } from './find-contradictions';
import { listRemovedOwnerships, isProvisionerAltered } from './removal-provisioners';
import { PlanJson, ResourceChange, findUntestedParts, parsePlanJson } from './plan-schema';
import { findSourceLines } from './find-source-lines';
import { ConfiguredResource, StateObject, listConfiguredResources, listStateObjects } from './recorded-resources';

/** The inputs of `readPlan` besides the plan. */
interface PlanInputs {
  /** Bounded `zlib.inflateSync`. Without it no delivery is compared with what the plan shows. */
  readonly inflate?: BytesTransform;
  /** Returns the SHA-256 digest of a text as UTF-8, hexadecimal. Without it no digest is compared. */
  readonly sha256?: (text: string) => string;
  /** Version of the reviewing package. A plan of another version is objected to. */
  readonly version?: string;
  /**
   * The stack that the plan was made from, parsed: cdk.tf.json. Without it no owner that leaves the stack counts as
   * decommissioned.
   */
  readonly stack?: unknown;
  /** The cache of decoded policies, shared with the judge of the plan. */
  readonly policies?: PolicyCache;
}

/**
 * Returns the plan that `terraform show -json` printed.
 *
 * @throws Refusal review/not-a-plan, review/foreign-plan-format
 */
export function readPlan(
  json: unknown,
  name: string,
  { inflate, sha256, version, stack, policies = new PolicyCache() }: PlanInputs = {},
): Plan {
  const plan = parsePlanJson(json, name);
  const state = listStateObjects(plan.prior_state, name);
  const configured = listConfiguredResources(plan.configuration);
  const { ownerObjects, otherResources: otherChanges } = groupByOwner(plan.resource_changes ?? [], state);
  const unknowns: Problem[] = [
    ...listPlanUnknowns(json, plan, name),
    ...listUnmentioned(plan, name, ownerObjects, configured),
    ...listEditedOutside(plan, name),
  ];
  const objections: Problem[] = [];
  const notes: Problem[] = [];
  const versions = new Set<string>();
  const isOwnStack = stack === undefined || isStackOfPlan(stack, plan.configuration);
  if (!isOwnStack) unknowns.push(say.createOtherConfiguration(name));
  const removedOwnerships = isOwnStack ? listRemovedOwnerships(stack) : new Set<string>();
  const explainRemoval = (ownership: ResourceChange): true | string =>
    checkRemoved(ownership, configured, removedOwnerships, stack !== undefined);
  const owners = ownerObjects.flatMap((configuredResource): readonly PlannedOwner[] => {
    const owner = buildPlannedOwner(configuredResource, {
      plan: name,
      retracts: explainRemoval,
      unknowns,
      objections,
    });
    if (!owner) return [];
    checkOwner(configuredResource, owner);
    const sourceLines = isOwnStack ? findSourceLines(stack, `${owner.device}_${owner.owner}`) : undefined;
    return [sourceLines ? { ...owner, sourceLines } : owner];
  });
  for (const { address } of otherChanges) {
    const configuredResource = configured.get(removeIndices(address));
    if (configuredResource && startsDelivery(configuredResource))
      objections.push(say.createReleaseWithoutOwnership(`${name}: ${address}`));
  }
  const invocations = plan.action_invocations ?? [];
  objections.push(...findDuplicateOwners(owners, name), ...findInvokedActions(invocations, ownerObjects, name));
  const hasOtherWork = (address: string): boolean =>
    objections.some(({ code, where }) => code === 'review/other-work' && where === `${name}: ${address}`);
  unknowns.push(...findContradictions(json, ownerObjects, name, hasOtherWork));
  const commands = listCommands(configured.values());
  const [command] = commands;
  if (commands.length > 1) objections.push(say.createOtherCommands(name, commands));
  return {
    name,
    program: describeProgram(plan),
    owners,
    ...(command === undefined ? {} : { command }),
    otherResources: {
      changed: [
        ...otherChanges
          .filter(({ change }) => change.actions.some((action) => action !== 'no-op' && action !== 'read'))
          .map(({ address, change }) => ({ address, actions: change.actions })),
        ...invocations.map(({ address }) => ({ address, actions: ['invoke'] })),
      ],
      unchanged: otherChanges.filter(({ change }) =>
        change.actions.every((action) => action === 'no-op' || action === 'read'),
      ).length,
    },
    unknowns,
    objections,
    ...(notes.length > 0 ? { notes } : {}),
    ...(versions.size > 0 && version !== undefined
      ? { otherVersions: { made: [...versions], reviewing: version } }
      : {}),
  };

  function checkOwner(
    {
      base,
      releases: releaseChanges,
      ownershipRecords: ownershipChanges,
      recordedOwnershipRecords: recordedOwnerships,
    }: OwnerObjects,
    owner: PlannedOwner,
  ): void {
    for (const ownership of ownershipChanges) {
      const location = `${name}: ${ownership.address}`;
      const configuredResource = configured.get(removeIndices(ownership.address));
      if (configuredResource && ownership.change.after !== null)
        objections.push(...checkRemoval(location, configuredResource));
      if (configuredResource && isOwnStack && isProvisionerAltered(stack, ownership, 'destroy'))
        objections.push(say.createProvisionerOtherwise(location, 'retract'));
    }
    const ownership = ownershipChanges.find(({ deposed }) => deposed === undefined);
    const ownershipInput =
      parseOwnershipInput(ownership?.change.after) ?? parseOwnershipInput(recordedOwnerships[0]?.values);
    const ownTokens = [
      findId(ownership?.change.importing),
      ...recordedOwnerships.map(({ values }) => findId(values)),
    ].flatMap((id) => id ?? []);
    const [, modulePath = '', resourceName = ''] = /^(.*\.)?([^.]*)$/.exec(removeIndices(base)) ?? [];
    const isConfigured = (address: string): boolean => configured.has(`${modulePath}${address}`);
    for (const releaseChange of releaseChanges) {
      const { address, change } = releaseChange;
      const isCreated = change.actions.includes('create');
      if (isCreated && isOwnStack && isProvisionerAltered(stack, releaseChange))
        objections.push(say.createProvisionerOtherwise(`${name}: ${address}`, 'deliver'));
      const configuredResource = configured.get(removeIndices(address));
      // The provisioner of a release that stays doesn't run. It is compared where the plan shows one.
      if (
        inflate === undefined ||
        !owner.after ||
        releaseChange.deposed !== undefined ||
        !(isCreated || configuredResource?.provisioners.length)
      )
        continue;
      const expectedDelivery = {
        owner,
        ownershipRecord: `terraform_data.${resourceName}_holder`,
        input: ownershipInput,
        ownerTokens: ownTokens,
        isConfigured,
      };
      const deliveryProblems = checkDelivery(`${name}: ${address}`, configuredResource, expectedDelivery, {
        inflate,
        policies,
        ...(sha256 ? { sha256 } : {}),
      });
      unknowns.push(...deliveryProblems.unknowns);
      objections.push(...deliveryProblems.objections);
      notes.push(...deliveryProblems.notes);
      const { madeBy: workVersion } = deliveryProblems;
      if (workVersion !== undefined && version !== undefined && workVersion !== version) versions.add(workVersion);
    }
  }
}

function listPlanUnknowns(json: unknown, plan: PlanJson, name: string): readonly Problem[] {
  const untestedParts = findUntestedParts(json);
  const hasNoChanges = plan.resource_changes === undefined && plan.prior_state !== undefined;
  return [
    ...(plan.format_version === '1.2' ? [] : [say.createUntestedFormat(name, plan.format_version)]),
    ...(untestedParts.length === 0 ? [] : [say.createUntestedParts(name, untestedParts)]),
    ...(plan.errored === true ? [say.createErroredPlan(name)] : []),
    ...(plan.complete === false && plan.errored !== true
      ? [
          say.createIncompletePlan(
            name,
            'Terraform says that the plan is not complete: it was made with -target, or parts of it were put off.',
          ),
        ]
      : []),
    ...(hasNoChanges && hasResources(plan) ? [say.createRefreshOnly(name)] : []),
  ];
}

/**
 * Returns the actions of a provider that a delivery triggers. They run beside the driver, with what the stack tells
 * them.
 */
const findInvokedActions = (
  invocations: NonNullable<PlanJson['action_invocations']>,
  ownerObjects: readonly OwnerObjects[],
  name: string,
): readonly Problem[] => {
  const ownAddresses = new Set(
    ownerObjects.flatMap(({ ownershipRecords, releases }) =>
      [...ownershipRecords, ...releases].map(({ address }) => address),
    ),
  );
  return invocations.flatMap(({ address, lifecycle_action_trigger: trigger }) =>
    trigger && ownAddresses.has(trigger.triggering_resource_address)
      ? [
          say.createOtherProvisioner(
            `${name}: ${trigger.triggering_resource_address}`,
            'deliver',
            `${address} is invoked with it`,
          ),
        ]
      : [],
  );
};

/**
 * Returns a doubt for each resource of ours in resource_drift. Neither type of resource ever differs from its record,
 * whatever the device does, so its state was edited.
 */
const listEditedOutside = ({ resource_drift: driftChanges = [] }: PlanJson, name: string): readonly Problem[] =>
  groupByOwner(driftChanges, []).ownerObjects.flatMap(({ ownershipRecords, releases }) =>
    [...ownershipRecords, ...releases].map(({ address }) => say.createEditedState(`${name}: ${address}`)),
  );

const hasResources = ({ prior_state: state }: PlanJson): boolean => {
  const values = isRecord(state) ? state['values'] : undefined;
  return isRecord(values) && isRecord(values['root_module']) && Object.keys(values['root_module']).length > 0;
};

/**
 * Returns a doubt for each resource of ours that is configured or recorded and that the plan doesn't mention. Such a
 * plan isn't complete, even if it says so.
 */
function listUnmentioned(
  plan: PlanJson,
  name: string,
  ownerObjects: readonly OwnerObjects[],
  configured: ReadonlyMap<string, ConfiguredResource>,
): readonly Problem[] {
  if (plan.resource_changes === undefined && hasResources(plan)) return [];
  const mentionedKeys = new Set(
    (plan.resource_changes ?? []).map(({ address, deposed }) => toObjectKey(address, deposed)),
  );
  const recordedObjects = ownerObjects.flatMap(
    ({ recordedOwnershipRecords, recordedReleases }): readonly StateObject[] => [
      ...recordedOwnershipRecords,
      ...recordedReleases,
    ],
  );
  const unmentionedAddresses = recordedObjects
    .filter(({ address, deposed_key: deposed }) => !mentionedKeys.has(toObjectKey(address, deposed)))
    .map(({ address }) => address);
  const plannedAddresses = new Set((plan.resource_changes ?? []).map(({ address }) => removeIndices(address)));
  const unplannedAddresses = [...configured.keys()].filter(
    (address) =>
      /(?:^|\.)terraform_data\.[a-z0-9-]+_[a-z0-9-]+_holder$/.test(address) && !plannedAddresses.has(address),
  );
  return [...new Set([...unmentionedAddresses, ...unplannedAddresses])].map((address) =>
    say.createIncompletePlan(
      `${name}: ${address}`,
      'It is configured or recorded, and the plan does not say what becomes of it.',
    ),
  );
}

const toObjectKey = (address: string, deposed: string | undefined): string => `${deposed ?? ''} ${address}`;

/**
 * Returns the address that the configuration has: `module.a["x"].terraform_data.b[0]` → `module.a.terraform_data.b`.
 */
const removeIndices = (address: string): string => address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');

/**
 * Returns true if Terraform will run the destroy provisioner; otherwise the reason why not. Terraform runs one that it
 * finds configured: in the resource, or in a `removed` block.
 */
function checkRemoved(
  { address, action_reason: actionReason }: ResourceChange,
  configured: ReadonlyMap<string, ConfiguredResource>,
  removedOwnerships: ReadonlySet<string>,
  hasStack: boolean,
): true | string {
  const configuredResource = configured.get(address);
  if (configuredResource) {
    if (actionReason !== undefined) return `the plan gives as its reason ${actionReason}`;
    return (
      compareRemovalProvisioner(configuredResource.provisioners).length === 0 ||
      'its ownership record has another destroy provisioner than cpanel-edge retract'
    );
  }
  if (removedOwnerships.has(address)) return true;
  return hasStack
    ? 'it is in the stack no more, and no DecommissionedOwner names it'
    : "it is in the stack no more, and whether a DecommissionedOwner names it is not in a plan's JSON: give the plan file itself, or the stack with --synthesized";
}

/** Whether stack and configuration have the same managed resources. Nothing in either says more of the other. */
function isStackOfPlan(stack: unknown, configuration: unknown): boolean {
  const resources = isRecord(stack) && isRecord(stack['resource']) ? stack['resource'] : {};
  const stackAddresses = Object.entries(resources)
    .flatMap(([type, resourcesOfType]) =>
      isRecord(resourcesOfType) ? Object.keys(resourcesOfType).map((resource) => `${type}.${resource}`) : [],
    )
    .sort();
  const root = isRecord(configuration) && isRecord(configuration['root_module']) ? configuration['root_module'] : {};
  const plannedAddresses = (Array.isArray(root['resources']) ? (root['resources'] as readonly unknown[]) : [])
    .flatMap((resource) =>
      isRecord(resource) && resource['mode'] === 'managed' && typeof resource['address'] === 'string'
        ? [resource['address']]
        : [],
    )
    .sort();
  return (
    stackAddresses.length === plannedAddresses.length &&
    stackAddresses.every((resource, index) => resource === plannedAddresses[index])
  );
}

function findDuplicateOwners(owners: readonly PlannedOwner[], name: string): readonly Problem[] {
  const ownerKeys = new Set<string>();
  return owners.flatMap(({ device, owner, action }) => {
    if (action === 'retired' || action === 'released') return [];
    const key = `${device}/${owner}`;
    if (ownerKeys.has(key)) return [say.createDuplicateOwner(name, key)];
    ownerKeys.add(key);
    return [];
  });
}

/**
 * Returns `OpenTofu 1.10.6`. Both programs use one name for their version. Two facts tell them apart: Terraform alone
 * prints `applyable` (from 1.8 on; OpenTofu 1.6 to 1.12 doesn't), and OpenTofu takes a provider without a registry from
 * its own. If neither fact holds, or both do, it may be either program.
 */
function describeProgram({ terraform_version: version, applyable, configuration }: PlanJson): string {
  const isTerraform = applyable !== undefined;
  const isTofu = listProviders(configuration).some((name) => name.startsWith('registry.opentofu.org/'));
  const program = isTerraform === isTofu ? 'Terraform or OpenTofu' : isTofu ? 'OpenTofu' : 'Terraform';
  return `${program} ${version}`;
}

function listProviders(configuration: unknown): readonly string[] {
  const providers =
    isRecord(configuration) && isRecord(configuration['provider_config']) ? configuration['provider_config'] : {};
  return Object.values(providers).flatMap((provider) =>
    isRecord(provider) && typeof provider['full_name'] === 'string' ? [provider['full_name']] : [],
  );
}
