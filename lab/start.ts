import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { printReport } from '../lib/proving/report';
import { run } from './command';
import { compareAll } from './compared';
import { Lab } from './lab';
import { plannedProofs, synthesizedProofs } from './planned';
import { ProvenLab } from './proven';
import { remove } from './remains';
import { LabStack, REPOSITORY, synthesize } from './stack';
import { USAGE, parseArguments } from './start/arguments';
import { build } from './start/build';
import { lookAround } from './start/look-around';
import { installPackages } from './start/packages';
import { impossibleBecause } from './start/possible';
import { Timetable } from './start/timetable';

const LAB = 'lab';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const wanted = parseArguments(process.argv.slice(2), process.env['CI']);
  if ('wrong' in wanted) {
    process.stderr.write(`npm start: does not know ${wanted.wrong}\n\n${USAGE}`);
    return 2;
  }
  if (wanted.task === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const impossible = await impossibleBecause();
  if (impossible !== undefined) return withoutLab(impossible, wanted.task === 'remove');
  if (wanted.task === 'remove') {
    await remove(LAB);
    say('The lab is removed.');
    return 0;
  }
  const refused = await installPackages(wanted.yes, say);
  if (refused !== undefined) return withoutLab(refused, false);
  const terraform = await run(['sh', 'scripts/find-terraform.sh', ...(wanted.yes ? ['--yes'] : [])], { cwd: REPOSITORY, seconds: 300 });
  if (terraform.status !== 0) return withoutLab(terraform.err.trim(), false);
  return show(terraform.out.trim(), wanted.task === 'keep');
}

/** What works anywhere: the stack is synthesized, which proves it, and its exposure is shown. */
async function withoutLab(why: string, removing: boolean): Promise<number> {
  say(why);
  if (removing) return 1;
  say('\nWithout the lab nothing is deployed. What would be, synthesized and proven:\n');
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-synth-'));
  try {
    const stack = await synthesize(folder, 'lab');
    say(printReport(synthesizedProofs(JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')))));
  } finally {
    rmSync(folder, { recursive: true });
  }
  return 0;
}

async function show(terraform: string, keep: boolean): Promise<number> {
  const times = new Timetable(say);
  let lab: Lab | undefined;
  let kept = false;
  // A Ctrl-C ends the lab in order; what we started in our process group got it too, and fails meanwhile.
  let removing: Promise<void> | undefined;
  const interrupted = () => {
    if (!removing) say('\ninterrupted: removing the lab');
    removing ??= (lab ? lab.down() : remove(LAB)).finally(() => process.exit(130));
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    lab = await times.part('build the lab', () => Lab.up({ name: LAB, say: (line) => say(`  ${line}`) }));
    const different = await deployAndAsk(lab, new LabStack(lab, terraform), times);
    say(different === 0 ? '\nEverything that was observed is what was proven.' : `\n${different} answers DIFFER from what was proven.`);
    if (keep) {
      lab.keep();
      kept = true;
      say(lookAround(lab, terraform));
    }
    return different === 0 ? 0 : 1;
  } finally {
    await removing;
    if (lab && !kept) await times.part('remove the lab', lab.down.bind(lab));
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    say(`\n${times.print()}`);
  }
}

async function deployAndAsk(lab: Lab, stack: LabStack, times: Timetable): Promise<number> {
  await times.part('build the package', async () => say(`  ${await build(REPOSITORY)}`));
  await times.part('synthesize and prove', () => stack.synthesize());
  const plan = await times.part('plan', async () => {
    await stack.init();
    const { text } = await stack.plan();
    return { text, json: await stack.planJson() };
  });
  say(plan.text);
  const proofs = plannedProofs(plan.json);
  say('What the plan will expose, read from the text that it sends:\n');
  say(printReport(proofs));
  await times.part('apply', async () => {
    const applied = await stack.apply({ watch: (text) => void process.stdout.write(text.replace(/^(?=.)/gm, '  ')) });
    if (applied.status !== 0) throw new Error(`terraform apply ended with ${applied.status}`);
  });
  const compared = await times.part('ask every port, from everywhere', () => compareAll(lab, new ProvenLab(proofs), say));
  return compared.filter(({ same }) => !same).length;
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
