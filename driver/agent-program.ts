// Loads the agent that runs on devices of a platform, and renders the shell script that installs it (`bootstrap`).
// Lists the agent's commands that a login may run by sudo.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINUX } from '../lib/agent-protocol/linux-system';
import { InstallCommands, AgentProgram, DeviceSystem } from '../lib/agent-protocol/device-system';
import { systems } from '../lib/device-systems';

/** An agent that this package carries. */
export interface DeviceAgent {
  readonly text: string;
  readonly protocol: number;
  /** Commands that install it on its device. */
  readonly install: InstallCommands;
}

export const AGENT_PATH = '/usr/local/sbin/cpanel-edge-device';

const PACKAGE_FOLDER = join(__dirname, '..');

export const loadAgent = (platform?: string): DeviceAgent => loadProgram(getSystem(platform).agentProgram);

/** Returns the system of a platform; for an unknown platform, Linux without releases of its own. */
export const getSystem = (platform = ''): DeviceSystem =>
  Object.hasOwn(systems, platform)
    ? systems[platform as keyof typeof systems]
    : { ...LINUX, findUnit: () => undefined };

/**
 * Returns the agent; one program serves all platforms of Linux. A built agent is one file beside this package's code.
 * In a checkout it is assembled from its parts, like in the build.
 */
function loadProgram({ built, parts, install }: AgentProgram): DeviceAgent {
  const path = join(PACKAGE_FOLDER, 'agent', built);
  const text = existsSync(path)
    ? readFileSync(path, 'utf8')
    : readFileSync(join(PACKAGE_FOLDER, parts), 'utf8')
        .split('\n')
        .filter((part) => part !== '' && !part.startsWith('#'))
        .map((part) => readFileSync(join(PACKAGE_FOLDER, part), 'utf8'))
        .join('');
  return { text, protocol: Number(/^(?:const )?PROTOCOL ?= ?(\d+);?$/m.exec(text)?.[1]), install };
}

/**
 * Returns the script that installs the agent, for root's shell. It installs all or nothing, never over a newer agent,
 * and never while a release is armed. `user` may run the agent's commands of a delivery by sudo; sudo never runs a file
 * that this user can write. `reader` may run exactly the agent's reading commands. `allowed` lists what `user` may
 * deliver besides rules of its own.
 */
export function renderInstallScript(
  program: DeviceAgent,
  user?: string,
  reader?: string,
  allowed: readonly string[] = [],
): string {
  return [
    '#!/bin/sh',
    '# Installs the agent of cpanel-edge. Run as root on the device.',
    'set -eu',
    ...renderInstall(program, { user, reader, allowed }),
  ].join('\n');
}

/** Returns the same script for a device whose system isn't known. */
export function renderBootstrapScript(user?: string, reader?: string, allowed: readonly string[] = []): string {
  const programs = [
    ...new Map(Object.values(systems).map(({ agentProgram }) => [agentProgram.built, agentProgram])).values(),
  ];
  return [
    '#!/bin/sh',
    '# Installs the agent of cpanel-edge. Run as root on the device.',
    'set -eu',
    ...programs.flatMap((program, index) => [
      `${index === 0 ? 'if' : 'elif'} ${program.install.testCommand}; then`,
      ...renderInstall(loadProgram(program), { user, reader, allowed }).slice(0, -1),
    ]),
    'else',
    "  echo 'cpanel-edge: refused foreign-box'; exit 1",
    'fi',
    '',
  ].join('\n');
}

interface AgentLogins {
  readonly user: string | undefined;
  readonly reader: string | undefined;
  readonly allowed: readonly string[];
}

