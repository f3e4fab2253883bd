import {
  Address,
  familyOf,
  parseAddress,
  parseInterfaceAddress,
  parsePrefix,
  prefixRange,
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
  Odd,
  Shape,
  Table,
  choice,
  flag,
  list,
  objectOf,
  record,
  spelled,
  text,
  whole,
  wordOr,
} from './policy-codec-parts';
import {
  CpnatWish,
  GatewayPolicy,
  Listening,
  Mapping,
  Opening,
  Openings,
  Outbound,
  Policy,
  Reflection,
  ServerFacts,
  ServerPolicy,
  VirtualIp,
} from '../policy/policy';

/** Of the text. A text of another format is refused. */
const POLICY_FORMAT = 1;

const address = spelled<Address>(printAddress, parseAddress, 'an address');
const prefix = spelled(printPrefix, parsePrefix, 'a prefix');
const range = spelled<Range>(printed, parsedRange, 'a prefix or a range of addresses');
const numbers = spelled<NumberRange>(
  ({ first, last }) => (first === last ? `${first}` : `${first}-${last}`),
  (written) => {
    const parts = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(written);
    const [first, last] = [Number(parts?.[1]), Number(parts?.[2] ?? parts?.[1])];
    return parts && first <= last && last <= 65535 ? { first, last } : undefined;
  },
  'a number or a range of numbers up to 65535',
);
const ranges = wordOr('anywhere', list(range));
const ports = wordOr('all', list(numbers));
const protocol = whole(0, 255);

const networkInterface = record<NetworkInterface>({
  name: text,
  role: choice('outside', 'inside', 'dmz', 'vpn'),
  addresses: list(
    spelled((one) => `${printAddress(one.address)}/${one.length}`, parseInterfaceAddress, 'an address with its length'),
  ),
  routes: list(prefix),
});

const common = {
  device: text,
  owner: text,
  platform: text,
  version: text,
  interfaces: list(networkInterface),
  whenClosed: choice('cut', 'finish'),
};

const opening = record<Opening>(
  { protocol, ports, sources: ranges, management: flag, because: text },
  { management: false },
);
const openings = record<Openings>({ name: text, entries: list(opening), blocked: list(range) }, { blocked: [] });
const reflection = record<Reflection>(
  { mode: choice('nat-proxy', 'pure-nat', 'disabled', 'system-default'), from: list(text), globalHelper: flag },
  { globalHelper: false },
);
const outbound = record<Outbound>({ protocol, ports, sourcePorts: ports, destinations: ranges, because: text });

interface Tables {
  readonly openings: Table<Openings>;
  readonly reflections: Table<Reflection>;
}

const virtualIp = (tables: Tables): Codec<VirtualIp> =>
  record<VirtualIp>(
    {
      name: text,
      interface: text,
      outside: prefix,
      mask: whole(0, 128),
      kind: choice('ip-alias', 'carp', 'proxy-arp', 'other'),
      carp: record({ vhid: whole(0, 255), advertiseSeconds: whole(0, 255), skew: whole(0, 255) }),
      answers: tables.openings,
    },
    {},
    ['carp'],
  );

const exclusion = record<Mapping['exclude'][number]>({ inside: wordOr('all', list(range)), peers: ranges });

const mapping = (tables: Tables): Codec<Mapping> =>
  record<Mapping>(
    {
      name: text,
      description: text,
      interface: text,
      outside: prefix,
      inside: prefix,
      peers: ranges,
      exclude: list(exclusion),
      inboundOnly: flag,
      enabled: flag,
      openings: tables.openings,
      reflection: tables.reflections,
    },
    { description: '', peers: 'anywhere', exclude: [], inboundOnly: false, enabled: true },
  );

const gateway = (tables: Tables): Codec<GatewayPolicy> =>
  record<GatewayPolicy>({
    kind: choice('gateway'),
    ...common,
    virtualIps: list(virtualIp(tables)),
    mappings: list(mapping(tables)),
  });

const publicOf = list(record<ServerPolicy['ownPublic'][number]>({ public: address, local: address }));
const passiveFtp = record<NonNullable<CpnatWish['passiveFtp']>>({ address, ports: numbers }, {}, ['ports']);
const cpnat = record<CpnatWish>(
  { natMode: choice('on', 'off'), pairs: publicOf, serverInUse: choice('refuse', 'change'), myip: text, passiveFtp },
  {},
  ['myip', 'passiveFtp'],
);

