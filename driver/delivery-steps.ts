import { Release } from '../lib/agent-protocol/release';
import { Problem, Refusal } from '../lib/problems/problem';
import { AgentAnswer, getSectionText, formatLines } from './agent-answer';
import { DeviceContext } from './device-context';
import { parseCpanelNat } from './cpanel-nat';
import { parseCpanelRules } from './cpanel-rules';
import { expectDigest, expectOk } from './answer-problems';
import { RetryTimer } from './retry-timer';
import { CompareFacts, RenderClosedText, LiveFacts, VerifyRelease } from './verification';
import { OperatorProject } from './operator-project';
import { DeliveryStep } from './protocol';
import { explainRefusal } from './refusal-messages';
import { renderReleaseFile } from './release-file';
import { getRunnerName } from './runner-name';
import { Remote } from './ssh';
import { DEFAULT_ANSWER_SECONDS } from './ssh-child';
import { HealthCheckRunner } from './health-checks';

/** Everything that a delivery gets from outside. */
export interface DeliveryContext {
  readonly remote: Remote;
  readonly lease: string;
  /** Of another state, which this delivery may take over. */
  readonly adopt?: string;
  /** Names this delivery on the device: random, hexadecimal. */
  readonly token: string;
  readonly assumed: CompareFacts;
  readonly prove: VerifyRelease;
  readonly closing: RenderClosedText;
  readonly witness: HealthCheckRunner;
  /** Where the operator types commands; default: that of this process. */
  readonly project?: OperatorProject;
  /** Aborted when nobody hears us any more. */
  readonly stop: AbortSignal;
  say(line: string): void;
  /** What is being done now, for the line a second. */
  step(name: DeliveryStep, doing?: string): void;
  wait(seconds: number): Promise<void>;
}

/** Seconds that a delivery waits for another one to leave the device. */
export const MAX_WAIT_SECONDS = 300;

export const formatRelease = (release: Release): string => `${release.owner} on ${release.device}`;
export const createDeviceContext = (
  { device, owner }: Release,
  { remote, project }: DeliveryContext,
): DeviceContext => ({
  connection: remote.connection,
  device,
  owner,
  ...(project ? { project } : {}),
});
export const getIdentity = (release: Release): readonly [string, string] => [release.role, release.owner];

/** Waits for a delivery that holds the device, naming it. `running`: the device has this release already, under this lease. */
export async function upload(release: Release, context: DeliveryContext): Promise<'uploaded' | 'running'> {
  const maker = { runner: getRunnerName(process.env), made: Math.floor(Date.now() / 1000) };
  const input = renderReleaseFile(release, context.lease, context.token, maker, context.closing(release));
  const words = ['upload', ...getIdentity(release), context.lease, release.digest, context.token];
  let reportedHolder = '';
  const retryTimer = new RetryTimer();
  for (;;) {
    context.step('upload');
    const answer = await context.remote.run(words, { input, stop: context.stop, seconds: 300 });
    const isBusy = answer.result?.is === 'refused' && answer.result.word === 'busy';
    if (!isBusy || retryTimer.isOver(MAX_WAIT_SECONDS) || context.stop.aborted) {
      const result = expectOk(createDeviceContext(release, context), answer, ['uploaded', 'running']);
      expectDigest(createDeviceContext(release, context), result, release.digest);
      return result.word as 'uploaded' | 'running';
    }
    const { holder = 'another delivery' } = answer.result.values;
    if (holder !== reportedHolder)
      context.say(`${holder} is being delivered on the device: waiting up to ${MAX_WAIT_SECONDS / 60} minutes for it`);
    reportedHolder = holder;
    context.step('upload', `waiting for ${holder}`);
    await retryTimer.pause(context);
  }
}

/** A restart loads them into the back end that the host has then. */
export const RULES_ELSEWHERE =
  'our rules are in the back end of iptables that the device had before (update-alternatives chose another one since), where iptables-save does not show them';

export async function check(release: Release, context: DeliveryContext): Promise<void> {
  context.step('check');
  const answer = await context.remote.run(
    ['check', ...getIdentity(release), context.token, ...(context.adopt === undefined ? [] : [context.adopt])],
    {
      stop: context.stop,
      seconds: 300,
    },
  );
  const { values } = expectOk(createDeviceContext(release, context), answer, ['checked']);
  if (values['rules'] === 'absent')
    context.say('our rules are absent on the device (somebody flushed them): this delivery brings them back');
  if (values['rules'] === 'elsewhere') context.say(`${RULES_ELSEWHERE}: this delivery brings them into that one`);
  if (values['rules'] === 'edited') context.say('overwriting the edits that were accepted');
  checkFacts(release, context, answer);
}

function checkFacts(release: Release, context: DeliveryContext, answer: AgentAnswer): void {
  const { refusals, reports } = context.assumed(release, parseLiveFacts(answer));
  for (const line of formatLines(reports)) context.say(line);
  if (refusals.length > 0) throw new Refusal(refusals.map((what) => otherFacts(release, what)));
}

