import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from './ssh';

/** A device program that this package carries. */
export interface DeviceProgram {
  readonly text: string;
  readonly protocol: number;
  /** What it runs on: how it is installed there. */
  readonly system: System;
}

export type System = 'linux' | 'pfsense';

const PACKAGE = join(__dirname, '..');

/** Its file in the built package, and the list of its parts in a checkout. One program serves all platforms of Linux. */
const FILES: Readonly<Record<System, { readonly built: string; readonly parts: string }>> = {
  linux: { built: 'cpanel-edge-device', parts: 'device/parts.txt' },
  pfsense: { built: 'cpanel-edge-device-pfsense', parts: 'lib/platforms/pfsense/program/parts.txt' },
};

/** Built, it is one file beside this package's code; in a checkout it is put together as the build does. */
export function deviceProgram(platform = 'linux'): DeviceProgram {
  const system: System = platform === 'pfsense' ? platform : 'linux';
  const built = join(PACKAGE, 'device', FILES[system].built);
  const text = existsSync(built)
    ? readFileSync(built, 'utf8')
    : readFileSync(join(PACKAGE, FILES[system].parts), 'utf8')
        .split('\n')
        .filter((part) => part !== '' && !part.startsWith('#'))
        .map((part) => readFileSync(join(PACKAGE, part), 'utf8'))
        .join('');
  return { text, protocol: Number(/^(?:const )?PROTOCOL ?= ?(\d+);?$/m.exec(text)?.[1]), system };
}

/**
 * The script that installs the program, for root's shell: whole or not at all, never over a newer one, never while a release
 * is armed. `user`: may run the program's commands of a delivery by sudo, and nothing that this user can write is ever run by it.
 * `reader`: may run exactly its reading commands.
 */
export function installScript(program: DeviceProgram, user?: string, reader?: string): string {
  return [
    '#!/bin/sh',
    '# Installs the device program of cpanel-edge. Run as root on the device.',
    'set -eu',
    ...installed(program, user, reader),
  ].join('\n');
}

/** The same for whoever doesn't know which system the device has. */
export function bootstrapScript(user?: string, reader?: string): string {
  return [
    ...['#!/bin/sh', '# Installs the device program of cpanel-edge. Run as root on the device.', 'set -eu'],
    `if ${IS.pfsense}; then`,
    ...installed(deviceProgram('pfsense'), user, reader).slice(0, -1),
    'else',
    ...installed(deviceProgram(), user, reader).slice(0, -1),
    ...['fi', ''],
  ].join('\n');
}

const IS: Readonly<Record<System, string>> = {
  linux: '[ "$(uname -s)" = Linux ]',
  pfsense: '[ "$(uname -s)" = FreeBSD ] && [ -e /etc/inc/config.inc ]',
};
const PATHS: Readonly<Record<System, string>> = {
  linux: '/usr/sbin:/usr/bin:/sbin:/bin',
  pfsense: '/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin',
};
const SUM: Readonly<Record<System, string>> = { linux: `sha256sum <"$new" | cut -d ' ' -f 1`, pfsense: 'sha256 -q <"$new"' };

