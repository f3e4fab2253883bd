import { knownPlatforms, platforms } from '../registry';

/** The answers to the questions of a new project, as texts. Lists have commas between their entries. */
export interface ProjectAnswers {
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

export interface ProjectQuestion {
  readonly key: keyof ProjectAnswers;
  /** The question, as help and a prompt print it. */
  readonly asks: string;
  readonly choices?: readonly string[];
  /** Returns the default answer, from the answers so far. */
  readonly otherwise: (known: Partial<ProjectAnswers>) => string;
}

const listPlatforms = (role: 'gateway' | 'server'): readonly string[] =>
  knownPlatforms.flatMap(({ id, roles }) => (roles.includes(role) ? [id] : []));

const [GATEWAYS, SERVERS] = [listPlatforms('gateway'), listPlatforms('server')];

/** Returns the version that most tests run. */
function getTestedVersion(platform: string | undefined): string {
  const platformModule =
    platform !== undefined && Object.hasOwn(platforms, platform)
      ? platforms[platform as keyof typeof platforms]
      : undefined;
  return /\d+(\.\d+)+/.exec(platformModule?.capabilities.versions[0] ?? '')?.[0] ?? '1.0';
}

const createDefault = (text: string) => (): string => text;

/**
 * The questions in the order in which they are asked. Default addresses are for documentation and no host has the
 * default keys, so no device is reached by mistake.
 */
export const QUESTIONS: readonly ProjectQuestion[] = [
  { key: 'owner', asks: 'whose rules these are: a team or a tenant', otherwise: createDefault('hosting') },
  { key: 'gatewayPlatform', asks: 'what the gateway runs', choices: GATEWAYS, otherwise: createDefault(GATEWAYS[0]!) },
  {
    key: 'gatewayVersion',
    asks: 'of that, as its own tool prints it',
    otherwise: ({ gatewayPlatform }) => getTestedVersion(gatewayPlatform),
  },
  { key: 'outsideInterface', asks: 'its interface towards the internet', otherwise: createDefault('wan') },
  {
    key: 'outsideAddress',
    asks: "the gateway's own address there, with the length of its network",
    otherwise: createDefault('203.0.113.2/24'),
  },
  { key: 'insideInterface', asks: 'its interface towards the servers', otherwise: createDefault('lan') },
  {
    key: 'insideAddress',
    asks: "the gateway's own address there, with the length of the inside network",
    otherwise: createDefault('10.0.0.1/24'),
  },
  {
    key: 'gatewayHost',
    asks: 'where SSH reaches the gateway: a name or an address',
    otherwise: ({ outsideAddress = '' }) => outsideAddress.split('/')[0]!,
  },
  {
    key: 'gatewayHostKey',
    asks: 'a line of /etc/ssh/ssh_host_*_key.pub on the gateway, from its console',
    otherwise: createDefault('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'),
  },
  {
    key: 'serverPlatform',
    asks: 'what the cPanel & WHM server has as its firewall',
    choices: SERVERS,
    otherwise: createDefault(SERVERS[0]!),
  },
  {
    key: 'serverVersion',
    asks: 'of that, as its own tool prints it',
    otherwise: ({ serverPlatform }) => getTestedVersion(serverPlatform),
  },
  { key: 'serverAddress', asks: 'its address in the inside network', otherwise: createDefault('10.0.0.10') },
  {
    key: 'serverHostKey',
    asks: 'a line of /etc/ssh/ssh_host_*_key.pub on the server, from its console',
    otherwise: createDefault('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN5mr2Ll9urYbyf5VSqjwUDFmpcojyAz7RUYBVmH7Kda'),
  },
  { key: 'publicAddress', asks: 'the public address that the server gets', otherwise: createDefault('203.0.113.10') },
  {
    key: 'management',
    asks: "the operators' networks, commas between them",
    otherwise: createDefault('198.51.100.0/24'),
  },
  {
    key: 'services',
    asks: 'what everybody may reach, commas between them: services, presets, 8443/tcp',
    otherwise: createDefault('web,mail,dns,panel'),
  },
];

/** Returns the flag of an answer, as it is typed: `--gateway-host`. */
export const toFlag = (key: keyof ProjectAnswers): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Fills missing answers with their defaults. */
export const fillAnswers = (answers: Partial<ProjectAnswers>): ProjectAnswers =>
  QUESTIONS.reduce<Partial<ProjectAnswers>>(
    (filled, { key, otherwise }) => ({ ...filled, [key]: answers[key] ?? otherwise(filled) }),
    {},
  ) as ProjectAnswers;

export const splitList = (text: string): readonly string[] => text.split(',').map((item) => item.trim());
