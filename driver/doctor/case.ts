import {
  Address,
  familyOf,
  networkOf,
  parseAddress,
  prefixRange,
  printAddress,
  printPrefix,
} from '../../lib/net/address';
import { NetworkInterface } from '../../lib/net/device';
import { PROTOCOL, Packet } from '../../lib/net/packet';
import { Range, contains } from '../../lib/net/range';
import { GatewayPolicy, Mapping, Openings, ServerPolicy, VirtualIp } from '../../lib/policy/policy';
import { Problem, Refusal } from '../../lib/problems/problem';
import { decodePolicy } from '../../lib/verifier/policy-codec';
import { Question } from './question';
import { Holder } from '../synthesized';

export interface Part<P> {
  readonly holder: Holder;
  readonly policy: P;
}

/** What the intent says of the address that is asked about. */
export interface Case {
  readonly question: Question;
  /** The client that everything is judged for, and why it is this one. */
  readonly source: Address;
  readonly chosen: string;
  readonly gateway: Part<GatewayPolicy>;
  readonly mapping: Mapping;
  /** Undefined where the provider routes the address to the gateway. */
  readonly virtualIp?: VirtualIp;
  readonly inside: Address;
  /** The interface of the gateway by which the client's packets come. */
  readonly arrives: NetworkInterface;
  /** Undefined where no stack has the server. */
  readonly server?: Part<ServerPolicy>;
}

/** No mapping has the address: what the stacks have instead. */
export interface Unmapped {
  readonly question: Question;
  readonly mapped: readonly string[];
  /** A virtual IP without a mapping. */
  readonly virtualIp?: string;
  /** Where the address is a host's own, inside: what it is outside. */
  readonly outside?: Address;
  /** Where one alone was asked about. */
  readonly gateway?: string;
}

export const isMapped = (one: Case | Unmapped): one is Case => 'mapping' in one;

/** What the stacks say, by what it is. */
export interface Parts {
  readonly gateways: readonly Part<GatewayPolicy>[];
  readonly servers: readonly Part<ServerPolicy>[];
}

/** `gateway`: that one alone. Throws Refusal cli/no-such-device, and policy/odd-text for a stack of another version. */
export function partsOf(holders: readonly Holder[], gateway?: string): Parts {
  const parts = holders.flatMap((holder) =>
    holder.release ? [{ holder, policy: decodePolicy(holder.release.policy) }] : [],
  );
  const all = parts.filter((part): part is Part<GatewayPolicy> => part.policy.kind === 'gateway');
  const gateways = all.filter(({ holder }) => gateway === undefined || gateway === holder.device);
  if (gateway !== undefined && gateways.length === 0)
    throw new Refusal([
      noSuchGateway(
        gateway,
        all.map(({ holder }) => holder.device),
      ),
    ]);
  return { gateways, servers: parts.filter((part): part is Part<ServerPolicy> => part.policy.kind === 'server') };
}

/** Finds the mapping. `gateway`: the one that alone is asked about. Throws Refusal cli/two-gateways. */
export function caseOf(question: Question, { gateways, servers }: Parts, gateway?: string): Case | Unmapped {
  const found = gateways.flatMap((part) => {
    const mapping = part.policy.mappings.find(({ outside }) => contains(prefixRange(outside), question.address));
    return mapping ? [{ part, mapping }] : [];
  });
  if (found.length === 0) {
    const vip = gateways
      .flatMap(({ policy }) => policy.virtualIps)
      .find(({ outside }) => contains(prefixRange(outside), question.address));
    const mappings = gateways.flatMap(({ policy }) => policy.mappings);
    const own = mappings.find(({ inside }) => contains(prefixRange(inside), question.address));
    return {
      question,
      mapped: mappings.map(({ outside }) => printPrefix(outside)),
      ...(vip ? { virtualIp: vip.name } : {}),
      ...(own ? { outside: (own.outside.first + (question.address - own.inside.first)) as Address } : {}),
      ...(gateway === undefined ? {} : { gateway }),
    };
  }
  if (found.length > 1)
    throw new Refusal([
      twoGateways(
        question,
        found.map(({ part }) => part.holder.device),
      ),
    ]);
  const { part, mapping } = found[0]!;
  const inside = (mapping.inside.first + (question.address - mapping.outside.first)) as Address;
  const virtualIp = part.policy.virtualIps.find(({ outside }) => contains(prefixRange(outside), question.address));
  const server = servers.find(({ policy }) => policy.localAddresses.includes(inside));
  const { source, chosen } = sourceOf(question, part.policy, mapping);
  const arrives = arrivesBy(source, part.policy, mapping);
  return {
    question,
    source,
    chosen,
    gateway: part,
    mapping,
    inside,
    arrives,
    ...(virtualIp ? { virtualIp } : {}),
    ...(server ? { server } : {}),
  };
}

