// Default props for all gateways, servers and profiles in a scope (`Defaults.on`), and their merge into the props of
// a construct.

import { Construct } from 'constructs';
import { checkConnectionDefaults } from '../lib/intent/connection';
import { checkDeviceDefaults } from '../lib/intent/device-fields';
import { IntentFields, IntentLocation, runGuarded, parseRecord } from '../lib/intent/fields';
import { ConnectionIntent, CpanelFirewallProfileIntent, ServerIntent } from '../lib/intent/intent';
import { connectionDefaultsSchema, defaultsSchema } from '../lib/intent/intent-schemas';
import { parseManagementFields } from '../lib/intent/profile';
import { getKeys } from '../lib/intent/schema-fields';
import { parseTrustedNetworks } from '../lib/intent/server-policy-builder';
import { parseSourceSets } from '../lib/intent/sources';
import { Problem, Refusal } from '../lib/problems/problem';
import { type PlatformId, knownPlatforms } from '../lib/registry';
import { copyProps } from './construct-props';
import { isReleaseResource, createNoReleaseResource } from './release-resource';
import { Tree } from './tree';

/**
 * Default props for all gateways, servers and profiles in a scope. All are optional, and the props of a construct
 * override them.
 */
export interface DefaultsProps {
  /** For gateways and servers: owner of this part of the device. @example owner: 'hosting' */
  readonly owner?: string;
  /**
   * For gateways and servers: platform that runs on the device.
   *
   * @example platform: 'nftables'
   * @throws intent/unknown-platform
   */
  readonly platform?: PlatformId | (string & {});
  /**
   * For gateways and servers: version of `platform`. A construct with another platform needs its own version.
   *
   * @example version: '1.0.6'
   * @throws intent/bad-version
   */
  readonly version?: string;
  /**
   * For gateways and servers: Terraform resource of a release.
   *
   * @example releaseResource: 'terraform_data'
   * @throws constructs/release-resource
   */
  readonly releaseResource?: 'null_resource' | 'terraform_data';
  /**
   * For gateways and servers, key by key: all fields but `host`. A construct that sets `identityFile` or
   * `agentVariable` gets neither of them from here.
   *
   * @example connection: { user: 'deploy', identityFile: '~/.ssh/deploy' }
   * @throws intent/secret-as-value
   */
  readonly connection?: Partial<Omit<ConnectionIntent, 'host'>>;
  /**
   * For servers: trusted networks, prefixes whose connections the policy leaves alone; `none` is a valid value.
   *
   * @example trustedNetworks: ['10.0.0.0/24']
   * @throws intent/everything-as-prefix
   */
  readonly trustedNetworks?: ServerIntent['trustedNetworks'];
  /**
   * For profiles: SSH access of the administrators. `sources` has no default here.
   *
   * @example management: { from: ['office'], port: 2222 }
   */
  readonly management?: CpanelFirewallProfileIntent['management'];
  /**
   * For profiles and gateways, set by set: named lists of prefixes. `management` here may name them, too.
   *
   * @example sourceSets: { office: ['198.51.100.0/24'] }
   * @throws intent/anywhere-refused
   */
  readonly sourceSets?: CpanelFirewallProfileIntent['sourceSets'];
}

/**
 * Key in the context of an App or scope with an object of defaults. `Defaults.on` overrides them. As for all context,
 * only the nearest scope's value counts, as a whole.
 */
const CONTEXT_KEY = 'cpanelEdge';

type DefaultValues = Readonly<Record<string, unknown>>;

interface DefaultsLayer {
  readonly where: string;
  /** Undefined if the value isn't an object, which is refused. */
  readonly values: DefaultValues | undefined;
}

const layers = new WeakMap<object, DefaultsLayer>();
/** Scopes that a construct has searched for defaults. */
const scopesRead = new WeakSet<object>();

/**
 * Default props for many constructs. The context key `cpanelEdge` may hold an object with the same fields, which
 * `Defaults.on` overrides.
 */
