// Asks the agent on a device by SSH: for the status of its owners with the running rules and live facts, for the facts
// of a server, or for the status of one owner. Also tells the agent to let the next delivery overwrite given edits of
// the rules.

import { Problem, Refusal, escapeForDisplay } from '../lib/problems/problem';
import { bootFaults } from '../lib/device-systems';
import { AgentAnswer, getSectionText } from './agent-answer';
import { LoopbackResult } from './cpanel-loopback';
import { DeviceContext, formatBootstrapCommand } from './device-context';
import { expectOk } from './answer-problems';
import { LiveFacts } from './verification';
import { OwnerState, isState } from './protocol';
import { Remote } from './ssh';
import { parseLiveFacts } from './delivery-steps';

/** The device's status of one owner's release. */
export interface OwnerStatus {
  readonly owner: string;
  readonly role: string;
  readonly digest: string;
  readonly ownerToken: string;
  readonly armed: string;
  /** `as-loaded`, `elsewhere` (in the other back end of iptables), `edited`, `absent` or `none`. */
  readonly rules: string;
  readonly fingerprint: string;
  /** State in the state machine of docs/reference/protocol.md. */
  readonly state: OwnerState;
  /**
   * Seconds until the timer fires, if a release is armed; `unknown` if they weren't recorded, `lost` if the timer is
   * gone.
   */
  readonly seconds: string;
  /** The digest of the armed release. */
  readonly tried: string;
  /**
   * Differences that the next boot will find, in words of `bootFaults`; `other` is a word of a newer agent, so not
   * everything is well. Undefined if the agent doesn't report it (before protocol 6).
   */
  readonly boot?: readonly string[];
  /**
   * Source of the running rules among the device's files; undefined as above. `closed`: the release could not be
   * loaded.
   */
  readonly runs?: 'release' | 'closed' | 'kept' | 'nothing' | 'trial';
  /**
   * Time of the confirmed release, in seconds since 1970, and its runner; undefined as above, and for releases from
   * before.
   */
  readonly made?: number;
  readonly runner?: string;
  /** Releases that were confirmed for this owner, the newest last; undefined as above. */
  readonly history?: readonly ConfirmedRelease[];
  /**
   * Platform of its rules on the device; undefined if it has none, or if the agent doesn't report it (before protocol
   * 11).
   */
  readonly platform?: string;
}

export interface ConfirmedRelease {
  readonly digest: string;
  readonly made?: number;
  readonly runner?: string;
}

/** A login that may deliver by sudo. */
export interface AgentLogin {
  readonly name: string;
  readonly allows: readonly string[];
  /** Whether no words were written for it yet: it may use what the confirmed release of an owner uses. */
  readonly isEarlier: boolean;
}

export interface DeviceStatus {
  readonly owners: readonly OwnerStatus[];
  /** Undefined if the device reports none. */
  readonly logins?: readonly AgentLogin[];
  readonly ruleset: string;
  readonly facts: LiveFacts;
  /** Our lines that were changed; undefined if the agent is too old to report it (before protocol 5). */
  readonly edits?: readonly RuleEdit[];
  /**
   * Addresses that an interface answers for without having them, in the form of `ip neigh show proxy`; undefined as
   * above.
   */
  readonly proxies?: readonly string[];
  /**
   * Whether a server with cPanel comes back to itself by its public addresses; undefined if the question wasn't needed.
   */
  readonly loopback?: LoopbackResult;
}

/** A line that was removed or added. */
interface RuleEdit {
  readonly role: string;
  readonly owner: string;
  readonly kind: 'gone' | 'new';
  readonly text: string;
}

/**
 * Returns what the device runs now.
 *
 * @throws Refusal if it can't be asked.
 */