/** From here on the device undoes the release by itself unless it is confirmed. */
export async function arm(release: Release, context: DeliveryContext): Promise<void> {
  context.step('arm');
  const words = ['arm', ...getIdentity(release), context.token, String(release.rollbackSeconds)];
  // A start of another firewall, which loads its rules one by one, may take minutes.
  const answer = await context.remote.run(words, {
    seconds: Math.max(DEFAULT_ANSWER_SECONDS, release.rollbackSeconds + 30),
  });
  expectOk(createDeviceContext(release, context), answer, ['armed']);
}

/**
 * Over a new connection: what the device runs now, whole, against what was asked for. Returns what others close to most of those it is for.
 * Throws Refusal with every reason.
 */
export async function verifyRelease(release: Release, context: DeliveryContext): Promise<readonly string[]> {
  context.step('prove');
  return refuseUnlessVerified(release, context, await readLive(release, context));
}

/** The same for a release that the device has already, with the facts that a check would have compared. */
export async function verifyRunning(release: Release, context: DeliveryContext): Promise<readonly string[]> {
  context.step('prove', 'proving what runs');
  const answer = await readLive(release, context);
  checkFacts(release, context, answer);
  return refuseUnlessVerified(release, context, answer);
}

async function readLive(release: Release, context: DeliveryContext): Promise<AgentAnswer> {
  const answer = await context.remote.run(['read'], { stop: context.stop });
  expectOk(createDeviceContext(release, context), answer, ['read']);
  return answer;
}

async function refuseUnlessVerified(
  release: Release,
  context: DeliveryContext,
  answer: AgentAnswer,
): Promise<readonly string[]> {
  const verification = context.prove(release, getSectionText(answer, 'ruleset'), parseLiveFacts(answer));
  for (const line of formatLines(verification.reports, 100)) context.say(line);
  const refusals = [...verification.refusals, ...(await context.witness(release, context.stop))];
  if (refusals.length > 0)
    throw new Refusal([...findEdits(release, context, answer), ...refusals.map((what) => notProven(release, what))]);
  return verification.narrower ?? [];
}

/** Our rules aren't there as they were loaded: then what would pass is an echo of it. */
function findEdits(release: Release, context: DeliveryContext, { sections }: AgentAnswer): readonly Problem[] {
  const prefix = `${getIdentity(release).join(' ')} `;
  const lines = (sections.get('edits') ?? [])
    .filter((line) => line.startsWith(prefix))
    .map((line) => line.slice(prefix.length));
  if (lines.length === 0) return [];
  return [
    explainRefusal(createDeviceContext(release, context), {
      result: { is: 'refused', word: 'edited-meanwhile', values: {} },
      sections: new Map([['', lines]]),
      said: [],
    }),
  ];
}

/** One yes, and none for somebody who is gone. Its answer may be lost; then the device is asked what it decided. */
export async function confirm(release: Release, context: DeliveryContext, sinceArming: RetryTimer): Promise<void> {
  context.step('confirm');
  const words = ['confirm', ...getIdentity(release), context.token];
  for (;;) {
    const answer = await context.remote.run(words, { seconds: 30, stop: context.stop });
    // Nobody hears us: the rollback that follows takes back a yes that isn't there yet, and is told where one is.
    if (answer.result || context.stop.aborted || sinceArming.isOver(getDecisionSeconds(release))) {
      expectDigest(
        createDeviceContext(release, context),
        expectOk(createDeviceContext(release, context), answer, ['confirmed']),
        release.digest,
      );
      return;
    }
    // Until it answers nobody knows who won, this yes or the timer. Saying it again changes neither.
    context.step('confirm', 'asking the device whether it confirmed');
    await sinceArming.pause(context);
  }
}

/** Seconds from arming until the device has decided by itself, also where its timer waits for another command there. */
export const getDecisionSeconds = ({ rollbackSeconds }: Release): number => rollbackSeconds + 62;

export function parseLiveFacts(answer: AgentAnswer): LiveFacts {
  const [ip, ip6] = answer.sections.get('forwarding') ?? [];
  const platform = getSectionText(answer, 'platform').trim();
  const cpanelRules = parseCpanelRules(answer.sections.get('cpanel-rules'));
  const cpanelNat = parseCpanelNat(answer.sections.get('cpanel-nat'));
  return {
    addresses: getSectionText(answer, 'addresses'),
    links: getSectionText(answer, 'links'),
    routes: getSectionText(answer, 'routes'),
    forwarding: { ip: ip === '1', ip6: ip6 === '1' },
    legacyTables: answer.sections.get('legacy') ?? [],
    version: getSectionText(answer, 'version').trim(),
    ...(platform === '' ? {} : { platform }),
    ...(cpanelRules === undefined ? {} : { cpanelRules }),
    ...(cpanelNat === undefined ? {} : { cpanelNat }),
  };
}

const otherFacts = (release: Release, what: string): Problem => ({
  code: 'driver/facts-differ',
  where: formatRelease(release),
  what,
  instead: 'correct the intent, or the device; the proof at synthesis rested on it.',
});

const notProven = (release: Release, what: string): Problem => ({
  code: 'driver/not-proven',
  where: formatRelease(release),
  what,
  instead: 'remove what stands against it on the device, or change the intent; then apply again.',
});
