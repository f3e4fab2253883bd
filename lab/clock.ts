// Sets another wall clock for programs on a device of the lab, by libfaketime: the kernel's clock is shared with this
// machine.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command';

/** The part of a device that its clock needs. */
interface Clocked {
  readonly root: string;
  inside(argv: readonly string[]): Promise<readonly string[]>;
}

const UNITS = '/run/systemd/system';

/**
 * Gives programs on the device another wall clock, by libfaketime: this kernel's clock is shared and can't be set
 * inside. It applies to later logins, to what sudo starts for them, and to units that start and weren't loaded. It
 * doesn't apply to running programs and logins, to sshd itself (its sandbox ends it), to systemd and its journal, to
 * what shells read of /proc, and to times that the kernel writes to files. Clocks that count seconds since the start go
 * on undisturbed, as in a real jump. `systemd-run --wait` fails under it.
 *
 * `offset` is libfaketime's, "+1d", "-1d", "+90m"; null for the true time. It lasts until the machine is started again.
 */
export async function setClock(device: Clocked, offset: string | null): Promise<void> {
  forgetClock(device.root);
  const variables = offset === null ? [] : variablesOf(device.root, offset);
  if (variables.length > 0) {
    const environment = join(device.root, ENVIRONMENT);
    const others = existsSync(environment) ? readFileSync(environment, 'utf8') : '';
    writeFileSync(environment, `${others}${variables.map((line) => `${line}\n`).join('')}`);
    writeFileSync(
      join(device.root, SUDO),
      `Defaults env_file=/${ENVIRONMENT}\nDefaults env_keep += "${NAMES.join(' ')}"\n`,
      {
        mode: 0o440,
      },
    );
  }
  const unit = ['[Service]', ...variables.map((line) => `Environment=${line}`), ''].join('\n');
  const script =
    variables.length > 0
      ? `mkdir -p ${UNITS}/service.d ${UNITS}/ssh.service.d && cat >${UNITS}/service.d/clock.conf && : >${UNITS}/ssh.service.d/clock.conf`
      : `rm -f ${UNITS}/service.d/clock.conf ${UNITS}/ssh.service.d/clock.conf`;
  await must(await device.inside(['sh', '-c', script]), { input: unit });
}

const ENVIRONMENT = 'etc/environment';
const SUDO = 'etc/sudoers.d/clock-of-the-lab';
const NAMES = ['LD_PRELOAD', 'FAKETIME', 'FAKETIME_DONT_FAKE_MONOTONIC'] as const;

function variablesOf(root: string, offset: string): readonly string[] {
  const libraries = join(root, 'usr/lib');
  const folder = readdirSync(libraries).find((name) => existsSync(join(libraries, name, 'faketime')));
  if (folder === undefined) throw new Error(`${libraries} has no libfaketime.`);
  const values = [`/usr/lib/${folder}/faketime/libfaketime.so.1`, offset, '1'];
  return NAMES.map((name, at) => `${name}=${values[at]}`);
}

/** Removes the files of the clock that another start of the machine would leave. */
export function forgetClock(root: string): void {
  const environment = join(root, ENVIRONMENT);
  if (!existsSync(join(root, SUDO))) return;
  const others = readFileSync(environment, 'utf8')
    .split('\n')
    .filter((line) => !NAMES.some((name) => line.startsWith(`${name}=`)));
  writeFileSync(environment, others.join('\n'));
  rmSync(join(root, SUDO), { force: true });
}
