import { Problem, Refusal, printable } from '../lib/problems/problem';
import { bootFaults } from '../lib/systems';
import { Answer, sectionText } from './answer';
import { Loopback } from './cpanel-loopback';
import { Asked, bootstrapCommand } from './device-asked';
import { expectOk } from './faults';
import { LiveFacts } from './proof';
import { State, isState } from './protocol';
import { Remote } from './ssh';
import { liveFacts } from './steps';

/** What the device says about one owner's release. */
export interface Held {
  readonly owner: string;
  readonly role: string;
  readonly digest: string;
  readonly lease: string;
  readonly armed: string;
  /** `as-loaded`, `elsewhere` (in the other back end of iptables), `edited`, `absent` or `none`. */
  readonly rules: string;
  readonly fingerprint: string;
  /** Where the state machine of docs/protocol.md is. */
  readonly state: State;
  /** Until the timer fires, where a release is armed; `unknown` where nobody noted it, `lost` where the timer is gone. */
  readonly seconds: string;
  /** The digest of the armed release. */
  readonly tried: string;
  /**
   * What the next boot doesn't find as it was written, in words of `bootFaults`; `other` is what a newer program says, which is no reason to
   * believe that all is well. Undefined where the program doesn't say it (before protocol 6).
   */
  readonly boot?: readonly string[];
  /** Which of the device's files the rules that run came from; undefined as above. `closed`: the release could not be loaded. */
  readonly runs?: 'release' | 'closed' | 'kept' | 'nothing' | 'trial';
  /** When the confirmed release was made, in seconds since 1970, and by whom; undefined as above, and of releases from before. */
  readonly made?: number;
  readonly runner?: string;
  /** What was confirmed for this owner, the newest last; undefined as above. */
  readonly history?: readonly Ran[];
  /** The platform that its rules on the device are of; undefined where it has none, and where the program doesn't say it (before protocol 11). */
  readonly platform?: string;
}

export interface Ran {
  readonly digest: string;
  readonly made?: number;
  readonly runner?: string;
}

/** A login that may deliver by sudo. */
export interface Login {
  readonly name: string;
  readonly allows: readonly string[];
  /** No words were written for it yet: it may what the confirmed release of an owner uses. */
  readonly isEarlier: boolean;
}

export interface Look {
  readonly owners: readonly Held[];
  /** Absent where the device says of none. */
  readonly logins?: readonly Login[];
  readonly ruleset: string;
  readonly facts: LiveFacts;
  /** Lines of ours that somebody changed; undefined where the program is too old to say (before protocol 5). */
  readonly edits?: readonly Edit[];
  /** Addresses that an interface answers for without having them, as `ip neigh show proxy` prints it; undefined as above. */
  readonly proxies?: readonly string[];
  /** Whether a server with cPanel comes back to itself by its public addresses; undefined where nobody had to ask. */
  readonly loopback?: Loopback;
}

/** A line that was taken away or added. */
interface Edit {
  readonly role: string;
  readonly owner: string;
  readonly is: 'gone' | 'new';
  readonly text: string;
}

/** What the device runs now. Throws Refusal when it can't be asked. */
export async function look(remote: Remote, of: Partial<Asked> = {}): Promise<Look> {
  const asked = askedOf(remote, of);
  const status = await remote.run(['status']);
  expectOk(asked, status, ['status']);
  const live = await remote.run(['read']);
  expectOk(asked, live, ['read']);
  // Else what a packet may reach by interfaces that the intent doesn't name would be judged as if there were none.
  if (!live.sections.has('routes')) throw new Refusal([tooOld(asked, 'where the device routes to')]);
  const logins = findLogins(status);
  const [edits, proxies] = [live.sections.get('edits'), live.sections.get('proxies')];
  return {
    owners: heldBy(status),
    ...(logins.length > 0 ? { logins } : {}),
    ruleset: sectionText(live, 'ruleset'),
    facts: liveFacts(live),
    ...(edits === undefined ? {} : { edits: edits.slice(0, 1000).flatMap(editOf) }),
    ...(proxies === undefined ? {} : { proxies }),
  };
}

/** What a server has besides rules, by section. Throws Refusal when it can't be asked, or its program is too old to say. */
export async function askFacts(remote: Remote, of: Partial<Asked> = {}): Promise<Answer['sections']> {
  const asked = askedOf(remote, of);
  const answer = await remote.run(['facts']);
  expectOk(asked, answer, ['facts']);
  if (!answer.sections.has('server')) throw new Refusal([tooOld(asked, 'what the server has')]);
  return answer.sections;
}

function editOf(said: string): readonly Edit[] {
  const [, role, owner, sign, text] = /^(\S+) (\S+) ([<>]) ?(.*)$/.exec(said) ?? [];
  if (role === undefined) return [];
  return [{ role, owner: owner!, is: sign === '<' ? 'gone' : 'new', text: text!.trim() }];
}

