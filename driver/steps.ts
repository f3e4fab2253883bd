import { Release } from '../lib/agent-protocol/release';
import { Problem, Refusal } from '../lib/problems/problem';
import { Answer, sectionText, shown } from './answer';
import { Asked } from './device-asked';
import { cpanelNatOf } from './cpanel-nat';
import { cpanelRulesOf } from './cpanel-rules';
import { expectDigest, expectOk } from './faults';
import { Patience } from './patience';
import { Assumed, Closing, LiveFacts, Prove } from './proof';
import { Project } from './project';
import { Step } from './protocol';
import { refused } from './refused';
import { releaseFile } from './release-file';
import { runnerName } from './runner-name';
import { Remote } from './ssh';
import { USUAL_ANSWER } from './ssh-child';
import { WitnessCheck } from './witnesses';

/** Everything that a delivery gets from outside. */
export interface World {
  readonly remote: Remote;
  readonly lease: string;
  /** Of another state, which this delivery may take over. */
  readonly adopt?: string;
  /** Names this delivery on the device: random, hexadecimal. */
  readonly token: string;
  readonly assumed: Assumed;
  readonly prove: Prove;
  readonly closing: Closing;
  readonly witness: WitnessCheck;
  /** Where the operator types commands; default: that of this process. */
  readonly project?: Project;
  /** Aborted when nobody hears us any more. */
  readonly stop: AbortSignal;
  say(line: string): void;
  /** What is being done now, for the line a second. */
  step(name: Step, doing?: string): void;
  wait(seconds: number): Promise<void>;
}

/** Seconds that a delivery waits for another one to leave the device. */
export const LONGEST_WAIT = 300;

export const where = (release: Release): string => `${release.owner} on ${release.device}`;
export const asked = ({ device, owner }: Release, { remote, project }: World): Asked => ({
  connection: remote.connection,
  device,
  owner,
  ...(project ? { project } : {}),
});
export const identity = (release: Release): readonly [string, string] => [release.role, release.owner];

/** Waits for a delivery that holds the device, naming it. `running`: the device has this release already, under this lease. */
export async function upload(release: Release, world: World): Promise<'uploaded' | 'running'> {
  const by = { runner: runnerName(process.env), made: Math.floor(Date.now() / 1000) };
  const input = releaseFile(release, world.lease, world.token, by, world.closing(release));
  const words = ['upload', ...identity(release), world.lease, release.digest, world.token];
  let told = '';
  const patience = new Patience();
  for (;;) {
    world.step('upload');
    const answer = await world.remote.run(words, { input, stop: world.stop, seconds: 300 });
    const busy = answer.result?.is === 'refused' && answer.result.word === 'busy';
    if (!busy || patience.over(LONGEST_WAIT) || world.stop.aborted) {
      const result = expectOk(asked(release, world), answer, ['uploaded', 'running']);
      expectDigest(asked(release, world), result, release.digest);
      return result.word as 'uploaded' | 'running';
    }
    const { holder = 'another delivery' } = answer.result.values;
    if (holder !== told)
      world.say(`${holder} is being delivered on the device: waiting up to ${LONGEST_WAIT / 60} minutes for it`);
    told = holder;
    world.step('upload', `waiting for ${holder}`);
    await patience.pause(world);
  }
}

/** A restart loads them into the back end that the host has then. */
export const RULES_ELSEWHERE =
  'our rules are in the back end of iptables that the device had before (update-alternatives chose another one since), where iptables-save does not show them';

export async function check(release: Release, world: World): Promise<void> {
  world.step('check');
  const answer = await world.remote.run(
    ['check', ...identity(release), world.token, ...(world.adopt === undefined ? [] : [world.adopt])],
    {
      stop: world.stop,
      seconds: 300,
    },
  );
  const { values } = expectOk(asked(release, world), answer, ['checked']);
  if (values['rules'] === 'absent')
    world.say('our rules are absent on the device (somebody flushed them): this delivery brings them back');
  if (values['rules'] === 'elsewhere') world.say(`${RULES_ELSEWHERE}: this delivery brings them into that one`);
  if (values['rules'] === 'edited') world.say('overwriting the edits that were accepted');
  factsOrRefuse(release, world, answer);
}

function factsOrRefuse(release: Release, world: World, answer: Answer): void {
  const { refusals, reports } = world.assumed(release, liveFacts(answer));
  for (const line of shown(reports)) world.say(line);
  if (refusals.length > 0) throw new Refusal(refusals.map((what) => otherFacts(release, what)));
}

