// Encodes a policy as JSON text and decodes such a text. Terraform's state stores it with each release; the driver and
// the review decode it.

import {
  Address,
  getFamily,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
  toRange,
  printAddress,
  printPrefix,
  printRange,
} from '../net/address';
import { NetworkInterface, NumberRange } from '../net/device';
import { Range } from '../net/range';
import { Refusal } from '../problems/problem';
import {
  Codec,
  Json,
  DecodeError,
  ObjectShape,
  SharedTable,
  createChoiceCodec,
  flag,
  createListCodec,
  requireObject,
  createNamedChoiceCodec,
  createObjectCodec,
  createTextCodec,
  text,
  createIntegerCodec,
  createWordCodec,
} from './json-codecs';
import {
  CpnatPolicy,
  GatewayPolicy,
  ListeningPort,
  Mapping,
  AllowRule,
  AllowRules,
  OutboundRule,
  Policy,
  Reflection,
  ServerFacts,
  ServerPolicy,
  VirtualIp,
} from '../policy/policy';

/** Version of the text format. A text of another format is refused. */
const POLICY_FORMAT = 1;

/** The names of keys in stored policies, where they differ: Terraform's states keep theirs. */
const STORED_NAMES = {
  allowRules: 'openings',
  establishedSessions: 'whenClosed',
  external: 'outside',
  internal: 'inside',
  onRemove: 'onRetract',
  origin: 'because',
  trustedConnections: 'insideConnections',
  trustedNetworks: 'inside',
};

const createPolicyCodec = <T extends object>(
  shape: ObjectShape<T>,
  defaultValues: Partial<T> = {},
  optional: readonly (keyof T)[] = [],
): Codec<T> => createObjectCodec(shape, defaultValues, optional, STORED_NAMES);

const address = createTextCodec<Address>(printAddress, parseAddress, 'an address');
const prefix = createTextCodec(printPrefix, parsePrefix, 'a prefix');
const range = createTextCodec<Range>(printAddressRange, parseAddressRange, 'a prefix or a range of addresses');
const numbers = createTextCodec<NumberRange>(
  ({ first, last }) => (first === last ? `${first}` : `${first}-${last}`),
  (numberText) => {
    const parts = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(numberText);
    const [first, last] = [Number(parts?.[1]), Number(parts?.[2] ?? parts?.[1])];
    return parts && first <= last && last <= 65535 ? { first, last } : undefined;
  },
  'a number or a range of numbers up to 65535',
);
const ranges = createWordCodec('anywhere', createListCodec(range));
const ports = createWordCodec('all', createListCodec(numbers));
const protocol = createIntegerCodec(0, 255);

const networkInterface = createPolicyCodec<NetworkInterface>({
  name: text,
  role: createChoiceCodec('outside', 'inside', 'dmz', 'vpn'),
  addresses: createListCodec(
    createTextCodec(
      (interfaceAddress) => `${printAddress(interfaceAddress.address)}/${interfaceAddress.length}`,
      parseInterfaceAddress,
      'an address with its length',
    ),
  ),
  routes: createListCodec(prefix),
});

const common = {
  device: text,
  owner: text,
  platform: text,
  version: text,
  interfaces: createListCodec(networkInterface),
  establishedSessions: createNamedChoiceCodec({ terminate: 'cut', keep: 'finish' }),
};

const opening = createPolicyCodec<AllowRule>(
  { protocol, ports, sources: ranges, management: flag, origin: text },
  { management: false },
);
const openings = createPolicyCodec<AllowRules>(
  { name: text, entries: createListCodec(opening), blocked: createListCodec(range) },
  { blocked: [] },
);
const reflection = createPolicyCodec<Reflection>(
  {
    mode: createChoiceCodec('nat-proxy', 'pure-nat', 'disabled', 'system-default'),
    from: createListCodec(text),
    globalHelper: flag,
  },
  { globalHelper: false },
);
const outbound = createPolicyCodec<OutboundRule>({
  protocol,
  ports,
  sourcePorts: ports,
  destinations: ranges,
  origin: text,
});

interface PolicyTables {
  readonly openings: SharedTable<AllowRules>;
  readonly reflections: SharedTable<Reflection>;
}

const createVirtualIpCodec = (tables: PolicyTables): Codec<VirtualIp> =>
  createPolicyCodec<VirtualIp>(
    {
      name: text,
      interface: text,
      external: prefix,
      mask: createIntegerCodec(0, 128),
      kind: createChoiceCodec('ip-alias', 'carp', 'proxy-arp', 'other'),
      carp: createPolicyCodec({
        vhid: createIntegerCodec(0, 255),
        advertiseSeconds: createIntegerCodec(0, 255),
        skew: createIntegerCodec(0, 255),
      }),
      answers: tables.openings,
    },
    {},
    ['carp'],
  );

const exclusion = createPolicyCodec<Mapping['exclude'][number]>({
  internal: createWordCodec('all', createListCodec(range)),
  peers: ranges,
});

const createMappingCodec = (tables: PolicyTables): Codec<Mapping> =>
  createPolicyCodec<Mapping>(
    {
      name: text,
      description: text,
      interface: text,
      external: prefix,
      internal: prefix,
      peers: ranges,
      exclude: createListCodec(exclusion),
      inboundOnly: flag,
      enabled: flag,
      allowRules: tables.openings,
      reflection: tables.reflections,
    },
    { description: '', peers: 'anywhere', exclude: [], inboundOnly: false, enabled: true },
  );

