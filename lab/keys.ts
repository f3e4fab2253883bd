// Creates the SSH keys of a lab: the operator's key, which may log in as root and deploy, and the host keys of each
// device.
import { appendFileSync, chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command';
import { OF_DEBIAN } from './debian';

/** Users that log in to devices with the operator's key. `deploy` has no root rights until it is bootstrapped. */
const USERS = [
  { name: 'root', home: 'root', id: 0 },
  { name: 'deploy', home: 'home/deploy', id: 1000 },
] as const;

export type DeviceUser = (typeof USERS)[number]['name'];

/** Creates the operator's own key for this lab. Returns the path of the private key. */
export async function makeOperatorKey(folder: string): Promise<string> {
  const file = join(folder, 'operator');
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'operator of the lab', '-f', file]);
  return file;
}

/** Creates host keys of every type, as sshd does, and lets both users log in with the operator's key. */
export async function giveKeys(root: string, operatorKey: string): Promise<void> {
  // The length of older Debians: the primes of a longer key are a third of the time of a lab's start.
  await must(['ssh-keygen', '-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', join(root, 'etc/ssh/ssh_host_rsa_key')]);
  await must(['ssh-keygen', '-A', '-f', root]);
  // OpenSSH's preferred key exchange is most of the time of a login, and there are thousands of logins.
  writeFileSync(join(root, 'etc/ssh/sshd_config.d/lab.conf'), `KexAlgorithms curve25519-sha256\n${OF_DEBIAN.sshd}`);
  writeFileSync(join(root, 'etc/default/ssh'), `SSHD_OPTS=${OF_DEBIAN.sshdOptions}\n`);
  const authorized = readFileSync(`${operatorKey}.pub`, 'utf8');
  for (const { home, id } of USERS) {
    const folder = join(root, home, '.ssh');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'authorized_keys');
    appendFileSync(file, authorized);
    chmodSync(file, 0o600);
    for (const path of [folder, file]) chownSync(path, id, id);
  }
}

/** Returns public host keys as in known_hosts, without the host part and comment; ed25519 first. */
export function hostKeysOf(root: string): readonly [string, ...string[]] {
  const folder = join(root, 'etc/ssh');
  const keys = readdirSync(folder)
    .filter((name) => /^ssh_host_.*_key\.pub$/.test(name))
    .sort((a, b) => Number(b.includes('ed25519')) - Number(a.includes('ed25519')) || a.localeCompare(b))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim().split(' ').slice(0, 2).join(' '));
  const [first, ...rest] = keys;
  if (!first) throw new Error(`${folder} has no host keys.`);
  return [first, ...rest];
}