/** From here on the device undoes the release by itself unless it is confirmed. */
export async function arm(release: Release, world: World): Promise<void> {
  world.step('arm');
  const words = ['arm', ...identity(release), world.token, String(release.rollbackSeconds)];
  // A start of another firewall, which loads its rules one by one, may take minutes.
  const answer = await world.remote.run(words, { seconds: Math.max(USUAL_ANSWER, release.rollbackSeconds + 30) });
  expectOk(asked(release, world), answer, ['armed']);
}

/**
 * Over a new connection: what the device runs now, whole, against what was asked for. Returns what others close to most of those it is for.
 * Throws Refusal with every reason.
 */
export async function prove(release: Release, world: World): Promise<readonly string[]> {
  world.step('prove');
  return provenOrRefuse(release, world, await read(release, world));
}

/** The same for a release that the device has already, with the facts that a check would have compared. */
export async function proveRunning(release: Release, world: World): Promise<readonly string[]> {
  world.step('prove', 'proving what runs');
  const answer = await read(release, world);
  factsOrRefuse(release, world, answer);
  return provenOrRefuse(release, world, answer);
}

async function read(release: Release, world: World): Promise<Answer> {
  const answer = await world.remote.run(['read'], { stop: world.stop });
  expectOk(asked(release, world), answer, ['read']);
  return answer;
}

async function provenOrRefuse(release: Release, world: World, answer: Answer): Promise<readonly string[]> {
  const proof = world.prove(release, sectionText(answer, 'ruleset'), liveFacts(answer));
  for (const line of shown(proof.reports, 100)) world.say(line);
  const refusals = [...proof.refusals, ...(await world.witness(release, world.stop))];
  if (refusals.length > 0)
    throw new Refusal([...touched(release, world, answer), ...refusals.map((what) => notProven(release, what))]);
  return proof.narrower ?? [];
}

/** Our rules aren't there as they were loaded: then what would pass is an echo of it. */
function touched(release: Release, world: World, { sections }: Answer): readonly Problem[] {
  const begin = `${identity(release).join(' ')} `;
  const lines = (sections.get('edits') ?? [])
    .filter((line) => line.startsWith(begin))
    .map((line) => line.slice(begin.length));
  if (lines.length === 0) return [];
  return [
    refused(asked(release, world), {
      result: { is: 'refused', word: 'edited-meanwhile', values: {} },
      sections: new Map([['', lines]]),
      said: [],
    }),
  ];
}

/** One yes, and none for somebody who is gone. Its answer may be lost; then the device is asked what it decided. */
export async function confirm(release: Release, world: World, sinceArming: Patience): Promise<void> {
  world.step('confirm');
  const words = ['confirm', ...identity(release), world.token];
  for (;;) {
    const answer = await world.remote.run(words, { seconds: 30, stop: world.stop });
    // Nobody hears us: the rollback that follows takes back a yes that isn't there yet, and is told where one is.
    if (answer.result || world.stop.aborted || sinceArming.over(decidedAfter(release))) {
      expectDigest(asked(release, world), expectOk(asked(release, world), answer, ['confirmed']), release.digest);
      return;
    }
    // Until it answers nobody knows who won, this yes or the timer. Saying it again changes neither.
    world.step('confirm', 'asking the device whether it confirmed');
    await sinceArming.pause(world);
  }
}

/** Seconds from arming until the device has decided by itself, also where its timer waits for another command there. */
export const decidedAfter = ({ rollbackSeconds }: Release): number => rollbackSeconds + 62;

export function liveFacts(answer: Answer): LiveFacts {
  const [ip, ip6] = answer.sections.get('forwarding') ?? [];
  const platform = sectionText(answer, 'platform').trim();
  const cpanelRules = cpanelRulesOf(answer.sections.get('cpanel-rules'));
  const cpanelNat = cpanelNatOf(answer.sections.get('cpanel-nat'));
  return {
    addresses: sectionText(answer, 'addresses'),
    links: sectionText(answer, 'links'),
    routes: sectionText(answer, 'routes'),
    forwarding: { ip: ip === '1', ip6: ip6 === '1' },
    legacyTables: answer.sections.get('legacy') ?? [],
    version: sectionText(answer, 'version').trim(),
    ...(platform === '' ? {} : { platform }),
    ...(cpanelRules === undefined ? {} : { cpanelRules }),
    ...(cpanelNat === undefined ? {} : { cpanelNat }),
  };
}

const otherFacts = (release: Release, what: string): Problem => ({
  code: 'driver/facts-differ',
  where: where(release),
  what,
  instead: 'correct the intent, or the device; the proof at synthesis rested on it.',
});

const notProven = (release: Release, what: string): Problem => ({
  code: 'driver/not-proven',
  where: where(release),
  what,
  instead: 'remove what stands against it on the device, or change the intent; then apply again.',
});