/** Lets the next delivery overwrite exactly the edits that have this fingerprint. Throws Refusal. */
export async function accept(remote: Remote, fingerprint: string, of: Partial<Asked> = {}): Promise<string> {
  const { values } = expectOk(askedOf(remote, of), await remote.run(['accept', fingerprint]), ['accepted']);
  return `${values['role'] ?? 'unknown'} ${values['owner'] ?? 'unknown'}`;
}

const askedOf = ({ connection }: Remote, of: Partial<Asked>): Asked => ({ connection, device: connection.host, ...of });

const tooOld = ({ connection, project }: Asked, unsaid: string): Problem => ({
  code: 'driver/program-too-old',
  where: `${connection.user}@${connection.host}`,
  what: `The device program is too old: it does not say ${unsaid}.`,
  instead: `an apply as root does it; else run as root on the device what this prints: ${bootstrapCommand(connection, project)}`,
});

/** What the device says of one owner, without its rules: digest `none` where it has none of it; undefined where it doesn't answer. Never throws. */
export async function askHeld(
  remote: Remote,
  { owner, role }: Pick<Held, 'owner' | 'role'>,
): Promise<Held | undefined> {
  const status = await remote.run(['status'], { seconds: 30 });
  if (status.result?.is !== 'ok' || status.result.word !== 'status') return undefined;
  return (
    heldBy(status).find((held) => held.owner === owner && held.role === role) ??
    heldOf(
      new Map([
        ['owner', owner],
        ['role', role],
      ]),
    )
  );
}

const MOST_OWNERS = 1000;
const MOST_LINES = 50 * MOST_OWNERS;

type Values = ReadonlyMap<string, string>;

/** A line per owner, and after it one for each release that was confirmed for it. Of an owner that is there twice the first line counts. */
function heldBy(status: Answer): readonly Held[] {
  const lines = (status.sections.get('') ?? []).slice(0, MOST_LINES).map(valuesOf);
  const ran = new Map<string, Ran[]>();
  for (const values of lines) {
    const [digest, of] = [values.get('ran'), values.get('of') ?? ''];
    if (digest !== undefined) ran.set(of, [...(ran.get(of) ?? []).slice(-99), { digest, ...madeOf(values) }]);
  }
  const owners = new Map<string, Held>();
  for (const values of lines.filter((each) => each.has('owner')).slice(0, MOST_OWNERS)) {
    const held = heldOf(values);
    const name = `${held.role}-${held.owner}`;
    const history = ran.get(name);
    if (!owners.has(name)) owners.set(name, history ? { ...held, history } : held);
  }
  return [...owners.values()];
}

function findLogins(status: Answer): readonly Login[] {
  const lines = (status.sections.get('') ?? []).slice(-MOST_OWNERS).map(valuesOf);
  return lines.flatMap((values) => {
    const name = values.get('login');
    if (name === undefined) return [];
    return [{ name, allows: (values.get('allows') ?? 'none').split('/'), isEarlier: values.get('by') !== 'bootstrap' }];
  });
}

const valuesOf = (said: string): Values =>
  new Map(
    printable(said)
      .split(' ')
      .map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );

function heldOf(values: Values): Held {
  const value = (name: string): string => values.get(name) ?? 'none';
  return {
    owner: value('owner'),
    role: value('role'),
    digest: value('digest'),
    lease: value('lease'),
    armed: value('armed'),
    rules: value('rules'),
    fingerprint: value('fingerprint'),
    state: stateOf(values),
    seconds: value('seconds'),
    tried: value('tried'),
    ...bootOf(values),
    ...madeOf(values),
    ...platformIn(values),
  };
}

function platformIn(values: Values): Pick<Held, 'platform'> {
  const platform = values.get('platform');
  return platform === undefined || platform === 'none' ? {} : { platform };
}

const RUNS = ['release', 'closed', 'kept', 'nothing', 'trial'] as const;

function bootOf(values: Values): Pick<Held, 'boot' | 'runs'> {
  const boot = values.get('boot');
  const runs = RUNS.find((one) => one === values.get('runs'));
  return {
    ...(boot === undefined ? {} : { boot: boot === 'as-written' ? [] : faultsOf(boot.split(',')) }),
    ...(runs === undefined ? {} : { runs }),
  };
}

function madeOf(values: Values): Pick<Ran, 'made' | 'runner'> {
  const [made, runner] = [values.get('made'), values.get('runner')];
  return {
    ...(made !== undefined && /^\d{1,12}$/.test(made) ? { made: Number(made) } : {}),
    ...(runner === undefined || runner === 'none' ? {} : { runner }),
  };
}

const faultsOf = (words: readonly string[]): readonly string[] => [
  ...new Set(words.map((word) => (Object.hasOwn(bootFaults, word) ? word : 'other'))),
];

/** Programs before protocol 3 don't say it. */
function stateOf(values: Values): State {
  const said = values.get('state');
  if (isState(said)) return said;
  if ((values.get('armed') ?? 'none') !== 'none') return 'armed';
  if ((values.get('lease') ?? 'none') !== 'none') return 'confirmed';
  return (values.get('digest') ?? 'none') === 'none' ? 'nothing' : 'kept';
}
