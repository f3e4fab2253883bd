// Runs one device of the lab as a whole Debian system in systemd-nspawn: starts, stops and reboots it, cuts its power,
// breaks its disk, sets its clock.
import { ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgetClock, setClock } from './clock';
import { must, run, until } from './command';
import { Disk } from './disk';
import { inGroup, removeGroups } from './control-groups';
import { kill, processStart } from './process';
import { makeNode, namespaceOf, processesIn, removeNamespace, unplug } from './namespace';
import { bringUpAtBoot } from './networking';
import { Node } from './topology';

/** Exit status of systemd-nspawn if the machine inside asked for a reboot. */
const ASKED_FOR_REBOOT = 133;

/** Programs beside a machine that must follow it into its new network. */
interface Companions {
  started(): Promise<void>;
  ready(): Promise<void>;
}

/** A whole Debian system: its own root over the base, its own users, sshd, and systemd as first process. */
export class Machine {
  private supervisor: ChildProcess | undefined;
  private ended: Promise<number> = Promise.resolve(0);
  /** Set while this process stops or starts the machine, so that its end doesn't count as a reboot of its own. */
  private commanded = false;
  private rebooting: Promise<void> = Promise.resolve();

  constructor(
    private readonly lab: string,
    readonly node: Node,
    private readonly folder: string,
    private readonly base: string,
    private readonly companions: Companions,
    /** Without it, the machine writes into a folder of this machine, which is faster and never full. */
    readonly ownDisk?: Disk,
  ) {}

  get root(): string {
    return join(this.folder, 'root');
  }

  get namespace(): string {
    return namespaceOf(this.lab, this.node.name);
  }

  get console(): string {
    return join(this.folder, 'console');
  }

  /** Mounts the root. `prepare` writes the files that make it this device. */
  async make(prepare: (root: string) => Promise<void>): Promise<void> {
    await this.ownDisk?.make();
    for (const part of ['upper', 'work']) mkdirSync(join(this.written, part), { recursive: true });
    mkdirSync(this.root, { recursive: true });
    await this.mountRoot();
    writeFileSync(join(this.root, 'etc/hostname'), `${this.node.name}\n`);
    writeFileSync(join(this.root, 'etc/hosts'), `127.0.0.1 localhost ${this.node.name}\n::1 localhost\n`);
    if (this.node.forwards) {
      writeFileSync(
        join(this.root, 'etc/sysctl.d/50-router.conf'),
        'net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n',
      );
    }
    bringUpAtBoot(this.root, this.node);
    await prepare(this.root);
    await this.ownDisk?.sync();
  }

  private get written(): string {
    return this.ownDisk?.content ?? this.folder;
  }

  private async mountRoot(): Promise<void> {
    const layers = `lowerdir=${this.base},upperdir=${join(this.written, 'upper')},workdir=${join(this.written, 'work')}`;
    await must(['mount', '-t', 'overlay', 'overlay', '-o', layers, this.root]);
  }

