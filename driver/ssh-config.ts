// Renders the ssh_config and known_hosts of one connection with its jumps. Every hop is checked against the host keys
// of the intent alone.
import { Connection, listHops } from '../lib/agent-protocol/release';
import { compareVersions } from '../lib/policy/compare-versions';
import { Problem, escapeForDisplay, refuseIfAny } from '../lib/problems/problem';

/** The two files of one connection, and the name by which `ssh -F` finds the device in them. */
interface SshFiles {
  readonly target: string;
  readonly config: string;
  readonly knownHosts: string;
}

const HOST_FORM = /^[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/;
const USER_FORM = /^[a-z_][a-z0-9_.-]{0,31}$/i;
const HOST_KEY_FORM =
  /^(@cert-authority )?((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+) ([A-Za-z0-9+/]{16,}={0,2})(?: [^\n\r]*)?$/;
const VARIABLE_FORM = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Returns a configuration instead of options: `ssh -J` passes no option to the jump, but both hops read this file, so
 * the same known hosts check both. `version`: the output of `ssh -V`, for words that older versions refuse.
 *
 * @throws Refusal driver/connection-unusable for every value that could escape its field.
 */
export function renderSshFiles(connection: Connection, folder: string, version?: string): SshFiles {
  const hops = listHops(connection);
  refuseIfAny(hops.flatMap(checkHop));
  const namedHops = hops.map((hop, index) => ({ hop, name: getHopName(hop, index) }));
  const hosts = namedHops.map(({ hop, name }, index) => renderHost(hop, name, namedHops[index + 1]?.name));
  // The first value wins, so the user's file comes last and can't loosen any check.
  const userLines = connection.userConfiguration ? ['Match all', '  Include ~/.ssh/config', ''] : [];
  return {
    target: namedHops[0]!.name,
    config: [...hosts.flat(), ...renderCommon(folder, version), ...userLines].join('\n'),
    knownHosts: namedHops
      .flatMap(({ hop, name }) => hop.hostKeys.map((key) => renderKnownHost(key, getHostKeyAlias(hop, name))))
      .join(''),
  };
}

// The user's own file names the device by its host. Without that file no name in another file can match ours.
const getHopName = (hop: Connection, index: number): string =>
  hop.userConfiguration ? hop.host : index === 0 ? 'cpanel-edge-device' : `cpanel-edge-jump-${index}`;

// A host certificate names the host, so the alias has to be that name.
const getHostKeyAlias = (hop: Connection, name: string): string =>
  hop.hostKeys.some((key) => key.startsWith('@')) ? hop.host : `${name}.cpanel-edge`;

function renderHost(hop: Connection, name: string, jump: string | undefined): readonly string[] {
  const identity = hop.identityFile;
  return [
    `Host ${name}`,
    `  HostName ${hop.host}`,
    `  Port ${hop.port}`,
    `  User ${hop.user}`,
    `  HostKeyAlias ${getHostKeyAlias(hop, name)}`,
    // Other keys are not offered: a server counts them as failed attempts.
    ...(identity === undefined ? [] : [`  IdentityFile "${identity.replaceAll('%', '%%')}"`, '  IdentitiesOnly yes']),
    ...(identity === undefined || hop.agentVariable !== undefined
      ? [`  IdentityAgent $${hop.agentVariable ?? 'SSH_AUTH_SOCK'}`]
      : []),
    `  ProxyJump ${jump ?? 'none'}`,
    '',
  ];
}

const isAtLeast = (version: string, minimum: string): boolean =>
  compareVersions(/^OpenSSH_([\d.]+)/.exec(version)?.[1] ?? '', minimum) >= 0;

const renderCommon = (folder: string, version = ''): readonly string[] => [
  'Host *',
  `  UserKnownHostsFile "${folder}/known_hosts"`,
  '  GlobalKnownHostsFile /dev/null',
  // It adds host keys to those of the files.
  ...(isAtLeast(version, '8.5') ? ['  KnownHostsCommand none'] : []),
  '  NoHostAuthenticationForLocalhost no',
  '  StrictHostKeyChecking yes',
  '  UpdateHostKeys no',
  '  VerifyHostKeyDNS no',
  '  CheckHostIP no',
  '  BatchMode yes',
  '  ConnectTimeout 5',
  '  ConnectionAttempts 1',
  '  ServerAliveInterval 3',
  '  ServerAliveCountMax 2',
  // The verification needs a really new connection.
  '  ControlMaster no',
  '  ControlPath none',
  '  ForwardAgent no',
  '  ForwardX11 no',
  '  PermitLocalCommand no',
  '  RemoteCommand none',
  '  ClearAllForwardings yes',
  ...(isAtLeast(version, '8.7') ? ['  SessionType default', '  StdinNull no', '  ForkAfterAuthentication no'] : []),
  '  RequestTTY no',
  '  EscapeChar none',
  '  LogLevel ERROR',
  '',
];

function renderKnownHost(key: string, alias: string): string {
  const [, authority = '', type = '', text = ''] = HOST_KEY_FORM.exec(key) ?? [];
  return `${authority}${alias} ${type} ${text}\n`;
}

function checkHop(hop: Connection): readonly Problem[] {
  const createFieldProblem = (field: string, writtenText: string, instead: string): Problem => ({
    code: 'driver/connection-unusable',
    where: `connection to ${escapeForDisplay(hop.host)}, ${field}`,
    what: `"${writtenText}" can't be given to ssh.`,
    instead,
  });
  const path = hop.identityFile;
  return [
    ...(HOST_FORM.test(hop.host) ? [] : [createFieldProblem('host', hop.host, 'a host name or an address.')]),
    ...(USER_FORM.test(hop.user)
      ? []
      : [createFieldProblem('user', hop.user, 'a user name of letters, digits, "_", "-" and ".".')]),
    ...(Number.isInteger(hop.port) && hop.port > 0 && hop.port < 65536
      ? []
      : [createFieldProblem('port', String(hop.port), 'a port, 1 to 65535.')]),
    ...(hop.hostKeys.length > 0
      ? []
      : [createFieldProblem('host keys', '', 'at least one public host key of the device.')]),
    ...hop.hostKeys
      .filter((key) => !HOST_KEY_FORM.test(key))
      .map((key) =>
        createFieldProblem('host keys', key, 'a key as in known_hosts without the host: "ssh-ed25519 AAAA…".'),
      ),
    // eslint-disable-next-line no-control-regex -- they are what must not pass
    ...(path === undefined || (!/["\\\u0000-\u001f]|\$\{/.test(path) && path !== '')
      ? []
      : [createFieldProblem('identity file', path, 'a path without quotes, backslashes or "${".')]),
    ...(hop.agentVariable === undefined || VARIABLE_FORM.test(hop.agentVariable)
      ? []
      : [createFieldProblem('agent variable', hop.agentVariable, 'the name of an environment variable.')]),
  ];
}
