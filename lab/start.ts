// Command `npm start`: builds a lab on this machine, deploys the stack `lab`, compares every port with the computed
// reachability, and prints a summary. Where no lab can be built, it only verifies the stack.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { wrapText } from '../lib/report/wrap-text';
import { lab as stackOfLab } from '../stacks/environments/lab';
import { endGroups } from './command';
import { Compared, countAsked, printCompared } from './compare-reachability';
import { labEnvironment } from './environment';
import { Lab } from './lab';
import { isClaimed, remove } from './claim-lab';
import { LabStack } from './stack';
import { Arguments, USAGE, parseArguments } from './start/arguments';
import { consentOf } from './start/consent';
import { buildLab, deployAndAsk, planned } from './start/deploy-steps';
import { FILES, pathOf, prepareFiles, write } from './start/files';
import { SETTLES_WITHIN, onInterruption } from './start/handle-interruption';
import { Log } from './start/log';
import { lookAround } from './start/print-lab-commands';
import { openTo } from './start/open-services';
import { whyImpossible } from './start/check-machine';
import { prepare } from './start/install-missing';
import { printLabReport } from './start/report';
import { Screen } from './start/screen';
import { StepFailed, Steps } from './start/steps';
import { COLUMNS, missingLine, summaryLines } from './start/summary';
import { findTerraform } from './start/terraform';
import { Told, toldOf } from './start/plan-facts';

const LAB = 'lab';
/** Folders of administrators' programs, which `su` without a dash leaves out of PATH. */
const ADMINISTRATORS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
/** Most lines that a run prints if everything is as proven, and lines of npm and start.sh before them. */
const MOST_LINES = 40;
const LINES_BEFORE = 5;

const NETWORKS = new Map([
  ['10.0.0.0/24', 'lan'],
  ['10.9.0.0/24', 'management'],
]);