function renderInstall(
  { text, protocol, install }: DeviceAgent,
  { user, reader, allowed }: AgentLogins,
): readonly string[] {
  const digest = createHash('sha256').update(text).digest('hex');
  const end = `END_OF_PROGRAM_${digest.slice(0, 16)}`;
  return [
    `PATH=${install.path}`,
    'export PATH',
    'umask 022',
    '[ "$(id -u)" -eq 0 ] || { echo \'cpanel-edge: refused not-root\'; exit 1; }',
    `if ! { ${install.testCommand}; }; then echo 'cpanel-edge: refused foreign-box'; exit 1; fi`,
    `program=${AGENT_PATH}`,
    'if [ -e "$program" ]; then',
    '  status=$("$program" status </dev/null | tail -n 1)',
    '  case $status in',
    "    *armed=yes*) echo 'cpanel-edge: refused armed'; exit 1 ;;",
    // The script can't ask a busy agent what it holds and whether it is newer.
    "    'cpanel-edge: refused busy'*) echo 'cpanel-edge: refused busy'; exit 1 ;;",
    '  esac',
    '  theirs=${status##*protocol=}',
    '  theirs=${theirs%% *}',
    `  case $theirs in '' | *[!0-9]*) ;; *) if [ "$theirs" -gt ${protocol} ]; then echo 'cpanel-edge: refused newer-program'; exit 1; fi ;; esac`,
    'fi',
    "unwritten() { echo 'cpanel-edge: refused disk-full'; exit 1; }",
    "new='' rules='' words=''",
    `trap 'rm -f "$new" "$rules" "$words"' EXIT`,
    "trap 'exit 1' HUP INT TERM",
    'mkdir -p "${program%/*}" || unwritten',
    ...(user === undefined && reader === undefined ? [] : CHECK_FOLDERS_LINES),
    'new=$(mktemp "$program.XXXXXXXXXX") || unwritten',
    `cat >"$new" <<'${end}' || unwritten`,
    text.replace(/\n$/, ''),
    end,
    `if [ "$(${install.sum})" != ${digest} ]; then`,
    "  echo 'cpanel-edge: refused program-damaged'",
    '  exit 1',
    'fi',
    'chown 0:0 "$new"',
    'chmod 0755 "$new"',
    'sync "$new" 2>/dev/null || sync',
    'mv -f "$new" "$program" || unwritten',
    ...install.afterwards,
    ...(user === undefined
      ? []
      : [...renderLoginFile(install, user, allowed), ...renderSudoers(install, formatSudoersLine(user), `-${user}`)]),
    ...(reader === undefined ? [] : renderSudoers(install, formatReaderLine(reader), `_reader-${reader}`)),
    `echo 'cpanel-edge: ok installed protocol=${protocol}'`,
    '',
  ];
}

// Old Debian gives /usr/local to the group staff, whose members could replace the agent by another program.
const CHECK_FOLDERS_LINES = [
  'writable=$(find /usr /usr/local "${program%/*}" -maxdepth 0 \\( -perm -020 -o -perm -002 -o ! -user 0 \\))',
  'if [ -n "$writable" ]; then',
  '  echo "others than root can write to $writable, and so could replace a program that sudo runs. First: chmod go-w /usr/local ${program%/*}" >&2',
  "  echo 'cpanel-edge: refused folder-writable'",
  '  exit 1',
  'fi',
];

/**
 * Commands that change nothing. None takes an argument, so sudo compares whole command lines; the request of `look`
 * comes by its input.
 */
export const READ_COMMANDS = ['protocol', 'status', 'read', 'facts', 'look'] as const;

/**
 * Commands of a delivery, and those of an operator, which take arguments. The agent's other commands are for the
 * device's own start, its timer and its services: no login may call them.
 */
export const DELIVERY_COMMANDS = [
  'upload',
  'check',
  'arm',
  'confirm',
  'rollback',
  'outcome',
  'retract',
  'forget',
  'accept',
] as const;

// sudo joins the arguments before it compares, so a "*" is any number of words of any kind. sudo compares the first
// word as it is, and the agent checks each other word. Patterns for each word would need sudo 1.9.10. With "Defaults
// noexec" a program could start no other.
const formatReaderLine = (user: string): string => formatSudoersRule(user, READ_COMMANDS);
const formatSudoersLine = (user: string): string =>
  formatSudoersRule(user, [...READ_COMMANDS, ...DELIVERY_COMMANDS.map((word) => `${word} *`)]);
const formatSudoersRule = (user: string, commands: readonly string[]): string =>
  `${user} ALL=(root) NOPASSWD: EXEC: ${commands.map((command) => `${AGENT_PATH} ${command}`).join(', ')}`;

/**
 * Returns the commands that write the login's file. The agent reads it by the login's name from sudo. It is written
 * before the sudoers line, so that a login never lacks it.
 */
const renderLoginFile = ({ logins }: InstallCommands, user: string, allowed: readonly string[]): readonly string[] =>
  logins === undefined
    ? []
    : [
        `{ mkdir -p ${logins} && chmod 0700 ${logins}; } || unwritten`,
        `words=$(mktemp ${logins}/.login.XXXXXXXXXX) || unwritten`,
        ...(allowed.length === 0 ? [] : [`printf '%s\\n' ${allowed.join(' ')} >"$words" || unwritten`]),
        'sync "$words" 2>/dev/null || sync',
        `mv -f "$words" ${logins}/login-${user} || unwritten`,
      ];

const renderSudoers = (
  { sudoers: { folder, check } }: InstallCommands,
  line: string,
  name: string,
): readonly string[] => [
  "command -v visudo >/dev/null 2>&1 || { echo 'cpanel-edge: refused no-sudo'; exit 1; }",
  ...check,
  `rules=$(mktemp ${folder}/.cpanel-edge.XXXXXXXXXX) || unwritten`,
  `echo '${line}' >"$rules" || unwritten`,
  'chmod 0440 "$rules"',
  'if ! visudo -cqf "$rules"; then',
  "  echo 'cpanel-edge: refused sudoers'",
  '  exit 1',
  'fi',
  // sudo ignores files with a dot in their names, like the unfinished one.
  `mv -f "$rules" ${folder}/cpanel-edge${name.replaceAll('.', '-')} || unwritten`,
];
