// Finds contradictions between the sections of a Terraform plan, which repeat most of each other. Only resource_changes
// is judged, so planned_values, prior_state, variables and configuration have to agree with it.

import { isRecord } from '../../agent-protocol/work-codec';
import { Problem } from '../../problems/problem';
import { listDifferences, printValue } from './differences';
import { getSection } from './stack-releases';
import { OwnerObjects } from './owner-objects';
import * as say from './plan-problems';
import { unescapeTemplates } from './unescape-templates';

type JsonSection = Readonly<Record<string, unknown>>;

/**
 * Returns a doubt for each resource of ours whose copies in the plan differ from what is judged.
 * `isDeliveredOtherwise`: whether the release at this address has an objection because its work differs. A variable
 * that is set from outside causes that objection, too.
 */
export function findContradictions(
  plan: unknown,
  owners: readonly OwnerObjects[],
  name: string,
  isDeliveredOtherwise: (address: string) => boolean,
): readonly Problem[] {
  const json: JsonSection = isRecord(plan) ? plan : {};
  const changes = listSections(json['resource_changes']);
  const [plannedResources, recordedResources] = [
    listResources(getSection(json['planned_values'], 'root_module')),
    listResources(getSection(getSection(json['prior_state'], 'values'), 'root_module')),
  ];
  const configuration = getSection(json, 'configuration');
  const orphans = findOrphans(getSection(configuration, 'root_module'), changes);
  const differencesByAddress = new Map<string, string[]>();
  const addDifferences = (address: string, differences: readonly string[]): void => {
    if (differences.length > 0)
      differencesByAddress.set(address, [...(differencesByAddress.get(address) ?? []), ...differences]);
  };
  const ownAddresses = new Set(
    owners.flatMap(({ ownershipRecords, releases }) =>
      [...ownershipRecords, ...releases].map(({ address }) => address),
    ),
  );
  for (const change of changes) {
    const address = printValue(change['address']);
    if (
      !ownAddresses.has(address) &&
      !/^(?:terraform_data|null_resource)\.[a-z0-9-]+_[a-z0-9-]+(?:_holder)?$/.test(address)
    )
      continue;
    addDifferences(address, compareNames(change));
    if (!ownAddresses.has(address)) continue;
    addDifferences(address, compareActions(getSection(change, 'change')));
    const plannedResource = plannedResources.find(
      (resource) => resource['address'] === address && change['deposed'] === undefined,
    );
    if (plannedResource) addDifferences(address, compareCopy('planned_values', plannedResource, change, 'after'));
    else if (
      plannedResources.length > 0 &&
      change['deposed'] === undefined &&
      isPresent(getSection(change, 'change')['after'])
    )
      addDifferences(address, ['planned_values has no such resource']);
    const names = [change['address'], change['previous_address']];
    const recordedResource = recordedResources.find(
      (resource) => names.includes(resource['address']) && resource['deposed_key'] === change['deposed'],
    );
    if (recordedResource)
      addDifferences(
        address,
        compareCopy('prior_state', recordedResource, change, 'before', change['previous_address'] !== undefined),
      );
    else if (recordedResources.length > 0 && isPresent(getSection(change, 'change')['before']))
      addDifferences(address, ['prior_state has no such resource']);
    addDifferences(
      address,
      compareConfigured(configuration, json['variables'], change, {
        orphans,
        isSetOutside: isDeliveredOtherwise(address),
      }),
    );
  }
  const isIdle = changes.every((change) =>
    listTexts(getSection(change, 'change')['actions']).every((action) => action === 'no-op'),
  );
  return [
    ...[...differencesByAddress].map(([address, differences]) =>
      say.createContradiction(`${name}: ${address}`, joinDifferences(differences)),
    ),
    ...(json['applyable'] === false && !isIdle && json['errored'] !== true
      ? [
          say.createContradiction(
            name,
            'Terraform says that it can not be applied (applyable), and it changes resources.',
          ),
        ]
      : []),
  ];
}

