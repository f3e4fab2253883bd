import { Release } from '../lib/delivering/release';
import { Problem, Refusal, printProblem } from '../lib/problems/problem';
import { preparedProgram } from './install';
import { DeviceProgram } from './program';
import { Rolled, World, arm, check, confirm, prove, proveRunning, rollback, upload } from './steps';

/** How a delivery ended, and what to tell the operator: plain words, whole lines. */
export interface Outcome {
  readonly delivered: boolean;
  readonly paragraph: readonly string[];
}

/** The steps of a delivery. Each leaves what ran before if it fails; what fails after loading is undone. Never throws a Refusal. */
export async function deliver(release: Release, program: DeviceProgram, world: World): Promise<Outcome> {
  const began = { uploaded: false, armed: false, yes: false };
  try {
    world.step('connecting');
    await preparedProgram(world.remote, program, world.say);
    heardOrRefuse(release, world);
    if ((await upload(release, world)) === 'running') {
      // Our rules are as we left them; what stands beside them may have changed since.
      await proveRunning(release, world);
      heardOrRefuse(release, world);
      return alreadyRunning(release);
    }
    began.uploaded = true;
    await check(release, world);
    heardOrRefuse(release, world);
    began.armed = true;
    await arm(release, world);
    world.say(`loaded; the device undoes it in ${release.rollbackSeconds} s unless it is confirmed`);
    heardOrRefuse(release, world);
    await prove(release, world);
    heardOrRefuse(release, world);
    began.yes = true;
    await confirm(release, world);
    return confirmed(release);
  } catch (error) {
    // Our own end of the connection looks like a broken line: what began it is said instead.
    const problems = world.stop.aborted ? [interrupted(release)] : problemsOf(error);
    const rolled = began.uploaded ? await rollback(release, world, began.armed) : undefined;
    // The yes was heard although its answer was not. A yes that nobody said, or one to something else, is none.
    if (rolled?.is === 'confirmed' && began.yes && !problemsOf(error).some(({ code }) => code === 'driver/odd-answer'))
      return confirmed(release);
    return failed(release, problems, rolled, began.armed);
  }
}

function heardOrRefuse(release: Release, world: World): void {
  if (world.stop.aborted) throw new Refusal([interrupted(release)]);
}

const interrupted = (release: Release): Problem => ({
  code: 'driver/interrupted',
  where: name(release),
  what: 'Terraform was interrupted, so nothing is confirmed.',
  instead: 'apply again.',
});

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  const what = error instanceof Error ? error.message : String(error);
  return [
    { code: 'driver/unforeseen', where: 'the driver', what, instead: 'report it with the version of cpanel-edge; then apply again.' },
  ];
}

const name = (release: Release): string => `${release.owner} on ${release.device}`;
const short = (digest: string): string => digest.slice(0, 12);

const alreadyRunning = (release: Release): Outcome => ({
  delivered: true,
  paragraph: [
    `${release.device} already runs release ${short(release.digest)} of ${release.owner}, confirmed, and it is proven again; nothing was loaded.`,
  ],
});

const confirmed = (release: Release): Outcome => ({
  delivered: true,
  paragraph: [
    `${release.device} runs release ${short(release.digest)} of ${release.owner}: proven over a new connection, confirmed, and stored for the next start.`,
  ],
});

function failed(release: Release, problems: readonly Problem[], rolled: Rolled | undefined, armed: boolean): Outcome {
  const runs =
    rolled === undefined || !armed ? `${release.device} runs what it ran before; nothing was loaded.` : afterRollback(release, rolled);
  return {
    delivered: false,
    paragraph: [
      ...problems.flatMap((problem) => printProblem(problem).split('\n')),
      `Release ${short(release.digest)} of ${name(release)} was not delivered. ${runs}`,
      'Terraform will mark it tainted and keep the former release as deposed; once the cause is gone, apply again and both converge.',
    ],
  };
}

function afterRollback(release: Release, rolled: Exclude<Rolled, { is: 'confirmed' }> | Rolled): string {
  switch (rolled.is) {
    case 'rolled-back':
      return rolled.digest === 'none'
        ? `It was undone: ${release.device} runs nothing of ${release.owner}.`
        : `It was undone: ${release.device} says that it runs release ${short(rolled.digest)} again.`;
    case 'confirmed':
      return `${release.device} says that it confirmed the release, which nobody told it: look at the device and its program.`;
    case 'unknown':
      return `${release.device} does not answer: its own timer undoes the release within ${release.rollbackSeconds} s of loading. To see what it runs: cpanel-edge verify --connection <file>.`;
    default:
      return rolled satisfies never;
  }
}
