import { run } from '../command';

/** Why no lab can be built on this machine, as a sentence; undefined where it can. Tries it, since rights are too many to list. */
export async function impossibleBecause(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `The lab needs Linux; this is ${process.platform}.`;
  if (process.getuid?.() !== 0) return 'The lab needs root, for network namespaces and machines: run it with sudo.';
  const made = await run(['unshare', '--mount', '--net', 'sh', '-c', 'mount -t tmpfs tmpfs /run && ip link add name probe0 type bridge']);
  if (made.status === 0) return undefined;
  return `This machine doesn't let root make mounts and network namespaces, as in a container without privileges (${made.err.trim()}).`;
}
