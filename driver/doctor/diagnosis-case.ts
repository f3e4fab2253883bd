// Creates the cases of `doctor`: finds for an asked address the gateway, mapping, virtual IP and server in the stacks,
// and picks a client. Without a mapping it returns what the stacks have instead.
import {
  Address,
  getFamily,
  getNetwork,
  parseAddress,
  toRange,
  printAddress,
  printPrefix,
} from '../../lib/net/address';
import { NetworkInterface } from '../../lib/net/device';
import { PROTOCOL, Packet } from '../../lib/net/packet';
import { Range, contains } from '../../lib/net/range';
import { GatewayPolicy, Mapping, AllowRules, ServerPolicy, VirtualIp } from '../../lib/policy/policy';
import { Problem, Refusal } from '../../lib/problems/problem';
import { decodePolicy } from '../../lib/verifier/policy-codec';
import { Question } from './doctor-question';
import { OwnershipRecord } from '../synthesized-stack';

export interface DevicePolicy<P> {
  readonly ownershipRecord: OwnershipRecord;
  readonly policy: P;
}

/** The intent for the address in question. */
export interface DiagnosisCase {
  readonly question: Question;
  /** The client of the question, and why it was chosen. */
  readonly source: Address;
  readonly sourceReason: string;
  readonly gateway: DevicePolicy<GatewayPolicy>;
  readonly mapping: Mapping;
  /** Undefined if the provider routes the address to the gateway. */
  readonly virtualIp?: VirtualIp;
  readonly internal: Address;
  /** The interface of the gateway by which the client's packets come. */
  readonly arrivalInterface: NetworkInterface;
  /** Undefined if no stack has the server. */
  readonly server?: DevicePolicy<ServerPolicy>;
}

/** A question about an address without a mapping, with what the stacks have instead. */
export interface UnmappedCase {
  readonly question: Question;
  readonly mappedPrefixes: readonly string[];
  /** A virtual IP without a mapping. */
  readonly virtualIp?: string;
  /** The outside address of a host, if the address is its inside address. */
  readonly external?: Address;
  /** The gateway, if the question was about one alone. */
  readonly gateway?: string;
}

export const isMapped = (subject: DiagnosisCase | UnmappedCase): subject is DiagnosisCase => 'mapping' in subject;

/** The policies of the stacks, by role. */
export interface StackPolicies {
  readonly gateways: readonly DevicePolicy<GatewayPolicy>[];
  readonly servers: readonly DevicePolicy<ServerPolicy>[];
}

/**
 * Returns the policies of the stacks. `gateway`: only this gateway.
 *
 * @throws Refusal cli/no-such-device, and policy/odd-text for a stack of another version.
 */
export function collectPolicies(ownershipRecords: readonly OwnershipRecord[], gateway?: string): StackPolicies {
  const parts = ownershipRecords.flatMap((ownershipRecord) =>
    ownershipRecord.release ? [{ ownershipRecord, policy: decodePolicy(ownershipRecord.release.policy) }] : [],
  );
  const gatewayPolicies = parts.filter((part): part is DevicePolicy<GatewayPolicy> => part.policy.kind === 'gateway');
  const gateways = gatewayPolicies.filter(
    ({ ownershipRecord }) => gateway === undefined || gateway === ownershipRecord.device,
  );
  if (gateway !== undefined && gateways.length === 0)
    throw new Refusal([
      createNoSuchGatewayProblem(
        gateway,
        gatewayPolicies.map(({ ownershipRecord }) => ownershipRecord.device),
      ),
    ]);
  return {
    gateways,
    servers: parts.filter((part): part is DevicePolicy<ServerPolicy> => part.policy.kind === 'server'),
  };
}

/**
 * Returns the mapping's case. `gateway`: the only gateway of the question.
 *
 * @throws Refusal cli/two-gateways.
 */
export function findCase(
  question: Question,
  { gateways, servers }: StackPolicies,
  gateway?: string,
): DiagnosisCase | UnmappedCase {
  const matches = gateways.flatMap((part) => {
    const mapping = part.policy.mappings.find(({ external }) => contains(toRange(external), question.address));
    return mapping ? [{ part, mapping }] : [];
  });
  if (matches.length === 0) {
    const vip = gateways
      .flatMap(({ policy }) => policy.virtualIps)
      .find(({ external }) => contains(toRange(external), question.address));
    const mappings = gateways.flatMap(({ policy }) => policy.mappings);
    const ownMapping = mappings.find(({ internal }) => contains(toRange(internal), question.address));
    return {
      question,
      mappedPrefixes: mappings.map(({ external }) => printPrefix(external)),
      ...(vip ? { virtualIp: vip.name } : {}),
      ...(ownMapping
        ? { external: (ownMapping.external.first + (question.address - ownMapping.internal.first)) as Address }
        : {}),
      ...(gateway === undefined ? {} : { gateway }),
    };
  }
  if (matches.length > 1)
    throw new Refusal([
      createTwoGatewaysProblem(
        question,
        matches.map(({ part }) => part.ownershipRecord.device),
      ),
    ]);
  const { part, mapping } = matches[0]!;
  const internal = (mapping.internal.first + (question.address - mapping.external.first)) as Address;
  const virtualIp = part.policy.virtualIps.find(({ external }) => contains(toRange(external), question.address));
  const server = servers.find(({ policy }) => policy.localAddresses.includes(internal));
  const { source, sourceReason } = pickSource(question, part.policy, mapping);
  const arrivalInterface = findArrivalInterface(source, part.policy, mapping);
  return {
    question,
    source,
    sourceReason,
    gateway: part,
    mapping,
    internal,
    arrivalInterface,
    ...(virtualIp ? { virtualIp } : {}),
    ...(server ? { server } : {}),
  };
}

