import { isRecord } from '../../agent-protocol/codec';
import { Problem } from '../../problems/problem';
import { listDifferences, printValue } from './differences';
import { sectionOf } from './in-stack';
import { OwnerObjects } from './owner-objects';
import * as say from './problems';
import { unescapeTemplates } from './templates';

// A plan says most of what it does to a resource in several places: resource_changes, planned_values, prior_state, variables and
// configuration. Only one of them is judged, so each of the others has to say the same.

type Section = Readonly<Record<string, unknown>>;

/**
 * Where the copies of a plan differ from what is judged, a doubt for each resource of ours. `isDeliveredOtherwise`: a release that is objected to
 * because its work is another; a variable that is set from outside makes that, too.
 */
export function findContradictions(
  plan: unknown,
  owners: readonly OwnerObjects[],
  name: string,
  isDeliveredOtherwise: (address: string) => boolean,
): readonly Problem[] {
  const json: Section = isRecord(plan) ? plan : {};
  const changes = listOf(json['resource_changes']);
  const [planned, recorded] = [
    listResources(sectionOf(json['planned_values'], 'root_module')),
    listResources(sectionOf(sectionOf(json['prior_state'], 'values'), 'root_module')),
  ];
  const configuration = sectionOf(json, 'configuration');
  const orphans = findOrphans(sectionOf(configuration, 'root_module'), changes);
  const found = new Map<string, string[]>();
  const add = (address: string, words: readonly string[]): void => {
    if (words.length > 0) found.set(address, [...(found.get(address) ?? []), ...words]);
  };
  const ours = new Set(
    owners.flatMap(({ holders, releases }) => [...holders, ...releases].map(({ address }) => address)),
  );
  for (const change of changes) {
    const address = printValue(change['address']);
    if (!ours.has(address) && !/^(?:terraform_data|null_resource)\.[a-z0-9-]+_[a-z0-9-]+(?:_holder)?$/.test(address))
      continue;
    add(address, compareNames(change));
    if (!ours.has(address)) continue;
    add(address, compareActions(sectionOf(change, 'change')));
    const copy = planned.find((one) => one['address'] === address && change['deposed'] === undefined);
    if (copy) add(address, compareCopy('planned_values', copy, change, 'after'));
    else if (planned.length > 0 && change['deposed'] === undefined && isThere(sectionOf(change, 'change')['after']))
      add(address, ['planned_values has no such resource']);
    const names = [change['address'], change['previous_address']];
    const record = recorded.find((one) => names.includes(one['address']) && one['deposed_key'] === change['deposed']);
    if (record)
      add(address, compareCopy('prior_state', record, change, 'before', change['previous_address'] !== undefined));
    else if (recorded.length > 0 && isThere(sectionOf(change, 'change')['before']))
      add(address, ['prior_state has no such resource']);
    add(
      address,
      compareConfigured(configuration, json['variables'], change, {
        orphans,
        isSetOutside: isDeliveredOtherwise(address),
      }),
    );
  }
  const isIdle = changes.every((change) =>
    listTexts(sectionOf(change, 'change')['actions']).every((action) => action === 'no-op'),
  );
  return [
    ...[...found].map(([address, words]) => say.contradiction(`${name}: ${address}`, limited(words))),
    ...(json['applyable'] === false && !isIdle && json['errored'] !== true
      ? [say.contradiction(name, 'Terraform says that it can not be applied (applyable), and it changes resources.')]
      : []),
  ];
}

const MOST = 5;
const limited = (words: readonly string[]): string =>
  `The plan contradicts itself: ${words.slice(0, MOST).join('; ')}${words.length > MOST ? `; and ${words.length - MOST} more` : ''}.`;

const isThere = (value: unknown): boolean => value !== null && value !== undefined;
const listOf = (value: unknown): readonly Section[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isRecord) : [];
const listTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? (value as readonly unknown[]).map(printValue) : [];

/** The resources of a module and of those in it. */
function listResources(root: Section): readonly Section[] {
  const found: Section[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(...listOf(next['resources']));
    waiting.push(...listOf(next['child_modules']));
  }
  return found;
}

