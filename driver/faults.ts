import { Connection } from '../lib/delivering/release';
import { Problem, Refusal, printable } from '../lib/problems/problem';
import { Answer, shown } from './answer';

/** Why an answer holds no result: what the operator is to look at. */
export function noAnswer(connection: Connection, answer: Answer): Problem {
  const said = answer.said.join(' / ');
  const where = `${connection.user}@${connection.host}:${connection.port}`;
  const broken = answer.status === 255 || answer.status === undefined;
  // What ssh itself says it says at the end of a broken connection; a program that merely prints the same has been reached.
  const found = REASONS.find(({ pattern, ofSsh }) => (broken || ofSsh !== true) && pattern.test(said));
  if (found)
    return {
      code: found.code,
      where,
      what: `${found.what}${said === '' ? '' : ` (${said})`}`,
      instead: found.instead.replace('bootstrap`', bootstrapFor(connection)),
    };
  return {
    code: broken ? 'driver/unreachable' : 'driver/no-result',
    where,
    what: broken
      ? `The connection could not be made or broke${said === '' ? '' : `: ${said}`}.`
      : `The device program ended without a result${said === '' ? '' : `: ${said}`}.`,
    instead: 'look at the device and the line, and apply again.',
  };
}

const bootstrapFor = ({ user }: Connection): string => (user === 'root' ? 'bootstrap`' : `bootstrap --user ${user}\``);

interface Reason {
  readonly pattern: RegExp;
  readonly code: string;
  readonly what: string;
  readonly instead: string;
  readonly ofSsh?: true;
}

const REASONS: readonly Reason[] = [
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION|host key for|No .* host key is known|Host key .* mismatch/i,
    ofSsh: true,
    code: 'driver/host-key',
    what: 'The device (or a jump host before it) showed another host key than those in the intent. Nothing was sent.',
    instead: 'compare with the console of the device; a rebuilt machine needs its new key in the intent.',
  },
  {
    pattern: /Permission denied|Too many authentication failures|no mutual signature|Load key/i,
    ofSsh: true,
    code: 'driver/login-refused',
    what: 'The device refused the login.',
    instead: 'check the user, and that the agent or the identity file holds a key that the device accepts.',
  },
  {
    pattern: /sudo:/i,
    code: 'driver/sudo-refused',
    what: 'The login works, but sudo does not let this user run the device program.',
    instead: 'run what `cpanel-edge bootstrap` prints as root on the device.',
  },
  {
    pattern: /not found|No such file or directory/i,
    code: 'driver/no-program',
    what: 'The device program is not installed.',
    instead: 'run what `cpanel-edge bootstrap` prints as root on the device.',
  },
];

/** What a refusal of the device means, by its word. */
export function refused(where: string, answer: Answer): Problem {
  const { word = '', values = {} } = answer.result ?? {};
  const value = (name: string): string => printable(values[name] ?? 'unknown');
  const detail = shown(answer.sections.get(''), 12).join(' / ');
  const known = Object.hasOwn(WORDS, word) ? WORDS[word]?.(value) : undefined;
  return {
    code: `device/${/^[a-z-]{1,40}$/.test(word) ? word : 'refused'}`,
    where,
    what: `${known?.what ?? `The device program refused with "${printable(word)}".`}${detail === '' ? '' : ` It says: ${detail}`}`,
    instead: known?.instead ?? 'look at the device, then apply again.',
  };
}

type Say = (value: (name: string) => string) => { readonly what: string; readonly instead: string };

