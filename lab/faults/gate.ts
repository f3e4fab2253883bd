// Stops a delivery at an exact moment, so that a fault strikes there: wrappers around the runner's `ssh` and around
// tools of the device wait until the fault test releases them. The product has no code for this.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause, run, secondsWhenBusy } from '../command';
import { Lab } from '../lab';
import { MANAGEMENT } from '../topology';
import { DeviceName, Moment, Step } from './moment';

/** A place where something waits until it is let through. */
export interface Gate {
  /** Resolves when a process waits at the gate, which takes so many seconds at most on an idle machine. Default 60. */
  reached(seconds?: number): Promise<void>;
  release(): void;
}

const SSH_GATE = `#!/bin/sh
# ssh, with a gate before and after each command of the device program. usage: as ssh
real=/usr/bin/ssh
gate=GATE
[ "\${1-}" = -F ] || exec "$real" "$@"
host=$(awk '$1 == "HostName" { print $2; exit }' "$2")
step=install
program=no
for word in "$@"; do
  if [ "$program" = yes ]; then step=$word && break; fi
  case $word in */cpanel-edge-device) program=yes ;; esac
done
pass() {
  [ -e "$gate/$host.$step.$1" ] || return 0
  : >"$gate/$host.$step.$1.reached"
  while [ -e "$gate/$host.$step.$1" ]; do sleep 0.02; done
}
pass before
[ -e "$gate/$host.$step.after" ] || exec "$real" "$@"
answer=$(mktemp "$gate/answer.XXXXXXXX")
trap 'rm -f "$answer"; kill "$child" 2>/dev/null; exit 143' TERM INT HUP
# Not in the background's silence: what the other side gets to read is this program's own input.
"$real" "$@" <&0 >"$answer" &
child=$!
wait "$child"
status=$?
pass after
cat "$answer"
rm -f "$answer"
exit "$status"
`;

/** Creates the runner's gates: an `ssh` that comes first in PATH. Returns the folder that has it. */
export function sshGate(lab: Lab): string {
  const folder = join(lab.folder, 'gate', 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ssh'), SSH_GATE.replace('GATE', join(lab.folder, 'gate')));
  chmodSync(join(folder, 'ssh'), 0o755);
  return folder;
}

const TOOL_GATE = `#!/bin/sh
# A tool of the device with a gate before and after it.
name=\${0##*/}
real=/usr/lib/gate/$name
line="$name $*"
pass() {
  for wish in /run/gate/*."$1"; do
    [ -f "$wish" ] || continue
    read -r pattern <"$wish"
    case $line in
      $pattern) : >"$wish.reached" ;;
      *) continue ;;
    esac
    while [ -e "$wish" ]; do sleep 0.02; done
  done
}
[ -d /run/gate ] || exec "$real" "$@"
pass before
"$real" "$@"
status=$?
pass after
exit "$status"
`;

/**
 * Creates the device's gates: each tool is moved aside, and a gate takes its place. A link still follows
 * update-alternatives. The machine keeps these files over reboots.
 */
export async function toolGates(lab: Lab, device: DeviceName, tools: Readonly<Record<string, string>>): Promise<void> {
  await lab.does(
    device,
    [
      'mkdir -p /usr/lib/gate',
      'cat >/usr/lib/gate/gate',
      'chmod 0755 /usr/lib/gate/gate',
      ...Object.entries(tools).flatMap(([name, path]) => [
        `[ -e /usr/lib/gate/${name} ] || cp -pP ${path} /usr/lib/gate/${name}`,
        `cp /usr/lib/gate/gate ${path}.gate`,
        `/usr/lib/gate/mv -f ${path}.gate ${path} 2>/dev/null || mv -f ${path}.gate ${path}`,
      ]),
      'sync',
    ].join('\n'),
    { input: TOOL_GATE },
  );
}

/**
 * Creates a gate at a moment. The fault waits for `reached`, and then releases it unless the waiting process is dead.
 */
export async function gateAt(lab: Lab, device: DeviceName, moment: Moment): Promise<Gate> {
  const { step, point } = moment;
  if (typeof point === 'string') return sshWish(lab, device, step, point);
  const folder = join(await rootOf(lab, device), 'run/gate');
  mkdirSync(folder, { recursive: true });
  return wish(join(folder, `${step}.${point.when}`), point.pattern, `${device} comes to "${step}: ${point.name}"`);
}

const sshWish = (lab: Lab, device: DeviceName, step: Step, point: 'before' | 'after'): Gate =>
  wish(
    join(lab.folder, 'gate', `${MANAGEMENT[device]}.${step}.${point}`),
    '',
    `the runner comes to "${point} ${step}" at ${device}`,
  );

function wish(file: string, content: string, what: string): Gate {
  writeFileSync(file, `${content}\n`);
  return {
    reached: async (idleSeconds = 60) => {
      const seconds = secondsWhenBusy(idleSeconds);
      for (const end = Date.now() + seconds * 1000; !existsSync(`${file}.reached`); await pause(10)) {
        if (Date.now() > end) throw new Error(`Waited ${seconds} s in vain: ${what}.`);
      }
    },
    release: () => {
      rmSync(file, { force: true });
      rmSync(`${file}.reached`, { force: true });
    },
  };
}

/** Opens every gate that is still shut. */
export async function releaseAll(lab: Lab): Promise<void> {
  const folder = join(lab.folder, 'gate');
  for (const name of readdirSync(folder))
    if (/\.(before|after)(\.reached)?$/.test(name)) rmSync(join(folder, name), { force: true });
  for (const device of ['edge1', 'web1'] as const) {
    if (!lab.device(device).running) continue;
    await run(['sh', '-c', `rm -rf "$1"/run/gate`, '-', await rootOf(lab, device)]);
  }
}

/** Returns a running machine's own view of its files, from outside: only there are its own mounts visible. */
const rootOf = async (lab: Lab, device: DeviceName): Promise<string> =>
  `/proc/${await lab.device(device).firstProcess()}/root`;