const MAX_PRINTED_DIFFERENCES = 5;
const joinDifferences = (differences: readonly string[]): string =>
  `The plan contradicts itself: ${differences.slice(0, MAX_PRINTED_DIFFERENCES).join('; ')}${differences.length > MAX_PRINTED_DIFFERENCES ? `; and ${differences.length - MAX_PRINTED_DIFFERENCES} more` : ''}.`;

const isPresent = (value: unknown): boolean => value !== null && value !== undefined;
const listSections = (value: unknown): readonly JsonSection[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isRecord) : [];
const listTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? (value as readonly unknown[]).map(printValue) : [];

/** Returns the resources of a module and of all its child modules. */
function listResources(root: JsonSection): readonly JsonSection[] {
  const resources: JsonSection[] = [];
  const pendingModules = [root];
  for (let module = pendingModules.pop(); module !== undefined; module = pendingModules.pop()) {
    resources.push(...listSections(module['resources']));
    pendingModules.push(...listSections(module['child_modules']));
  }
  return resources;
}

/** Compares an address with its parts: `module.a.terraform_data.b["c"]` is made of module, type, name and index. */
function compareNames({
  address,
  module_address: module,
  mode,
  type,
  name,
  index,
  provider_name: provider,
}: JsonSection): readonly string[] {
  const expectedAddress = `${module === undefined ? '' : `${printValue(module)}.`}${printValue(type)}.${printValue(name)}`;
  const [addressWithoutIndex, indexSuffix] = [
    printValue(address).slice(0, expectedAddress.length),
    printValue(address).slice(expectedAddress.length),
  ];
  // The printed form of the index isn't compared.
  const isAddressMatching =
    addressWithoutIndex === expectedAddress &&
    (index === undefined ? indexSuffix === '' : /^\[.*\]$/.test(indexSuffix));
  const isOwnProvider =
    type === 'terraform_data' ? provider === BUILT_IN_PROVIDER : /(?:^|\/)hashicorp\/null$/.test(printValue(provider));
  return [
    ...(isAddressMatching
      ? []
      : [`its address is ${printValue(address)}, and its type and name are ${expectedAddress}`]),
    ...(mode === 'managed' ? [] : [`its mode is ${printValue(mode)}`]),
    ...(provider === undefined || isOwnProvider ? [] : [`its provider_name is ${printValue(provider)}`]),
  ];
}
const BUILT_IN_PROVIDER = 'terraform.io/builtin/terraform';

const KNOWN_ACTIONS = new Set(['create', 'delete', 'forget', 'no-op', 'update', 'create delete', 'delete create']);

/** Compares the actions with `before` and `after`, from which they follow. */
function compareActions({
  actions,
  before,
  after,
  after_sensitive: sensitiveAfter,
  before_sensitive: sensitiveBefore,
}: JsonSection): readonly string[] {
  const [existedBefore, existsAfter] = [isPresent(before), isPresent(after)];
  const actionWords = listTexts(actions).join(' ');
  const possibleActions = !existedBefore
    ? ['create']
    : !existsAfter
      ? ['delete', 'forget']
      : ['no-op', 'update', 'create delete', 'delete create'];
  // `createUnforeseenActions` gives the doubt for other words.
  const isPossible = possibleActions.includes(actionWords) || !KNOWN_ACTIONS.has(actionWords);
  return [
    ...(isPossible ? [] : [`actions are ${actionWords}, which is not what its before and after say`]),
    ...[before, after].flatMap((values) => compareOutput(values)),
    ...[sensitiveBefore, sensitiveAfter].flatMap(compareMarks),
  ];
}

/** Compares input and output: the output of terraform_data is its input. */
function compareOutput(values: unknown): readonly string[] {
  const { input, output } = isRecord(values) ? values : {};
  return isPresent(output) ? listDifferences(input, output).map((path) => `output and input differ at ${path}`) : [];
}

