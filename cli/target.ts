// Finds the devices that a command is about, in the synthesized stacks or in a connection file.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { Connection, listHops } from '../lib/agent-protocol/release';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { OperatorProject, findFrameworkCommand, findProject } from '../driver/operator-project';
import { OwnershipRecord, readOwnershipRecords } from '../driver/synthesized-stack';
import { createHelpText } from './help-text';

/** Loads the schema of what people write only when it is needed: most commands have no connection file. */
const loadConnectionFile = (): typeof import('./connection-file') =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
  require('./connection-file') as typeof import('./connection-file');

/** The device that a command is about, found in the synthesized stacks or in a file. */
export interface CommandTarget {
  readonly device: string;
  readonly connection: Connection;
  /** The ownership records of this device in its stack; empty if a connection was named. */
  readonly ownershipRecords: readonly OwnershipRecord[];
  readonly project: OperatorProject;
}

interface CommandTargets {
  readonly targets: readonly CommandTarget[];
  /** The ownership records of all devices in the stacks. */
  readonly ownershipRecords: readonly OwnershipRecord[];
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
          'synthesize first. With --connection nothing is looked for, and the device is a name for people.',
      ),
    );

/**
 * Returns the target with this name, or the only device of the stacks.
 * @throws Refusal cli/no-stack, cli/no-such-device, cli/several-stacks, cli/several-devices, and the codes of the files
 */
export function findTarget(device: string | undefined, { stack, connection }: TargetOptions): CommandTarget {
  const folder = process.cwd();
  const projectOptions = createEnvironment();
  if (connection !== undefined) {
    const fileConnection = loadConnectionFile().readConnectionFile(connection);
    const { packageCommand, synth, apply, destroy, terraform } = findProject(folder, projectOptions);
    const project: OperatorProject = { folder, packageCommand, connection, synth, apply, destroy, terraform };
    return { device: device ?? fileConnection.host, connection: fileConnection, ownershipRecords: [], project };
  }
  const stackRecords = readRecords(stack);
  const name = device ?? pickOnlyDevice(stackRecords);
  const deviceRecords = stackRecords.filter((record) => record.device === name);
  const stacks = [...new Set(deviceRecords.map((record) => record.stack))];
  if (deviceRecords.length === 0) throw new Refusal([createNoSuchDeviceProblem(name, stackRecords)]);
  if (stacks.length > 1) throw new Refusal([createSeveralStacksProblem(name, stacks)]);
  return {
    device: name,
    connection: deviceRecords[0]!.connection,
    ownershipRecords: deviceRecords,
    project: findProject(stacks[0]!, projectOptions),
  };
}

/**
 * Returns the targets with these names, or every device of the stacks. Each has all its owners, from all stacks. They
 * are in natural order: gw2 before gw10.
 * @param knownRecords The ownership records of the stacks, if they are read already
 * @throws Refusal with the codes of findTarget
 */
export function findTargets(
  devices: readonly string[],
  { stack, connection }: TargetOptions,
  knownRecords?: readonly OwnershipRecord[],
): CommandTargets {
  if (connection !== undefined) {
    if (devices.length > 1) throw new Refusal([createOneConnectionProblem(connection, devices)]);
    return { targets: [findTarget(devices[0], { connection })], ownershipRecords: [] };
  }
  const stackRecords = knownRecords ?? readRecords(stack);
  const deviceNames = new Set(stackRecords.map((record) => record.device));
  refuseIfAny([
    ...(deviceNames.size === 0 && devices.length === 0 ? [createNoSuchDeviceProblem('any device', stackRecords)] : []),
    ...devices.filter((name) => !deviceNames.has(name)).map((name) => createNoSuchDeviceProblem(name, stackRecords)),
  ]);
  const names = [...(devices.length === 0 ? deviceNames : new Set(devices))].sort(NATURAL_ORDER.compare);
  refuseIfAny(names.flatMap((name) => checkSameName(stackRecords.filter((record) => record.device === name))));
  const targets = names.map((name) => {
    const ownershipRecords = stackRecords.filter((record) => record.device === name);
    return {
      device: name,
      connection: ownershipRecords[0]!.connection,
      ownershipRecords,
      project: findProject(ownershipRecords[0]!.stack, createEnvironment()),
    };
  });
  return { targets, ownershipRecords: stackRecords };
}

const NATURAL_ORDER = new Intl.Collator('en', { numeric: true });

/**
 * Returns a problem if these records are of two devices with one name. Staging and production may each have an `edge1`:
 * one would be verified by the records of the other.
 */
