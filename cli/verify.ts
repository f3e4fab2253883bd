// Command `verify`: asks devices what they run and compares it with the stacks and, with --state, with Terraform's
// state. Prints drift, owners, and the state after a restart.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { listGatewayPolicies } from '../driver/cpanel-nat';
import { RecordedOwner, parseState, createUnreadableStateProblem } from '../driver/state-drift';
import { DeviceStatus, askStatus } from '../driver/device-status';
import { addLoopback } from '../driver/ask-loopback';
import { NOT_REPORTED } from '../driver/next-start';
import { compareAssumedFacts, verifyLive } from '../driver/verify-live';
import { useSsh } from '../driver/ssh';
import { OwnershipRecord } from '../driver/synthesized-stack';
import { DeviceComparison, verifyDevice } from '../driver/compare-with-stacks';
import { GatewayPolicy } from '../lib/policy/policy';
import { JSON_SCHEMA, printDisplayJson } from '../lib/problems/print-json';
import { Refusal, escapeForDisplay } from '../lib/problems/problem';
import { getMaxBytes, createTooLargeProblem } from '../lib/json/parse-json';
import { MAX_AT_ONCE, runAtOnce, formatNotAsked, pickWorstStatus } from './run-at-once';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { createHelpText } from './help-text';
import { NOTHING_CHANGED, runOrExplain } from './interruption';
import { getSize } from './file-stats';
import { getEpochSeconds } from './metrics';
import { runWithProgress } from './progress';
import { ReaderOptions, applyReader, addReaderOptions } from './reader-options';
import { CommandTarget, TargetOptions, findDeviceProject, findTargets, addTargetOptions } from './target';
import { printMetrics } from './verify-metrics';
import { explainError } from './explain-file-error';

const FORMATS = ['text', 'json', 'prometheus'] as const;

interface VerifyOptions extends TargetOptions, ReaderOptions, FormatOptions<(typeof FORMATS)[number]> {
  readonly quiet?: boolean;
  readonly state?: readonly string[];
}

type AskedTarget = { readonly target: CommandTarget } & (
  { readonly deviceStatus: DeviceStatus; readonly comparison: DeviceComparison } | { readonly refusal: Refusal }
);

export const verify = addFormatOptions(addReaderOptions(addTargetOptions(new Command('verify'))), FORMATS)
  .description(
    'Says what devices run now: state, release, owner, owner token, edits by hand, ports that are open and should not be, and whether it matches the stack.',
  )
  .argument('[device...]', 'names in the intent; default: every device of the stacks')
  .option(
    '--state <file>',
    'also compare with Terraform’s state: the output of terraform show -json; "-" is standard input',
    addFile,
  )
  .option('--quiet', 'print nothing where all is as delivered: for cron')
  .addHelpText(
    'after',
    createHelpText(
      'Exit status: 0 each device runs the release of the stack, confirmed and proven (with --connection: nothing is edited, absent or on its way); ' +
        '1 one differs: another release, edited, absent, armed, drifted, not proven, or a restart would not bring it; 2 one could not be asked, or ' +
        'wrong use; 3 unmanaged rules narrow one: they close ports of its release to most of their sources. 2 wins over 1, and 1 over 3.',
    ),
  )
  .action(async (names: readonly string[], options: VerifyOptions) => {
    const { targets, ownershipRecords } = findTargets(names, options);
    const files = options.state ?? [];
    const recordedOwners = files.length === 0 ? undefined : files.flatMap(readState);
    const gateways = createGatewayLoader(ownershipRecords);
    const askedTargets = await runWithProgress('devices asked', (reportProgress) =>
      runAtOnce(targets, MAX_AT_ONCE, (target) => askTarget(target, options, recordedOwners, gateways), reportProgress),
    );
    process.exitCode = pickWorstStatus(
      askedTargets.map((askedTarget) =>
        'refusal' in askedTarget ? 2 : !askedTarget.comparison.matches ? 1 : askedTarget.comparison.narrowed ? 3 : 0,
      ),
    );
    const format = getFormat(options);
    // An empty output would leave the collector without metrics.
    if (options.quiet === true && process.exitCode === 0 && format !== 'prometheus') return;
    process.stdout.write(PRINTERS[format](askedTargets, options.quiet === true));
    const refusedDevices = askedTargets.flatMap((askedTarget) =>
      'refusal' in askedTarget ? [{ device: askedTarget.target.device, refusal: askedTarget.refusal }] : [],
    );
    process.stderr.write(formatNotAsked(refusedDevices, askedTargets.length > 1));
  });