/** Checks that text and policy are marked as sensitive, which hides them in a plan for people. */
function compareMarks(sensitiveMarks: unknown): readonly string[] {
  return ['triggers_replace', 'triggers'].flatMap((key) => {
    const section = getSection(sensitiveMarks, key);
    return ['policy', 'text'].flatMap((part) =>
      Object.hasOwn(section, part) && section[part] !== true ? [`${key}.${part} is not marked as sensitive`] : [],
    );
  });
}

function compareCopy(
  sectionName: string,
  resource: JsonSection,
  change: JsonSection,
  side: 'before' | 'after',
  isMoved = false,
): readonly string[] {
  const differingKeys = ['mode', 'type', ...(isMoved ? [] : ['name', 'index']), 'provider_name'].filter(
    (key) => Object.hasOwn(resource, key) && resource[key] !== change[key],
  );
  const values = getSection(change, 'change')[side];
  return [
    ...differingKeys.map(
      (key) =>
        `${key} is ${printValue(resource[key])} in ${sectionName}, and ${printValue(change[key])} in resource_changes`,
    ),
    ...(resource['values'] === undefined || !isPresent(values)
      ? []
      : listDifferences(resource['values'], values).map(
          (path) => `${sectionName} and resource_changes differ at ${path}`,
        )),
    ...compareMarks(resource['sensitive_values']),
  ];
}

/** Compares the configuration and its variables with what is planned. */
function compareConfigured(
  configuration: JsonSection,
  values: unknown,
  change: JsonSection,
  { orphans, isSetOutside }: { readonly orphans: readonly string[]; readonly isSetOutside: boolean },
): readonly string[] {
  const module = findModule(getSection(configuration, 'root_module'), change['module_address']);
  const configuredResource = listSections(module?.['resources']).find(
    ({ address }) => address === `${printValue(change['type'])}.${printValue(change['name'])}`,
  );
  const { after } = getSection(change, 'change');
  if (!module || !isRecord(after)) return [];
  if (!configuredResource)
    return orphans.length === 0
      ? []
      : [`the configuration has it under another address, perhaps ${orphans.join(', ')}`];
  const provider = getSection(
    getSection(configuration, 'provider_config'),
    printValue(configuredResource['provider_config_key']),
  )['full_name'];
  const isProvider =
    configuredResource['provider_config_key'] === undefined ||
    change['provider_name'] === undefined ||
    provider === change['provider_name'];
  const expressions = getSection(configuredResource, 'expressions');
  const input = getSection(expressions, 'input')['constant_value'];
  const key = Object.hasOwn(expressions, 'triggers') ? 'triggers' : 'triggers_replace';
  return [
    ...(['mode', 'type', 'name'] as const).flatMap((field) =>
      configuredResource[field] === change[field]
        ? []
        : [
            `${field} is ${printValue(configuredResource[field])} in the configuration, and ${printValue(change[field])} in resource_changes`,
          ],
    ),
    ...(isProvider
      ? []
      : [
          `its provider_config_key is ${printValue(configuredResource['provider_config_key'])}, whose full_name is ${printValue(provider)}`,
        ]),
    ...(input === undefined
      ? []
      : listDifferences(unescapeTemplates(input), after['input']).map(
          (path) => `the configuration and resource_changes differ at input.${path}`,
        )),
    ...compareTriggers(getSection(expressions, key)['constant_value'], key, {
      isSetOutside,
      planned: getSection(after, key),
      variables: getSection(module, 'variables'),
      values: change['module_address'] === undefined ? values : undefined,
    }),
  ];
}

/** Returns the addresses of configured resources of the root module that the plan doesn't mention. */
function findOrphans(root: JsonSection, changes: readonly JsonSection[]): readonly string[] {
  const plannedAddresses = new Set(changes.map(({ address }) => printValue(address).replace(/\[.*\]$/, '')));
  return listSections(root['resources'])
    .map(({ address }) => printValue(address))
    .filter((address) => /^(?:terraform_data|null_resource)\./.test(address) && !plannedAddresses.has(address));
}