export const Defaults = {
  /**
   * Sets the defaults of all that is made in the scope from now on: a stack, an App, or a construct of your own. The
   * nearest scope with a value wins, and a construct's own props override all defaults.
   *
   * @example Defaults.on(stack, { owner: 'hosting', platform: 'nftables', version: '1.0.6', trustedNetworks: ['10.0.0.0/24'] });
   * @throws constructs/defaults-twice, constructs/defaults-late, constructs/not-a-construct
   */
  on(scope: Construct, props: DefaultsProps): void {
    // Without a construct there is no tree to record the problem in.
    if (!Construct.isConstruct(scope)) throw new Refusal([createNoScopeProblem()]);
    const tree = Tree.of(scope);
    const location = tree.lines.markPlace('Defaults on', scope.node.id);
    const formerLayer = layers.get(scope);
    if (formerLayer) tree.record(createDuplicateDefaultsProblem(location, formerLayer.where));
    else if (scopesRead.has(scope)) tree.record(createLateDefaultsProblem(location));
    tree.record(...checkDefaults(location, props));
    layers.set(scope, { where: location, values: toPlainObject(props) });
  },
};

/** Props of a construct with the defaults applied, and the places of those defaults. */
export interface PropsWithDefaults<Props extends object> {
  readonly props: Partial<Props>;
  readonly defaultPlaces: DefaultPlaces;
  /** Places of the connection's fields. */
  readonly connection: DefaultPlaces;
}

type DefaultPlaces = Readonly<Record<string, string>>;

/** Applies the defaults of all scopes to a construct's own props. `constructKeys` are the keys that the construct takes. */
export function applyDefaults<Props extends object>(
  construct: Construct,
  ownProps: Partial<Props>,
  constructKeys: readonly string[],
): PropsWithDefaults<Props> {
  const keys = getKeys(defaultsSchema).filter((key) => constructKeys.includes(key));
  const props: Record<string, unknown> = { ...ownProps };
  const [elsewhere, connection]: Record<string, string>[] = [{}, {}];
  const scopeLayers = listLayers(construct);
  scopeLayers.forEach(({ where, values }, index) => {
    if (!values) {
      // The layer is refused already, so a field that it may have set isn't reported as missing.
      for (const key of keys) elsewhere![key] ??= where;
      if (keys.includes('connection')) props['connection'] ??= {};
      for (const key of getKeys(connectionDefaultsSchema)) connection![key] ??= where;
      return;
    }
    const { platform } = props;
    const defaultPlatform = scopeLayers.slice(index).find((layer) => layer.values?.['platform'] !== undefined)
      ?.values?.['platform'];
    for (const key of keys) {
      // A version belongs to one platform and means nothing for another.
      const isOfAnother = key === 'version' && platform !== undefined && platform !== defaultPlatform;
      if (values[key] === undefined || isOfAnother) continue;
      if (key === 'sourceSets' && props[key] !== undefined) props[key] = mergeSourceSets(props[key], values[key]);
      else if (key === 'connection')
        props[key] = mergeConnection(props[key], values[key], `${where} connection`, connection!);
      else if (props[key] === undefined) [props[key], elsewhere![key]] = [values[key], `${where} ${key}`];
    }
  });
  return { props: props as Partial<Props>, defaultPlaces: elsewhere!, connection: connection! };
}

/**
 * Merges a construct's source sets with the default ones. A wrong default set is refused at its own place; here an
 * example takes its place, so that its uses aren't refused as well.
 */
function mergeSourceSets(ownSets: unknown, defaultSets: unknown): unknown {
  const [ownRecord, defaultRecord] = [toPlainObject(ownSets), toPlainObject(defaultSets)];
  if (!ownRecord || !defaultRecord) return ownSets;
  const isRight = (name: string, sourceSet: unknown): boolean => {
    const problems: Problem[] = [];
    parseSourceSets({ [name]: sourceSet }, new IntentLocation('', problems));
    return problems.length === 0;
  };
  const exampleSet = ['192.0.2.1'];
  const validSets = Object.entries(defaultRecord).filter(([name]) => isRight(name, exampleSet));
  return {
    ...Object.fromEntries(
      validSets.map(([name, sourceSet]) => [name, isRight(name, sourceSet) ? sourceSet : exampleSet]),
    ),
    ...ownRecord,
  };
}