const PRINTERS: Readonly<
  Record<(typeof FORMATS)[number], (askedTargets: readonly AskedTarget[], quiet: boolean) => string>
> = {
  text: formatLines,
  json: (askedTargets) => `${printDisplayJson(toJson(askedTargets))}\n`,
  prometheus: (askedTargets) =>
    printMetrics(
      askedTargets.map((askedTarget) => ({
        device: escapeForDisplay(askedTarget.target.device),
        ...('comparison' in askedTarget ? { comparison: askedTarget.comparison } : {}),
      })),
      getEpochSeconds(),
    ),
};

/** Returns a function that loads the gateways' policies at its first call and keeps them. */
function createGatewayLoader(ownershipRecords: readonly OwnershipRecord[]): () => readonly GatewayPolicy[] {
  let loaded: readonly GatewayPolicy[] | undefined;
  return () => (loaded ??= listGatewayPolicies(ownershipRecords));
}

function readState(file: string): readonly RecordedOwner[] {
  let text: string;
  try {
    if (file !== '-' && getSize(file) > getMaxBytes()) throw new Refusal([createTooLargeProblem(file)]);
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([createUnreadableStateProblem(file, `It can't be read: ${explainError(error)}.`)]);
  }
  return parseState(text, file);
}

function addFile(file: string, files: readonly string[] = []): readonly string[] {
  return [...files, file];
}

async function askTarget(
  target: CommandTarget,
  options: VerifyOptions,
  recordedOwners: readonly RecordedOwner[] | undefined,
  gateways: () => readonly GatewayPolicy[],
): Promise<AskedTarget> {
  const { device, project, ownershipRecords } = target;
  try {
    const deviceStatus = await runOrExplain(
      () => NOTHING_CHANGED,
      () =>
        useSsh(applyReader(target.connection, options), process.env, async (remote) =>
          addLoopback(await askStatus(remote, { device, project }), remote, ownershipRecords, gateways),
        ),
    );
    const compared = { ownershipRecords, gateways, ...(recordedOwners ? { recorded: recordedOwners } : {}) };
    const judges = { compareAssumedFacts, verifyLive };
    return {
      target,
      deviceStatus,
      comparison: verifyDevice(
        deviceStatus,
        device,
        compared,
        (record) => (record ? findDeviceProject(record) : project),
        judges,
      ),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { target, refusal: error };
  }
}

/** Returns the JSON of the report: the fields of one device, or a list of several. `review --live` reads both. */
function toJson(askedTargets: readonly AskedTarget[]): object {
  const entries = askedTargets.map((askedTarget) => {
    const { device } = askedTarget.target;
    if ('refusal' in askedTarget) return { device, problems: askedTarget.refusal.problems };
    const { matches, narrowed, owners: comparisons } = askedTarget.comparison;
    return { device, matches, narrowed, comparisons, ...askedTarget.deviceStatus };
  });
  const [onlyEntry] = entries;
  return entries.length === 1
    ? { schema: JSON_SCHEMA, ...onlyEntry }
    : {
        schema: JSON_SCHEMA,
        matches: askedTargets.every((askedTarget) => 'comparison' in askedTarget && askedTarget.comparison.matches),
        narrowed: askedTargets.some((askedTarget) => 'comparison' in askedTarget && askedTarget.comparison.narrowed),
        devices: entries,
      };
}

/** Returns the report as text. Of several devices, one that is as delivered has one line, and its notes. */
function formatLines(askedTargets: readonly AskedTarget[], quiet: boolean): string {
  const lines = askedTargets.flatMap((askedTarget) => {
    if ('refusal' in askedTarget)
      return askedTargets.length === 1 ? [] : [`${escapeForDisplay(askedTarget.target.device)} could not be asked`];
    const { comparison: verification, target } = askedTarget;
    if (!verification.matches || verification.narrowed || askedTargets.length === 1) return verification.lines;
    if (quiet) return [];
    const notes = verification.owners.flatMap((owner) => owner.notes);
    const unseenRestartNote = verification.owners.some(({ afterRestart }) => afterRestart === NOT_REPORTED)
      ? `; a restart: ${NOT_REPORTED}`
      : '';
    return [
      `${escapeForDisplay(target.device)} as delivered: ${verification.owners.map(({ role, owner }) => escapeForDisplay(`${role} ${owner}`)).join(', ')}${unseenRestartNote}`,
      ...notes.map((note) => `  no drift: ${escapeForDisplay(note)}`),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}
