// Prints the commands by which a person looks around in a lab that was left up.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab } from '../lab';
import { ADDRESS, MANAGEMENT } from '../topology';

/** Returns instructions for a person to use a lab that was left up. */
export function lookAround(lab: Lab, terraform: string): string {
  const stack = `${lab.folder}/stack/stacks/lab`;
  const ssh = writeSshConfiguration(lab);
  const edge = (...words: readonly string[]) =>
    line(lab.at('operator', ['node', 'dist/cli/main.js', ...words, '--stack', stack]));
  const line = (argv: readonly string[]) =>
    argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  const ways: readonly (readonly [string, string])[] = [
    ['log in to the gateway', line(lab.at('operator', ['ssh', '-F', ssh, 'edge1']))],
    ['log in to the server', line(lab.at('operator', ['ssh', '-F', ssh, 'web1']))],
    ['be a host in the internet', line(lab.at('internet', ['sh']))],
    ['ask a port from there', line(lab.at('internet', ['nmap', '-n', '-Pn', '-p', '443', ADDRESS.publicWeb1]))],
    ['ask Terraform', line(lab.at('operator', [terraform, `-chdir=${stack}`, 'state', 'list']))],
    ['why a port is not reached', edge('doctor', `${ADDRESS.publicWeb1}:443`)],
    ['what differs by now', edge('verify')],
    ['remove the lab', 'npm start -- --remove'],
  ];
  return ['', 'The lab is still up.', ...ways.map(([what, command]) => `  ${what}:\n    ${command}`)].join('\n');
}

/** Writes SSH options for the lab's devices, so that a person need not type them. Returns the file's path. */
function writeSshConfiguration(lab: Lab): string {
  const file = join(lab.folder, 'ssh');
  const hosts = Object.entries(MANAGEMENT).map(([device, address]) => `Host ${device}\nHostName ${address}\n`);
  const all = [
    'User root',
    `IdentityFile ${lab.operatorKey}`,
    `UserKnownHostsFile ${lab.knownHosts}`,
    'StrictHostKeyChecking yes',
    'LogLevel ERROR',
  ];
  writeFileSync(file, `${hosts.join('')}Host *\n${all.join('\n')}\n`);
  return file;
}