export async function askStatus(remote: Remote, partialContext: Partial<DeviceContext> = {}): Promise<DeviceStatus> {
  const context = createContext(remote, partialContext);
  const status = await remote.run(['status']);
  expectOk(context, status, ['status']);
  const answer = await remote.run(['read']);
  expectOk(context, answer, ['read']);
  // Without routes, packets from interfaces outside the intent would be evaluated as if there were no such interfaces.
  if (!answer.sections.has('routes')) throw new Refusal([createTooOldProblem(context, 'where the device routes to')]);
  const logins = parseLogins(status);
  const [edits, proxies] = [answer.sections.get('edits'), answer.sections.get('proxies')];
  return {
    owners: parseOwners(status),
    ...(logins.length > 0 ? { logins } : {}),
    ruleset: getSectionText(answer, 'ruleset'),
    facts: parseLiveFacts(answer),
    ...(edits === undefined ? {} : { edits: edits.slice(0, 1000).flatMap(parseEdit) }),
    ...(proxies === undefined ? {} : { proxies }),
  };
}

/**
 * Returns the facts of a server besides rules, by section.
 *
 * @throws Refusal if it can't be asked, or its agent is too old.
 */
export async function askFacts(
  remote: Remote,
  partialContext: Partial<DeviceContext> = {},
): Promise<AgentAnswer['sections']> {
  const context = createContext(remote, partialContext);
  const answer = await remote.run(['facts']);
  expectOk(context, answer, ['facts']);
  if (!answer.sections.has('server')) throw new Refusal([createTooOldProblem(context, 'what the server has')]);
  return answer.sections;
}

function parseEdit(line: string): readonly RuleEdit[] {
  const [, role, owner, sign, text] = /^(\S+) (\S+) ([<>]) ?(.*)$/.exec(line) ?? [];
  if (role === undefined) return [];
  return [{ role, owner: owner!, kind: sign === '<' ? 'gone' : 'new', text: text!.trim() }];
}

/**
 * Lets the next delivery overwrite exactly the edits with this fingerprint.
 *
 * @throws Refusal if the device doesn't accept it.
 */
export async function acceptEdits(
  remote: Remote,
  fingerprint: string,
  partialContext: Partial<DeviceContext> = {},
): Promise<string> {
  const { values } = expectOk(createContext(remote, partialContext), await remote.run(['accept', fingerprint]), [
    'accepted',
  ]);
  return `${values['role'] ?? 'unknown'} ${values['owner'] ?? 'unknown'}`;
}

const createContext = ({ connection }: Remote, partialContext: Partial<DeviceContext>): DeviceContext => ({
  connection,
  device: connection.host,
  ...partialContext,
});

const createTooOldProblem = ({ connection, project }: DeviceContext, missingFact: string): Problem => ({
  code: 'driver/program-too-old',
  where: `${connection.user}@${connection.host}`,
  what: `The agent is too old: it does not say ${missingFact}.`,
  instead: `an apply as root does it; else run as root on the device what this prints: ${formatBootstrapCommand(connection, project)}`,
});

/**
 * Returns the status of one owner, without its rules: digest `none` if the device has none of it; undefined if it
 * doesn't answer. Never throws.
 */
export async function askOwnerStatus(
  remote: Remote,
  { owner, role }: Pick<OwnerStatus, 'owner' | 'role'>,
): Promise<OwnerStatus | undefined> {
  const status = await remote.run(['status'], { seconds: 30 });
  if (status.result?.is !== 'ok' || status.result.word !== 'status') return undefined;
  return (
    parseOwners(status).find((ownerStatus) => ownerStatus.owner === owner && ownerStatus.role === role) ??
    toOwnerStatus(
      new Map([
        ['owner', owner],
        ['role', role],
      ]),
    )
  );
}

const MAX_OWNERS = 1000;
const MAX_STATUS_LINES = 50 * MAX_OWNERS;

type StatusValues = ReadonlyMap<string, string>;

/**
 * Returns the status of each owner: a line per owner, and after it one for each release that was confirmed for it. If
 * an owner occurs twice, the first line counts.
 */
