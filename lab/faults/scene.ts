// Prepares the devices of a fault test, starts the delivery that the fault interrupts, and checks afterwards that each
// device runs the old or the new release and that the next apply converges.
import { deepStrictEqual, fail, strictEqual } from 'node:assert';
import { join } from 'node:path';
import { Outcome, pause, until } from '../command';
import { Lab } from '../lab';
import { printPorts } from '../probe/ports';
import { Probed, Prober, probe } from '../probe/prober';
import { scan } from '../probe/scan';
import { REPOSITORY } from '../stack';
import { ADDRESS } from '../topology';
import { Gate, gateAt, releaseAll, toolGates } from './gate';
import { DEVICES, DeviceName, Moment } from './moment';
import { Pipeline, Running } from './pipeline';
import { Allowance, judge } from './assert-losses';
import { FaultPlatform, deviceStatus, platformOf, platformsOf, textOfOurs } from './platform';
import { ALWAYS_OPEN, NEVER_OPEN, VERSIONS, Version, Wanted, otherThan } from './version-options';

/** The state of a device, in the words of the promise. */
type Runs = 'old' | 'new' | 'nothing' | 'something else';

/**
 * Two devices that run one version, a Terraform state that agrees, and another version that is about to be applied.
 * After every combination `conclude` checks the promise and leaves the devices with the other version, with which the
 * next scene begins.
 */
export class Scene {
  /** Version on the devices and in the state when a combination begins. */
  version: Version = 'one';
  private readonly snapshots = new Map<DeviceName, Map<Version | 'none', string>>();
  private prober: Prober | undefined;
  private last: Outcome | undefined;
  private allowance: Allowance = {};
  private told: string[] = [];
  private started: Running[] = [];
  private more: Partial<Wanted> = {};

  private constructor(
    readonly lab: Lab,
    readonly platform: FaultPlatform,
    readonly terraform: string,
    readonly pipeline: Pipeline,
  ) {}

  /** Delivers both versions once, and remembers their texts on the devices. */
  static async prepared(
    lab: Lab,
    platform: FaultPlatform,
    terraform: string,
    more: Partial<Wanted> = {},
  ): Promise<Scene> {
    const scene = new Scene(lab, platform, terraform, new Pipeline(lab, terraform, 'main'));
    scene.more = more;
    if (platform.others.begins) for (const device of platform.devices) await lab.does(device, platform.others.begins);
    for (const device of DEVICES)
      scene.snapshots.set(device, new Map([['none', await textOfOurs(lab, device, platform)]]));
    for (const version of ['one', 'two'] as const) {
      await scene.pipeline.want(scene.wanted(version));
      succeeded(await scene.pipeline.apply());
      for (const device of DEVICES) scene.snapshots.get(device)!.set(version, await textOfOurs(lab, device, platform));
      scene.version = version;
    }
    for (const device of DEVICES) {
      const all = [...scene.snapshots.get(device)!.values()];
      strictEqual(new Set(all).size, all.length, `what runs on ${device} can't be told apart`);
      await toolGates(lab, device, platformOf(device, platform).tools);
    }
    return scene;
  }

  get target(): Version {
    return otherThan(this.version);
  }

  wanted(version: Version = this.target, more: Partial<Wanted> = {}): Wanted {
    return { platforms: platformsOf(this.platform), ...this.more, ...more, version };
  }

  /** Starts traffic and sessions, and synthesizes the other version. */
  async begin(): Promise<void> {
    this.allowance = {};
    this.told = [];
    this.started = [];
    this.last = undefined;
    await this.pipeline.want(this.wanted());
    this.prober = await probe(this.lab, {
      allowed: [ALWAYS_OPEN],
      forbidden: [NEVER_OPEN],
      either: Object.values(VERSIONS).map(({ port }) => port),
      sessions: [ALWAYS_OPEN, VERSIONS[this.version].port],
    });
  }

  allow(allowance: Allowance): void {
    this.allowance = { ...this.allowance, ...allowance };
  }

  /** Adds a word to the row, if "runs the old release" isn't the whole outcome. */
  tell(word: string): void {
    this.told.push(word);
  }

  gate(device: DeviceName, moment: Moment): Promise<Gate> {
    return gateAt(this.lab, device, moment);
  }

  start(argv?: readonly string[]): Running {
    const running = this.pipeline.start(argv);
    this.started.push(running);
    return running;
  }

  /** Starts an apply and returns when it waits at the moment. */
  async startTo(
    device: DeviceName,
    moment: Moment,
    argv?: readonly string[],
  ): Promise<{ readonly running: Running; readonly gate: Gate }> {
    const gate = await this.gate(device, moment);
    const running = this.start(argv);
    const early = running.ended.then(({ out, err }) =>
      fail(`Terraform ended before the fault could strike:\n${out}${err}`),
    );
    await Promise.race([gate.reached(), early]);
    early.catch(() => undefined);
    return { running, gate };
  }

  /** Waits for the end of a started apply, however it ends. */
  async ended(running: Pick<Running, 'ended'>): Promise<Outcome> {
    this.last = await running.ended;
    return this.last;
  }

  /** Applies the same again. */
  again(): Promise<Outcome> {
    return this.ended(this.start());
  }

  said(): string {
    const { out, err } = this.last ?? fail('Nothing has ended yet.');
    return out + err;
  }

  /** Types a command in the stack's folder, as the operator was told to. */
  types(command: string): Promise<Outcome> {
    const { folder, env } = this.pipeline;
    return this.lab.exec('operator', ['sh', '-c', command], { cwd: folder, env, seconds: 120 });
  }