/** `module.a.terraform_data.b["c"]` is made of its parts. */
function compareNames({
  address,
  module_address: module,
  mode,
  type,
  name,
  index,
  provider_name: provider,
}: Section): readonly string[] {
  const own = `${module === undefined ? '' : `${printValue(module)}.`}${printValue(type)}.${printValue(name)}`;
  const [without, rest] = [printValue(address).slice(0, own.length), printValue(address).slice(own.length)];
  // How Terraform prints an index isn't looked at.
  const isItsAddress = without === own && (index === undefined ? rest === '' : /^\[.*\]$/.test(rest));
  const isOwn =
    type === 'terraform_data' ? provider === BUILT_IN : /(?:^|\/)hashicorp\/null$/.test(printValue(provider));
  return [
    ...(isItsAddress ? [] : [`its address is ${printValue(address)}, and its type and name are ${own}`]),
    ...(mode === 'managed' ? [] : [`its mode is ${printValue(mode)}`]),
    ...(provider === undefined || isOwn ? [] : [`its provider_name is ${printValue(provider)}`]),
  ];
}
const BUILT_IN = 'terraform.io/builtin/terraform';

const KNOWN_ACTIONS = new Set(['create', 'delete', 'forget', 'no-op', 'update', 'create delete', 'delete create']);

/** What is done follows from what is there before and after. */
function compareActions({
  actions,
  before,
  after,
  after_sensitive: later,
  before_sensitive: earlier,
}: Section): readonly string[] {
  const [was, will] = [isThere(before), isThere(after)];
  const done = listTexts(actions).join(' ');
  const fitting = !was
    ? ['create']
    : !will
      ? ['delete', 'forget']
      : ['no-op', 'update', 'create delete', 'delete create'];
  // Other words are a doubt of their own.
  const fits = fitting.includes(done) || !KNOWN_ACTIONS.has(done);
  return [
    ...(fits ? [] : [`actions are ${done}, which is not what its before and after say`]),
    ...[before, after].flatMap((values) => compareOutput(values)),
    ...[earlier, later].flatMap(compareMarks),
  ];
}

/** terraform_data puts out its input. */
function compareOutput(values: unknown): readonly string[] {
  const { input, output } = isRecord(values) ? values : {};
  return isThere(output) ? listDifferences(input, output).map((one) => `output and input differ at ${one}`) : [];
}

/** Text and policy are hidden in a plan for people. */
function compareMarks(marks: unknown): readonly string[] {
  return ['triggers_replace', 'triggers'].flatMap((key) => {
    const section = sectionOf(marks, key);
    return ['policy', 'text'].flatMap((part) =>
      Object.hasOwn(section, part) && section[part] !== true ? [`${key}.${part} is not marked as sensitive`] : [],
    );
  });
}

function compareCopy(
  where: string,
  copy: Section,
  change: Section,
  side: 'before' | 'after',
  isMoved = false,
): readonly string[] {
  const parts = ['mode', 'type', ...(isMoved ? [] : ['name', 'index']), 'provider_name'].filter(
    (key) => Object.hasOwn(copy, key) && copy[key] !== change[key],
  );
  const values = sectionOf(change, 'change')[side];
  return [
    ...parts.map(
      (key) => `${key} is ${printValue(copy[key])} in ${where}, and ${printValue(change[key])} in resource_changes`,
    ),
    ...(copy['values'] === undefined || !isThere(values)
      ? []
      : listDifferences(copy['values'], values).map((one) => `${where} and resource_changes differ at ${one}`)),
    ...compareMarks(copy['sensitive_values']),
  ];
}

/** The configuration and its variables against what is planned. */
function compareConfigured(
  configuration: Section,
  values: unknown,
  change: Section,
  { orphans, isSetOutside }: { readonly orphans: readonly string[]; readonly isSetOutside: boolean },
): readonly string[] {
  const module = moduleOf(sectionOf(configuration, 'root_module'), change['module_address']);
  const own = listOf(module?.['resources']).find(
    ({ address }) => address === `${printValue(change['type'])}.${printValue(change['name'])}`,
  );
  const { after } = sectionOf(change, 'change');
  if (!module || !isRecord(after)) return [];
  if (!own)
    return orphans.length === 0
      ? []
      : [`the configuration has it under another address, perhaps ${orphans.join(', ')}`];
  const provider = sectionOf(sectionOf(configuration, 'provider_config'), printValue(own['provider_config_key']))[
    'full_name'
  ];
  const isProvider =
    own['provider_config_key'] === undefined ||
    change['provider_name'] === undefined ||
    provider === change['provider_name'];
  const expressions = sectionOf(own, 'expressions');
  const input = sectionOf(expressions, 'input')['constant_value'];
  const key = Object.hasOwn(expressions, 'triggers') ? 'triggers' : 'triggers_replace';
  return [
    ...(['mode', 'type', 'name'] as const).flatMap((part) =>
      own[part] === change[part]
        ? []
        : [
            `${part} is ${printValue(own[part])} in the configuration, and ${printValue(change[part])} in resource_changes`,
          ],
    ),
    ...(isProvider
      ? []
      : [
          `its provider_config_key is ${printValue(own['provider_config_key'])}, whose full_name is ${printValue(provider)}`,
        ]),
    ...(input === undefined
      ? []
      : listDifferences(unescapeTemplates(input), after['input']).map(
          (one) => `the configuration and resource_changes differ at input.${one}`,
        )),
    ...compareTriggers(sectionOf(expressions, key)['constant_value'], key, {
      isSetOutside,
      planned: sectionOf(after, key),
      variables: sectionOf(module, 'variables'),
      values: change['module_address'] === undefined ? values : undefined,
    }),
  ];
}

