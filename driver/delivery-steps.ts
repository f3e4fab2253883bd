// The steps of a delivery, each a command of the agent: upload, check, arm, verify, confirm. `deliver.ts` takes them
// in order.

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
import { getRunnerName } from './ci-run';
import { Remote } from './ssh';
import { DEFAULT_ANSWER_SECONDS } from './ssh-child';
import { HealthCheckRunner } from './health-checks';

/** Everything that a delivery gets from outside. */
export interface DeliveryContext {
  readonly remote: Remote;
  readonly ownerToken: string;
  /** Owner token of another state that this delivery may adopt. */
  readonly adopt?: string;
  /** Name of this delivery on the device: random, hexadecimal. */
  readonly token: string;
  readonly compareAssumedFacts: CompareFacts;
  readonly verifyLive: VerifyRelease;
  readonly renderClosedText: RenderClosedText;
  readonly runHealthCheck: HealthCheckRunner;
  /** Place where the operator types commands; default: that of this process. */
  readonly project?: OperatorProject;
  /** Aborted once Terraform no longer listens. */
  readonly signal: AbortSignal;
  say(line: string): void;
  /** Reports the current step for the line that is printed every second. */
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

/**
 * Uploads the release. While another delivery holds the device, it waits and names that one. Returns `running` if the
 * device has this release already, under this owner token.
 */
export async function upload(release: Release, context: DeliveryContext): Promise<'uploaded' | 'running'> {
  const maker = { runner: getRunnerName(process.env), made: Math.floor(Date.now() / 1000) };
  const input = renderReleaseFile(release, context.ownerToken, context.token, maker, context.renderClosedText(release));
  const words = ['upload', ...getIdentity(release), context.ownerToken, release.digest, context.token];
  let reportedDelivery = '';
  const retryTimer = new RetryTimer();
  for (;;) {
    context.step('upload');
    const answer = await context.remote.run(words, { input, signal: context.signal, seconds: 300 });
    const isBusy = answer.result?.is === 'refused' && answer.result.word === 'busy';
    if (!isBusy || retryTimer.isOver(MAX_WAIT_SECONDS) || context.signal.aborted) {
      const result = expectOk(createDeviceContext(release, context), answer, ['uploaded', 'running']);
      expectDigest(createDeviceContext(release, context), result, release.digest);
      return result.word as 'uploaded' | 'running';
    }
    const { holder: otherDelivery = 'another delivery' } = answer.result.values;
    if (otherDelivery !== reportedDelivery)
      context.say(
        `${otherDelivery} is being delivered on the device: waiting up to ${MAX_WAIT_SECONDS / 60} minutes for it`,
      );
    reportedDelivery = otherDelivery;
    context.step('upload', `waiting for ${otherDelivery}`);
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
      signal: context.signal,
      seconds: 300,
    },
  );
  const { values } = expectOk(createDeviceContext(release, context), answer, ['checked']);
  if (values['rules'] === 'absent')
    context.say('our rules are absent on the device (they were flushed): this delivery brings them back');
  if (values['rules'] === 'elsewhere') context.say(`${RULES_ELSEWHERE}: this delivery brings them into that one`);
  if (values['rules'] === 'edited') context.say('overwriting the edits that were accepted');
  checkFacts(release, context, answer);
}

function checkFacts(release: Release, context: DeliveryContext, answer: AgentAnswer): void {
  const { refusals, reports } = context.compareAssumedFacts(release, parseLiveFacts(answer));
  for (const line of formatLines(reports)) context.say(line);
  if (refusals.length > 0) throw new Refusal(refusals.map((refusal) => createOtherFactsProblem(release, refusal)));
}

/** Arms the release: from here on the device rolls it back by itself unless it is confirmed. */
export async function arm(release: Release, context: DeliveryContext): Promise<void> {
  context.step('arm');
  const words = ['arm', ...getIdentity(release), context.token, String(release.rollbackSeconds)];
  // The start of another firewall, which loads its rules one by one, may take minutes.
  const answer = await context.remote.run(words, {
    seconds: Math.max(DEFAULT_ANSWER_SECONDS, release.rollbackSeconds + 30),
  });
  expectOk(createDeviceContext(release, context), answer, ['armed']);
}

/**
 * Verifies over a new connection all that the device runs now. Returns the ports that unmanaged rules close to most of
 * their sources.
 *
 * @throws Refusal with every reason.
 */
export async function verifyRelease(release: Release, context: DeliveryContext): Promise<readonly string[]> {
  context.step('prove');
  return refuseUnlessVerified(release, context, await readLive(release, context));
}

/** Verifies a release that the device has already, with the facts that a check would have compared. */
export async function verifyRunning(release: Release, context: DeliveryContext): Promise<readonly string[]> {
  context.step('prove', 'proving what runs');
  const answer = await readLive(release, context);
  checkFacts(release, context, answer);
  return refuseUnlessVerified(release, context, answer);
}

async function readLive(release: Release, context: DeliveryContext): Promise<AgentAnswer> {
  const answer = await context.remote.run(['read'], { signal: context.signal });
  expectOk(createDeviceContext(release, context), answer, ['read']);
  return answer;
}

async function refuseUnlessVerified(
  release: Release,
  context: DeliveryContext,
  answer: AgentAnswer,
): Promise<readonly string[]> {
  const verification = context.verifyLive(release, getSectionText(answer, 'ruleset'), parseLiveFacts(answer));
  for (const line of formatLines(verification.reports, 100)) context.say(line);
  const refusals = [...verification.refusals, ...(await context.runHealthCheck(release, context.signal))];
  if (refusals.length > 0)
    throw new Refusal([
      ...findEdits(release, context, answer),
      ...refusals.map((refusal) => createNotProvenProblem(release, refusal)),
    ]);
  return verification.narrower ?? [];
}

/** Returns the problem that our rules differ from the loaded ones: then the verification would check other rules. */
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
      errorLines: [],
    }),
  ];
}

/**
 * Confirms the release once, and not if Terraform no longer listens. If the answer is lost, asks the device for its
 * decision.
 */
export async function confirm(release: Release, context: DeliveryContext, armTimer: RetryTimer): Promise<void> {
  context.step('confirm');
  const words = ['confirm', ...getIdentity(release), context.token];
  for (;;) {
    const answer = await context.remote.run(words, { seconds: 30, signal: context.signal });
    // Terraform no longer listens: the rollback that follows cancels a confirmation that hasn't arrived, and reports
    // one that has.
    if (answer.result || context.signal.aborted || armTimer.isOver(getDecisionSeconds(release))) {
      expectDigest(
        createDeviceContext(release, context),
        expectOk(createDeviceContext(release, context), answer, ['confirmed']),
        release.digest,
      );
      return;
    }
    // Until the device answers, it isn't known whether the confirmation or the timer won. A repeated confirmation
    // changes neither.
    context.step('confirm', 'asking the device whether it confirmed');
    await armTimer.pause(context);
  }
}

/** Seconds from arming until the device has decided by itself, even if its timer waits for another command there. */
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

const createOtherFactsProblem = (release: Release, what: string): Problem => ({
  code: 'driver/facts-differ',
  where: formatRelease(release),
  what,
  instead: 'correct the intent, or the device; the proof at synthesis rested on it.',
});

const createNotProvenProblem = (release: Release, what: string): Problem => ({
  code: 'driver/not-proven',
  where: formatRelease(release),
  what,
  instead: 'remove what stands against it on the device, or change the intent; then apply again.',
});