/** A port that clients connect from. */
const CLIENT_PORT = 40_000;

/** The packet that is asked about, as it leaves the client. */
export const packetOf = ({ question, source }: Pick<Case, 'question' | 'source'>): Packet => ({
  source,
  destination: question.address,
  protocol: PROTOCOL[question.protocol],
  port: question.port,
  sourcePort: CLIENT_PORT,
});

/** Somebody outside: whom the port is opened to, else anybody. */
function sourceOf(
  question: Question,
  policy: GatewayPolicy,
  mapping: Mapping,
): { readonly source: Address; readonly chosen: string } {
  if (question.from !== undefined) return { source: question.from, chosen: '' };
  const family = familyOf(question.address);
  const { openings, peers } = mapping;
  const fits = (address: Address): boolean =>
    familyOf(address) === family &&
    address !== question.address &&
    !isNear(address, policy) &&
    !openings.blocked.some((range) => contains(range, address)) &&
    (peers === 'anywhere' || peers.some((range) => contains(range, address)));
  // Who is named anywhere is nobody in particular no more.
  const named = openings.entries.flatMap((entry) => (entry.sources === 'anywhere' ? [] : entry.sources));
  const all = (family === 'ip' ? STRANGERS : STRANGERS6).map((text) => parseAddress(text)!);
  const strangers = all.filter((address) => !named.some((range) => contains(range, address)));
  const sources = sourcesOf(openings, question);
  if (sources === 'anywhere' && peers === 'anywhere')
    return { source: strangers.find(fits) ?? all[0]!, chosen: 'an example of anybody outside' };
  const wanted = [...(sources === 'anywhere' ? [] : sources), ...(peers === 'anywhere' ? [] : peers)].flatMap(
    ({ first, last }) => [first as Address, last as Address],
  );
  const source = wanted.find(fits) ?? strangers.find(fits) ?? all[0]!;
  return {
    source,
    chosen: wanted.includes(source) ? 'one of those whom the intent lets in' : 'an example of anybody outside',
  };
}

/** Of documentation first: nobody is meant. */
const STRANGERS = ['198.51.100.7', '192.0.2.77', '203.0.113.77', '1.0.0.7', '8.8.8.7', '9.9.9.7'];
const STRANGERS6 = ['2001:db8:ffff::7', '2001:4860:ffff::7', '2620:fe:ffff::7'];

function sourcesOf(openings: Openings, { port, protocol }: Question): Openings['entries'][number]['sources'] {
  const fitting = openings.entries.filter(
    (entry) =>
      entry.protocol === PROTOCOL[protocol] &&
      (entry.ports === 'all' || entry.ports.some(({ first, last }) => first <= port && port <= last)),
  );
  if (fitting.length === 0 || fitting.some(({ sources }) => sources === 'anywhere')) return 'anywhere';
  return fitting.flatMap(({ sources }) => (sources === 'anywhere' ? [] : sources));
}

const behind = ({ addresses, routes }: NetworkInterface, address: Address): boolean =>
  [...routes.map(prefixRange), ...addresses.map((one) => networkRange(one))].some((range) => contains(range, address));

const networkRange = ({ address, length }: NetworkInterface['addresses'][number]): Range =>
  prefixRange(networkOf(address, length));

const isNear = (address: Address, { interfaces }: GatewayPolicy): boolean =>
  interfaces.some((one) => behind(one, address));

function arrivesBy(source: Address, { interfaces }: GatewayPolicy, mapping: Mapping): NetworkInterface {
  const inner = interfaces.filter(({ role }) => role !== 'outside').find((one) => behind(one, source));
  return inner ?? interfaces.find(({ name }) => name === mapping.interface)!;
}

/** Whether the gateway and the address are on one wire there. */
export const onWire = (one: NetworkInterface, address: Address): boolean =>
  one.addresses.some((held) => contains(networkRange(held), address));

const noSuchGateway = (wanted: string, gateways: readonly string[]): Problem => ({
  code: 'cli/no-such-device',
  where: `--gateway ${wanted}`,
  what: `No gateway of the synthesized stacks is called so${gateways.length === 0 ? ', and they have none' : ''}.`,
  instead:
    gateways.length === 0
      ? 'the folder of the stack that has it: --stack FOLDER.'
      : `${gateways.map((name) => `--gateway ${name}`).join(', or ')}.`,
});

const twoGateways = ({ address }: Question, gateways: readonly string[]): Problem => ({
  code: 'cli/two-gateways',
  where: printAddress(address),
  what: `Several gateways map it: ${gateways.join(', ')}.`,
  instead: `say which: ${gateways.map((name) => `--gateway ${name}`).join(', or ')}.`,
});
