import { Squeeze, isRecord } from '../../agent-protocol/codec';
import { Problem } from '../../problems/problem';
import { Plan, PlannedOwner } from '../plan';
import { Policies } from '../policies';
import { deliveredOtherwise, findForeignRetract, isDelivering, listCommands, retractsOtherwise } from './delivered';
import { holderInput, idOf } from './holder';
import { OwnerObjects, sortOut } from './owner-objects';
import { plannedOwner } from './planned-owner';
import * as say from './problems';
import { findContradictions } from './contradictions';
import { retiredHolders, runsOtherwise } from './retracts';
import { PlanJson, ResourceChange, findUntriedParts, planJson } from './shape';
import { sourceLinesIn } from './source-lines';
import { Configured, StateObject, configuredResources, stateObjects } from './state';

/** What a reader of plans is given beside the plan. */
interface Means {
  /** Bounded `zlib.inflateSync`. Without it no delivery is compared with what the plan shows. */
  readonly inflate?: Squeeze;
  /** Of a text as UTF-8, hexadecimal. Without it no digest is compared. */
  readonly sha256?: (text: string) => string;
  /** Of the package that reviews. A plan of another one is objected to. */
  readonly version?: string;
  /** The stack that the plan was made of, parsed: cdk.tf.json. Without it nothing that goes counts as retired. */
  readonly stack?: unknown;
  /** Where what is decoded is kept for whoever judges the plan. */
  readonly policies?: Policies;
}

/** One plan as `terraform show -json` has it. Throws Refusal review/not-a-plan, review/foreign-plan-format. */
export function readPlan(
  json: unknown,
  name: string,
  { inflate, sha256, version, stack, policies = new Policies() }: Means = {},
): Plan {
  const plan = planJson(json, name);
  const state = stateObjects(plan.prior_state, name);
  const configured = configuredResources(plan.configuration);
  const { found, foreign } = sortOut(plan.resource_changes ?? [], state);
  const doubts: Problem[] = [
    ...doubtsOfWhole(json, plan, name),
    ...missing(plan, name, found, configured),
    ...drifted(plan, name),
  ];
  const objections: Problem[] = [];
  const notes: Problem[] = [];
  const versions = new Set<string>();
  const stackIsThis = stack === undefined || isOfPlan(stack, plan.configuration);
  if (!stackIsThis) doubts.push(say.configurationOfAnother(name));
  const retired = stackIsThis ? retiredHolders(stack) : new Set<string>();
  const retracts = (holder: ResourceChange): true | string =>
    whetherRetracted(holder, configured, retired, stack !== undefined);
  const owners = found.flatMap((one): readonly PlannedOwner[] => {
    const owner = plannedOwner(one, { plan: name, retracts, doubts, objections });
    if (!owner) return [];
    look(one, owner);
    const places = stackIsThis ? sourceLinesIn(stack, `${owner.device}_${owner.owner}`) : undefined;
    return [places ? { ...owner, places } : owner];
  });
  for (const { address } of foreign) {
    const one = configured.get(withoutIndices(address));
    if (one && isDelivering(one)) objections.push(say.releaseAlone(`${name}: ${address}`));
  }
  const invocations = plan.action_invocations ?? [];
  objections.push(...twice(owners, name), ...findOwnTriggers(invocations, found, name));
  const isDeliveredOtherwise = (address: string): boolean =>
    objections.some(({ code, where }) => code === 'review/other-work' && where === `${name}: ${address}`);
  doubts.push(...findContradictions(json, found, name, isDeliveredOtherwise));
  const commands = listCommands(configured.values());
  const [command] = commands;
  if (commands.length > 1) objections.push(say.otherCommands(name, commands));
  return {
    name,
    madeBy: madeBy(plan),
    owners,
    ...(command === undefined ? {} : { command }),
    foreign: {
      changed: [
        ...foreign
          .filter(({ change }) => change.actions.some((action) => action !== 'no-op' && action !== 'read'))
          .map(({ address, change }) => ({ address, actions: change.actions })),
        ...invocations.map(({ address }) => ({ address, actions: ['invoke'] })),
      ],
      unchanged: foreign.filter(({ change }) =>
        change.actions.every((action) => action === 'no-op' || action === 'read'),
      ).length,
    },
    doubts,
    objections,
    ...(notes.length > 0 ? { notes } : {}),
    ...(versions.size > 0 && version !== undefined
      ? { otherVersions: { made: [...versions], reviewing: version } }
      : {}),
  };

  function look({ base, releases, holders, recordedHolders }: OwnerObjects, owner: PlannedOwner): void {
    for (const holder of holders) {
      const where = `${name}: ${holder.address}`;
      const one = configured.get(withoutIndices(holder.address));
      if (one && holder.change.after !== null) objections.push(...retractsOtherwise(where, one));
      if (one && stackIsThis && runsOtherwise(stack, holder, 'destroy'))
        objections.push(say.runsOtherwise(where, 'retract'));
    }
    const holder = holders.find(({ deposed }) => deposed === undefined);
    const input = holderInput(holder?.change.after) ?? holderInput(recordedHolders[0]?.values);
    const ownLeases = [idOf(holder?.change.importing), ...recordedHolders.map(({ values }) => idOf(values))].flatMap(
      (id) => id ?? [],
    );
    const [, within = '', own = ''] = /^(.*\.)?([^.]*)$/.exec(withoutIndices(base)) ?? [];
    const isConfigured = (address: string): boolean => configured.has(`${within}${address}`);
    for (const release of releases) {
      const { address, change } = release;
      const isCreated = change.actions.includes('create');
      if (isCreated && stackIsThis && runsOtherwise(stack, release))
        objections.push(say.runsOtherwise(`${name}: ${address}`, 'deliver'));
      const one = configured.get(withoutIndices(address));
      // Of a release that stays, the provisioner doesn't run; it is compared where the plan shows one.
      if (
        inflate === undefined ||
        !owner.after ||
        release.deposed !== undefined ||
        !(isCreated || one?.provisioners.length)
      )
        continue;
      const ordered = { owner, holder: `terraform_data.${own}_holder`, input, ownLeases, isConfigured };
      const wrong = deliveredOtherwise(`${name}: ${address}`, one, ordered, {
        inflate,
        policies,
        ...(sha256 ? { sha256 } : {}),
      });
      doubts.push(...wrong.doubts);
      objections.push(...wrong.objections);
      notes.push(...wrong.notes);
      const { madeBy } = wrong;
      if (madeBy !== undefined && version !== undefined && madeBy !== version) versions.add(madeBy);
    }
  }
}