const WORDS: Readonly<Record<string, Say>> = {
  busy: (value) => ({
    what: `Another delivery holds the device: ${value('holder')}.`,
    instead: 'wait for it and apply again; one that died is forgotten after five minutes.',
  }),
  'foreign-lease': (value) => ({
    what: `What this owner has on the device belongs to another state, with the lease ${value('lease')}.`,
    instead: `if that state gave it up or is lost, write adopt: '${value('lease')}' on the gateway or server and apply; else use another owner name.`,
  }),
  claimed: (value) => ({
    what: `Owner ${value('owner')} on this device has ${value('prefix')}, which overlaps with what this release claims.`,
    instead: 'give each address to one owner; the other one has to give it up first.',
  }),
  edited: (value) => ({
    what: 'Somebody changed our rules on the device by hand since they were loaded.',
    instead: `look at the lines; to overwrite exactly these changes: cpanel-edge accept --connection <file> DEVICE ${value('fingerprint')}, then apply again.`,
  }),
  'edited-meanwhile': () => ({
    what: 'Somebody changed our rules on the device between loading and confirming.',
    instead: 'find out who does (another tool, a colleague), then apply again.',
  }),
  'table-exists': (value) => ({
    what: `The device has a table ${value('table')} that this program did not load.`,
    instead: 'if nobody needs it, remove it on the device; else use another owner name.',
  }),
  'address-in-use': (value) => ({
    what: `Another machine on the wire answers for ${value('address')}.`,
    instead: 'take the address off that machine first.',
  }),
  syntax: () => ({ what: "The device's nft does not take the rules.", instead: 'compare its version with the one in the intent.' }),
  'load-failed': () => ({
    what: 'The rules passed the check but did not load; the device runs what it ran before.',
    instead: 'look at the message, then apply again.',
  }),
  'no-interface': (value) => ({
    what: `The device has no interface ${value('interface')}.`,
    instead: 'correct the interfaces in the intent.',
  }),
  'forwarding-off': () => ({ what: 'The device does not forward IPv4.', instead: 'set net.ipv4.ip_forward=1 there, for good.' }),
  'tool-missing': (value) => ({ what: `The device has no command ${value('tool')}.`, instead: 'install it there.' }),
  'no-systemd': () => ({ what: 'The device does not run systemd, which the rollback timer needs.', instead: 'use a device with systemd.' }),
  'no-timer': () => ({
    what: 'The device could not start its rollback timer, so nothing was loaded.',
    instead: 'look at systemd on the device.',
  }),
  'disk-full': () => ({
    what: 'The device could not write the release: disk full or read-only.',
    instead: 'make room on the device and apply again.',
  }),
  'folder-not-writable': () => ({
    what: 'The device could not write to its folder: disk full or read-only.',
    instead: 'make room on the device and apply again.',
  }),
  'upload-too-large': (value) => ({
    what: `The release is larger than what the device takes, ${value('most')} bytes.`,
    instead: 'split the owner into two owners.',
  }),
  'folder-full': () => ({
    what: 'All releases on the device together are larger than what its program keeps.',
    instead: 'retract owners that nobody needs; look at /var/lib/cpanel-edge.',
  }),
  'upload-damaged': (value) => ({
    what: `What arrived is not what was sent (${value('part')}).`,
    instead: 'apply again; if it stays, plan again with this version.',
  }),
};

/** Throws for anything but an ok with one of these words: a device that says yes to everything has said nothing. */
export function expectOk(connection: Connection, where: string, answer: Answer, words: readonly string[]): NonNullable<Answer['result']> {
  if (!answer.result) throw new Refusal([noAnswer(connection, answer)]);
  if (answer.result.is !== 'ok') throw new Refusal([refused(where, answer)]);
  if (!words.includes(answer.result.word)) throw new Refusal([odd(where, `"${answer.result.word}" instead of "${words.join('" or "')}"`)]);
  return answer.result;
}

/** What the device says it runs has to be what was sent. */
export function expectDigest(where: string, result: NonNullable<Answer['result']>, digest: string): void {
  const theirs = result.values['digest'] ?? 'none';
  if (theirs !== digest) throw new Refusal([odd(where, `release ${theirs.slice(0, 12)} instead of ${digest.slice(0, 12)}`)]);
}

const odd = (where: string, what: string): Problem => ({
  code: 'driver/odd-answer',
  where,
  what: `The device program answered ${what}.`,
  instead: 'look at the device: its program is not the one that this package installs.',
});