  /**
   * Types the command of the last paragraph that matches. Terraform breaks the lines of a repeated message, so the
   * first occurrence counts.
   */
  async typesAsTold(pattern: RegExp): Promise<Outcome> {
    const command = pattern.exec(this.said())?.[1] ?? fail(`Nowhere does it say ${String(pattern)}:\n${this.said()}`);
    const outcome = await this.types(command);
    if (outcome.status !== 0) fail(`${command}\nended with ${outcome.status}: ${outcome.out}${outcome.err}`);
    return outcome;
  }

  verify(device: DeviceName): Promise<Outcome> {
    return this.types(`${process.execPath} ${join(REPOSITORY, 'dist/cli/main.js')} verify ${device} --stack .`);
  }

  /** Asserts that Terraform's output to the operator has these patterns. */
  says(...patterns: readonly RegExp[]): void {
    // Terraform begins each line with the resource's name.
    const said = this.said()
      .replace(/^\S+ \(local-exec\): /gm, '')
      .replace(/\s+/g, ' ');
    for (const pattern of patterns)
      if (!pattern.test(said)) fail(`Nowhere does it say ${String(pattern)}:\n${this.said()}`);
  }

  /** Returns Terraform's exit status. */
  status(): number {
    return (this.last ?? fail('Nothing has ended yet.')).status;
  }

  failed(): void {
    if (this.last?.status === 0) fail(`Terraform said success:\n${this.last.out}`);
  }

  succeeded(): void {
    succeeded(this.last ?? fail('Nothing has ended yet.'));
  }

  async runs(device: DeviceName, text?: string): Promise<Runs> {
    const now = text ?? (await textOfOurs(this.lab, device, this.platform));
    const known = this.snapshots.get(device)!;
    if (now === known.get(this.version)) return 'old';
    if (now === known.get(this.target)) return 'new';
    return now === known.get('none') ? 'nothing' : 'something else';
  }

  /** Returns the release that a device runs. Fails with the difference if it isn't one of these. */
  async expectRuns(device: DeviceName, ...allowed: readonly Runs[]): Promise<Runs> {
    const now = await textOfOurs(this.lab, device, this.platform);
    const runs = await this.runs(device, now);
    if (allowed.includes(runs)) return runs;
    const wantedText = this.snapshots.get(device)!.get(allowed[0] === 'old' ? this.version : this.target);
    if (runs === 'something else') deepStrictEqual(now, wantedText, `${device} runs neither release whole`);
    return fail(`${device} runs ${runs}, not ${allowed.join(' or ')}`);
  }

  /** Waits until the device has no armed release any more; its timer ends that at the latest. */
  async settled(device: DeviceName, seconds = 60): Promise<void> {
    await until(
      `${device} has settled`,
      seconds,
      async () => (await deviceStatus(this.lab, device))?.onTrial === false,
      500,
    );
  }

  /**
   * Checks the promise. Each device runs the old or the new release as a whole, the operator can log in, and Terraform
   * reported success for nothing else. Then the next apply converges. In all that time, no port was open that neither
   * release opens.
   */
  async conclude(): Promise<Concluded> {
    await releaseAll(this.lab);
    for (const device of DEVICES) {
      await this.settled(device);
      await until(
        `the operator gets in to ${device}`,
        30,
        async () => (await this.lab.ssh(device, 'true')).status === 0,
      );
    }
    const ran = new Map<DeviceName, Runs>();
    for (const device of DEVICES) ran.set(device, await this.expectRuns(device, 'old', 'new'));
    if (this.last?.status === 0)
      for (const device of DEVICES) strictEqual(ran.get(device), 'new', `Terraform said success; ${device}`);
    await this.converge();
    await pause(1000);
    const probed = await this.stopProbing();
    judge(probed, this.platform.capabilities, this.allowance);
    this.version = this.target;
    return { ran, told: this.told, probed };
  }

  /** Applies without a fault, and expects that it converges. */
  async converge(): Promise<void> {
    await this.pipeline.want(this.wanted());
    succeeded(await this.pipeline.apply());
    const planned = await this.pipeline.run(['plan', '-no-color', '-detailed-exitcode']);
    strictEqual(
      planned.status,
      0,
      `after the next apply there is still something to do:\n${planned.out}${planned.err}`,
    );
    for (const device of DEVICES) await this.expectRuns(device, 'new');
    const asked = `${NEVER_OPEN},${ALWAYS_OPEN},${VERSIONS.one.port},${VERSIONS.two.port},22`;
    const { open } = await scan(this.lab, { from: 'internet', to: ADDRESS.publicWeb1 }, asked);
    strictEqual(printPorts(open), `${ALWAYS_OPEN},${VERSIONS[this.target].port}`, 'after the next apply');
  }

  async stopProbing(): Promise<Probed> {
    const probed = await (this.prober ?? fail('Nobody is probing.')).stop();
    this.prober = undefined;
    return probed;
  }

  /** Ends everything of a combination that failed. */
  async abandon(): Promise<void> {
    await releaseAll(this.lab).catch(() => undefined);
    for (const { child } of this.started) child.kill('SIGKILL');
    if (this.prober) await this.stopProbing().catch(() => undefined);
  }
}

interface Concluded {
  /** The release that each device ran at the end, before the next apply. */
  readonly ran: ReadonlyMap<DeviceName, Runs>;
  readonly told: readonly string[];
  readonly probed: Probed;
}

export function succeeded({ status, out, err }: Outcome): void {
  if (status !== 0) fail(`Terraform ended with ${status}:\n${out.slice(-4000)}\n${err.slice(-4000)}`);
}
