// Takes commands and outputs out of the pages of docs/, and runs them.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { typed } from '../built-command';
import { read } from '../walls/sources';

/** Returns the n-th block of commands of a page, line by line as a person types it. */
export const typedOn = (page: string, n = 0): readonly string[] =>
  [...read(`docs/${page}`).matchAll(/```sh\n([^]*?)```/g)][n]![1]!.trim().split('\n');

/** Returns an output line as a page shows it, indented. */
export const shownOn = (page: string, begins: string): string =>
  new RegExp(`^ {4}(${begins}.*)$`, 'm').exec(read(`docs/${page}`))![1]!;

/**
 * Returns the first line that each command prints, after the lines before (`ssh root@server "…" > file`) have run in a
 * folder with these files and one address of each family. Asserts that nothing else is printed.
 */
export function firstTypedAt(
  built: string,
  folder: string,
  taking: readonly string[],
  commands: readonly string[],
  files: Readonly<Record<string, string>>,
): readonly string[] {
  const [server, here] = ['server-', 'here-'].map((name) => mkdtempSync(join(folder, name))) as [string, string];
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(server, path)), { recursive: true });
    writeFileSync(join(server, path), text);
  }
  const tops = [...new Set(Object.keys(files).map((path) => path.split('/')[0]!))];
  const there = [
    'set -e',
    ...tops.map((top) => `mount -t overlay none -o lowerdir='${server}/${top}:/${top}' /${top}`),
    'ip link add eth0 type veth peer name wire0; ip link set wire0 up; ip link set eth0 up; ip addr add 198.51.100.50/24 dev eth0; ip -6 addr add 2001:db8:0:1::50/64 dev eth0 nodad',
    'ip route add default via 198.51.100.1; ip -6 route add default via 2001:db8:0:1::1; set +e',
    ...taking.map((line) => {
      const [, command, file] = /^ssh root@server "(.*)" > (\S+)$/.exec(line)!;
      return `${command} >'${here}/${file}'`;
    }),
  ];
  const { status, stderr } = spawnSync('unshare', ['-mn', 'sh', '-c', there.join('\n')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return commands.map((line) => {
    const words = line.replace(/^npx cpanel-edge /, '').split(' ');
    const { status, out, said } = typed(built, words, { cwd: here });
    expect([status, said]).toEqual([0, '']);
    return out.split('\n', 1)[0]!;
  });
}