const listening = record<Listening>({ protocol, port: whole(1, 65_535), program: text });
const FACTS: Shape<ServerFacts> = {
  system: text,
  cpanel: text,
  hasAccounts: flag,
  rolesOff: list(text),
  listens: list(listening),
  serviceSubdomains: flag,
  redirectsToTls: flag,
  autossl: text,
  eximOldTls: flag,
  passiveFtp: numbers,
  firewalls: list(text),
  plans: list(text),
  cpnat: wordOr('absent', wordOr('empty', list(text))),
  myip: text,
};
const facts = record(FACTS, {}, Object.keys(FACTS) as (keyof ServerFacts)[]);

const server = (tables: Tables): Codec<ServerPolicy> =>
  record<ServerPolicy>(
    {
      kind: choice('server'),
      ...common,
      localAddresses: list(address),
      inside: list(range),
      insideConnections: choice('unmanaged', 'listed'),
      openings: tables.openings,
      outbound: wordOr('anywhere', list(outbound)),
      ownPublic: publicOf,
      cpnat,
      replaces: list(text),
      facts,
      onRetract: choice('keep closed', 'as before'),
    },
    {},
    ['cpnat', 'replaces', 'facts'],
  );

/**
 * The policy as canonical JSON: equal policies give equal texts. Addresses are spelled as people do, and what many
 * hosts share is written once.
 */
export function encodePolicy(policy: Policy): string {
  const tables = newTables();
  const body = policy.kind === 'gateway' ? gateway(tables).encode(policy) : server(tables).encode(policy);
  const whole: Json = {
    format: POLICY_FORMAT,
    policy: body,
    openings: tables.openings.written(),
    reflections: tables.reflections.written(),
  };
  return JSON.stringify(whole);
}

/** The policy that `encodePolicy` made the text of; hosts that shared their openings share them again. Throws Refusal for any other text. */
export function decodePolicy(encoded: string): Policy {
  try {
    const policy = decoded(encoded);
    // Two spellings of one policy would be two releases of it.
    if (encodePolicy(policy) !== encoded) throw new Odd('policy', 'it is not in the one form that is written');
    return policy;
  } catch (error) {
    if (!(error instanceof Odd)) throw error;
    throw new Refusal([
      {
        code: 'policy/odd-text',
        where: error.at,
        what: `This is not a policy that this version wrote: ${error.what}.`,
        instead: 'The text as a release carries it, unchanged, and the version of cpanel-edge that made the release.',
      },
    ]);
  }
}

function decoded(encoded: string): Policy {
  const { format, policy, openings: shared, reflections, ...more } = objectOf(parsed(encoded), 'policy');
  if (format !== POLICY_FORMAT) throw new Odd('policy.format', `its format is not ${POLICY_FORMAT}`);
  if (Object.keys(more).length > 0) throw new Odd('policy', 'it holds more than a policy');
  const tables = newTables();
  tables.openings.read(shared, 'policy.openings');
  tables.reflections.read(reflections, 'policy.reflections');
  const { kind } = objectOf(policy, 'policy.policy');
  if (kind === 'gateway') return gateway(tables).decode(policy, 'policy.policy');
  if (kind === 'server') return server(tables).decode(policy, 'policy.policy');
  throw new Odd('policy.policy.kind', 'it is neither of a gateway nor of a server');
}

function parsed(encoded: string): unknown {
  try {
    return JSON.parse(encoded) as unknown;
  } catch {
    throw new Odd('policy', 'it is not JSON');
  }
}

const newTables = (): Tables => ({ openings: new Table(openings), reflections: new Table(reflection) });

function printed(value: Range): string {
  const oneFamily = familyOf(value.first) === familyOf(value.last);
  return oneFamily ? printRange(value) : `${printAddress(value.first)}-${printAddress(value.last)}`;
}

function parsedRange(written: string): Range | undefined {
  const whole = parsePrefix(written);
  if (whole) return prefixRange(whole);
  const [first, last, ...more] = written.split('-').map(parseAddress);
  return first !== undefined && last !== undefined && more.length === 0 && first <= last ? { first, last } : undefined;
}
