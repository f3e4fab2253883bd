// Starts the programs that listen on the ports of the lab's nodes, and waits until they do, so that probes get answers.
import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { run, until } from './command';
import { inNamespace, namespaceOf } from './namespace';
import { program } from './probe/probe-command';
import { OUTSIDE_TCP, OUTSIDE_UDP, SERVER_TCP, SERVER_UDP, STRANGER_TCP, STRANGER_UDP } from './probed-ports';

/** Ports on which each node listens besides its sshd. The node itself closes all others. */
const LISTENS: Readonly<Record<string, { readonly tcp: readonly number[]; readonly udp: readonly number[] }>> = {
  web1: { tcp: [...SERVER_TCP, ...STRANGER_TCP], udp: [...SERVER_UDP, ...STRANGER_UDP] },
  internet: { tcp: OUTSIDE_TCP, udp: OUTSIDE_UDP },
  peer: { tcp: OUTSIDE_TCP, udp: OUTSIDE_UDP },
  neighbour: { tcp: [80], udp: [53] },
  office: { tcp: [80], udp: [53] },
};

/**
 * The listening programs. They are processes of this machine in the nodes' networks, so that devices need nothing for
 * the lab.
 */
export class Listeners {
  private readonly children = new Map<string, ChildProcess>();

  constructor(
    private readonly lab: string,
    private readonly folder: string,
  ) {}

  /** Starts the listener of a node. A node that was started again has a new network, without its old listener. */
  async start(node: string): Promise<void> {
    const ports = LISTENS[node];
    if (!ports) return;
    this.children.get(node)?.kill('SIGKILL');
    const argv = [...program(this.folder, 'listener'), JSON.stringify({ name: node, ...ports })];
    const [command = '', ...rest] = inNamespace(namespaceOf(this.lab, node), argv);
    const log = openSync(join(this.folder, `listener-${node}.log`), 'a');
    const child = spawn(command, rest, { stdio: ['ignore', log, log], detached: true });
    child.on('error', () => undefined);
    closeSync(log);
    this.children.set(node, child);
  }

  async ready(): Promise<void> {
    await Promise.all([...this.children.keys()].map((node) => this.readyAt(node)));
  }

  async readyAt(node: string): Promise<void> {
    const ports = LISTENS[node];
    if (!ports) return;
    const wanted = ports.tcp.length + ports.udp.length;
    await until(`${node} listens on ${wanted} ports (see ${this.folder}/listener-${node}.log)`, 60, async () => {
      const { out } = await run(inNamespace(namespaceOf(this.lab, node), ['ss', '-Hlnptu']));
      return (
        out.split('\n').filter((line) => line.includes('"node"') || line.includes('"MainThread"')).length >= wanted
      );
    });
  }

  /** Lets them run on without this process. */
  release(): void {
    for (const child of this.children.values()) child.unref();
  }
}
