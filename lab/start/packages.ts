import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that the lab runs, each with the Debian package that has it. */
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

export function found(program: string): boolean {
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

export const missingPackages = (): readonly string[] =>
  [...new Set(missingPrograms().map((program) => PROGRAMS[program] ?? program))].sort();