/** Returns the configured module of an address. The configuration has no indices, so they are cut off. */
function findModule(root: JsonSection, address: unknown): JsonSection | undefined {
  const pathParts = typeof address === 'string' ? address.replace(/\[[^\]]*\]/g, '').split('.') : [];
  let module: JsonSection = root;
  for (let index = 1; index < pathParts.length; index += 2)
    module = getSection(getSection(getSection(module, 'module_calls'), pathParts[index]!), 'module');
  return module;
}

interface TriggerSources {
  readonly isSetOutside: boolean;
  readonly planned: JsonSection;
  readonly variables: JsonSection;
  readonly values: unknown;
}

const MERGED_TRIGGERS_FORM =
  /^\$\{merge\(var\.(.+)_lines, \{ lease = terraform_data\.\1_holder\.id, policy = var\.\1_policy, text = var\.\1_text \}\)\}$/;

/**
 * Compares the planned triggers with the configured ones. Triggers are merged from variables, which nothing sets from
 * outside; older stacks have them in the resource, as templates.
 */
function compareTriggers(
  expression: unknown,
  key: string,
  { isSetOutside, planned, variables, values }: TriggerSources,
): readonly string[] {
  const { policy, text } = planned;
  // `createKnownAfterApply` gives the doubt for triggers that are known only after the apply.
  if (expression === undefined || policy === undefined || text === undefined) return [];
  if (typeof expression !== 'string') {
    const [configuredTriggers, plannedTriggers] = [isRecord(expression) ? expression : {}, planned].map((section) =>
      omitKeys(section, ['lease']),
    );
    const templateTriggers = Object.fromEntries(
      Object.entries(configuredTriggers!).map(([partName, value]) => [partName, evaluateSensitive(value)]),
    );
    return listDifferences(unescapeTemplates(templateTriggers), plannedTriggers).map(
      (path) => `the configuration and resource_changes differ at ${key}.${path}`,
    );
  }
  const name = MERGED_TRIGGERS_FORM.exec(expression)?.[1];
  if (name === undefined)
    return [`its ${key} are made of ${expression} in the configuration, and not of its lines, policy and text`];
  const lines = omitKeys(planned, ['lease', 'policy', 'text']);
  return Object.entries({ lines, policy, text }).flatMap(([partName, value]): readonly string[] => {
    const variable = `${name}_${partName}`;
    const { default: defaultValue, description, sensitive } = getSection(variables, variable);
    const variableValue = getSection(values, variable)['value'];
    return [
      ...(defaultValue === undefined || isSetOutside
        ? []
        : listDifferences(defaultValue, value).map((path) =>
            describeDifference(`the default of ${variable}`, key, path),
          )),
      ...(variableValue === undefined
        ? []
        : listDifferences(variableValue, value).map((path) =>
            describeDifference(`the variable ${variable}`, key, path),
          )),
      ...(description === undefined || description === VARIABLE_DESCRIPTION
        ? []
        : [`the description of ${variable} is "${printValue(description)}"`]),
      ...(sensitive === undefined || sensitive === true ? [] : [`${variable} is not sensitive`]),
    ];
  });
}

const omitKeys = (section: JsonSection, keys: readonly string[]): JsonSection =>
  Object.fromEntries(Object.entries(section).filter(([key]) => !keys.includes(key)));

/** The description that `FIXED_VARIABLE` in constructs/internal/triggers.ts has. */
const VARIABLE_DESCRIPTION = 'cpanel-edge writes it; it is not to be set.';

const describeDifference = (section: string, key: string, path: string): string =>
  `${section} and resource_changes differ at ${key}${path === '' ? '' : `.${path}`}`;

const evaluateSensitive = (value: unknown): unknown =>
  typeof value === 'string' ? (/^\$\{sensitive\("([^"]*)"\)\}$/.exec(value)?.[1] ?? value) : value;
