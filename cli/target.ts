import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { isRecord } from '../lib/agent-protocol/codec';
import { Connection, hopsOf } from '../lib/agent-protocol/release';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { Project, projectOf } from '../driver/project';
import { Holder, holdersIn } from '../driver/synthesized';
import { connectionFile } from './connection-file';
import { below } from './help';

/** The device that a command is about, found in the synthesized stacks or in a file. */
export interface Target {
  readonly device: string;
  readonly connection: Connection;
  /** What the stack says of this device; none where a connection was named. */
  readonly holders: readonly Holder[];
  readonly project: Project;
}

interface Targets {
  readonly targets: readonly Target[];
  /** What the stacks say of all devices. */
  readonly holders: readonly Holder[];
}

export interface TargetOptions {
  readonly stack?: string;
  readonly connection?: string;
}

export const withTarget = (command: Command): Command =>
  command
    .addOption(
      new Option('--stack <folder>', 'folder with the cdk.tf.json that names the device').conflicts('connection'),
    )
    .option('--connection <file>', 'JSON file with host, port, user, hostKeys and, if needed, identityFile and jump')
    .addHelpText(
      'after',
      below(
        'The device is looked for in cdk.tf.json of this folder, else in cdktf.out/stacks/*/cdk.tf.json (or the "output" of cdktf.json): ' +
          'run cdktf synth first. With --connection nothing is looked for, and the device is a name for people.',
      ),
    );

/** Throws Refusal cli/no-stack, cli/no-such-device, cli/several-stacks, cli/several-devices or what the files are refused for. */
export function targetOf(device: string | undefined, { stack, connection }: TargetOptions): Target {
  const folder = process.cwd();
  const surroundings = SURROUNDINGS();
  if (connection !== undefined) {
    const read = connectionFile(connection);
    const { edge, apply, destroy, terraform } = projectOf(folder, surroundings);
    const project: Project = { folder, edge, connection, apply, destroy, terraform };
    return { device: device ?? read.host, connection: read, holders: [], project };
  }
  const all = holdersOf(stack);
  const name = device ?? onlyDevice(all);
  const found = all.filter((holder) => holder.device === name);
  const stacks = [...new Set(found.map((holder) => holder.stack))];
  if (found.length === 0) throw new Refusal([noSuchDevice(name, all)]);
  if (stacks.length > 1) throw new Refusal([severalStacks(name, stacks)]);
  return {
    device: name,
    connection: found[0]!.connection,
    holders: found,
    project: projectOf(stacks[0]!, surroundings),
  };
}

/**
 * These devices, or where none is named every one of the stacks, each with all its owners, whichever stack they are in: gw2 before gw10. `read`:
 * what the stacks say, where that is known already. Throws as targetOf.
 */
export function targetsOf(
  devices: readonly string[],
  { stack, connection }: TargetOptions,
  read?: readonly Holder[],
): Targets {
  if (connection !== undefined) {
    if (devices.length > 1) throw new Refusal([oneConnection(connection, devices)]);
    return { targets: [targetOf(devices[0], { connection })], holders: [] };
  }
  const all = read ?? holdersOf(stack);
  const known = new Set(all.map((holder) => holder.device));
  refuseIfAny([
    ...(known.size === 0 && devices.length === 0 ? [noSuchDevice('any device', all)] : []),
    ...devices.filter((name) => !known.has(name)).map((name) => noSuchDevice(name, all)),
  ]);
  const names = [...(devices.length === 0 ? known : new Set(devices))].sort(AS_COUNTED.compare);
  refuseIfAny(names.flatMap((name) => twoOfOneName(all.filter((holder) => holder.device === name))));
  const targets = names.map((name) => {
    const holders = all.filter((holder) => holder.device === name);
    return {
      device: name,
      connection: holders[0]!.connection,
      holders,
      project: projectOf(holders[0]!.stack, SURROUNDINGS()),
    };
  });
  return { targets, holders: all };
}

const AS_COUNTED = new Intl.Collator('en', { numeric: true });