/** One run of the command, from the first line to the last. */
class Run {
  private readonly screen = new Screen();
  private readonly log: Log;
  private readonly steps: Steps;
  private deployed = false;
  /** Removes what this run has created. */
  private undo: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly wanted: Arguments) {
    prepareFiles();
    this.log = new Log(pathOf('log'), wanted.verbose ? (text) => this.screen.raw(text) : undefined);
    this.steps = new Steps(this.screen, this.log, FILES.log);
  }

  async toTheEnd(): Promise<number> {
    const interruption = onInterruption(this.screen, this.steps, () => this.undo());
    try {
      return await this.begun();
    } catch (error) {
      await interruption.removing();
      if (!(error instanceof StepFailed)) throw error;
      this.steps.abandon();
      await endGroups();
      await this.steps.settled(SETTLES_WITHIN);
      await this.undo();
      this.log.lines('seconds', this.steps.table());
      this.screen.line(
        `${this.deployed ? 'Deployed, and not asked' : 'Nothing was deployed'}: "${error.step}" failed; see ${FILES.log}`,
      );
      return 1;
    } finally {
      interruption.over();
    }
  }

  private async begun(): Promise<number> {
    const impossible = await whyImpossible();
    if (impossible !== undefined) {
      const until = `${impossible.why} The stack is proven, not deployed.`;
      if (!process.env['CPANEL_EDGE_START_SAID'])
        for (const line of wrapText(until, 0, 2, COLUMNS)) this.screen.line(line);
      return this.withoutLab(missingLine([impossible.missing], impossible.instead));
    }
    const consent = consentOf({
      install: this.wanted.install,
      ci: process.env['CI'],
      terminal: Boolean(process.stdin.isTTY && process.stdout.isTTY),
    });
    const prepared = await prepare(consent, this.screen, this.steps);
    return 'missing' in prepared ? this.withoutLab(prepared.missing) : this.inLab(prepared.terraform);
  }

  /** Does the steps that need no lab. The last line gives the reason. */
  private async withoutLab(why: string): Promise<number> {
    const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-start-'));
    this.undo = () => Promise.resolve(rmSync(folder, { recursive: true, force: true }));
    const terraform = await findTerraform();
    const program = 'path' in terraform ? terraform.path : '';
    const stack = new LabStack({ folder, at: (_, argv) => argv, environment: () => NOWHERE }, program);
    await this.steps.run('synthesize and prove', () => stack.synthesize());
    const told = program === '' ? toldOf(stack.folder) : await planned(stack, this.steps);
    await this.undo();
    this.tell(told, undefined, why.replace(/^Nothing was deployed: /, ''));
    this.screen.line();
    this.screen.line(why);
    return 1;
  }

  private async inLab(terraform: string): Promise<number> {
    let lab: Lab | undefined;
    // Until this process has claimed the name, a lab of that name may be another process's.
    this.undo = () => (lab ? lab.down() : isClaimed(LAB) ? remove(LAB) : Promise.resolve());
    lab = await buildLab(LAB, this.steps, (up) => (lab = up));
    const { told, compared } = await deployAndAsk(lab, terraform, this.steps, () => (this.deployed = true));
    const kept = this.wanted.task === 'keep';
    if (kept) lab.keep();
    else await this.steps.run('remove the lab', () => lab!.down());
    this.undo = () => Promise.resolve();
    this.tell(told, compared, '');
    if (kept) this.screen.line(lookAround(lab, terraform));
    return compared.every(({ same }) => same) ? 0 : 1;
  }

  /** Writes the report, and prints a summary. */
  private tell(
    { exposure, mappings, review, planned: plan }: Told,
    compared: readonly Compared[] | undefined,
    why: string,
  ): void {
    this.log.lines('seconds', this.steps.table());
    const words = mappings.map(({ external, internal, server }) => `${external} to ${server} ${internal}`);
    write(
      'report',
      printLabReport({
        exposure,
        mappings: words,
        why,
        ...(review ? { review } : {}),
        ...(compared ? { compared } : {}),
      }),
    );
    const different = (compared ?? []).filter(({ same }) => !same).map(printCompared);
    const lines = summaryLines({
      mappings,
      open: exposure.devices.flatMap((device) => openTo(device, NETWORKS)),
      ...(compared ? { observed: { ...countAsked(), answers: compared.length, different } } : {}),
      files: `Report: ${FILES.report}; ${plan === '' ? 'log.txt is' : 'plan.txt and log.txt are'} beside it.`,
      room: MOST_LINES - LINES_BEFORE - this.screen.printed - (compared ? 0 : 2),
    });
    this.log.printed(lines.join('\n'));
    const { green, red } = this.screen.colours;
    for (const line of lines) this.screen.line(line.replace(/^✓.*/, green).replace(/^✗.*/, red));
  }
}

/** Environment for a stack that isn't delivered: its host keys belong to no device. */
const NOWHERE = labEnvironment.parse({
  gateway: stackOfLab.gateway.connection,
  server: stackOfLab.servers['web1']!.connection,
});

async function main(): Promise<number> {
  const wanted = parseArguments(process.argv.slice(2));
  if ('wrong' in wanted) {
    process.stderr.write(`npm start: ${wanted.wrong}\n\n${USAGE}`);
    return 2;
  }
  if (wanted.task === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  process.env['PATH'] = [process.env['PATH'] ?? '', ...ADMINISTRATORS].join(delimiter);
  if (wanted.task !== 'remove') return new Run(wanted).toTheEnd();
  const impossible = await whyImpossible();
  if (impossible !== undefined) {
    process.stderr.write(`npm start: ${impossible.why}\n`);
    return 1;
  }
  await remove(LAB);
  process.stdout.write('The lab is removed.\n');
  return 0;
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    process.stderr.write(`npm start: ${error instanceof Error ? error.message : String(error)}
`);
    process.exitCode = 1;
  },
);
