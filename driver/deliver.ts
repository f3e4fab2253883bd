import { Release } from '../lib/agent-protocol/release';
import { Problem, Refusal } from '../lib/problems/problem';
import { Asked } from './device-asked';
import { Left, delivered, notDelivered } from './endings';
import { preparedProgram } from './install';
import { Held, askHeld } from './look';
import { findNeededWords } from './login-words';
import { heardAfter } from './loopback-asked';
import { goesBack, named, replacedBy } from './made-by';
import { findOtherPlatform, stayedOnOtherPlatform } from './other-platform';
import { Outcome, verifyCommand } from './paragraph';
import { Patience } from './patience';
import { DeviceProgram } from './program';
import { ownProject } from './project';
import { refused } from './refused';
import { Rolled, rollback } from './rollback';
import { World, arm, asked, check, confirm, prove, proveRunning, upload, where } from './steps';

export type { Outcome } from './paragraph';

/** The steps of a delivery, by a device program. Each leaves what ran before if it fails; what fails after loading is undone. Never throws a Refusal. */
export async function deliver(release: Release, program: DeviceProgram, world: World): Promise<Outcome> {
  const began = { uploading: false, uploaded: false, running: false, armed: false, yes: false };
  let before: Held | undefined;
  let narrower: readonly string[] = [];
  const project = world.project ?? ownProject();
  const verify = verifyCommand(project, world.remote.connection);
  const reached = async (how: 'loaded' | 'running'): Promise<Outcome> => {
    if (!world.stop.aborted) world.step('confirm', 'asking what a restart brings');
    const after = world.stop.aborted ? undefined : await askHeld(world.remote, release);
    if (!world.stop.aborted && release.cpnat)
      world.step('confirm', 'asking whether it comes back to itself by its public addresses');
    const heard = world.stop.aborted ? [] : await heardAfter(world.remote, release);
    return delivered(
      release,
      how,
      { narrower, heard, ...(before ? { before } : {}), ...(after ? { after } : {}) },
      project,
      verify,
    );
  };
  // Everybody who asks what the device decided asks until the same moment.
  let sinceArming: Patience | undefined;
  try {
    world.step('connect');
    await preparedProgram(world.remote, program, world.say, { needed: findNeededWords(release) });
    before = await askHeld(world.remote, release);
    tellReplaced(release, before, world);
    heardOrRefuse(release, world);
    began.uploading = true;
    if ((await upload(release, world)) === 'running') {
      began.running = true;
      // Our rules are as we left them; what stands beside them may have changed since.
      narrower = await proveRunning(release, world);
      heardOrRefuse(release, world);
      return await reached('running');
    }
    began.uploaded = true;
    await check(release, world);
    heardOrRefuse(release, world);
    sinceArming = new Patience();
    await arm(release, world);
    began.armed = true;
    // Its timer may have begun later than we.
    sinceArming = new Patience();
    world.say(`loaded; the device undoes it in ${release.rollbackSeconds} s unless it is confirmed`);
    heardOrRefuse(release, world);
    narrower = await prove(release, world);
    heardOrRefuse(release, world);
    began.yes = true;
    await confirm(release, world, sinceArming);
  } catch (error) {
    const said = problemsOf(error);
    // A device that refused the upload has nothing of it. One whose answer was lost may have all, and wait for more.
    const lost = began.uploading && !began.running && !said.some(({ code }) => code.startsWith('device/'));
    const offered = began.uploaded || lost;
    const rolled = offered ? await rollback(release, world, sinceArming, began.armed && !began.yes) : undefined;
    // The yes was heard although its answer was not. A yes that nobody said, or one to something else, is none.
    const answeredOddly = said.some(({ code }) => code === 'driver/odd-answer');
    if (rolled?.is === 'confirmed' && began.yes && !answeredOddly) return reached('loaded');
    // Our own end of the connection looks like a broken line: what began it is said instead.
    const problems = world.stop.aborted ? [interrupted(release)] : began.armed ? tooLate(release, said, rolled) : said;
    const left = ((): Left => {
      if (began.running) return { is: 'running-unproven' };
      if (!sinceArming || !rolled || (!began.armed && rolled.is === 'rolled-back' && refusedToLoad(said)))
        return { is: 'untouched' };
      return leftBy(rolled, began.yes);
    })();
    const about = asked(release, world);
    const first = [
      ...stoppedProgram(left, problems, about),
      ...stayedOnOtherPlatform(release, before, problems, about),
    ];
    return notDelivered(release, [...first, ...problems], left, project, verify);
  }
  // Confirmed: whatever is asked from here on undoes nothing.
  return reached('loaded');
}

