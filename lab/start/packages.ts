import { createInterface } from 'node:readline/promises';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { must, run } from '../command';

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

const missingPackages = (): readonly string[] => [...new Set(missingPrograms().map((program) => PROGRAMS[program] ?? program))].sort();

/** Says what it will install and does it. Returns what a person has to do where it may not. */
export async function installPackages(yes: boolean, say: (line: string) => void): Promise<string | undefined> {
  const packages = missingPackages();
  if (packages.length === 0) return undefined;
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (!found('apt-get')) return `The lab needs ${missingPrograms().join(', ')}. On Debian: ${command.join(' ')}`;
  say(`needs these Debian packages: ${packages.join(', ')}`);
  if (!yes && !(await agreed(`Run \`${command.join(' ')}\`?`)))
    return `Not installed. Run it yourself, or start with --yes: ${command.join(' ')}`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const watch = (text: string) => void process.stdout.write(text);
  // What the lists know may be too old to be fetched, or there may be none: a failure is tried once more with new ones.
  if ((await run(command, { env, seconds: 900, watch })).status === 0) return undefined;
  await must(['apt-get', 'update', '-q'], { env, seconds: 300, watch });
  await must(command, { env, seconds: 900, watch });
  return undefined;
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const asker = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asker.question(`${question} [y/N] `);
  asker.close();
  return /^y(es)?$/i.test(answer.trim());
}
