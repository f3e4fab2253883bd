import { run } from '../command';

interface Impossible {
  /** One sentence. */
  readonly why: string;
  /** What is missing, in a word or two. */
  readonly missing: string;
  /** What helps. */
  readonly instead: string;
}

/** Why no lab can be built on this machine; undefined where it can. Tries it, since the rights are too many to list. */
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

/** The same as one sentence. */
export const impossibleBecause = async (): Promise<string | undefined> => (await whyImpossible())?.why;