function doubtsOfWhole(json: unknown, plan: PlanJson, name: string): readonly Problem[] {
  const untried = findUntriedParts(json);
  const nothing = plan.resource_changes === undefined && plan.prior_state !== undefined;
  return [
    ...(plan.format_version === '1.2' ? [] : [say.untriedFormat(name, plan.format_version)]),
    ...(untried.length === 0 ? [] : [say.untriedParts(name, untried)]),
    ...(plan.errored === true ? [say.errored(name)] : []),
    ...(plan.complete === false && plan.errored !== true
      ? [
          say.targeted(
            name,
            'Terraform says that the plan is not complete: it was made with -target, or parts of it were put off.',
          ),
        ]
      : []),
    ...(nothing && hasResources(plan) ? [say.refreshOnly(name)] : []),
  ];
}

/** Actions of a provider that a delivery sets off: they run beside the driver, with what the stack tells them. */
const findOwnTriggers = (
  invocations: NonNullable<PlanJson['action_invocations']>,
  found: readonly OwnerObjects[],
  name: string,
): readonly Problem[] => {
  const ours = new Set(
    found.flatMap(({ holders, releases }) => [...holders, ...releases].map(({ address }) => address)),
  );
  return invocations.flatMap(({ address, lifecycle_action_trigger: trigger }) =>
    trigger && ours.has(trigger.triggering_resource_address)
      ? [
          say.foreignProvisioner(
            `${name}: ${trigger.triggering_resource_address}`,
            'deliver',
            `${address} is invoked with it`,
          ),
        ]
      : [],
  );
};

/** Neither type of resource ever differs from its record, whatever the device does. */
const drifted = ({ resource_drift: drift = [] }: PlanJson, name: string): readonly Problem[] =>
  sortOut(drift, []).found.flatMap(({ holders, releases }) =>
    [...holders, ...releases].map(({ address }) => say.editedOutside(`${name}: ${address}`)),
  );

const hasResources = ({ prior_state: state }: PlanJson): boolean => {
  const values = isRecord(state) ? state['values'] : undefined;
  return isRecord(values) && isRecord(values['root_module']) && Object.keys(values['root_module']).length > 0;
};

