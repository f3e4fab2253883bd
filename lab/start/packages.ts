// Finds the Debian packages that the lab needs and this machine lacks, and installs them with apt-get, for `npm start`.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { must, run } from '../command';

/** Programs that the lab runs, each with its Debian package. */
const PROGRAMS: Readonly<Record<string, string>> = {
  nft: 'nftables',
  ip: 'iproute2',
  ss: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  nmap: 'nmap',
  conntrack: 'conntrack',
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
};

/** The keys of Debian's archive, which Ubuntu doesn't have. */
const DEBIAN_KEYS = { file: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' };

function found(program: string): boolean {
  return [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export const missingPrograms = (): readonly string[] => Object.keys(PROGRAMS).filter((program) => !found(program));

/** Returns the packages of missing programs, in alphabetical order. */
export function missingPackages(): readonly string[] {
  const packages = missingPrograms().map((program) => PROGRAMS[program] ?? program);
  return [...new Set([...packages, ...(existsSync(DEBIAN_KEYS.file) ? [] : [DEBIAN_KEYS.package])])].sort();
}

export const hasApt = (): boolean => found('apt-get');

/** Returns the command that installs packages, for a person or for `installPackages`. */
export const installing = (packages: readonly string[]): readonly string[] => [
  'apt-get',
  'install',
  '-y',
  '--no-install-recommends',
  ...packages,
];

export async function installPackages(packages: readonly string[], watch: (text: string) => void): Promise<void> {
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    seconds: 900,
    watch,
    group: true,
  } as const;
  // The package lists may be missing or too old. After a failure they are updated, and the installation is tried once
  // more.
  if ((await run(installing(packages), options)).status === 0) return;
  await must(['apt-get', 'update', '-q'], options);
  await must(installing(packages), options);
}
