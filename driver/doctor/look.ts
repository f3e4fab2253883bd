import { Refusal } from '../../lib/problems/problem';
import { Answer } from '../answer';
import { Asked as Of } from '../device-asked';
import { Loopback, loopbackOf } from '../cpanel-loopback';
import { expectOk } from '../faults';
import { Look, look } from '../look';
import { Remote } from '../ssh';

/** What `look` of the device program is asked. */
export interface Wanted {
  readonly public: string;
  readonly inside: string;
  readonly source: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Interface by which the packet comes. */
  readonly arrives?: string;
  /** Interface on whose wire the public address is. */
  readonly wire?: string;
  /** Ports by which a server with cPanel asks itself, with a comma between them. */
  readonly loopback?: string;
}

/** What it said: lines by section. */
export interface Looked {
  /** `forwarding wan0` to `1`. */
  readonly settings: ReadonlyMap<string, string>;
  /** Who else has the public address: `free`, `taken MAC`, `unknown`; empty where it wasn't asked. */
  readonly wire: string;
  /** The kernel's routes: to the inside address, for the packet as it comes, back to the client. */
  readonly inside: string;
  readonly through: string;
  readonly back: string;
  /** For what comes from the server, to the client; empty where it wasn't asked. */
  readonly returns: string;
  readonly neighbour: readonly string[];
  /** Of conntrack; undefined where the device has no such tool. */
  readonly sessions?: readonly string[];
  /** Sockets on the port; undefined where the device has no such tool. */
  readonly listening?: readonly string[];
  /** Whether a server with cPanel comes back to itself by its public addresses. */
  readonly loopback?: Loopback;
}

/** All that a device was asked. `looked` is undefined where its program is too old (before protocol 5). */
export interface Seen {
  readonly look: Look;
  readonly looked?: Looked;
}

/** Asks a device, which many addresses may lead by: `heldBy` then asks it once what it holds. Throws Refusal where it can't be asked. */
export async function seenAt(remote: Remote, wanted: Wanted, of: Of, heldBy: typeof look = look): Promise<Seen> {
  const held = await heldBy(remote, of);
  const input = Object.entries(wanted)
    .map(([name, value]) => `${name} ${String(value)}\n`)
    .join('');
  const answer = await remote.run(['look'], { input, seconds: 60 });
  if (answer.result?.is === 'refused' && answer.result.word === 'unknown-command') return { look: held };
  // An account of before may run the others by sudo, and not this one.
  if (!answer.result && /sudo:/i.test(answer.said.join(' '))) return { look: held };
  expectOk(of, answer, ['look']);
  return { look: held, looked: lookedOf(answer) };
}

export function lookedOf({ sections }: Pick<Answer, 'sections'>): Looked {
  const lines = (name: string): readonly string[] =>
    (sections.get(name) ?? []).slice(0, 1000).map((line) => line.trim());
  const tool = (name: string): readonly string[] | undefined =>
    lines(name)[0] === 'unknown' ? undefined : lines(name);
  const [sessions, listening] = [tool('sessions'), tool('listening')];
  return {
    settings: new Map(
      lines('settings').flatMap((line): readonly (readonly [string, string])[] => {
        const [, name, value] = /^(\S+ \S+) (\S+)$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, value!]];
      }),
    ),
    wire: lines('wire')[0] ?? '',
    inside: lines('inside').join(' '),
    through: lines('through').join(' '),
    back: lines('back').join(' '),
    returns: lines('returns').join(' '),
    neighbour: lines('neighbour'),
    ...(sessions ? { sessions } : {}),
    ...(listening ? { listening } : {}),
    loopback: loopbackOf(sections.get('loopback')),
  };
}

/** As it was seen, or why it couldn't be asked. */
export type Device = Seen | { readonly refusal: Refusal };
export const wasSeen = (device: Device | undefined): device is Seen => device !== undefined && 'look' in device;
