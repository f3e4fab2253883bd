import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { Connection, listHops } from '../lib/agent-protocol/release';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { OperatorProject, findProject } from '../driver/operator-project';
import { OwnershipRecord, readOwnershipRecords } from '../driver/synthesized-stack';
import { readConnectionFile } from './connection-file';
import { createHelpText } from './help-text';

/** The device that a command is about, found in the synthesized stacks or in a file. */
export interface CommandTarget {
  readonly device: string;
  readonly connection: Connection;
  /** What the stack says of this device; none where a connection was named. */
  readonly holders: readonly OwnershipRecord[];
  readonly project: OperatorProject;
}

interface CommandTargets {
  readonly targets: readonly CommandTarget[];
  /** What the stacks say of all devices. */
  readonly holders: readonly OwnershipRecord[];
}

export interface TargetOptions {
  readonly stack?: string;
  readonly connection?: string;
}

export const addTargetOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--stack <folder>', 'folder with the cdk.tf.json that names the device').conflicts('connection'),
    )
    .option('--connection <file>', 'JSON file with host, port, user, hostKeys and, if needed, identityFile and jump')
    .addHelpText(
      'after',
      createHelpText(
        'The device is looked for in cdk.tf.json of this folder, else in cdktf.out/stacks/*/cdk.tf.json (or the "output" of cdktf.json): ' +
          'run cdktf synth first. With --connection nothing is looked for, and the device is a name for people.',
      ),
    );

/** Throws Refusal cli/no-stack, cli/no-such-device, cli/several-stacks, cli/several-devices or what the files are refused for. */
export function findTarget(device: string | undefined, { stack, connection }: TargetOptions): CommandTarget {
  const folder = process.cwd();
  const surroundings = createEnvironment();
  if (connection !== undefined) {
    const fileConnection = readConnectionFile(connection);
    const { edge, apply, destroy, terraform } = findProject(folder, surroundings);
    const project: OperatorProject = { folder, edge, connection, apply, destroy, terraform };
    return { device: device ?? fileConnection.host, connection: fileConnection, holders: [], project };
  }
  const stackHolders = readHolders(stack);
  const name = device ?? pickOnlyDevice(stackHolders);
  const deviceHolders = stackHolders.filter((holder) => holder.device === name);
  const stacks = [...new Set(deviceHolders.map((holder) => holder.stack))];
  if (deviceHolders.length === 0) throw new Refusal([noSuchDevice(name, stackHolders)]);
  if (stacks.length > 1) throw new Refusal([severalStacks(name, stacks)]);
  return {
    device: name,
    connection: deviceHolders[0]!.connection,
    holders: deviceHolders,
    project: findProject(stacks[0]!, surroundings),
  };
}

/**
 * These devices, or where none is named every one of the stacks, each with all its owners, whichever stack they are in: gw2 before gw10. `read`:
 * what the stacks say, where that is known already. Throws as targetOf.
 */
export function findTargets(
  devices: readonly string[],
  { stack, connection }: TargetOptions,
  knownHolders?: readonly OwnershipRecord[],
): CommandTargets {
  if (connection !== undefined) {
    if (devices.length > 1) throw new Refusal([oneConnection(connection, devices)]);
    return { targets: [findTarget(devices[0], { connection })], holders: [] };
  }
  const stackHolders = knownHolders ?? readHolders(stack);
  const deviceNames = new Set(stackHolders.map((holder) => holder.device));
  refuseIfAny([
    ...(deviceNames.size === 0 && devices.length === 0 ? [noSuchDevice('any device', stackHolders)] : []),
    ...devices.filter((name) => !deviceNames.has(name)).map((name) => noSuchDevice(name, stackHolders)),
  ]);
  const names = [...(devices.length === 0 ? deviceNames : new Set(devices))].sort(NATURAL_ORDER.compare);
  refuseIfAny(names.flatMap((name) => checkSameName(stackHolders.filter((holder) => holder.device === name))));
  const targets = names.map((name) => {
    const holders = stackHolders.filter((holder) => holder.device === name);
    return {
      device: name,
      connection: holders[0]!.connection,
      holders,
      project: findProject(holders[0]!.stack, createEnvironment()),
    };
  });
  return { targets, holders: stackHolders };
}

