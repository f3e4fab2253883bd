// The questions of `cpanel-edge init` and types of the answers, with their defaults and command-line flags.

import { knownPlatforms, platforms } from '../registry';
import { DEFAULT_FRAMEWORK, FRAMEWORK_NAMES } from '../report/render-stack-source';

/** The answers to the questions of a new project, as texts. Lists have commas between their entries. */
export interface ProjectAnswers {
  readonly framework: string;
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
  readonly text: string;
  readonly choices?: readonly string[];
  /** Returns the default answer, from the answers so far. */
  readonly getDefault: (known: Partial<ProjectAnswers>) => string;
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
  {
    key: 'framework',
    text: 'the framework: HashiCorp archived cdktf in December 2025; cdktn continues it, and needs Node 22.19',
    choices: FRAMEWORK_NAMES,
    getDefault: createDefault(DEFAULT_FRAMEWORK),
  },
  { key: 'owner', text: 'the owner of these rules: a team or a tenant', getDefault: createDefault('hosting') },
  { key: 'gatewayPlatform', text: 'what the gateway runs', choices: GATEWAYS, getDefault: createDefault(GATEWAYS[0]!) },
  {
    key: 'gatewayVersion',
    text: 'of that, as its own tool prints it',
    getDefault: ({ gatewayPlatform }) => getTestedVersion(gatewayPlatform),
  },
  { key: 'outsideInterface', text: 'its interface towards the internet', getDefault: createDefault('wan') },
  {
    key: 'outsideAddress',
    text: "the gateway's own address there, with the length of its network",
    getDefault: createDefault('203.0.113.2/24'),
  },
  { key: 'insideInterface', text: 'its interface towards the servers', getDefault: createDefault('lan') },
  {
    key: 'insideAddress',
    text: "the gateway's own address there, with the length of the inside network",
    getDefault: createDefault('10.0.0.1/24'),
  },
  {
    key: 'gatewayHost',
    text: 'where SSH reaches the gateway: a name or an address',
    getDefault: ({ outsideAddress = '' }) => outsideAddress.split('/')[0]!,
  },
  {
    key: 'gatewayHostKey',
    text: 'a line of /etc/ssh/ssh_host_*_key.pub on the gateway, from its console',
    getDefault: createDefault('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'),
  },
  {
    key: 'serverPlatform',
    text: 'what the cPanel & WHM server has as its firewall',
    choices: SERVERS,
    getDefault: createDefault(SERVERS[0]!),
  },
  {
    key: 'serverVersion',
    text: 'of that, as its own tool prints it',
    getDefault: ({ serverPlatform }) => getTestedVersion(serverPlatform),
  },
  { key: 'serverAddress', text: 'its address in the inside network', getDefault: createDefault('10.0.0.10') },
  {
    key: 'serverHostKey',
    text: 'a line of /etc/ssh/ssh_host_*_key.pub on the server, from its console',
    getDefault: createDefault('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN5mr2Ll9urYbyf5VSqjwUDFmpcojyAz7RUYBVmH7Kda'),
  },
  { key: 'publicAddress', text: 'the public address that the server gets', getDefault: createDefault('203.0.113.10') },
  {
    key: 'management',
    text: "the operators' networks, commas between them",
    getDefault: createDefault('198.51.100.0/24'),
  },
  {
    key: 'services',
    text: 'what any source may reach, separated by commas: services, presets, 8443/tcp',
    getDefault: createDefault('web,mail,dns,panel'),
  },
];

/** Returns the flag of an answer, as it is typed: `--gateway-host`. */
export const toFlag = (key: keyof ProjectAnswers): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Fills missing answers with their defaults. */
export const fillAnswers = (answers: Partial<ProjectAnswers>): ProjectAnswers =>
  QUESTIONS.reduce<Partial<ProjectAnswers>>(
    (filled, { key, getDefault }) => ({ ...filled, [key]: answers[key] ?? getDefault(filled) }),
    {},
  ) as ProjectAnswers;

export const splitList = (text: string): readonly string[] => text.split(',').map((item) => item.trim());