/** What it takes the place of, before anything is sent: who means something else can still interrupt. */
function tellReplaced(release: Release, held: Held | undefined, { say }: World): void {
  const replaced = replacedBy(release, held);
  if (!held || !replaced) return;
  const from = findOtherPlatform(release, held);
  const [itsPlatform, ours] =
    from === undefined ? ['', ''] : [`, of platform ${from}`, `, of platform ${release.platform},`];
  say(`${release.device} runs ${named(replaced)}${itsPlatform}; this delivery${ours} takes its place`);
  goesBack(release, held).forEach(say);
}

/** Returns the problem that stands before those of a proof where the firewall was stopped meanwhile: they alone would name ports, and all are open. */
function stoppedProgram(left: Left, problems: readonly Problem[], about: Asked): readonly Problem[] {
  if (left.is !== 'undone' || left.stopped === undefined) return [];
  const result = { is: 'refused', word: `${left.stopped}-stopped`, values: {} } as const;
  const stopped = refused(about, { result, sections: new Map(), said: [] });
  return problems.some(({ code }) => code === stopped.code) ? [] : [stopped];
}

/** All that a device refuses before it has loaded anything. */
const refusedToLoad = (said: readonly Problem[]): boolean =>
  said.length > 0 && said.every(({ code }) => code.startsWith('device/') && !HAS_LOADED.has(code));
const HAS_LOADED = new Set(['device/load-failed', 'device/load-and-undo-failed', 'device/firewalld-stopped']);

function leftBy(rolled: Rolled, yes: boolean): Left {
  switch (rolled.is) {
    case 'rolled-back':
      return {
        is: 'undone',
        digest: rolled.digest,
        ...(rolled.stopped === undefined ? {} : { stopped: rolled.stopped }),
      };
    case 'confirmed':
    case 'odd':
      return { is: 'odd' };
    case 'stuck':
      return rolled;
    case 'unknown':
      return { is: 'unknown', yes };
    default:
      return rolled satisfies never;
  }
}

function heardOrRefuse(release: Release, world: World): void {
  if (world.stop.aborted) throw new Refusal([interrupted(release)]);
}

const interrupted = (release: Release): Problem => ({
  code: 'driver/interrupted',
  where: where(release),
  what: 'Terraform was interrupted, so nothing is confirmed.',
  instead: 'apply again.',
});

/** A proof that ran out of time judged the rules of before: said first, or its reasons would mislead. */
function tooLate(release: Release, problems: readonly Problem[], rolled: Rolled | undefined): readonly Problem[] {
  if (rolled?.is !== 'rolled-back' || !rolled.byItself || problems.some(({ code }) => code === 'device/not-armed'))
    return problems;
  const late: Problem = {
    code: 'driver/too-late',
    where: where(release),
    what:
      `The device had undone the release by itself before this was found: its timer fired (${release.rollbackSeconds} s after loading),` +
      ' or it was restarted. What follows may be true of the former rules only.',
    instead: 'raise rollbackSeconds in the connection where the proof takes longer than that, then apply again.',
  };
  return [late, ...problems];
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  const what = error instanceof Error ? error.message : String(error);
  return [
    {
      code: 'driver/unforeseen',
      where: 'the driver',
      what,
      instead: 'report it with the version of cpanel-edge; then apply again.',
    },
  ];
}
