import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { front } from '../driver/front';
import { programOf } from '../driver/program';
import { interruption, retract as retractOwner } from '../driver/retract';
import { Retracted, unaware } from '../driver/retract-endings';
import { withSsh } from '../driver/ssh';
import { LEASE_VARIABLE } from '../lib/agent-protocol/codec';
import { printableJson } from '../lib/problems/printable-json';
import { Problem, Refusal, printable } from '../lib/problems/problem';
import { AT_ONCE, eachOf, saidOf, worstOf } from './each-of';
import { FormatOptions, formatOf, withFormat } from './format';
import { below } from './help';
import { untilInterrupted } from './interrupted';
import { Ordered, withOwner } from './owner';
import { Say, withProgress } from './progress';
import { ManyByHand, NotOrdered, ordersOf } from './retract-orders';

/** Of the JSON. A change that readers could notice makes a new one. */
const FORMAT = 1;

type Options = ManyByHand & FormatOptions<'text' | 'json'>;
/** It was interrupted before its turn came. */
interface NotBegun {
  readonly device: string;
  readonly owner: string;
  readonly isBegun: false;
}
type Ending = NotOrdered | NotBegun | ({ readonly device: string; readonly owner: string } & Retracted);

export const retract = withFormat(withOwner(new Command('retract')), ['text', 'json'])
  .description(
    'Takes an owner off devices: a gateway goes back to what it was without it, a server keeps its inbound closed unless its release says otherwise.',
  )
  .argument(
    '[device...]',
    'names in the intent; without any Terraform has started this, and the environment says what to do',
  )
  .addOption(
    new Option(
      '--live <file>',
      "for several: devices' own answers (cpanel-edge verify --json), which have the lease of each",
    ).conflicts('lease'),
  )
  .addOption(new Option('--all', 'every device that by --live holds the owner').conflicts('connection'))
  .addHelpText(
    'after',
    below(
      'It asks nothing, and refuses a lease that is not the device’s. One that fails stops none of the others. Exit status: 0 retracted; 1 not; ' +
        '2 wrong use, or it isn’t known what is to be retracted. Of several devices 2 wins over 1.',
    ),
  )
  .action(async (names: readonly string[], options: Options, command: Command) => {
    const isTyped = command.options.some((one) => command.getOptionValueSource(one.attributeName()) === 'cli');
    if (names.length === 0 && !isTyped && process.env[LEASE_VARIABLE] !== undefined)
      process.exitCode = await front('retract');
    else if (names.length === 0 && options.all !== true) throw new Refusal([deviceMissing]);
    else await byHand(ordersOf(names, options), formatOf(options));
  });

const byHand = (orders: readonly (Ordered | NotOrdered)[], format: 'text' | 'json'): Promise<void> =>
  untilInterrupted(async (stop) => {
    const say: Say = (line) => void (format === 'json' ? process.stderr : process.stdout).write(`${line}\n`);
    const endings = await withProgress(
      'devices asked',
      (at, print) =>
        eachOf(
          orders,
          AT_ONCE,
          (order) =>
            endingOf(order, stop, (line) => print(orders.length > 1 ? `${printable(order.device)}: ${line}` : line)),
          at,
        ),
      process.stderr,
      say,
    );
    process.exitCode = worstOf(
      endings.map((one) => ('refusal' in one ? 2 : 'delivered' in one && one.delivered ? 0 : 1)),
    );
    process.stdout.write(
      format === 'json'
        ? `${printableJson(jsonOf(endings))}\n`
        : linesOf(endings)
            .map((line) => `${line}\n`)
            .join(''),
    );
    for (const one of endings)
      if ('refusal' in one) process.stderr.write(saidOf(one.device, one.refusal, endings.length > 1));
  });

async function endingOf(order: Ordered | NotOrdered, stop: AbortSignal, say: Say): Promise<Ending> {
  if ('refusal' in order) return order;
  const { device, owner, connection, lease, project } = order;
  if (stop.aborted) return { device, owner, isBegun: false };
  try {
    return await withSsh(connection, process.env, async (remote) => {
      const outcome = await retractOwner(await order.orderFor(remote), programOf(connection.platform), {
        remote,
        lease,
        project,
        say,
        stop,
        byHand: true,
        token: randomBytes(16).toString('hex'),
        step: () => undefined,
        wait: (seconds) => sleep(seconds * 1000, undefined, { signal: stop }).catch(() => undefined),
      });
      return { device, owner, ...outcome };
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { device, owner, refusal: error };
  }
}

/** Of several each that is retracted has a line, and each that isn't, or leaves something behind, all that is known of it. */
function linesOf(endings: readonly Ending[]): readonly string[] {
  const [first] = endings;
  if (endings.length === 1) return 'paragraph' in first! ? first.paragraph : [];
  const { owner } = first!;
  const done = endings.flatMap((one) => ('delivered' in one && one.delivered ? [one] : []));
  const keeping = done.filter(({ left }) => left === 'rules').length;
  const notBegun = endings.flatMap((one) => ('isBegun' in one ? [printable(one.device)] : []));
  return [
    ...endings.flatMap((one) => {
      if ('refusal' in one) return [`${one.owner} on ${printable(one.device)}: nothing of it was begun.`];
      if ('isBegun' in one) return [];
      return one.delivered && one.left === undefined ? one.paragraph.slice(0, 1) : one.paragraph;
    }),
    ...(notBegun.length === 0
      ? []
      : [`Interrupted; nothing of ${owner} was begun on ${notBegun.join(', ')}: the same command again.`]),
    `${owner} is retracted from ${done.length} of ${endings.length} devices${keeping === 0 ? '' : `; its rules stay on ${keeping} of them`}.`,
    ...(done.length === 0 ? [] : [`  In Terraform: ${unaware({ device: 'one of them', owner })}`]),
  ];
}

/** Of one device that device, of several the list of them. */
function jsonOf(endings: readonly Ending[]): object {
  const each = endings.map((one) => {
    const { device, owner } = one;
    if ('refusal' in one) return { device, owner, retracted: false, problems: one.refusal.problems };
    if ('isBegun' in one) return { device, owner, retracted: false, problems: [interruption(one, false)] };
    const { delivered, left, problems, paragraph } = one;
    return {
      device,
      owner,
      retracted: delivered,
      ...(left ? { left } : {}),
      ...(problems ? { problems } : {}),
      said: paragraph,
    };
  });
  return {
    format: FORMAT,
    ...(each.length === 1 ? each[0] : { retracted: each.every(({ retracted }) => retracted), devices: each }),
  };
}

const deviceMissing: Problem = {
  code: 'cli/option-missing',
  where: 'retract',
  what: 'No device is named, and Terraform has not started this.',
  instead:
    'retract DEVICE --owner … --lease …, as verify prints them; of several devices --live FILE, and their names or --all.',
};