function checkSameName(ownershipRecords: readonly OwnershipRecord[]): readonly Problem[] {
  const [first, ...moreRecords] = ownershipRecords;
  if (moreRecords.every(({ connection }) => isSameDevice(connection, first!.connection))) return [];
  const stacks = [...new Set(ownershipRecords.map((record) => record.stack))];
  const { instead, ...problem } = createSeveralStacksProblem(first!.device, stacks);
  const message = 'Two devices have this name: they are reached elsewhere, and by other host keys.';
  return [{ ...problem, what: message, instead: `a name of its own for each; or ${instead}` }];
}

/**
 * Returns whether both connections have the same route, or share a host key of one device (no line with an @ marker).
 */
const isSameDevice = (first: Connection, second: Connection): boolean =>
  getSshRoute(first) === getSshRoute(second) ||
  first.hostKeys.some((key) => !key.startsWith('@') && second.hostKeys.includes(key));
const getSshRoute = (connection: Connection): string =>
  listHops(connection)
    .map(({ host, port }) => `${host} ${port}`)
    .join();

/**
 * Returns the ownership records of the named stack, else of all stacks.
 * @throws Refusal with the codes of findTarget
 */
export const readRecords = (stack: string | undefined): readonly OwnershipRecord[] =>
  stack === undefined ? readAllStacks() : readStack(stack);

/** Returns the project in which the operator types commands about this ownership record. */
export const findDeviceProject = (record: OwnershipRecord): OperatorProject =>
  findProject(record.stack, createEnvironment());

const createEnvironment = () => ({ environment: process.env });

function readStack(stack: string): readonly OwnershipRecord[] {
  const ownershipRecords = readOwnershipRecords(stack);
  if (!ownershipRecords) throw new Refusal([createNoStackProblem(stack, 'There is no cdk.tf.json in this folder.')]);
  return ownershipRecords;
}

/** Returns the records of every stack. An unreadable stack is refused: it may be the one that is meant. */
function readAllStacks(): readonly OwnershipRecord[] {
  const localRecords = readOwnershipRecords('.');
  if (localRecords) return localRecords;
  const output = join(findOutputFolder(), 'stacks');
  const folders = existsSync(output) ? readdirSync(output).sort() : [];
  const problems: Problem[] = [];
  const recordsByStack = folders.flatMap((name): readonly (readonly OwnershipRecord[])[] => {
    try {
      const ownershipRecords = readOwnershipRecords(join(output, name));
      return ownershipRecords ? [ownershipRecords] : [];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  refuseIfAny(problems);
  if (recordsByStack.length === 0)
    throw new Refusal([createNoStackProblem(output, 'There is no synthesized stack here.')]);
  return recordsByStack.flat();
}

/** Returns the output folder of cdktf, by cdktf.json. */
export function findOutputFolder(project = '.'): string {
  try {
    const json: unknown = JSON.parse(readFileSync(join(project, 'cdktf.json'), 'utf8'));
    if (isRecord(json) && typeof json['output'] === 'string' && json['output'] !== '') return json['output'];
  } catch {
    // Without a readable cdktf.json it is the default of cdktf.
  }
  return 'cdktf.out';
}

function pickOnlyDevice(stackRecords: readonly OwnershipRecord[]): string {
  const devices = [...new Set(stackRecords.map(({ device }) => device))];
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

const createOneConnectionProblem = (file: string, devices: readonly string[]): Problem => ({
  code: 'cli/several-devices',
  where: `--connection ${file}`,
  what: `It is the connection of one device, and ${devices.length} are named: ${devices.join(', ')}.`,
  instead: 'one of them; or without it, and the stacks say how each is reached.',
});

const createNoStackProblem = (where: string, what: string): Problem => ({
  code: 'cli/no-stack',
  where,
  what,
  instead: `run it in the project, after ${findFrameworkCommand()} synth; or name the folder with --stack, or a connection with --connection.`,
});

const createNoSuchDeviceProblem = (deviceName: string, stackRecords: readonly OwnershipRecord[]): Problem => ({
  code: 'cli/no-such-device',
  where: deviceName,
  what:
    stackRecords.length === 0
      ? 'The synthesized stacks name no device.'
      : `The synthesized stacks don't name it. They have ${stackRecords.map(({ device, owner }) => `${owner} on ${device}`).join(', ')}.`,
  instead:
    stackRecords.length === 0
      ? 'the folder of the stack with the gateways and servers (--stack), or a connection with --connection.'
      : 'a device of these, or a connection with --connection.',
});

const createSeveralStacksProblem = (device: string, stacks: readonly string[]): Problem => ({
  code: 'cli/several-stacks',
  where: device,
  what: 'Several stacks name this device.',
  instead: `say which: ${stacks.map((stack) => `--stack ${stack}`).join(', or ')}.`,
});
