// Creates and removes a lab: devices with Debian and client hosts in network namespaces of this machine. Runs commands
// on the devices over SSH, and in the network of each host.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './removal-lock';
import { baseRoot } from './base-root';
import { Outcome, RunOptions, must, run } from './command';
import { Disk } from './disk';
import { LabEnvironment } from './environment';
import { DeviceUser, giveKeys, hostKeysOf, makeOperatorKey } from './keys';
import { Listeners } from './listeners';
import { Machine } from './machine';
import { inNamespace, makeNode, makeWire, namespaceOf } from './namespace';
import { reached } from './wait-for-ssh';
import { claim, folderOf, mark, remove, removeDead } from './claim-lab';
import { MANAGEMENT, NODES, nodeNamed } from './topology';
import { Wire } from './packet-tap';

interface LabOptions {
  /** Name of the lab: small letters and digits. Labs with different names can be up at once. */
  readonly name: string;
  readonly say?: (line: string) => void;
  /** Gives each device a disk of its own, which can be full, read-only, or lose unsynced data. See disk.ts. */
  readonly disks?: boolean;
}

/** The lab's small network, running. `up` creates one; `down` removes all of it. */
export class Lab {
  /** True after `down`: a probe that still runs then was never stopped by its test. */
  isDown = false;

  private constructor(
    readonly name: string,
    readonly wire: Wire,
    readonly operatorKey: string,
    private readonly machines: ReadonlyMap<string, Machine>,
    private readonly listeners: Listeners,
  ) {}

  static async up({ name, say = () => undefined, disks = false }: LabOptions): Promise<Lab> {
    const base = await baseRoot(say);
    const dead = await alone(async () => {
      const removed = await removeDead();
      await claim(name);
      return removed;
    });
    if (dead.length > 0) say(`removed what dead labs had left: ${dead.join(', ')}`);
    try {
      return await Lab.build(name, base, say, disks);
    } catch (error) {
      await remove(name);
      throw error;
    }
  }

  private static async build(name: string, base: string, say: (line: string) => void, disks: boolean): Promise<Lab> {
    const folder = folderOf(name);
    const operatorKey = await makeOperatorKey(folder);
    await makeWire(name);
    const listeners = new Listeners(name, folder);
    const machines = new Map<string, Machine>();
    for (const node of NODES.filter(({ kind }) => kind === 'device')) {
      const place = join(folder, 'machines', node.name);
      mkdirSync(place, { recursive: true });
      const companions = { started: () => listeners.start(node.name), ready: () => listeners.readyAt(node.name) };
      machines.set(node.name, new Machine(name, node, place, base, companions, disks ? new Disk(place) : undefined));
    }
    await Promise.all([
      ...NODES.filter(({ kind }) => kind === 'client').map(async (node) => {
        await makeNode(name, node);
        await listeners.start(node.name);
      }),
      ...[...machines.values()].map(async (machine) => {
        await machine.make((root) => giveKeys(root, operatorKey));
        await machine.start();
      }),
    ]);
    const wire = new Wire(name);
    await wire.tap();
    const lab = new Lab(name, wire, operatorKey, machines, listeners);
    lab.trustHostKeys();
    await Promise.all([...[...machines.values()].map((machine) => machine.ready()), listeners.ready()]);
    await Promise.all([...machines].map(([device, machine]) => reached(name, machine, MANAGEMENT[device]!)));
    say(`up: ${NODES.map((node) => node.name).join(', ')}`);
    return lab;
  }

  get folder(): string {
    return folderOf(this.name);
  }

  get knownHosts(): string {
    return join(this.folder, 'known_hosts');
  }

  /** Trusts the host keys that the devices show on their consoles, also of a device that was installed again. */
  trustHostKeys(): void {
    const lines = [...this.machines].flatMap(([device, { root }]) =>
      hostKeysOf(root).map((key) => `${MANAGEMENT[device]} ${key}\n`),
    );
    writeFileSync(this.knownHosts, lines.join(''));
  }

  device(name: string): Machine {
    const machine = this.machines.get(name);
    if (!machine) throw new Error(`The lab has no device "${name}"; it has ${[...this.machines.keys()].join(', ')}.`);
    return machine;
  }

  /** Returns the words that run a command in a node's network, with this machine's files and users. */
  at(node: string, argv: readonly string[]): readonly string[] {
    return inNamespace(namespaceOf(this.name, nodeNamed(node).name), argv);
  }

  /** Runs a command of this machine in a node's network. */
  exec(node: string, argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return run(this.at(node, argv), options);
  }

  /** Logs in to a device as the operator and runs a line of shell there, with the rights of that user. */
  ssh(
    device: string,
    command: string,
    { user = 'root', ...options }: RunOptions & { readonly user?: DeviceUser } = {},
  ): Promise<Outcome> {
    return this.exec('operator', this.sshArguments(device, user, [command]), options);
  }

  /** Like `ssh`, for a command that must succeed. Returns its output. */
  async does(device: string, command: string, options: RunOptions = {}): Promise<string> {
    return must(this.at('operator', this.sshArguments(device, 'root', [command])), options);
  }

  sshArguments(device: string, user: DeviceUser, rest: readonly string[]): readonly string[] {
    const options = [
      `UserKnownHostsFile=${this.knownHosts}`,
      'StrictHostKeyChecking=yes',
      'BatchMode=yes',
      'IdentitiesOnly=yes',
      'ConnectTimeout=5',
      'LogLevel=ERROR',
    ];
    return [
      'ssh',
      '-F',
      '/dev/null',
      '-i',
      this.operatorKey,
      ...options.flatMap((option) => ['-o', option]),
      `${user}@${MANAGEMENT[this.device(device).node.name]}`,
      ...rest,
    ];
  }

  /** Returns how the stack `lab` reaches the devices: see environment.ts. */
  environment(user: DeviceUser = 'root'): LabEnvironment {
    const reached = (device: string) => ({
      host: MANAGEMENT[device]!,
      port: 22,
      user,
      hostKeys: [...hostKeysOf(this.device(device).root)],
      identityFile: this.operatorKey,
    });
    return { gateway: reached('edge1'), server: reached('web1') };
  }

  /** Leaves the lab up after this process ends. */
  keep(): void {
    mark(this.name, true);
    this.listeners.release();
    for (const machine of this.machines.values()) machine.release();
  }

  async down(): Promise<void> {
    this.isDown = true;
    await Promise.all([...this.machines.values()].map((machine) => machine.cut()));
    await remove(this.name);
  }
}