/** Ours that the plan doesn't mention though they are configured or recorded: it is not about everything, whatever it says of itself. */
function missing(
  plan: PlanJson,
  name: string,
  found: readonly OwnerObjects[],
  configured: ReadonlyMap<string, Configured>,
): readonly Problem[] {
  if (plan.resource_changes === undefined && hasResources(plan)) return [];
  const mentioned = new Set((plan.resource_changes ?? []).map(({ address, deposed }) => keyOf(address, deposed)));
  const recorded = found.flatMap(({ recordedHolders, recordedReleases }): readonly StateObject[] => [
    ...recordedHolders,
    ...recordedReleases,
  ]);
  const left = recorded
    .filter(({ address, deposed_key: deposed }) => !mentioned.has(keyOf(address, deposed)))
    .map(({ address }) => address);
  const planned = new Set((plan.resource_changes ?? []).map(({ address }) => withoutIndices(address)));
  const unplanned = [...configured.keys()].filter(
    (address) => /(?:^|\.)terraform_data\.[a-z0-9-]+_[a-z0-9-]+_holder$/.test(address) && !planned.has(address),
  );
  return [...new Set([...left, ...unplanned])].map((address) =>
    say.targeted(`${name}: ${address}`, 'It is configured or recorded, and the plan does not say what becomes of it.'),
  );
}

const keyOf = (address: string, deposed: string | undefined): string => `${deposed ?? ''} ${address}`;

/** `module.a["x"].terraform_data.b[0]` → `module.a.terraform_data.b`, as the configuration names it. */
const withoutIndices = (address: string): string => address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');

/** Terraform runs a destroy provisioner that it finds configured: in the resource, or in a `removed` block. */
function whetherRetracted(
  { address, action_reason: reason }: ResourceChange,
  configured: ReadonlyMap<string, Configured>,
  retired: ReadonlySet<string>,
  stackGiven: boolean,
): true | string {
  const own = configured.get(address);
  if (own) {
    if (reason !== undefined) return `the plan gives as its reason ${reason}`;
    return (
      findForeignRetract(own.provisioners).length === 0 ||
      'its holder has another destroy provisioner than cpanel-edge retract'
    );
  }
  if (retired.has(address)) return true;
  return stackGiven
    ? 'it is in the stack no more, and no Retired names it'
    : "it is in the stack no more, and whether a Retired names it is not in a plan's JSON: give the plan file itself, or the stack with --synthesized";
}

/** Whether both speak of the same holders and releases. Nothing in either says more of the other. */
function isOfPlan(stack: unknown, configuration: unknown): boolean {
  const resources = isRecord(stack) && isRecord(stack['resource']) ? stack['resource'] : {};
  const named = Object.entries(resources)
    .flatMap(([type, all]) => (isRecord(all) ? Object.keys(all).map((one) => `${type}.${one}`) : []))
    .sort();
  const root = isRecord(configuration) && isRecord(configuration['root_module']) ? configuration['root_module'] : {};
  const planned = (Array.isArray(root['resources']) ? (root['resources'] as readonly unknown[]) : [])
    .flatMap((one) =>
      isRecord(one) && one['mode'] === 'managed' && typeof one['address'] === 'string' ? [one['address']] : [],
    )
    .sort();
  return named.length === planned.length && named.every((one, at) => one === planned[at]);
}

function twice(owners: readonly PlannedOwner[], name: string): readonly Problem[] {
  const seen = new Set<string>();
  return owners.flatMap(({ device, owner, action }) => {
    if (action === 'retired' || action === 'released') return [];
    const key = `${device}/${owner}`;
    if (seen.has(key)) return [say.ownerTwice(name, key)];
    seen.add(key);
    return [];
  });
}

/**
 * `OpenTofu 1.10.6`. Both programs call their version by the one name: what tells them apart is what Terraform alone says (`applyable`, from 1.8 on;
 * OpenTofu 1.6 to 1.12 doesn't), and whose registry a provider came from that names none. Where neither speaks, or both do, it may be either.
 */
function madeBy({ terraform_version: version, applyable, configuration }: PlanJson): string {
  const isTerraform = applyable !== undefined;
  const isTofu = providersOf(configuration).some((name) => name.startsWith('registry.opentofu.org/'));
  const program = isTerraform === isTofu ? 'Terraform or OpenTofu' : isTofu ? 'OpenTofu' : 'Terraform';
  return `${program} ${version}`;
}

function providersOf(configuration: unknown): readonly string[] {
  const providers =
    isRecord(configuration) && isRecord(configuration['provider_config']) ? configuration['provider_config'] : {};
  return Object.values(providers).flatMap((one) =>
    isRecord(one) && typeof one['full_name'] === 'string' ? [one['full_name']] : [],
  );
}
