// Checks whether a lab can be built on this machine: Linux, root, and the right to make mounts and network namespaces.
import { run } from '../command';

interface Impossible {
  /** Reason, in one sentence. */
  readonly why: string;
  /** Missing thing, in one or two words. */
  readonly missing: string;
  /** Remedy. */
  readonly instead: string;
}

/**
 * Returns why no lab can be built on this machine; undefined if one can. It tries to, because the needed rights are too
 * many to list.
 */
export async function whyImpossible(): Promise<Impossible | undefined> {
  if (process.platform !== 'linux')
    return {
      why: `The lab needs Linux; this is ${process.platform}.`,
      missing: 'Linux',
      instead: 'start it on Debian or Ubuntu.',
    };
  if (process.getuid?.() !== 0)
    return { why: 'The lab needs root, for network namespaces.', missing: 'root', instead: 'run sudo npm start.' };
  const made = await run([
    'unshare',
    '--mount',
    '--net',
    'sh',
    '-c',
    'mount -t tmpfs tmpfs /run && ip link add name probe0 type bridge',
  ]);
  if (made.status === 0) return undefined;
  return {
    why: `The lab needs mounts and network namespaces, which this machine doesn't let root make (${made.err.trim()}).`,
    missing: 'the right to make network namespaces',
    instead: 'start it outside of a container.',
  };
}

/** Returns the same as one sentence. */
export const impossibleBecause = async (): Promise<string | undefined> => (await whyImpossible())?.why;