function parseOwners(status: AgentAnswer): readonly OwnerStatus[] {
  const lines = (status.sections.get('') ?? []).slice(0, MAX_STATUS_LINES).map(parseValues);
  const releasesByOwner = new Map<string, ConfirmedRelease[]>();
  for (const values of lines) {
    const [digest, ownerKey] = [values.get('ran'), values.get('of') ?? ''];
    if (digest !== undefined)
      releasesByOwner.set(ownerKey, [
        ...(releasesByOwner.get(ownerKey) ?? []).slice(-99),
        { digest, ...getOrigin(values) },
      ]);
  }
  const owners = new Map<string, OwnerStatus>();
  for (const values of lines.filter((lineValues) => lineValues.has('owner')).slice(0, MAX_OWNERS)) {
    const ownerStatus = toOwnerStatus(values);
    const name = `${ownerStatus.role}-${ownerStatus.owner}`;
    const history = releasesByOwner.get(name);
    if (!owners.has(name)) owners.set(name, history ? { ...ownerStatus, history } : ownerStatus);
  }
  return [...owners.values()];
}

function parseLogins(status: AgentAnswer): readonly AgentLogin[] {
  const lines = (status.sections.get('') ?? []).slice(-MAX_OWNERS).map(parseValues);
  return lines.flatMap((values) => {
    const name = values.get('login');
    if (name === undefined) return [];
    return [{ name, allows: (values.get('allows') ?? 'none').split('/'), isEarlier: values.get('by') !== 'bootstrap' }];
  });
}

const parseValues = (line: string): StatusValues =>
  new Map(
    escapeForDisplay(line)
      .split(' ')
      .map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );

function toOwnerStatus(values: StatusValues): OwnerStatus {
  const getValue = (name: string): string => values.get(name) ?? 'none';
  return {
    owner: getValue('owner'),
    role: getValue('role'),
    digest: getValue('digest'),
    ownerToken: getValue('lease'),
    armed: getValue('armed'),
    rules: getValue('rules'),
    fingerprint: getValue('fingerprint'),
    state: getState(values),
    seconds: getValue('seconds'),
    tried: getValue('tried'),
    ...getBoot(values),
    ...getOrigin(values),
    ...getPlatform(values),
  };
}

function getPlatform(values: StatusValues): Pick<OwnerStatus, 'platform'> {
  const platform = values.get('platform');
  return platform === undefined || platform === 'none' ? {} : { platform };
}

const RUN_SOURCES = ['release', 'closed', 'kept', 'nothing', 'trial'] as const;

function getBoot(values: StatusValues): Pick<OwnerStatus, 'boot' | 'runs'> {
  const boot = values.get('boot');
  const runs = RUN_SOURCES.find((source) => source === values.get('runs'));
  return {
    ...(boot === undefined ? {} : { boot: boot === 'as-written' ? [] : toKnownFaults(boot.split(',')) }),
    ...(runs === undefined ? {} : { runs }),
  };
}

function getOrigin(values: StatusValues): Pick<ConfirmedRelease, 'made' | 'runner'> {
  const [made, runner] = [values.get('made'), values.get('runner')];
  return {
    ...(made !== undefined && /^\d{1,12}$/.test(made) ? { made: Number(made) } : {}),
    ...(runner === undefined || runner === 'none' ? {} : { runner }),
  };
}

const toKnownFaults = (words: readonly string[]): readonly string[] => [
  ...new Set(words.map((word) => (Object.hasOwn(bootFaults, word) ? word : 'other'))),
];

/** Returns the state; agents before protocol 3 don't report it. */
function getState(values: StatusValues): OwnerState {
  const stateText = values.get('state');
  if (isState(stateText)) return stateText;
  if ((values.get('armed') ?? 'none') !== 'none') return 'armed';
  if ((values.get('lease') ?? 'none') !== 'none') return 'confirmed';
  return (values.get('digest') ?? 'none') === 'none' ? 'nothing' : 'kept';
}