  /**
   * Starts the machine in a new namespace. An old one would keep nft tables, addresses and sysctls while the machine is
   * off, unlike real hardware.
   */
  async start(): Promise<void> {
    await this.leaveNetwork();
    if (await this.ownDisk?.repaired(this.root)) await this.mountRoot();
    forgetClock(this.root);
    await makeNode(this.lab, this.node);
    const log = openSync(this.console, 'a');
    const [program = '', ...rest] = inGroup(this.namespace, [
      'systemd-nspawn',
      '-D',
      this.root,
      `--network-namespace-path=/run/netns/${this.namespace}`,
      '--register=no',
      '--keep-unit',
      '--boot',
      '--quiet',
      '--console=pipe',
      `--machine=${this.namespace}`,
      '--capability=CAP_NET_ADMIN,CAP_NET_RAW',
    ]);
    const child = spawn(
      program,
      rest,
      // A process group of its own: Ctrl-C in a terminal is for this process, which ends the machines in order.
      {
        stdio: ['ignore', log, log],
        detached: true,
        env: { ...process.env, SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network' },
      },
    );
    closeSync(log);
    this.supervisor = child;
    this.commanded = false;
    if (child.pid !== undefined)
      writeFileSync(join(this.folder, 'supervisor'), `${child.pid} ${processStart(child.pid)}\n`);
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => appendFileSync(this.console, `${error.message}\n`));
      child.on('exit', (code) => {
        this.supervisor = undefined;
        if (code === ASKED_FOR_REBOOT && !this.commanded) this.rebooting = this.start();
        resolve(code ?? 128);
      });
    });
    await this.companions.started();
  }

  /**
   * Waits until its sshd listens. After a minute it throws with the jobs that systemd waits for and the end of the
   * console.
   */
  async ready(): Promise<void> {
    await this.rebooting;
    try {
      await until(`${this.node.name} boots`, 60, async () => {
        const listening = await run(['ip', 'netns', 'exec', this.namespace, 'ss', '-Hltn', 'sport = :22']);
        return listening.out.trim() !== '';
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await this.bootSays()}`);
    }
    await this.companions.ready();
  }

  private async bootSays(): Promise<string> {
    const jobs = await this.inside(['systemctl', '--no-pager', 'list-jobs']).then(run, (error: Error) => ({
      out: `${error.message}\n`,
    }));
    return `${jobs.out}${readFileSync(this.console, 'utf8').slice(-2000)}`;
  }

  get running(): boolean {
    return this.supervisor !== undefined;
  }

  /** Shuts down in order, as an operator does: units are stopped, and files are written. */
  async powerOff(): Promise<void> {
    await this.end('SIGTERM', 20);
  }

  /** Stops without a shutdown: no unit runs its stop commands. Data that was written but not synced is kept. */
  async cut(): Promise<void> {
    await this.end('SIGKILL', 5);
  }

  /**
   * Like `cut`, but data that wasn't synced is lost, as with a real power failure. The caller starts the machine again.
   */
  async losePower(): Promise<void> {
    await this.cut();
    await this.disk.loseUnsynced(this.root);
    await this.mountRoot();
  }

  async losePowerAndStart(): Promise<void> {
    await this.losePower();
    await this.start();
    await this.ready();
  }

  /** Fills the disk: only existing data can be overwritten. /tmp and /run are in memory and aren't full. */
  async fillDisk(): Promise<void> {
    await this.disk.fill();
  }

  async freeDisk(): Promise<void> {
    await this.disk.free();
  }

  /**
   * Makes everything but /tmp and /run read-only, or writable again. Throws while a program has a file open for
   * writing.
   */
  async readOnly(on: boolean): Promise<void> {
    // The journal is nearly always open for writing; other files aren't.
    if (on) await must(await this.inside(['journalctl', '--relinquish-var']));
    await this.disk.readOnly(on);
    if (!on) await must(await this.inside(['journalctl', '--flush']));
  }

  /** Causes a disk error: the disk is read-only at once, until the next start checks it. */
  async failDisk(): Promise<void> {
    await this.disk.fail();
  }

  /**
   * Moves the wall clock of programs that start from now on: "+1d", or null for the true one. clock.ts lists the
   * exceptions.
   */
  async clock(offset: string | null): Promise<void> {
    await setClock(this, offset);
  }

  private get disk(): Disk {
    if (!this.ownDisk) throw new Error(`${this.node.name} has no disk of its own: Lab.up({ disks: true }).`);
    return this.ownDisk;
  }

  /** Returns the process id, on this machine, of the machine's first process. */
  async firstProcess(): Promise<string> {
    const supervisor = this.supervisor?.pid;
    const first = supervisor && (await run(['cat', `/proc/${supervisor}/task/${supervisor}/children`])).out.trim();
    if (!first) throw new Error(`${this.node.name} is not running.`);
    return first;
  }

  /**
   * Returns the words that run a command inside without sshd. The command has more rights than the machine's own root.
   */
  async inside(argv: readonly string[]): Promise<readonly string[]> {
    return ['nsenter', '-t', await this.firstProcess(), '-a', ...argv];
  }

  async reboot(): Promise<void> {
    await this.powerOff();
    await this.start();
    await this.ready();
  }

  /** Starts the machine again after a program inside asked for a reboot. */
  async rebootedByItself(): Promise<void> {
    await this.ended;
    await this.ready();
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL', seconds: number): Promise<void> {
    await this.rebooting;
    const child = this.supervisor;
    if (!child?.pid) return;
    this.commanded = true;
    // Killing the supervisor alone would leave the machine running without one.
    if (signal === 'SIGKILL') for (const pid of await processesIn(this.namespace)) kill(pid, signal);
    kill(child.pid, signal);
    const pid = child.pid;
    const impatient = setTimeout(() => {
      void processesIn(this.namespace).then((pids) => [...pids, pid].forEach((each) => kill(each, 'SIGKILL')));
    }, seconds * 1000);
    await this.ended;
    clearTimeout(impatient);
    await this.leaveNetwork();
  }

  private async leaveNetwork(): Promise<void> {
    await unplug(this.lab, this.node);
    await removeNamespace(this.namespace);
    await removeGroups(this.namespace);
  }

  /** Lets it run on without this process. */
  release(): void {
    this.supervisor?.unref();
  }
}