/** Resources of the root module that the plan doesn't speak of. */
function findOrphans(root: Section, changes: readonly Section[]): readonly string[] {
  const planned = new Set(changes.map(({ address }) => printValue(address).replace(/\[.*\]$/, '')));
  return listOf(root['resources'])
    .map(({ address }) => printValue(address))
    .filter((address) => /^(?:terraform_data|null_resource)\./.test(address) && !planned.has(address));
}

/** The module of an address; without indices, as the configuration has it. */
function moduleOf(root: Section, address: unknown): Section | undefined {
  const calls = typeof address === 'string' ? address.replace(/\[[^\]]*\]/g, '').split('.') : [];
  let at: Section = root;
  for (let nth = 1; nth < calls.length; nth += 2)
    at = sectionOf(sectionOf(sectionOf(at, 'module_calls'), calls[nth]!), 'module');
  return at;
}

interface Triggering {
  readonly isSetOutside: boolean;
  readonly planned: Section;
  readonly variables: Section;
  readonly values: unknown;
}

const MERGED =
  /^\$\{merge\(var\.(.+)_lines, \{ lease = terraform_data\.\1_holder\.id, policy = var\.\1_policy, text = var\.\1_text \}\)\}$/;

/** Triggers are merged of variables, which nothing sets from outside, or stand in the resource as templates in older stacks. */
function compareTriggers(
  expression: unknown,
  key: string,
  { isSetOutside, planned, variables, values }: Triggering,
): readonly string[] {
  const { policy, text } = planned;
  // Known after the apply, which is a doubt of its own.
  if (expression === undefined || policy === undefined || text === undefined) return [];
  if (typeof expression !== 'string') {
    const [rest, others] = [isRecord(expression) ? expression : {}, planned].map((all) => without(all, ['lease']));
    const plain = Object.fromEntries(Object.entries(rest!).map(([part, value]) => [part, evaluated(value)]));
    return listDifferences(unescapeTemplates(plain), others).map(
      (one) => `the configuration and resource_changes differ at ${key}.${one}`,
    );
  }
  const name = MERGED.exec(expression)?.[1];
  if (name === undefined)
    return [`its ${key} are made of ${expression} in the configuration, and not of its lines, policy and text`];
  const lines = without(planned, ['lease', 'policy', 'text']);
  return Object.entries({ lines, policy, text }).flatMap(([part, value]): readonly string[] => {
    const variable = `${name}_${part}`;
    const { default: written, description, sensitive } = sectionOf(variables, variable);
    const set = sectionOf(values, variable)['value'];
    return [
      ...(written === undefined || isSetOutside
        ? []
        : listDifferences(written, value).map((one) => differing(`the default of ${variable}`, key, one))),
      ...(set === undefined
        ? []
        : listDifferences(set, value).map((one) => differing(`the variable ${variable}`, key, one))),
      ...(description === undefined || description === NOT_TO_BE_SET
        ? []
        : [`the description of ${variable} is "${printValue(description)}"`]),
      ...(sensitive === undefined || sensitive === true ? [] : [`${variable} is not sensitive`]),
    ];
  });
}

const without = (all: Section, keys: readonly string[]): Section =>
  Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)));

/** As constructs/internal/triggers.ts writes it. */
const NOT_TO_BE_SET = 'cpanel-edge writes it; it is not to be set.';

const differing = (where: string, key: string, at: string): string =>
  `${where} and resource_changes differ at ${key}${at === '' ? '' : `.${at}`}`;

const evaluated = (value: unknown): unknown =>
  typeof value === 'string' ? (/^\$\{sensitive\("([^"]*)"\)\}$/.exec(value)?.[1] ?? value) : value;
