import { Fields, Place, guarded } from '../lib/intent/fields';
import { GatewayParts } from '../lib/intent/gateway-parts';
import { described, quoted } from '../lib/intent/problems/shape';
import { Prefix, isHost, networkOf, parsePrefix, printPrefix } from '../lib/net/address';
import { Problem, printable } from '../lib/problems/problem';
import { serverBehind } from './cpanel-server';
import { GatewayConstruct, gatewayBehind } from './gateway-construct';
import { REPORTED, copyOf, notOne } from './given';
import { MappingProps, OneToOneNat, OneToOneNatProps, serverOf } from './one-to-one-nat';
import { Tree } from './tree';
import { VirtualIp, VirtualIpProps } from './virtual-ip';

/** What OneToOneNat takes, and for the virtual IP what VirtualIp takes. All of it may be left out. */
export interface PublishOptions
  extends Omit<MappingProps, 'inside'>, Pick<VirtualIpProps, 'interface' | 'mask' | 'kind' | 'carp' | 'answers'> {}

/** What a call of `publish` made. */
export interface Published {
  /**
   * Undefined where none was made: the address is routed to the gateway, or in a virtual IP of another address or by hand.
   *
   * @example const { virtualIp } = gateway.publish(server, '203.0.113.10');
   */
  readonly virtualIp: VirtualIp | undefined;
  /** For a NatReflection of its own, for example. @example const { mapping } = gateway.publish(server, '203.0.113.10'); */
  readonly mapping: OneToOneNat;
}

const OF_MAPPING = [
  'name',
  'destination',
  'exclude',
  'open',
  'profile',
  'inboundOnly',
  'reflection',
  'description',
  'enabled',
] as const satisfies readonly (keyof PublishOptions)[];
const OF_VIRTUAL_IP = [
  'interface',
  'mask',
  'kind',
  'carp',
  'answers',
] as const satisfies readonly (keyof PublishOptions)[];
const OF_CALL = ['gateway', 'virtualIp', 'outside', 'inside'];

type Options = Readonly<Record<string, unknown>>;

/** What an earlier call published. */
export interface Earlier {
  readonly virtualIp: VirtualIp | undefined;
  readonly options: Options;
}

/** `published`: what earlier calls did, by their addresses. */
export function publishOn(
  gateway: GatewayConstruct,
  published: Map<string, Earlier>,
  server: OneToOneNatProps['inside'],
  address: string,
  options: PublishOptions,
): Published {
  const tree = Tree.of(gateway);
  const where = tree.lines.place('publish of Gateway', gateway.node.id);
  const { parts } = gatewayBehind(gateway)!;
  const key = addressKey(address);
  const earlier = published.get(key);
  const isAnswered = parts.isAnswered(address);
  const copied: Options = copyOf(options) ?? {};
  const swapped = wrongWayRound(where, server, address, parts);
  const wrong = swapped ? [swapped] : wrongCall(where, server, address, copied, { isAnswered, earlier });
  const problems = [...wrongOptions(where, options), ...wrong];
  tree.record(...problems);
  const [vipId, id] = [freeId(gateway, 'vip', address), freeId(gateway, 'nat', address)];
  if (problems.length > 0)
    return { virtualIp: new VirtualIp(gateway, vipId, REPORTED), mapping: new OneToOneNat(gateway, id, REPORTED) };
  const virtualIp = isAnswered
    ? earlier?.virtualIp
    : new VirtualIp(gateway, vipId, { ...only(copied, OF_VIRTUAL_IP), gateway, address });
  // One that was refused answers nothing, and is made again.
  if (parts.isAnswered(address)) published.set(key, earlier ?? { virtualIp, options: copied });
  const outside = virtualIp ? { virtualIp } : { gateway, outside: address };
  return {
    virtualIp,
    mapping: new OneToOneNat(gateway, id, { ...only(copied, OF_MAPPING), inside: server, ...outside }),
  };
}

/** Props of a part of this gateway, which the call says already. */
export function addedTo(gateway: GatewayConstruct, call: string, props: object): object {
  const own = copyOf(props);
  if (!own) return props;
  const tree = Tree.of(gateway);
  if ('gateway' in own) tree.record(saidByCall(tree.lines.place(`${call} of Gateway`, gateway.node.id), 'gateway'));
  return { ...own, gateway };
}

/** A public address given first, and what it is for second. */
function wrongWayRound(where: string, first: unknown, second: unknown, parts: GatewayParts): Problem | undefined {
  const [outer, inner] = [first, second].map((one) => (typeof one === 'string' ? parsePrefix(one) : undefined));
  if (!outer || parts.innerBefore(outer)) return undefined;
  if (serverOf(second))
    return argumentsSwapped(where, outer, serverBehind(second) ? 'server' : '{ server, address }', 'the server');
  const on = inner && parts.innerBefore(inner);
  return on && argumentsSwapped(where, outer, quoted(printPrefix(inner)), `one behind ${on.name}, which is ${on.role}`);
}

