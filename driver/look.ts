import { Problem, Refusal } from '../lib/problems/problem';
import { Answer, sectionText, shown } from './answer';
import { expectOk } from './faults';
import { LiveFacts } from './proof';
import { Remote } from './ssh';
import { liveFacts } from './steps';

/** What the device says about one owner's release. */
export interface Held {
  readonly owner: string;
  readonly role: string;
  readonly digest: string;
  readonly lease: string;
  readonly armed: string;
  /** `as-loaded`, `edited`, `absent` or `none`. */
  readonly rules: string;
  readonly fingerprint: string;
}

export interface Look {
  readonly owners: readonly Held[];
  readonly ruleset: string;
  readonly facts: LiveFacts;
}

/** What the device runs now. Throws Refusal when it can't be asked. */
export async function look(remote: Remote): Promise<Look> {
  const status = await remote.run(['status']);
  expectOk(remote.connection, remote.connection.host, status, ['status']);
  const live = await remote.run(['read']);
  expectOk(remote.connection, remote.connection.host, live, ['read']);
  if (!live.sections.has('routes')) throw new Refusal([tooOld(remote)]);
  return { owners: heldBy(status), ruleset: sectionText(live, 'ruleset'), facts: liveFacts(live) };
}

/** Lets the next delivery overwrite exactly the edits that have this fingerprint. Throws Refusal. */
export async function accept(remote: Remote, fingerprint: string): Promise<string> {
  const { values } = expectOk(remote.connection, remote.connection.host, await remote.run(['accept', fingerprint]), ['accepted']);
  return `${values['role'] ?? 'unknown'} ${values['owner'] ?? 'unknown'}`;
}

// Without routes, what a packet may reach by interfaces that the intent doesn't name would be judged as if there were none.
const tooOld = ({ connection }: Remote): Problem => ({
  code: 'driver/program-too-old',
  where: `${connection.user}@${connection.host}`,
  what: 'The device program is too old: it does not say where the device routes to.',
  instead: `run this as root on the device: cpanel-edge bootstrap --user ${connection.user} prints it; as root, apply does it.`,
});

const heldBy = (status: Answer): readonly Held[] =>
  shown(status.sections.get(''), 1000).flatMap((line) => {
    const values = new Map(
      line.split(' ').map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
    );
    const value = (name: string): string => values.get(name) ?? 'none';
    if (!values.has('owner')) return [];
    return [
      {
        owner: value('owner'),
        role: value('role'),
        digest: value('digest'),
        lease: value('lease'),
        armed: value('armed'),
        rules: value('rules'),
        fingerprint: value('fingerprint'),
      },
    ];
  });
