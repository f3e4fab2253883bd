import { Construct } from 'constructs';
import { CONNECTION_DEFAULT_KEYS, checkConnectionDefaults } from '../lib/intent/connection';
import { checkDeviceDefaults } from '../lib/intent/device-fields';
import { IntentFields, IntentLocation, runGuarded, parseRecord } from '../lib/intent/fields';
import { ConnectionIntent, CpanelFirewallProfileIntent, ServerIntent } from '../lib/intent/intent';
import { parseManagementFields } from '../lib/intent/profile';
import { parseTrustedNetworks } from '../lib/intent/server-policy-builder';
import { parseSourceSets } from '../lib/intent/sources';
import { Problem, Refusal } from '../lib/problems/problem';
import { type PlatformId, knownPlatforms } from '../lib/registry';
import { copyProps } from './construct-props';
import { isReleaseResource, createNoReleaseResource } from './release-resource';
import { Tree } from './tree';

/** What a scope says for all gateways, servers and profiles in it. Each of them may say otherwise, and nothing has to be said. */
export interface DefaultsProps {
  /** Of gateways and servers: whose part of the device they are. @example owner: 'hosting' */
  readonly owner?: string;
  /** Of gateways and servers: what runs on them. @example platform: 'nftables' @throws intent/unknown-platform */
  readonly platform?: PlatformId | (string & {});
  /**
   * Of gateways and servers, beside `platform`: who names another platform names its version, too.
   *
   * @example version: '1.0.6'
   * @throws intent/bad-version
   */
  readonly version?: string;
  /**
   * Of gateways and servers: the resource that a release is in Terraform.
   *
   * @example releaseResource: 'terraform_data'
   * @throws constructs/release-resource
   */
  readonly releaseResource?: 'null_resource' | 'terraform_data';
  /**
   * Of gateways and servers, key by key: all but `host`. Of `identityFile` and `agentVariable` none is taken where the construct says one.
   *
   * @example connection: { user: 'deploy', identityFile: '~/.ssh/deploy' }
   * @throws intent/secret-as-value
   */
  readonly connection?: Partial<Omit<ConnectionIntent, 'host'>>;
  /**
   * Of servers: prefixes whose connections aren't ours to close; `none` is an answer.
   *
   * @example inside: ['10.0.0.0/24']
   * @throws intent/everything-as-prefix
   */
  readonly inside?: ServerIntent['inside'];
  /** Of profiles: the way back in. Who may reach the services is no default. @example management: { from: ['office'], port: 2222 } */
  readonly management?: CpanelFirewallProfileIntent['management'];
  /**
   * Of profiles and gateways, set by set: names for lists of prefixes, for `management` here, too.
   *
   * @example sourceSets: { office: ['198.51.100.0/24'] }
   * @throws intent/anywhere-refused
   */
  readonly sourceSets?: CpanelFirewallProfileIntent['sourceSets'];
}

/**
 * Key in the context of an App or a scope whose value is an object of defaults: they stand behind those of `Defaults.on`. As with all context
 * the nearest scope's value is the one, whole.
 */
const CONTEXT_KEY = 'cpanelEdge';

type DefaultValues = Readonly<Record<string, unknown>>;

interface DefaultsLayer {
  readonly where: string;
  /** Undefined: what was given is no object, and refused. */
  readonly values: DefaultValues | undefined;
}

const layers = new WeakMap<object, DefaultsLayer>();
/** Scopes that somebody took defaults of, or found none in. */
const scopesRead = new WeakSet<object>();

/** What need not be said of each construct. The context's `cpanelEdge` stands behind it, an object with the same fields. */
export const Defaults = {
  /**
   * For all that is made in the scope from now on: a stack, an App, or a construct of one's own. The nearest scope that says something wins,
   * and the construct's own props win over all.
   *
   * @example Defaults.on(stack, { owner: 'hosting', platform: 'nftables', version: '1.0.6', inside: ['10.0.0.0/24'] });
   * @throws constructs/defaults-twice, constructs/defaults-late, constructs/not-a-construct
   */
  on(scope: Construct, props: DefaultsProps): void {
    // There is no tree yet in which it could be said with the rest.
    if (!Construct.isConstruct(scope)) throw new Refusal([noScope()]);
    const tree = Tree.of(scope);
    const where = tree.lines.markPlace('Defaults on', scope.node.id);
    const earlier = layers.get(scope);
    if (earlier) tree.record(twice(where, earlier.where));
    else if (scopesRead.has(scope)) tree.record(late(where));
    tree.record(...checkDefaults(where, props));
    layers.set(scope, { where, values: toPlainObject(props) });
  },
};

/** What a construct was given, its defaults among it, and where those were written. */
export interface PropsWithDefaults<Props extends object> {
  readonly props: Partial<Props>;
  readonly elsewhere: DefaultPlaces;
  /** Of the fields of its connection. */
  readonly connection: DefaultPlaces;
}

type DefaultPlaces = Readonly<Record<string, string>>;

