// Publishes a server at a public address in one call: creates the virtual IP and the mapping, for `gateway.publish`.

import { IntentFields, IntentLocation, runGuarded } from '../lib/intent/fields';
import { GatewayPolicyBuilder } from '../lib/intent/gateway-policy-builder';
import { publishOptionsSchema, publishSchemas } from '../lib/intent/intent-schemas';
import { describeValue, quoteText } from '../lib/intent/problems/field-problems';
import { getKeys } from '../lib/intent/schema-fields';
import { Prefix, isHost, getNetwork, parsePrefix, printPrefix } from '../lib/net/address';
import { Problem, escapeForDisplay } from '../lib/problems/problem';
import { findServer } from './cpanel-server';
import { IGateway, findGateway } from './gateway-reference';
import { REPORTED, copyProps, createNotAConstruct } from './construct-props';
import { MappingProps, OneToOneNat, OneToOneNatProps, findMappedServer } from './one-to-one-nat';
import { Tree } from './tree';
import { VirtualIp, VirtualIpProps } from './virtual-ip';

/** Options of a OneToOneNat, and of the VirtualIp that is made with it. All are optional. */
export interface PublishOptions
  extends Omit<MappingProps, 'internal'>, Pick<VirtualIpProps, 'interface' | 'mask' | 'kind' | 'carp' | 'answers'> {}

/** The constructs that a call of `publish` made. */
export interface Published {
  /**
   * Undefined if none was made: the address is routed to the gateway, or it is in a virtual IP that another call or the
   * user made.
   *
   * @example const { virtualIp } = gateway.publish(server, '203.0.113.10');
   */
  readonly virtualIp: VirtualIp | undefined;
  /**
   * The mapping, for example for a NatReflection of its own.
   *
   * @example const { mapping } = gateway.publish(server, '203.0.113.10');
   */
  readonly mapping: OneToOneNat;
}

const MAPPING_KEYS = getKeys(publishSchemas.mapping);
const VIRTUAL_IP_KEYS = getKeys(publishSchemas.virtualIp);
const CALL_KEYS = ['gateway', 'virtualIp', 'external', 'internal'];

type PublishedOptions = Readonly<Record<string, unknown>>;

/** The result of an earlier call for an address. */
export interface EarlierPublish {
  readonly virtualIp: VirtualIp | undefined;
  readonly options: PublishedOptions;
}

/** Publishes a server at a public address. `publishedByKey` has the results of earlier calls, by address. */
export function publishAddress(
  gateway: IGateway,
  publishedByKey: Map<string, EarlierPublish>,
  server: OneToOneNatProps['internal'],
  address: string,
  options: PublishOptions,
): Published {
  const tree = Tree.of(gateway);
  const location = tree.lines.markPlace('publish of Gateway', gateway.node.id);
  const { parts } = findGateway(gateway)!;
  const key = getAddressKey(address);
  const formerPublish = publishedByKey.get(key);
  const isAnswered = parts.isAnswered(address);
  const copied: PublishedOptions = copyProps(options) ?? {};
  const swapProblem = findSwapped(location, server, address, parts);
  const callProblems = swapProblem
    ? [swapProblem]
    : checkCall(location, server, address, copied, { isAnswered, formerPublish });
  const problems = [...checkOptions(location, options), ...callProblems];
  tree.record(...problems);
  const [vipId, id] = [findFreeChildId(gateway, 'vip', address), findFreeChildId(gateway, 'nat', address)];
  if (problems.length > 0)
    return { virtualIp: new VirtualIp(gateway, vipId, REPORTED), mapping: new OneToOneNat(gateway, id, REPORTED) };
  const virtualIp = isAnswered
    ? formerPublish?.virtualIp
    : new VirtualIp(gateway, vipId, { ...pickKeys(copied, VIRTUAL_IP_KEYS), gateway, address });
  // A virtual IP that was refused doesn't answer, and is made again.
  if (parts.isAnswered(address)) publishedByKey.set(key, formerPublish ?? { virtualIp, options: copied });
  const external = virtualIp ? { virtualIp } : { gateway, external: address };
  return {
    virtualIp,
    mapping: new OneToOneNat(gateway, id, { ...pickKeys(copied, MAPPING_KEYS), internal: server, ...external }),
  };
}

/** Adds the gateway to the props of one of its parts. Props that name a gateway themselves are refused. */
export function addGateway(gateway: IGateway, call: string, props: object): object {
  const ownProps = copyProps(props);
  if (!ownProps) return props;
  const tree = Tree.of(gateway);
  if ('gateway' in ownProps)
    tree.record(createSetByCallProblem(tree.lines.markPlace(`${call} of Gateway`, gateway.node.id), 'gateway'));
  return { ...ownProps, gateway };
}

/** Returns a problem if the public address is the first argument and the server the second. */
function findSwapped(where: string, first: unknown, second: unknown, parts: GatewayPolicyBuilder): Problem | undefined {
  const [externalPrefix, internalPrefix] = [first, second].map((argument) =>
    typeof argument === 'string' ? parsePrefix(argument) : undefined,
  );
  if (!externalPrefix || parts.findInnerInterface(externalPrefix)) return undefined;
  if (findMappedServer(second))
    return createArgumentsSwappedProblem(
      where,
      externalPrefix,
      findServer(second) ? 'server' : '{ server, address }',
      'the server',
    );
  const innerInterface = internalPrefix && parts.findInnerInterface(internalPrefix);
  return (
    innerInterface &&
    createArgumentsSwappedProblem(
      where,
      externalPrefix,
      quoteText(printPrefix(internalPrefix)),
      `one behind ${innerInterface.name}, which is ${innerInterface.role}`,
    )
  );
}

