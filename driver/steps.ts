import { Release } from '../lib/delivering/release';
import { Problem, Refusal } from '../lib/problems/problem';
import { Answer, sectionText, shown } from './answer';
import { expectDigest, expectOk, noAnswer } from './faults';
import { Assumed, LiveFacts, Prove } from './proof';
import { releaseFile } from './release-file';
import { Remote } from './ssh';
import { WitnessCheck } from './witnesses';

/** Everything that a delivery gets from outside. */
export interface World {
  readonly remote: Remote;
  readonly lease: string;
  /** Names this delivery on the device: random, hexadecimal. */
  readonly token: string;
  readonly assumed: Assumed;
  readonly prove: Prove;
  readonly witness: WitnessCheck;
  /** Aborted when nobody hears us any more. */
  readonly stop: AbortSignal;
  say(line: string): void;
  /** What is being done now, for the line a second. */
  step(name: string): void;
  wait(seconds: number): Promise<void>;
}

/** Seconds that a delivery waits for another one to leave the device. */
export const LONGEST_WAIT = 300;

const where = (release: Release): string => `${release.owner} on ${release.device}`;
const identity = (release: Release): readonly [string, string] => [release.role, release.owner];

/** Waits for a delivery that holds the device, naming it. `running`: the device has this release already, under this lease. */
export async function upload(release: Release, world: World): Promise<'uploaded' | 'running'> {
  const input = releaseFile(release, world.lease, world.token);
  const words = ['upload', ...identity(release), world.lease, release.digest, world.token];
  let told = '';
  const over = patience();
  for (let waited = 0; ; waited += 2) {
    world.step('uploading');
    const answer = await world.remote.run(words, { input, stop: world.stop, seconds: 300 });
    const busy = answer.result?.is === 'refused' && answer.result.word === 'busy';
    if (!busy || over(waited, LONGEST_WAIT) || world.stop.aborted) {
      const result = expectOk(world.remote.connection, where(release), answer, ['uploaded', 'running']);
      expectDigest(where(release), result, release.digest);
      return result.word as 'uploaded' | 'running';
    }
    const holder = answer.result.values['holder'] ?? 'another delivery';
    if (holder !== told) world.say(`${holder} is being delivered on the device: waiting up to ${LONGEST_WAIT / 60} minutes for it`);
    told = holder;
    world.step(`waiting for ${holder}`);
    await world.wait(2);
  }
}

export async function check(release: Release, world: World): Promise<void> {
  world.step('checking');
  const answer = await world.remote.run(['check', ...identity(release), world.token], { stop: world.stop, seconds: 300 });
  const { values } = expectOk(world.remote.connection, where(release), answer, ['checked']);
  if (values['rules'] === 'absent') world.say('our rules are absent on the device (somebody flushed them): this delivery brings them back');
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
  world.step('loading');
  const answer = await world.remote.run(['arm', ...identity(release), world.token, String(release.rollbackSeconds)]);
  expectOk(world.remote.connection, where(release), answer, ['armed']);
}

/** Over a new connection: what the device runs now, whole, against what was asked for. Throws Refusal with every reason. */
export async function prove(release: Release, world: World): Promise<void> {
  world.step('proving over a new connection');
  await provenOrRefuse(release, world, await read(release, world));
}

/** The same for a release that the device has already, with the facts that a check would have compared. */
export async function proveRunning(release: Release, world: World): Promise<void> {
  world.step('proving what runs');
  const answer = await read(release, world);
  factsOrRefuse(release, world, answer);
  await provenOrRefuse(release, world, answer);
}

async function read(release: Release, world: World): Promise<Answer> {
  const answer = await world.remote.run(['read'], { stop: world.stop });
  expectOk(world.remote.connection, where(release), answer, ['read']);
  return answer;
}

async function provenOrRefuse(release: Release, world: World, answer: Answer): Promise<void> {
  const proof = world.prove(release, sectionText(answer, 'ruleset'), liveFacts(answer));
  for (const line of shown(proof.reports, 100)) world.say(line);
  const refusals = [...proof.refusals, ...(await world.witness(release, world.stop))];
  if (refusals.length > 0) throw new Refusal(refusals.map((what) => notProven(release, what)));
}

/** One yes. Its answer may be lost; then the device is asked what it decided. */
export async function confirm(release: Release, world: World): Promise<void> {
  world.step('confirming');
  const words = ['confirm', ...identity(release), world.token];
  const over = patience();
  for (let waited = 0; ; waited += 2) {
    const answer = await world.remote.run(words, { seconds: 30 });
    if (answer.result || over(waited, release.rollbackSeconds + 62)) {
      expectDigest(where(release), expectOk(world.remote.connection, where(release), answer, ['confirmed']), release.digest);
      return;
    }
    // Until it answers nobody knows who won, this yes or the timer. Saying it again changes neither.
    world.step('asking the device whether it confirmed');
    await world.wait(2);
  }
}

/** What the device runs after a rollback, in words; or that it could not be asked. Never throws. */
export async function rollback(release: Release, world: World, armed: boolean): Promise<Rolled> {
  world.step('rolling back');
  const words = ['rollback', ...identity(release), world.token];
  let last: Answer | undefined;
  const over = patience();
  for (let waited = 0; !over(waited, armed ? release.rollbackSeconds + 62 : 2); waited += 2) {
    last = await world.remote.run(words, { seconds: 60 });
    if (last.result?.is === 'ok' && last.result.word === 'rolled-back')
      return { is: 'rolled-back', digest: last.result.values['digest'] ?? 'none' };
    if (last.result?.word === 'already-confirmed') return decided(release, world);
    if (last.result?.is === 'failed') break;
    await world.wait(2);
  }
  return { is: 'unknown', ...(last && !last.result ? { problem: noAnswer(world.remote.connection, last) } : {}) };
}

/** Confirmed, if what the device runs is what was sent. */
async function decided(release: Release, world: World): Promise<Rolled> {
  const { result } = await world.remote.run(['outcome', ...identity(release), world.token], { seconds: 30 });
  return result?.is === 'ok' && result.word === 'confirmed' && result.values['digest'] === release.digest
    ? { is: 'confirmed' }
    : { is: 'unknown' };
}

/** A device that answers slowly each time would be asked for hours where only the pauses count. */
export function patience(): (waited: number, seconds: number) => boolean {
  const began = performance.now();
  return (waited, seconds) => Math.max(waited, (performance.now() - began) / 1000) >= seconds;
}

export type Rolled =
  | { readonly is: 'rolled-back'; readonly digest: string }
  | { readonly is: 'confirmed' }
  | { readonly is: 'unknown'; readonly problem?: Problem };

export function liveFacts(answer: Answer): LiveFacts {
  const [ip, ip6] = answer.sections.get('forwarding') ?? [];
  return {
    addresses: sectionText(answer, 'addresses'),
    links: sectionText(answer, 'links'),
    routes: sectionText(answer, 'routes'),
    forwarding: { ip: ip === '1', ip6: ip6 === '1' },
    legacyTables: answer.sections.get('legacy') ?? [],
    version: sectionText(answer, 'version').trim(),
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