/** Staging and production may each have an `edge1`: one would be judged by what the other says. */
function twoOfOneName(holders: readonly Holder[]): readonly Problem[] {
  const [first, ...others] = holders;
  if (others.every(({ connection }) => sameDevice(connection, first!.connection))) return [];
  const stacks = [...new Set(holders.map((holder) => holder.stack))];
  const { instead, ...problem } = severalStacks(first!.device, stacks);
  const what = 'Two devices have this name: they are reached elsewhere, and by other host keys.';
  return [{ ...problem, what, instead: `a name of its own for each; or ${instead}` }];
}

/** Reached at one place, or known by one key of its own. */
const sameDevice = (one: Connection, other: Connection): boolean =>
  placesOf(one) === placesOf(other) || one.hostKeys.some((key) => !key.startsWith('@') && other.hostKeys.includes(key));
const placesOf = (connection: Connection): string =>
  hopsOf(connection)
    .map(({ host, port }) => `${host} ${port}`)
    .join();

/** Of the named stack, else of all there are. Throws as targetOf. */
export const holdersOf = (stack: string | undefined): readonly Holder[] =>
  stack === undefined ? everyHolder() : named(stack);

/** Where commands about this holder are typed. */
export const projectAt = (holder: Holder): Project => projectOf(holder.stack, SURROUNDINGS());

const SURROUNDINGS = () => ({ environment: process.env });

function named(stack: string): readonly Holder[] {
  const holders = holdersIn(stack);
  if (!holders) throw new Refusal([noStack(stack, 'There is no cdk.tf.json in this folder.')]);
  return holders;
}

/** Of every stack: one that can't be read may be the one that is meant, so it is refused like the others. */
function everyHolder(): readonly Holder[] {
  const here = holdersIn('.');
  if (here) return here;
  const output = join(outputFolder(), 'stacks');
  const folders = existsSync(output) ? readdirSync(output).sort() : [];
  const problems: Problem[] = [];
  const found = folders.flatMap((name): readonly (readonly Holder[])[] => {
    try {
      const holders = holdersIn(join(output, name));
      return holders ? [holders] : [];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  refuseIfAny(problems);
  if (found.length === 0) throw new Refusal([noStack(output, 'There is no synthesized stack here.')]);
  return found.flat();
}

/** Where cdktf puts what it synthesizes. */
export function outputFolder(project = '.'): string {
  try {
    const read: unknown = JSON.parse(readFileSync(join(project, 'cdktf.json'), 'utf8'));
    if (isRecord(read) && typeof read['output'] === 'string' && read['output'] !== '') return read['output'];
  } catch {
    // Then it is where cdktf puts it by itself.
  }
  return 'cdktf.out';
}

function onlyDevice(all: readonly Holder[]): string {
  const devices = [...new Set(all.map(({ device }) => device))];
  if (devices.length === 1) return devices[0]!;
  throw new Refusal([
    {
      code: 'cli/several-devices',
      where: 'the synthesized stacks',
      what:
        devices.length === 0 ? 'They name no device.' : `They name ${devices.length} devices: ${devices.join(', ')}.`,
      instead: 'name one of them.',
    },
  ]);
}

const oneConnection = (file: string, devices: readonly string[]): Problem => ({
  code: 'cli/several-devices',
  where: `--connection ${file}`,
  what: `It is the connection of one device, and ${devices.length} are named: ${devices.join(', ')}.`,
  instead: 'one of them; or without it, and the stacks say how each is reached.',
});

const noStack = (where: string, what: string): Problem => ({
  code: 'cli/no-stack',
  where,
  what,
  instead:
    'run it in the project, after npx cdktf synth; or name the folder with --stack, or a connection with --connection.',
});

const noSuchDevice = (wanted: string, all: readonly Holder[]): Problem => ({
  code: 'cli/no-such-device',
  where: wanted,
  what:
    all.length === 0
      ? 'The synthesized stacks name no device.'
      : `The synthesized stacks don't name it. They have ${all.map(({ device, owner }) => `${owner} on ${device}`).join(', ')}.`,
  instead:
    all.length === 0
      ? 'the folder of the stack with the gateways and servers (--stack), or a connection with --connection.'
      : 'a device of these, or a connection with --connection.',
});

const severalStacks = (device: string, stacks: readonly string[]): Problem => ({
  code: 'cli/several-stacks',
  where: device,
  what: 'Several stacks name this device.',
  instead: `say which: ${stacks.map((stack) => `--stack ${stack}`).join(', or ')}.`,
});
