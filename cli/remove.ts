// Command `remove`: removes an owner's release from one device or from several at once. Terraform runs it by its former
// name `retract`.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { runFront } from '../driver/front-process';
import { loadAgent } from '../driver/agent-program';
import { createInterruption, removeOwner } from '../driver/remove';
import { RemoveOutcome, describeUnaware } from '../driver/remove-outcome';
import { useSsh } from '../driver/ssh';
import { OWNER_TOKEN_VARIABLE } from '../lib/agent-protocol/work-codec';
import { JSON_SCHEMA, printDisplayJson } from '../lib/problems/print-json';
import { Problem, Refusal, escapeForDisplay } from '../lib/problems/problem';
import { MAX_AT_ONCE, runAtOnce, formatRefusal, pickWorstStatus } from './run-at-once';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { createHelpText } from './help-text';
import { runUntilInterrupted } from './interruption';
import { RemoveRequest, addOwnerOptions } from './owner-options';
import { PrintLine, runWithProgress } from './progress';
import { RemoveOptions, UnaskedDevice, createOrders } from './remove-orders';

type RemoveCommandOptions = RemoveOptions & FormatOptions<'text' | 'json'>;
/** A removal whose turn had not come when the command was interrupted. */
interface UnbegunRemoval {
  readonly device: string;
  readonly owner: string;
  readonly isBegun: false;
}
type RemovalEnding =
  UnaskedDevice | UnbegunRemoval | ({ readonly device: string; readonly owner: string } & RemoveOutcome);