function wrongOptions(where: string, options: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const place = new Place(where, problems);
  const wanted = "An object as third argument: { description: 'Mail' }";
  // Copied once more, where what its own code throws is a problem.
  guarded(
    place,
    () =>
      void {
        ...Fields.of(options, place, wanted, [...OF_MAPPING, ...OF_VIRTUAL_IP], false, OF_CALL),
        ...(options as object),
      },
  );
  return problems;
}

const addressKey = (address: unknown): string => {
  const prefix = typeof address === 'string' ? parsePrefix(address) : undefined;
  return prefix ? printPrefix(prefix) : String(address);
};

interface Before {
  readonly isAnswered: boolean;
  readonly earlier: Earlier | undefined;
}

function wrongCall(
  where: string,
  server: unknown,
  address: unknown,
  options: Options,
  { isAnswered, earlier }: Before,
): readonly Problem[] {
  const given = (keys: readonly string[]): readonly string[] => keys.filter((key) => options[key] !== undefined);
  const problems = given(OF_CALL).map((key) => saidByCall(where, key));
  if (typeof server !== 'string' && !serverOf(server)) problems.push(notOne(where, 'server', 'CpanelServer', server));
  if (typeof address !== 'string') problems.push(noAddress(where, address));
  else if (isSubnet(address) && isOneHost(server)) problems.push(subnetToHost(where, address));
  else if (isAnswered) {
    const other = given(OF_VIRTUAL_IP).filter(
      (key) => !earlier || JSON.stringify(options[key]) !== JSON.stringify(earlier.options[key]),
    );
    problems.push(...other.map((key) => noneMade(where, key)));
    // By the address alone its name would depend on the order of the calls.
    if (earlier && options['name'] === undefined) problems.push(nameNeeded(where, address));
  }
  return problems;
}

function isSubnet(address: string): boolean {
  const prefix = parsePrefix(address);
  return prefix !== undefined && !isHost(prefix) && networkOf(prefix.first, prefix.length).first === prefix.first;
}

function isOneHost(inside: unknown): boolean {
  const prefix = typeof inside === 'string' ? parsePrefix(inside) : undefined;
  return prefix ? isHost(prefix) : serverOf(inside) !== undefined;
}

const only = (options: Options, keys: readonly string[]): object =>
  Object.fromEntries(keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));

/** Construct ids hold no `/`, and names in a plan no dot: `203.0.113.16/28` is `nat-203-0-113-16-28`. */
function freeId(gateway: GatewayConstruct, kind: string, address: unknown): string {
  const words = typeof address === 'string' ? address.toLowerCase().match(/[0-9a-z]+/g) : undefined;
  const wanted = [kind, ...(words ?? [])].join('-').slice(0, 50).replace(/-$/, '');
  let id = wanted;
  for (let count = 2; gateway.node.tryFindChild(id); count++) id = `${wanted}-${count}`;
  return id;
}

const saidByCall = (where: string, key: string): Problem => ({
  code: 'constructs/said-by-publish',
  where: `${where} ${key}`,
  what: `"${key}" is what the call itself says.`,
  instead: 'The call without it; or new OneToOneNat(…), which takes it.',
});

const argumentsSwapped = (where: string, first: Prefix, server: string, second: string): Problem => ({
  code: 'constructs/arguments-swapped',
  where,
  what: `The first argument is a public address, and the second ${second}.`,
  instead: `gateway.publish(${server}, ${quoted(printPrefix(first))}).`,
});

const noAddress = (where: string, address: unknown): Problem => ({
  code: 'constructs/no-address',
  where: `${where} address`,
  what: `The second argument is ${described(address)}.`,
  instead: "The public address: gateway.publish(server, '203.0.113.10').",
});

const subnetToHost = (where: string, address: string): Problem => ({
  code: 'constructs/no-address',
  where: `${where} address`,
  what: `${printable(address)} is a subnet, and what it is published to is one host.`,
  instead: "One of its addresses: gateway.publish(server, '203.0.113.10').",
});

const nameNeeded = (where: string, address: string): Problem => ({
  code: 'constructs/name-needed',
  where: `${where} name`,
  what: `${printable(address)} is published already, and the mapping of that has its name from the address.`,
  instead:
    "Another address. Or, where both are meant, of which one is disabled or each for peers of its own, a name for this one: { name: 'standby' }.",
});

const noneMade = (where: string, key: string): Problem => ({
  code: 'constructs/no-virtual-ip-made',
  where: `${where} ${key}`,
  what: `"${key}" is of a virtual IP, and none is made here: the address is routed to the gateway, or a virtual IP has it already.`,
  instead: `The call without "${key}".`,
});
