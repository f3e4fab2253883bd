import { knownPlatforms, platforms } from '../registry';

/** What a new project is told, as texts. Lists have commas between their entries. */
export interface Wish {
  readonly owner: string;
  readonly gatewayPlatform: string;
  readonly gatewayVersion: string;
  readonly outsideInterface: string;
  readonly outsideAddress: string;
  readonly insideInterface: string;
  readonly insideAddress: string;
  readonly gatewayHost: string;
  readonly gatewayHostKey: string;
  readonly serverPlatform: string;
  readonly serverVersion: string;
  readonly serverAddress: string;
  readonly serverHostKey: string;
  readonly publicAddress: string;
  readonly management: string;
  readonly services: string;
}

export interface Question {
  readonly key: keyof Wish;
  /** What is asked for, as help and a prompt say it. */
  readonly asks: string;
  readonly choices?: readonly string[];
  /** Taken where nobody says another; of what is known already. */
  readonly otherwise: (known: Partial<Wish>) => string;
}

const servingAs = (role: 'gateway' | 'server'): readonly string[] =>
  knownPlatforms.flatMap(({ id, roles }) => (roles.includes(role) ? [id] : []));

const [GATEWAYS, SERVERS] = [servingAs('gateway'), servingAs('server')];

/** The version that most tests run. */
function triedVersion(platform: string | undefined): string {
  const known =
    platform !== undefined && Object.hasOwn(platforms, platform)
      ? platforms[platform as keyof typeof platforms]
      : undefined;
  return /\d+(\.\d+)+/.exec(known?.capabilities.versions[0] ?? '')?.[0] ?? '1.0';
}

const madeUp = (text: string) => (): string => text;

/** In the order in which they are asked. Made up are addresses for documentation, and keys that no host has: nothing is reached by mistake. */
export const QUESTIONS: readonly Question[] = [
  { key: 'owner', asks: 'whose rules these are: a team or a tenant', otherwise: madeUp('hosting') },
  { key: 'gatewayPlatform', asks: 'what the gateway runs', choices: GATEWAYS, otherwise: madeUp(GATEWAYS[0]!) },
  {
    key: 'gatewayVersion',
    asks: 'of that, as its own tool prints it',
    otherwise: ({ gatewayPlatform }) => triedVersion(gatewayPlatform),
  },
  { key: 'outsideInterface', asks: 'its interface towards the internet', otherwise: madeUp('wan') },
  {
    key: 'outsideAddress',
    asks: "the gateway's own address there, with the length of its network",
    otherwise: madeUp('203.0.113.2/24'),
  },
  { key: 'insideInterface', asks: 'its interface towards the servers', otherwise: madeUp('lan') },
  {
    key: 'insideAddress',
    asks: "the gateway's own address there, with the length of the inside network",
    otherwise: madeUp('10.0.0.1/24'),
  },
  {
    key: 'gatewayHost',
    asks: 'where SSH reaches the gateway: a name or an address',
    otherwise: ({ outsideAddress = '' }) => outsideAddress.split('/')[0]!,
  },
  {
    key: 'gatewayHostKey',
    asks: 'a line of /etc/ssh/ssh_host_*_key.pub on the gateway, from its console',
    otherwise: madeUp('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'),
  },
  {
    key: 'serverPlatform',
    asks: 'what the cPanel & WHM server has as its firewall',
    choices: SERVERS,
    otherwise: madeUp(SERVERS[0]!),
  },
  {
    key: 'serverVersion',
    asks: 'of that, as its own tool prints it',
    otherwise: ({ serverPlatform }) => triedVersion(serverPlatform),
  },
  { key: 'serverAddress', asks: 'its address in the inside network', otherwise: madeUp('10.0.0.10') },
  {
    key: 'serverHostKey',
    asks: 'a line of /etc/ssh/ssh_host_*_key.pub on the server, from its console',
    otherwise: madeUp('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN5mr2Ll9urYbyf5VSqjwUDFmpcojyAz7RUYBVmH7Kda'),
  },
  { key: 'publicAddress', asks: 'the public address that the server gets', otherwise: madeUp('203.0.113.10') },
  { key: 'management', asks: "the operators' networks, commas between them", otherwise: madeUp('198.51.100.0/24') },
  {
    key: 'services',
    asks: 'what everybody may reach, commas between them: services, presets, 8443/tcp',
    otherwise: madeUp('web,mail,dns,panel'),
  },
];

/** As it is typed: `--gateway-host`. */
export const flagOf = (key: keyof Wish): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What isn't given is made up. */
export const completed = (given: Partial<Wish>): Wish =>
  QUESTIONS.reduce<Partial<Wish>>(
    (known, { key, otherwise }) => ({ ...known, [key]: given[key] ?? otherwise(known) }),
    {},
  ) as Wish;

export const listed = (text: string): readonly string[] => text.split(',').map((one) => one.trim());