function installed({ text, protocol, system }: DeviceProgram, user?: string, reader?: string): readonly string[] {
  const sum = createHash('sha256').update(text).digest('hex');
  const end = `END_OF_PROGRAM_${sum.slice(0, 16)}`;
  return [
    `PATH=${PATHS[system]}`,
    'export PATH',
    'umask 022',
    '[ "$(id -u)" -eq 0 ] || { echo \'cpanel-edge: refused not-root\'; exit 1; }',
    `if ! { ${IS[system]}; }; then echo 'cpanel-edge: refused foreign-box'; exit 1; fi`,
    `program=${PROGRAM}`,
    'if [ -e "$program" ]; then',
    '  status=$("$program" status </dev/null | tail -n 1)',
    '  case $status in',
    "    *armed=yes*) echo 'cpanel-edge: refused armed'; exit 1 ;;",
    '  esac',
    '  theirs=${status##*protocol=}',
    '  theirs=${theirs%% *}',
    `  case $theirs in '' | *[!0-9]*) ;; *) if [ "$theirs" -gt ${protocol} ]; then echo 'cpanel-edge: refused newer-program'; exit 1; fi ;; esac`,
    'fi',
    'mkdir -p "${program%/*}"',
    ...(user === undefined && reader === undefined ? [] : ROOT_ALONE),
    'new=$(mktemp "$program.XXXXXXXXXX")',
    `cat >"$new" <<'${end}'`,
    text.replace(/\n$/, ''),
    end,
    `if [ "$(${SUM[system]})" != ${sum} ]; then`,
    '  rm -f "$new"',
    "  echo 'cpanel-edge: refused program-damaged'",
    '  exit 1',
    'fi',
    'chown 0:0 "$new"',
    'chmod 0755 "$new"',
    'sync "$new" 2>/dev/null || sync',
    'mv -f "$new" "$program"',
    // What boots is a copy of it.
    ...(system === 'linux' ? ['"$program" units </dev/null >/dev/null || :'] : []),
    ...(user === undefined ? [] : sudoers(system, sudoersLine(user), `-${user}`)),
    ...(reader === undefined ? [] : sudoers(system, readerLine(reader), `_reader-${reader}`)),
    `echo 'cpanel-edge: ok installed protocol=${protocol}'`,
    '',
  ];
}

// Debian of old gives /usr/local to the group staff: whoever may write there could put another program in this one's place.
const ROOT_ALONE = [
  'writable=$(find /usr /usr/local "${program%/*}" -maxdepth 0 \\( -perm -020 -o -perm -002 -o ! -user 0 \\))',
  'if [ -n "$writable" ]; then',
  '  echo "others than root can write to $writable, and so could replace a program that sudo runs. First: chmod go-w /usr/local ${program%/*}" >&2',
  "  echo 'cpanel-edge: refused folder-writable'",
  '  exit 1',
  'fi',
];

/** Commands that change nothing. None takes an argument, so sudo compares whole command lines; what `look` asks for comes by its input. */
export const READING = ['protocol', 'status', 'read', 'facts', 'look'] as const;

/**
 * Commands of a delivery, and those of a person, which take arguments. Whatever else a program knows is for its device's own start, its
 * timer and its services: nobody who logs in may call it.
 */
export const DELIVERING = ['upload', 'check', 'arm', 'confirm', 'rollback', 'outcome', 'retract', 'forget', 'accept'] as const;

// sudo joins the arguments before it compares, so a "*" is any number of words of any kind; the first word is compared as it is, and the
// program looks at each of the others. Patterns for each word would need sudo 1.9.10.
const readerLine = (user: string): string => mayRun(user, READING);
const sudoersLine = (user: string): string => mayRun(user, [...READING, ...DELIVERING.map((word) => `${word} *`)]);
const mayRun = (user: string, commands: readonly string[]): string =>
  `${user} ALL=(root) NOPASSWD: ${commands.map((command) => `${PROGRAM} ${command}`).join(', ')}`;

const SUDOERS: Readonly<Record<System, string>> = { linux: '/etc/sudoers.d', pfsense: '/usr/local/etc/sudoers.d' };

const sudoers = (system: System, line: string, name: string): readonly string[] => [
  "command -v visudo >/dev/null 2>&1 || { echo 'cpanel-edge: refused no-sudo'; exit 1; }",
  // The sudo package of pfSense reads the folder only where its page says so.
  ...(system === 'pfsense'
    ? [
        "grep -Eq '^[#@]includedir /usr/local/etc/sudoers.d' /usr/local/etc/sudoers || { echo 'cpanel-edge: refused no-sudoers-folder'; exit 1; }",
      ]
    : []),
  `rules=$(mktemp ${SUDOERS[system]}/.cpanel-edge.XXXXXXXXXX)`,
  `echo '${line}' >"$rules"`,
  'chmod 0440 "$rules"',
  'if ! visudo -cqf "$rules"; then',
  '  rm -f "$rules"',
  "  echo 'cpanel-edge: refused sudoers'",
  '  exit 1',
  'fi',
  // sudo leaves out files whose names hold a dot, as the unfinished one does.
  `mv -f "$rules" ${SUDOERS[system]}/cpanel-edge${name.replaceAll('.', '-')}`,
];
