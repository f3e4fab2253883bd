// The keys that each object of an intent takes. The problem of a misplaced key names the object that takes it.

const DEVICE_KEYS = ['device', 'owner', 'platform', 'version', 'establishedSessions', 'healthChecks', 'adopt'];
const JUMP_KEYS = ['host', 'port', 'user', 'hostKeys', 'identityFile', 'agentVariable', 'jump', 'userConfiguration'];

export const INTENT_KEYS = {
  gateway: [...DEVICE_KEYS, 'interfaces', 'sourceSets', 'capturedConfig'],
  server: [
    ...DEVICE_KEYS,
    'addresses',
    'interface',
    'interfaces',
    'trustedNetworks',
    'trustedConnections',
    'facts',
    'cpnat',
    'replaces',
    'onRemove',
  ],
  /** Keys that the constructs of both devices take besides those of the intent. */
  device: ['connection', 'releaseResource'],
  connection: [...JUMP_KEYS, 'rollbackSeconds'],
  jump: JUMP_KEYS,
  mapping: [
    'name',
    'virtualIp',
    'external',
    'internal',
    'destination',
    'exclude',
    'open',
    'profile',
    'inboundOnly',
    'reflection',
    'description',
    'enabled',
  ],
  reflection: ['mode', 'from', 'onServer', 'globalHelper'],
  virtualIp: ['name', 'interface', 'address', 'mask', 'kind', 'carp', 'answers'],
  carp: ['vhid', 'advertiseSeconds', 'skew'],
  profile: [
    'name',
    'services',
    'sources',
    'management',
    'blocked',
    'outbound',
    'ping',
    'extra',
    'sourceSets',
    'cpanelVersion',
  ],
  management: ['from', 'port'],
  opening: ['service', 'ports', 'protocol', 'types', 'from', 'reason'],
  interface: ['name', 'role', 'addresses', 'publicPrefixes', 'routes', 'terminatesVpn'],
  cpnat: ['natMode', 'pairs', 'serverInUse', 'myip', 'passiveFtp'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type KeyOwner = keyof typeof INTENT_KEYS;

/** How messages print the place of a key. `jump` has no entry: `connection` has all its keys. */
const KEY_CONTEXTS: Readonly<Record<Exclude<KeyOwner, 'jump'>, (key: string) => string>> = {
  gateway: () => 'a Gateway',
  server: () => 'a CpanelServer',
  device: () => 'a Gateway or CpanelServer',
  connection: (key) => `connection: { ${key}: … }`,
  mapping: () => 'a OneToOneNat',
  reflection: (key) => `reflection: { ${key}: … }`,
  virtualIp: () => 'a VirtualIp',
  carp: (key) => `carp: { ${key}: … }`,
  profile: () => 'a CpanelFirewallProfile',
  management: (key) => `management: { ${key}: … }`,
  opening: (key) => `an entry of services or open: { ${key}: … }`,
  interface: (key) => `an entry of a Gateway's interfaces: { ${key}: … }`,
  cpnat: (key) => `cpnat: { ${key}: … }`,
};

/** Returns the places that take a key. Returns none if more than two do: the key is then no hint at the place. */
export function findKeyContexts(key: string): readonly string[] {
  const owners = (Object.keys(KEY_CONTEXTS) as (keyof typeof KEY_CONTEXTS)[]).filter((owner) =>
    (INTENT_KEYS[owner] as readonly string[]).includes(key),
  );
  return owners.length > 2 ? [] : owners.map((owner) => KEY_CONTEXTS[owner](key));
}
