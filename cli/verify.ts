import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { gatewaysOf } from '../driver/cpanel-nat';
import { Recorded, recordedIn, stateUnreadable } from '../driver/drift-state';
import { Look, look } from '../driver/look';
import { withLoopback } from '../driver/loopback-asked';
import { NOT_LOOKED_AT } from '../driver/next-start';
import { assumedFacts, proveLive } from '../driver/prove';
import { withSsh } from '../driver/ssh';
import { Holder } from '../driver/synthesized';
import { Verified, verified } from '../driver/verify';
import { GatewayPolicy } from '../lib/policy/policy';
import { printableJson } from '../lib/problems/printable-json';
import { Refusal, printable } from '../lib/problems/problem';
import { mostBytes, tooLarge } from '../lib/json/json';
import { AT_ONCE, eachOf, notAsked, worstOf } from './each-of';
import { FormatOptions, formatOf, withFormat } from './format';
import { below } from './help';
import { NOTHING_CHANGED, orSaid } from './interrupted';
import { sizeOf } from './on-disk';
import { now } from './metrics';
import { withProgress } from './progress';
import { ReaderOptions, asReader, withReader } from './login';
import { Target, TargetOptions, projectAt, targetsOf, withTarget } from './target';
import { printMetrics } from './verify-metrics';
import { whyNot } from './why-not';

/** Of the JSON. A change that readers could notice makes a new one. */
const FORMAT = 1;
const FORMATS = ['text', 'json', 'prometheus'] as const;

interface Options extends TargetOptions, ReaderOptions, FormatOptions<(typeof FORMATS)[number]> {
  readonly quiet?: boolean;
  readonly state?: readonly string[];
}

type Asked = { readonly target: Target } & (
  { readonly seen: Look; readonly found: Verified } | { readonly refusal: Refusal }
);

export const verify = withFormat(withReader(withTarget(new Command('verify'))), FORMATS)
  .description(
    'Says what devices run now: state, release, owner, lease, whether somebody edited the rules, which ports are open that should not be, and whether it is what the stack says.',
  )
  .argument('[device...]', 'names in the intent; default: every device of the stacks')
  .option(
    '--state <file>',
    'also compare with Terraform’s state: the output of terraform show -json; "-" is standard input',
    more,
  )
  .option('--quiet', 'print nothing where all is as delivered: for cron')
  .addHelpText(
    'after',
    below(
      'Exit status: 0 each device runs the release of the stack, confirmed and proven (with --connection: nothing is edited, absent or on its way); ' +
        '1 one differs: another release, edited, absent, on trial, drifted, not proven, or a restart would not bring it; 2 one could not be asked, or ' +
        "wrong use; 3 one is narrower than delivered: others' rules close to most what its release opens. 2 wins over 1, and 1 over 3.",
    ),
  )
  .action(async (names: readonly string[], options: Options) => {
    const { targets, holders } = targetsOf(names, options);
    const files = options.state ?? [];
    const recorded = files.length === 0 ? undefined : files.flatMap(recordedAt);
    const gateways = gatewaysIn(holders);
    const asked = await withProgress('devices asked', (at) =>
      eachOf(targets, AT_ONCE, (target) => ask(target, options, recorded, gateways), at),
    );
    process.exitCode = worstOf(
      asked.map((one) => ('refusal' in one ? 2 : !one.found.same ? 1 : one.found.narrower ? 3 : 0)),
    );
    const format = formatOf(options);
    // A collector that finds nothing knows nothing.
    if (options.quiet === true && process.exitCode === 0 && format !== 'prometheus') return;
    process.stdout.write(PRINTERS[format](asked, options.quiet === true));
    const refused = asked.flatMap((one) =>
      'refusal' in one ? [{ device: one.target.device, refusal: one.refusal }] : [],
    );
    process.stderr.write(notAsked(refused, asked.length > 1));
  });

const PRINTERS: Readonly<Record<(typeof FORMATS)[number], (asked: readonly Asked[], quiet: boolean) => string>> = {
  text: linesOf,
  json: (asked) => `${printableJson(jsonOf(asked))}\n`,
  prometheus: (asked) =>
    printMetrics(
      asked.map((one) => ({ device: printable(one.target.device), ...('found' in one ? { found: one.found } : {}) })),
      now(),
    ),
};

/** Read when the first server asks, and once for all. */
function gatewaysIn(holders: readonly Holder[]): () => readonly GatewayPolicy[] {
  let found: readonly GatewayPolicy[] | undefined;
  return () => (found ??= gatewaysOf(holders));
}

function recordedAt(file: string): readonly Recorded[] {
  let text: string;
  try {
    if (file !== '-' && sizeOf(file) > mostBytes()) throw new Refusal([tooLarge(file)]);
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([stateUnreadable(file, `It can't be read: ${whyNot(error)}.`)]);
  }
  return recordedIn(text, file);
}

function more(file: string, files: readonly string[] = []): readonly string[] {
  return [...files, file];
}

async function ask(
  target: Target,
  options: Options,
  recorded: readonly Recorded[] | undefined,
  gateways: () => readonly GatewayPolicy[],
): Promise<Asked> {
  const { device, project, holders } = target;
  try {
    const seen = await orSaid(
      () => NOTHING_CHANGED,
      () =>
        withSsh(asReader(target.connection, options), process.env, async (remote) =>
          withLoopback(await look(remote, { device, project }), remote, holders, gateways),
        ),
    );
    const compared = { holders, gateways, ...(recorded ? { recorded } : {}) };
    const judges = { assumed: assumedFacts, prove: proveLive };
    return {
      target,
      seen,
      found: verified(seen, device, compared, (holder) => (holder ? projectAt(holder) : project), judges),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { target, refusal: error };
  }
}

/** One device: as before there were several. `review --live` reads it. */
function jsonOf(asked: readonly Asked[]): object {
  const each = asked.map((one) => {
    const { device } = one.target;
    if ('refusal' in one) return { device, problems: one.refusal.problems };
    const { same, narrower, owners: found } = one.found;
    return { device, same, narrower, found, ...one.seen };
  });
  const [only] = each;
  return each.length === 1
    ? { format: FORMAT, ...only }
    : {
        format: FORMAT,
        same: asked.every((one) => 'found' in one && one.found.same),
        narrower: asked.some((one) => 'found' in one && one.found.narrower),
        devices: each,
      };
}

/** Where there are several devices, those that are as delivered have a line each. */
function linesOf(asked: readonly Asked[], quiet: boolean): string {
  const lines = asked.flatMap((one) => {
    if ('refusal' in one) return asked.length === 1 ? [] : [`${printable(one.target.device)} could not be asked`];
    const { found, target } = one;
    if (!found.same || found.narrower || asked.length === 1) return found.lines;
    if (quiet) return [];
    const notes = found.owners.flatMap((owner) => owner.notes);
    const unseen = found.owners.some(({ afterRestart }) => afterRestart === NOT_LOOKED_AT)
      ? `; a restart: ${NOT_LOOKED_AT}`
      : '';
    return [
      `${printable(target.device)} as delivered: ${found.owners.map(({ role, owner }) => printable(`${role} ${owner}`)).join(', ')}${unseen}`,
      ...notes.map((note) => `  no drift: ${printable(note)}`),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}