const NATURAL_ORDER = new Intl.Collator('en', { numeric: true });

/** Staging and production may each have an `edge1`: one would be judged by what the other says. */
function checkSameName(holders: readonly OwnershipRecord[]): readonly Problem[] {
  const [first, ...moreHolders] = holders;
  if (moreHolders.every(({ connection }) => isSameDevice(connection, first!.connection))) return [];
  const stacks = [...new Set(holders.map((holder) => holder.stack))];
  const { instead, ...problem } = severalStacks(first!.device, stacks);
  const what = 'Two devices have this name: they are reached elsewhere, and by other host keys.';
  return [{ ...problem, what, instead: `a name of its own for each; or ${instead}` }];
}

/** Reached at one place, or known by one key of its own. */
const isSameDevice = (first: Connection, second: Connection): boolean =>
  getSshRoute(first) === getSshRoute(second) ||
  first.hostKeys.some((key) => !key.startsWith('@') && second.hostKeys.includes(key));
const getSshRoute = (connection: Connection): string =>
  listHops(connection)
    .map(({ host, port }) => `${host} ${port}`)
    .join();

/** Of the named stack, else of all there are. Throws as targetOf. */
export const readHolders = (stack: string | undefined): readonly OwnershipRecord[] =>
  stack === undefined ? readAllStacks() : readStack(stack);

/** Where commands about this holder are typed. */
export const findProjectAt = (holder: OwnershipRecord): OperatorProject =>
  findProject(holder.stack, createEnvironment());

const createEnvironment = () => ({ environment: process.env });

function readStack(stack: string): readonly OwnershipRecord[] {
  const holders = readOwnershipRecords(stack);
  if (!holders) throw new Refusal([noStack(stack, 'There is no cdk.tf.json in this folder.')]);
  return holders;
}

/** Of every stack: one that can't be read may be the one that is meant, so it is refused like the others. */
function readAllStacks(): readonly OwnershipRecord[] {
  const localHolders = readOwnershipRecords('.');
  if (localHolders) return localHolders;
  const output = join(findOutputFolder(), 'stacks');
  const folders = existsSync(output) ? readdirSync(output).sort() : [];
  const problems: Problem[] = [];
  const holdersByStack = folders.flatMap((name): readonly (readonly OwnershipRecord[])[] => {
    try {
      const holders = readOwnershipRecords(join(output, name));
      return holders ? [holders] : [];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  refuseIfAny(problems);
  if (holdersByStack.length === 0) throw new Refusal([noStack(output, 'There is no synthesized stack here.')]);
  return holdersByStack.flat();
}

/** Where cdktf puts what it synthesizes. */
export function findOutputFolder(project = '.'): string {
  try {
    const json: unknown = JSON.parse(readFileSync(join(project, 'cdktf.json'), 'utf8'));
    if (isRecord(json) && typeof json['output'] === 'string' && json['output'] !== '') return json['output'];
  } catch {
    // Then it is where cdktf puts it by itself.
  }
  return 'cdktf.out';
}

function pickOnlyDevice(stackHolders: readonly OwnershipRecord[]): string {
  const devices = [...new Set(stackHolders.map(({ device }) => device))];
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

const noSuchDevice = (wanted: string, stackHolders: readonly OwnershipRecord[]): Problem => ({
  code: 'cli/no-such-device',
  where: wanted,
  what:
    stackHolders.length === 0
      ? 'The synthesized stacks name no device.'
      : `The synthesized stacks don't name it. They have ${stackHolders.map(({ device, owner }) => `${owner} on ${device}`).join(', ')}.`,
  instead:
    stackHolders.length === 0
      ? 'the folder of the stack with the gateways and servers (--stack), or a connection with --connection.'
      : 'a device of these, or a connection with --connection.',
});

const severalStacks = (device: string, stacks: readonly string[]): Problem => ({
  code: 'cli/several-stacks',
  where: device,
  what: 'Several stacks name this device.',
  instead: `say which: ${stacks.map((stack) => `--stack ${stack}`).join(', or ')}.`,
});
