// Which keys each place takes that a person writes in, so that a key at the wrong one is told the right one.

const DEVICE = ['device', 'owner', 'platform', 'version', 'whenClosed', 'witnesses', 'adopt'];
const JUMP = ['host', 'port', 'user', 'hostKeys', 'identityFile', 'agentVariable', 'jump', 'userConfiguration'];

export const KEYS = {
  gateway: [...DEVICE, 'interfaces', 'sourceSets', 'surroundings'],
  server: [
    ...DEVICE,
    'addresses',
    'interface',
    'interfaces',
    'inside',
    'insideConnections',
    'facts',
    'cpnat',
    'replaces',
    'onRetract',
  ],
  /** What the construct of either takes besides. */
  device: ['connection', 'releaseResource'],
  connection: [...JUMP, 'rollbackSeconds'],
  jump: JUMP,
  mapping: [
    'name',
    'virtualIp',
    'outside',
    'inside',
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
  opening: ['service', 'ports', 'protocol', 'types', 'from', 'because'],
  interface: ['name', 'role', 'addresses', 'publicPrefixes', 'routes', 'terminatesVpn'],
  cpnat: ['natMode', 'pairs', 'serverInUse', 'myip', 'passiveFtp'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Holder = keyof typeof KEYS;

/** How a key stands there. What is within another one of these is told by that. */
const STANDS: Readonly<Record<Exclude<Holder, 'jump'>, (key: string) => string>> = {
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

/** Places at which a key is taken, at most two: one that many take says nothing of where it was meant. */
export function takenBy(key: string): readonly string[] {
  const holders = (Object.keys(STANDS) as (keyof typeof STANDS)[]).filter((one) =>
    (KEYS[one] as readonly string[]).includes(key),
  );
  return holders.length > 2 ? [] : holders.map((one) => STANDS[one](key));
}
