// Makes the line of a lab node slow and lossy, for tests: a relay program delays frames and drops a percentage of them.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { must } from './command';
import type { Lab } from './lab';
import { namespaceOf, portOf } from './namespace';
import { nodeNamed } from './topology';

interface SlowLineOptions {
  /** Milliseconds added to the round trip, half in each direction, accurate to ten milliseconds. */
  readonly milliseconds: number;
  /** Percentage of lost frames in each direction, 0 to 100. */
  readonly lossPercent: number;
  /** Seed of the losses: the same traffic loses the same frames. */
  readonly seed: number;
  /** Name of the node's cable. Default: the first. */
  readonly link?: string;
}

export interface SlowLine {
  /** Connects the node's cable as before. */
  end(): Promise<void>;
}

/**
 * Puts a relay between a node's cable and the wire's bridge, because many kernels lack netem. Addresses, routes and
 * connections of the node stay. A device that is started again has a new cable, without the relay.
 */
export async function slowLine(lab: Lab, node: string, options: SlowLineOptions): Promise<SlowLine> {
  const wire = namespaceOf(lab.name, 'wire');
  const { links } = nodeNamed(node);
  const link = options.link === undefined ? links[0] : links.find(({ name }) => name === options.link);
  if (!link)
    throw new Error(`"${node}" has no link "${options.link}"; it has ${links.map(({ name }) => name).join(', ')}.`);
  const port = portOf(node, link.name);
  // Interface names have at most 15 characters.
  const [bridge, near, far] = ['slow', 'near', 'far'].map((end) => `${node.slice(0, 9)}-${end}`) as [
    string,
    string,
    string,
  ];
  const ip = (lines: readonly string[]) => must(['ip', '-n', wire, '-batch', '-'], { input: `${lines.join('\n')}\n` });

  const words = [near, far, options.milliseconds / 2, options.lossPercent, options.seed].map(String);
  const child = spawn('ip', ['netns', 'exec', wire, 'perl', join(__dirname, 'relay.pl'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).once('line', () => resolve());
    child.on('error', reject);
    child.on('close', () => reject(new Error(`The relay of ${node} ended: ${said.trim()}`)));
  });
  await ip([
    `link add ${bridge} type bridge forward_delay 0 mcast_snooping 0`,
    `link set ${near} master ${bridge}`,
    `link set ${far} master ${link.segment}`,
    ...[bridge, near, far].map((name) => `link set ${name} up`),
    `link set ${port} master ${bridge}`,
  ]);
  return {
    end: async () => {
      await ip([`link set ${port} master ${link.segment}`]);
      // Frames in the relay are lost, as with a cable that is pulled. The relay's interfaces disappear with it.
      child.kill('SIGKILL');
      await ended;
      await ip([`link del ${bridge}`]);
    },
  };
}