/** Terraform starts the command by its former name, `retract`. */
export const createRemoveCommand = (name: 'remove' | 'retract'): Command =>
  addFormatOptions(addOwnerOptions(new Command(name)), ['text', 'json'])
    .description(
      'Removes an owner from devices: a gateway goes back to what it was without it, a server keeps its inbound closed unless its release says otherwise.',
    )
    .argument(
      '[device...]',
      'names in the intent; without any Terraform has started this, and the environment says what to do',
    )
    .addOption(
      new Option(
        '--live <file>',
        "for several: devices' own answers (cpanel-edge verify --json), which have the owner token of each",
      ).conflicts(['ownerToken', 'lease']),
    )
    .addOption(new Option('--all', 'every device that by --live holds the owner').conflicts('connection'))
    .addHelpText(
      'after',
      createHelpText(
        'It asks nothing, and refuses an owner token that is not the device’s. One that fails stops none of the others. Exit status: 0 removed; 1 not; ' +
          '2 wrong use, or it isn’t known what is to be removed. Of several devices 2 wins over 1.',
      ),
    )
    .action(async (names: readonly string[], options: RemoveCommandOptions, command: Command) => {
      const isTyped = command.options.some((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
      if (names.length === 0 && !isTyped && process.env[OWNER_TOKEN_VARIABLE] !== undefined)
        process.exitCode = await runFront('retract');
      else if (names.length === 0 && options.all !== true) throw new Refusal([deviceMissing]);
      else await removeByHand(createOrders(names, options), getFormat(options));
    });

const removeByHand = (orders: readonly (RemoveRequest | UnaskedDevice)[], format: 'text' | 'json'): Promise<void> =>
  runUntilInterrupted(async (stop) => {
    const printLine: PrintLine = (line) =>
      void (format === 'json' ? process.stderr : process.stdout).write(`${line}\n`);
    const removalEndings = await runWithProgress(
      'devices asked',
      (reportProgress, print) =>
        runAtOnce(
          orders,
          MAX_AT_ONCE,
          (order) =>
            runRemoval(order, stop, (line) =>
              print(orders.length > 1 ? `${escapeForDisplay(order.device)}: ${line}` : line),
            ),
          reportProgress,
        ),
      process.stderr,
      printLine,
    );
    process.exitCode = pickWorstStatus(
      removalEndings.map((ending) => ('refusal' in ending ? 2 : 'delivered' in ending && ending.delivered ? 0 : 1)),
    );
    process.stdout.write(
      format === 'json'
        ? `${printDisplayJson(toJson(removalEndings))}\n`
        : formatEndings(removalEndings)
            .map((line) => `${line}\n`)
            .join(''),
    );
    for (const ending of removalEndings)
      if ('refusal' in ending)
        process.stderr.write(formatRefusal(ending.device, ending.refusal, removalEndings.length > 1));
  });

async function runRemoval(
  order: RemoveRequest | UnaskedDevice,
  signal: AbortSignal,
  printLine: PrintLine,
): Promise<RemovalEnding> {
  if ('refusal' in order) return order;
  const { device, owner, connection, ownerToken, project } = order;
  if (signal.aborted) return { device, owner, isBegun: false };
  try {
    return await useSsh(connection, process.env, async (remote) => {
      const outcome = await removeOwner(await order.orderFor(remote), loadAgent(connection.platform), {
        remote,
        ownerToken,
        project,
        say: printLine,
        signal,
        isByHand: true,
        token: randomBytes(16).toString('hex'),
        step: () => undefined,
        wait: (seconds) => sleep(seconds * 1000, undefined, { signal }).catch(() => undefined),
      });
      return { device, owner, ...outcome };
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { device, owner, refusal: error };
  }
}

/**
 * Returns the lines of the report. Of several devices, a complete removal has one line. A removal that failed, or left
 * rules behind, has its whole paragraph.
 */
function formatEndings(removalEndings: readonly RemovalEnding[]): readonly string[] {
  const [first] = removalEndings;
  if (removalEndings.length === 1) return 'paragraph' in first! ? first.paragraph : [];
  const { owner } = first!;
  const removedEndings = removalEndings.flatMap((ending) =>
    'delivered' in ending && ending.delivered ? [ending] : [],
  );
  const keepingCount = removedEndings.filter(({ left }) => left === 'rules').length;
  const untouchedDevices = removalEndings.flatMap((ending) =>
    'isBegun' in ending ? [escapeForDisplay(ending.device)] : [],
  );
  return [
    ...removalEndings.flatMap((ending) => {
      if ('refusal' in ending)
        return [`${ending.owner} on ${escapeForDisplay(ending.device)}: nothing of it was begun.`];
      if ('isBegun' in ending) return [];
      return ending.delivered && ending.left === undefined ? ending.paragraph.slice(0, 1) : ending.paragraph;
    }),
    ...(untouchedDevices.length === 0
      ? []
      : [`Interrupted; nothing of ${owner} was begun on ${untouchedDevices.join(', ')}: the same command again.`]),
    `${owner} is removed from ${removedEndings.length} of ${removalEndings.length} devices${keepingCount === 0 ? '' : `; its rules stay on ${keepingCount} of them`}.`,
    ...(removedEndings.length === 0 ? [] : [`  In Terraform: ${describeUnaware({ device: 'one of them', owner })}`]),
  ];
}

/** Returns the JSON of the report: the fields of one device, or a list of several devices. */
function toJson(removalEndings: readonly RemovalEnding[]): object {
  const entries = removalEndings.map((ending) => {
    const { device, owner } = ending;
    if ('refusal' in ending) return { device, owner, removed: false, problems: ending.refusal.problems };
    if ('isBegun' in ending) return { device, owner, removed: false, problems: [createInterruption(ending, false)] };
    const { delivered, left, problems, paragraph } = ending;
    return {
      device,
      owner,
      removed: delivered,
      ...(left ? { remaining: left } : {}),
      ...(problems ? { problems } : {}),
      report: paragraph,
    };
  });
  return {
    schema: JSON_SCHEMA,
    ...(entries.length === 1 ? entries[0] : { removed: entries.every(({ removed }) => removed), devices: entries }),
  };
}

const deviceMissing: Problem = {
  code: 'cli/option-missing',
  where: 'remove',
  what: 'No device is named, and Terraform has not started this.',
  instead:
    'remove DEVICE --owner … --owner-token …, as verify prints them; of several devices --live FILE, and their names or --all.',
};