function checkOptions(location: string, options: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const place = new IntentLocation(location, problems);
  const example = "An object as third argument: { description: 'Mail' }";
  // Copied once more, because a getter that throws is a problem to report.
  runGuarded(
    place,
    () =>
      void {
        ...IntentFields.parse(options, place, publishOptionsSchema, example, {
          isNested: false,
          refusedKeys: CALL_KEYS,
        }),
        ...(options as object),
      },
  );
  return problems;
}

const getAddressKey = (address: unknown): string => {
  const prefix = typeof address === 'string' ? parsePrefix(address) : undefined;
  return prefix ? printPrefix(prefix) : String(address);
};

interface PublishState {
  readonly isAnswered: boolean;
  readonly formerPublish: EarlierPublish | undefined;
}

function checkCall(
  location: string,
  server: unknown,
  address: unknown,
  options: PublishedOptions,
  { isAnswered, formerPublish }: PublishState,
): readonly Problem[] {
  const listGivenKeys = (keys: readonly string[]): readonly string[] =>
    keys.filter((key) => options[key] !== undefined);
  const problems = listGivenKeys(CALL_KEYS).map((key) => createSetByCallProblem(location, key));
  if (typeof server !== 'string' && !findMappedServer(server))
    problems.push(createNotAConstruct(location, 'server', 'CpanelServer', server));
  if (typeof address !== 'string') problems.push(createNoAddressProblem(location, address));
  else if (isSubnet(address) && isOneHost(server)) problems.push(createSubnetToHostProblem(location, address));
  else if (isAnswered) {
    const virtualIpKeys = listGivenKeys(VIRTUAL_IP_KEYS).filter(
      (key) => !formerPublish || JSON.stringify(options[key]) !== JSON.stringify(formerPublish.options[key]),
    );
    problems.push(...virtualIpKeys.map((key) => createNothingMadeProblem(location, key)));
    // A name made of the address would depend on the order of the calls.
    if (formerPublish && options['name'] === undefined) problems.push(createNameNeededProblem(location, address));
  }
  return problems;
}

function isSubnet(address: string): boolean {
  const prefix = parsePrefix(address);
  return prefix !== undefined && !isHost(prefix) && getNetwork(prefix.first, prefix.length).first === prefix.first;
}

function isOneHost(internal: unknown): boolean {
  const prefix = typeof internal === 'string' ? parsePrefix(internal) : undefined;
  return prefix ? isHost(prefix) : findMappedServer(internal) !== undefined;
}

const pickKeys = (options: PublishedOptions, keys: readonly string[]): object =>
  Object.fromEntries(keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));

/**
 * Returns an id for an address. Construct ids hold no `/`, and names in a plan no dot: `203.0.113.16/28` is
 * `nat-203-0-113-16-28`.
 */
function findFreeChildId(gateway: IGateway, kind: string, address: unknown): string {
  const words = typeof address === 'string' ? address.toLowerCase().match(/[0-9a-z]+/g) : undefined;
  const baseId = [kind, ...(words ?? [])].join('-').slice(0, 50).replace(/-$/, '');
  let id = baseId;
  for (let count = 2; gateway.node.tryFindChild(id); count++) id = `${baseId}-${count}`;
  return id;
}

const createSetByCallProblem = (where: string, key: string): Problem => ({
  code: 'constructs/said-by-publish',
  where: `${where} ${key}`,
  what: `"${key}" is what the call itself says.`,
  instead: 'The call without it; or new OneToOneNat(…), which takes it.',
});

const createArgumentsSwappedProblem = (where: string, first: Prefix, server: string, second: string): Problem => ({
  code: 'constructs/arguments-swapped',
  where,
  what: `The first argument is a public address, and the second ${second}.`,
  instead: `gateway.publish(${server}, ${quoteText(printPrefix(first))}).`,
});

const createNoAddressProblem = (where: string, address: unknown): Problem => ({
  code: 'constructs/no-address',
  where: `${where} address`,
  what: `The second argument is ${describeValue(address)}.`,
  instead: "The public address: gateway.publish(server, '203.0.113.10').",
});

const createSubnetToHostProblem = (where: string, address: string): Problem => ({
  code: 'constructs/no-address',
  where: `${where} address`,
  what: `${escapeForDisplay(address)} is a subnet, and what it is published to is one host.`,
  instead: "One of its addresses: gateway.publish(server, '203.0.113.10').",
});

const createNameNeededProblem = (where: string, address: string): Problem => ({
  code: 'constructs/name-needed',
  where: `${where} name`,
  what: `${escapeForDisplay(address)} is published already, and the mapping of that has its name from the address.`,
  instead:
    "Another address. Or, where both are meant, of which one is disabled or each for peers of its own, a name for this one: { name: 'standby' }.",
});

const createNothingMadeProblem = (where: string, key: string): Problem => ({
  code: 'constructs/no-virtual-ip-made',
  where: `${where} ${key}`,
  what: `"${key}" is of a virtual IP, and none is made here: the address is routed to the gateway, or a virtual IP has it already.`,
  instead: `The call without "${key}".`,
});