/** `keys`: those that the construct has. */
export function applyDefaults<Props extends object>(
  construct: Construct,
  ownProps: Partial<Props>,
  keys: readonly (keyof DefaultsProps)[],
): PropsWithDefaults<Props> {
  const props: Record<string, unknown> = { ...ownProps };
  const [elsewhere, connection]: Record<string, string>[] = [{}, {}];
  const scopeLayers = listLayers(construct);
  scopeLayers.forEach(({ where, values }, index) => {
    if (!values) {
      // What it would have said isn't asked for a second time.
      for (const key of keys) elsewhere![key] ??= where;
      if (keys.includes('connection')) props['connection'] ??= {};
      for (const key of CONNECTION_DEFAULT_KEYS) connection![key] ??= where;
      return;
    }
    const { platform } = props;
    const defaultPlatform = scopeLayers.slice(index).find((layer) => layer.values?.['platform'] !== undefined)
      ?.values?.['platform'];
    for (const key of keys) {
      // A version is of one platform, and says nothing of another.
      const isOfAnother = key === 'version' && platform !== undefined && platform !== defaultPlatform;
      if (values[key] === undefined || isOfAnother) continue;
      if (key === 'sourceSets' && props[key] !== undefined) props[key] = mergeSourceSets(props[key], values[key]);
      else if (key === 'connection')
        props[key] = mergeConnection(props[key], values[key], `${where} connection`, connection!);
      else if (props[key] === undefined) [props[key], elsewhere![key]] = [values[key], `${where} ${key}`];
    }
  });
  return { props: props as Partial<Props>, elsewhere: elsewhere!, connection: connection! };
}

/**
 * An own object's sets and those that it doesn't have. What is wrong with these is refused where they stand, so that here a wrong one only has to
 * be known: its uses would be refused as well.
 */
function mergeSourceSets(ownSets: unknown, byDefault: unknown): unknown {
  const [ownRecord, defaultRecord] = [toPlainObject(ownSets), toPlainObject(byDefault)];
  if (!ownRecord || !defaultRecord) return ownSets;
  const isRight = (name: string, set: unknown): boolean => {
    const problems: Problem[] = [];
    parseSourceSets({ [name]: set }, new IntentLocation('', problems));
    return problems.length === 0;
  };
  const exampleSet = ['192.0.2.1'];
  const validSets = Object.entries(defaultRecord).filter(([name]) => isRight(name, exampleSet));
  return {
    ...Object.fromEntries(validSets.map(([name, set]) => [name, isRight(name, set) ? set : exampleSet])),
    ...ownRecord,
  };
}

/** Two ways to say one thing: who says one of them wants none of the other. */
const LOGIN_KEYS = ['identityFile', 'agentVariable'];

/** What an own connection leaves open, key by key. What is no plain object stays what it is: the intent refuses it. */
function mergeConnection(
  ownConnection: unknown,
  byDefault: unknown,
  where: string,
  elsewhere: Record<string, string>,
): unknown {
  const [ownRecord, defaultRecord] = [
    toPlainObject(ownConnection === undefined ? {} : ownConnection),
    toPlainObject(byDefault),
  ];
  if (!ownRecord || !defaultRecord) return ownConnection;
  const isSaid = (key: string): boolean =>
    ownRecord[key] !== undefined ||
    (LOGIN_KEYS.includes(key) && LOGIN_KEYS.some((other) => ownRecord[other] !== undefined));
  const open = CONNECTION_DEFAULT_KEYS.filter((key) => defaultRecord[key] !== undefined && !isSaid(key));
  for (const key of open) elsewhere[key] = `${where}.${key}`;
  return { ...ownRecord, ...Object.fromEntries(open.map((key) => [key, defaultRecord[key]])) };
}

const toPlainObject = (value: unknown): DefaultValues | undefined => {
  const record = parseRecord(value, new IntentLocation('', []), '');
  return record && copyProps(record);
};

/** The nearest first. */
function listLayers(construct: Construct): readonly DefaultsLayer[] {
  const scopeLayers = construct.node.scopes.reverse().flatMap((scope): readonly DefaultsLayer[] => {
    scopesRead.add(scope);
    const layer = layers.get(scope);
    return layer ? [layer] : [];
  });
  const context: unknown = construct.node.tryGetContext(CONTEXT_KEY);
  if (context === undefined) return scopeLayers;
  const where = `${CONTEXT_KEY} of the context`;
  Tree.of(construct).record(...checkDefaults(where, context));
  return [...scopeLayers, { where, values: toPlainObject(context) }];
}

const DEFAULT_KEYS: readonly (keyof DefaultsProps)[] = [
  ...(['owner', 'platform', 'version', 'releaseResource', 'connection', 'inside', 'management', 'sourceSets'] as const),
];

function checkDefaults(where: string, props: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const place = new IntentLocation(where, problems);
  runGuarded(place, () => {
    const fields = IntentFields.parse(props, place, "An object: { owner: 'shop' }", DEFAULT_KEYS, false);
    if (!fields) return;
    checkDeviceDefaults(fields, knownPlatforms);
    const resource = fields.getValue('releaseResource');
    if (resource !== undefined && !isReleaseResource(resource))
      place.report(createNoReleaseResource(fields.getLocation('releaseResource').where));
    if (fields.has('connection'))
      checkConnectionDefaults(fields.getValue('connection'), fields.getLocation('connection'));
    if (fields.has('inside')) parseTrustedNetworks(fields, place);
    if (fields.has('management')) parseManagementFields(fields);
    if (fields.has('sourceSets')) parseSourceSets(fields.getValue('sourceSets'), fields.getLocation('sourceSets'));
  });
  return problems;
}

const noScope = (): Problem => ({
  code: 'constructs/not-a-construct',
  where: 'Defaults.on',
  what: 'The first argument is no construct.',
  instead: 'Defaults.on(stack, { … }): a stack, the App, or a construct of your own.',
});

const twice = (where: string, earlier: string): Problem => ({
  code: 'constructs/defaults-twice',
  where,
  what: `This scope has defaults already: ${earlier}.`,
  instead: 'One of the two; or a construct of its own around those that differ.',
});

const late = (where: string): Problem => ({
  code: 'constructs/defaults-late',
  where,
  what: 'Gateways, servers or profiles in this scope were made before, without them.',
  instead: 'The same right behind the scope itself, before what is made in it.',
});