/** A port that clients connect from. */
const CLIENT_PORT = 40_000;

/** Returns the packet of the question in the form in which it leaves the client. */
export const createPacket = ({ question, source }: Pick<DiagnosisCase, 'question' | 'source'>): Packet => ({
  source,
  destination: question.address,
  protocol: PROTOCOL[question.protocol],
  port: question.port,
  sourcePort: CLIENT_PORT,
});

/** Returns an outside client: one that the port is open to, else any. */
function pickSource(
  question: Question,
  policy: GatewayPolicy,
  mapping: Mapping,
): { readonly source: Address; readonly sourceReason: string } {
  if (question.from !== undefined) return { source: question.from, sourceReason: '' };
  const family = getFamily(question.address);
  const { allowRules, peers } = mapping;
  const isUsable = (address: Address): boolean =>
    getFamily(address) === family &&
    address !== question.address &&
    !isNear(address, policy) &&
    !allowRules.blocked.some((range) => contains(range, address)) &&
    (peers === 'anywhere' || peers.some((range) => contains(range, address)));
  // A source that some allow rule names is no example of any client.
  const namedSources = allowRules.entries.flatMap((entry) => (entry.sources === 'anywhere' ? [] : entry.sources));
  const examples = (family === 'ip' ? EXAMPLE_SOURCES : EXAMPLE_SOURCES6).map((text) => parseAddress(text)!);
  const unnamedExamples = examples.filter((address) => !namedSources.some((range) => contains(range, address)));
  const sources = listSources(allowRules, question);
  if (sources === 'anywhere' && peers === 'anywhere')
    return { source: unnamedExamples.find(isUsable) ?? examples[0]!, sourceReason: 'an example of any source outside' };
  const candidates = [...(sources === 'anywhere' ? [] : sources), ...(peers === 'anywhere' ? [] : peers)].flatMap(
    ({ first, last }) => [first as Address, last as Address],
  );
  const source = candidates.find(isUsable) ?? unnamedExamples.find(isUsable) ?? examples[0]!;
  return {
    source,
    sourceReason: candidates.includes(source)
      ? 'one of the sources that the intent lets in'
      : 'an example of any source outside',
  };
}

/** Addresses for documentation come first: they belong to no host. */
const EXAMPLE_SOURCES = ['198.51.100.7', '192.0.2.77', '203.0.113.77', '1.0.0.7', '8.8.8.7', '9.9.9.7'];
const EXAMPLE_SOURCES6 = ['2001:db8:ffff::7', '2001:4860:ffff::7', '2620:fe:ffff::7'];

function listSources(allowRules: AllowRules, { port, protocol }: Question): AllowRules['entries'][number]['sources'] {
  const portRules = allowRules.entries.filter(
    (entry) =>
      entry.protocol === PROTOCOL[protocol] &&
      (entry.ports === 'all' || entry.ports.some(({ first, last }) => first <= port && port <= last)),
  );
  if (portRules.length === 0 || portRules.some(({ sources }) => sources === 'anywhere')) return 'anywhere';
  return portRules.flatMap(({ sources }) => (sources === 'anywhere' ? [] : sources));
}

const isBehind = ({ addresses, routes }: NetworkInterface, address: Address): boolean =>
  [...routes.map(toRange), ...addresses.map((interfaceAddress) => toNetworkRange(interfaceAddress))].some((range) =>
    contains(range, address),
  );

const toNetworkRange = ({ address, length }: NetworkInterface['addresses'][number]): Range =>
  toRange(getNetwork(address, length));

const isNear = (address: Address, { interfaces }: GatewayPolicy): boolean =>
  interfaces.some((networkInterface) => isBehind(networkInterface, address));

function findArrivalInterface(source: Address, { interfaces }: GatewayPolicy, mapping: Mapping): NetworkInterface {
  const insideInterface = interfaces
    .filter(({ role }) => role !== 'outside')
    .find((networkInterface) => isBehind(networkInterface, source));
  return insideInterface ?? interfaces.find(({ name }) => name === mapping.interface)!;
}

/** Returns whether the gateway and the address are on one wire there. */
export const isOnWire = (networkInterface: NetworkInterface, address: Address): boolean =>
  networkInterface.addresses.some((interfaceAddress) => contains(toNetworkRange(interfaceAddress), address));

const createNoSuchGatewayProblem = (gatewayName: string, gateways: readonly string[]): Problem => ({
  code: 'cli/no-such-device',
  where: `--gateway ${gatewayName}`,
  what: `No gateway of the synthesized stacks is called so${gateways.length === 0 ? ', and they have none' : ''}.`,
  instead:
    gateways.length === 0
      ? 'the folder of the stack that has it: --stack FOLDER.'
      : `${gateways.map((name) => `--gateway ${name}`).join(', or ')}.`,
});

const createTwoGatewaysProblem = ({ address }: Question, gateways: readonly string[]): Problem => ({
  code: 'cli/two-gateways',
  where: printAddress(address),
  what: `Several gateways map it: ${gateways.join(', ')}.`,
  instead: `say which: ${gateways.map((name) => `--gateway ${name}`).join(', or ')}.`,
});