const createGatewayCodec = (tables: PolicyTables): Codec<GatewayPolicy> =>
  createPolicyCodec<GatewayPolicy>({
    kind: createChoiceCodec('gateway'),
    ...common,
    virtualIps: createListCodec(createVirtualIpCodec(tables)),
    mappings: createListCodec(createMappingCodec(tables)),
  });

const addressPairs = createListCodec(
  createPolicyCodec<ServerPolicy['ownPublic'][number]>({ public: address, local: address }),
);
const passiveFtp = createPolicyCodec<NonNullable<CpnatPolicy['passiveFtp']>>({ address, ports: numbers }, {}, [
  'ports',
]);
const cpnat = createPolicyCodec<CpnatPolicy>(
  {
    natMode: createChoiceCodec('on', 'off'),
    pairs: addressPairs,
    serverInUse: createChoiceCodec('refuse', 'change'),
    myip: text,
    passiveFtp,
  },
  {},
  ['myip', 'passiveFtp'],
);

const listening = createPolicyCodec<ListeningPort>({ protocol, port: createIntegerCodec(1, 65_535), program: text });
const SERVER_FACTS_SHAPE: ObjectShape<ServerFacts> = {
  system: text,
  cpanel: text,
  hasAccounts: flag,
  rolesOff: createListCodec(text),
  listens: createListCodec(listening),
  serviceSubdomains: flag,
  redirectsToTls: flag,
  autossl: text,
  eximOldTls: flag,
  passiveFtp: numbers,
  firewalls: createListCodec(text),
  plans: createListCodec(text),
  cpnat: createWordCodec('absent', createWordCodec('empty', createListCodec(text))),
  myip: text,
};
const facts = createPolicyCodec(SERVER_FACTS_SHAPE, {}, Object.keys(SERVER_FACTS_SHAPE) as (keyof ServerFacts)[]);

const createServerCodec = (tables: PolicyTables): Codec<ServerPolicy> =>
  createPolicyCodec<ServerPolicy>(
    {
      kind: createChoiceCodec('server'),
      ...common,
      localAddresses: createListCodec(address),
      trustedNetworks: createListCodec(range),
      trustedConnections: createChoiceCodec('unmanaged', 'listed'),
      allowRules: tables.openings,
      outbound: createWordCodec('anywhere', createListCodec(outbound)),
      ownPublic: addressPairs,
      cpnat,
      replaces: createListCodec(text),
      facts,
      onRemove: createChoiceCodec('keep closed', 'as before'),
    },
    {},
    ['cpnat', 'replaces', 'facts'],
  );

/**
 * Encodes a policy as canonical JSON: equal policies give equal texts. Addresses are written as people write them;
 * objects that many hosts share are written once.
 */
export function encodePolicy(policy: Policy): string {
  const tables = createTables();
  const body =
    policy.kind === 'gateway' ? createGatewayCodec(tables).encode(policy) : createServerCodec(tables).encode(policy);
  const document: Json = {
    format: POLICY_FORMAT,
    policy: body,
    openings: tables.openings.listRows(),
    reflections: tables.reflections.listRows(),
  };
  return JSON.stringify(document);
}

/**
 * Decodes a text of `encodePolicy`; hosts that shared their allow rules share them again.
 *
 * @throws Refusal policy/odd-text for any other text.
 */
export function decodePolicy(encoded: string): Policy {
  try {
    const policy = decodeText(encoded);
    // Two encodings of one policy would be two releases of it.
    if (encodePolicy(policy) !== encoded) throw new DecodeError('policy', 'it is not in the one form that is written');
    return policy;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new Refusal([
      {
        code: 'policy/odd-text',
        where: error.path,
        what: `This is not a policy that this version wrote: ${error.problem}.`,
        instead: 'The text as a release carries it, unchanged, and the version of cpanel-edge that made the release.',
      },
    ]);
  }
}

function decodeText(encoded: string): Policy {
  const { format, policy, openings: shared, reflections, ...otherKeys } = requireObject(parseJson(encoded), 'policy');
  if (format !== POLICY_FORMAT) throw new DecodeError('policy.format', `its format is not ${POLICY_FORMAT}`);
  if (Object.keys(otherKeys).length > 0) throw new DecodeError('policy', 'it holds more than a policy');
  const tables = createTables();
  tables.openings.decodeRows(shared, 'policy.openings');
  tables.reflections.decodeRows(reflections, 'policy.reflections');
  const { kind } = requireObject(policy, 'policy.policy');
  if (kind === 'gateway') return createGatewayCodec(tables).decode(policy, 'policy.policy');
  if (kind === 'server') return createServerCodec(tables).decode(policy, 'policy.policy');
  throw new DecodeError('policy.policy.kind', 'it is neither of a gateway nor of a server');
}

function parseJson(encoded: string): unknown {
  try {
    return JSON.parse(encoded) as unknown;
  } catch {
    throw new DecodeError('policy', 'it is not JSON');
  }
}

const createTables = (): PolicyTables => ({
  openings: new SharedTable(openings),
  reflections: new SharedTable(reflection),
});

function printAddressRange(value: Range): string {
  const oneFamily = getFamily(value.first) === getFamily(value.last);
  return oneFamily ? printRange(value) : `${printAddress(value.first)}-${printAddress(value.last)}`;
}

function parseAddressRange(rangeText: string): Range | undefined {
  const parsedPrefix = parsePrefix(rangeText);
  if (parsedPrefix) return toRange(parsedPrefix);
  const [first, last, ...otherParts] = rangeText.split('-').map(parseAddress);
  return first !== undefined && last !== undefined && otherParts.length === 0 && first <= last
    ? { first, last }
    : undefined;
}