/** Two alternative ways to log in: a construct that sets one gets none from defaults. */
const LOGIN_KEYS = ['identityFile', 'agentVariable'];

/**
 * Adds the default fields that a connection leaves open. A value that isn't a plain object stays as it is: the intent
 * refuses it.
 */
function mergeConnection(
  ownConnection: unknown,
  defaultConnection: unknown,
  location: string,
  defaultPlaces: Record<string, string>,
): unknown {
  const [ownRecord, defaultRecord] = [
    toPlainObject(ownConnection === undefined ? {} : ownConnection),
    toPlainObject(defaultConnection),
  ];
  if (!ownRecord || !defaultRecord) return ownConnection;
  const isSet = (key: string): boolean =>
    ownRecord[key] !== undefined ||
    (LOGIN_KEYS.includes(key) && LOGIN_KEYS.some((loginKey) => ownRecord[loginKey] !== undefined));
  const missingKeys = getKeys(connectionDefaultsSchema).filter(
    (key) => defaultRecord[key] !== undefined && !isSet(key),
  );
  for (const key of missingKeys) defaultPlaces[key] = `${location}.${key}`;
  return { ...ownRecord, ...Object.fromEntries(missingKeys.map((key) => [key, defaultRecord[key]])) };
}

const toPlainObject = (value: unknown): DefaultValues | undefined => {
  const record = parseRecord(value, new IntentLocation('', []), '');
  return record && copyProps(record);
};

/** Returns the defaults of all scopes, the nearest first. */
function listLayers(construct: Construct): readonly DefaultsLayer[] {
  const scopeLayers = construct.node.scopes.reverse().flatMap((scope): readonly DefaultsLayer[] => {
    scopesRead.add(scope);
    const layer = layers.get(scope);
    return layer ? [layer] : [];
  });
  const context: unknown = construct.node.tryGetContext(CONTEXT_KEY);
  if (context === undefined) return scopeLayers;
  const location = `${CONTEXT_KEY} of the context`;
  Tree.of(construct).record(...checkDefaults(location, context));
  return [...scopeLayers, { where: location, values: toPlainObject(context) }];
}

function checkDefaults(location: string, props: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const place = new IntentLocation(location, problems);
  runGuarded(place, () => {
    const fields = IntentFields.parse(props, place, defaultsSchema, "An object: { owner: 'shop' }", {
      isNested: false,
    });
    if (!fields) return;
    checkDeviceDefaults(fields, knownPlatforms);
    const resource = fields.getValue('releaseResource');
    if (resource !== undefined && !isReleaseResource(resource))
      place.report(createNoReleaseResource(fields.getLocation('releaseResource').where));
    if (fields.has('connection'))
      checkConnectionDefaults(fields.getValue('connection'), fields.getLocation('connection'));
    if (fields.has('trustedNetworks')) parseTrustedNetworks(fields, place);
    if (fields.has('management')) parseManagementFields(fields);
    if (fields.has('sourceSets')) parseSourceSets(fields.getValue('sourceSets'), fields.getLocation('sourceSets'));
  });
  return problems;
}

const createNoScopeProblem = (): Problem => ({
  code: 'constructs/not-a-construct',
  where: 'Defaults.on',
  what: 'The first argument is no construct.',
  instead: 'Defaults.on(stack, { … }): a stack, the App, or a construct of your own.',
});

const createDuplicateDefaultsProblem = (where: string, formerPlace: string): Problem => ({
  code: 'constructs/defaults-twice',
  where,
  what: `This scope has defaults already: ${formerPlace}.`,
  instead: 'One of the two; or a construct of its own around those that differ.',
});

const createLateDefaultsProblem = (where: string): Problem => ({
  code: 'constructs/defaults-late',
  where,
  what: 'Gateways, servers or profiles in this scope were made before, without them.',
  instead: 'The same right behind the scope itself, before what is made in it.',
});
