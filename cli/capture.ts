// Command `capture`: reduces a gateway's configuration (config.xml) or the facts of a server to the parts that decide
// about packets, without secrets, and prints them or writes them for the repository. --check compares with an earlier
// capture.
import { Command, Option } from 'commander';
import { askFacts, askStatus } from '../driver/device-status';
import { compareExposures, evaluateConfig, summarizeOutcome, printChanges } from '../lib/import/exposure-changes';
import { PlatformCapture, captureConfig } from '../lib/import/capture-config';
import { FactSections } from '../lib/import/server/captured-facts';
import { escapeForDisplay } from '../lib/problems/problem';
import { captureServer, parseServerFacts } from './capture-server-facts';
import { createHelpText } from './help-text';
import { NOTHING_CHANGED, runOrExplain } from './interruption';
import { runOnDevice } from './run-on-device';
import { isFile } from './file-stats';
import { ReaderOptions, applyReader, addReaderOptions } from './reader-options';
import { TargetOptions, findTarget, addTargetOptions } from './target';
import { readNonEmptyText, writeAtomically } from './file-io';
import { parseOwner } from './option-values';

interface CaptureCommandOptions extends TargetOptions, ReaderOptions {
  readonly out?: string;
  readonly check?: string;
  readonly without?: readonly string[];
}

function addOwner(owner: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseOwner(owner)];
}

const SOURCE_WORDS =
  'a configuration as the device has it, or what "cpanel-edge-device facts" printed there as root; - for standard input; or the name of a device of the stacks.';

export const capture = addReaderOptions(addTargetOptions(new Command('capture')))
  .description(
    'Keeps of a firewall’s whole configuration what decides about packets, of a server what rules about services decide by, without secrets, for the repository.',
  )
  .argument(
    '[source]',
    'a config.xml or what "cpanel-edge-device facts" printed, - for standard input, or a device of the stacks; default: the only device of the stacks',
  )
  .option('-o, --out <file>', 'write it there, whole or not at all; default: standard output')
  .addOption(
    new Option('--check <file>', 'compare with this earlier capture, and say in ports what differs').conflicts('out'),
  )
  .option('--without <owner>', 'leave out what this owner of ours has there; may be given several times', addOwner)
  .addHelpText(
    'after',
    createHelpText(
      'What is not known is left out, and named. No password, key, certificate or account is kept; descriptions are.\n' +
        'Exit status: 0 captured, or with --check the same exposure; 1 with --check it differs; 2 wrong use, or it could not be read.',
    ),
  )
  .action(async (source: string | undefined, options: CaptureCommandOptions) => {
    const text = await readConfiguration(source, options);
    if (typeof text !== 'string') return void (process.exitCode = await captureServer(text, options));
    const capturedConfig = captureConfig(text, options);
    for (const line of listRemarks(capturedConfig)) process.stderr.write(`${escapeForDisplay(line)}\n`);
    if (options.check !== undefined) process.exitCode = await compareCaptures(options.check, capturedConfig, options);
    else if (options.out === undefined) process.stdout.write(capturedConfig.captured.text);
    else writeAtomically(options.out, capturedConfig.captured.text);
  });

/** Returns the configuration of a firewall as text, or the facts of a server. */
async function readConfiguration(
  source: string | undefined,
  options: CaptureCommandOptions,
): Promise<string | FactSections> {
  const isFileName = source !== undefined && (source === '-' || isFile(source) || /[/.]/.test(source));
  if (isFileName && options.connection === undefined && options.stack === undefined) {
    const text = await readNonEmptyText(source, SOURCE_WORDS);
    return parseServerFacts(text, source) ?? text;
  }
  const { connection, device, ownershipRecords, project } = findTarget(source, options);
  const isServer = ownershipRecords.some(({ role }) => role === 'server');
  return runOrExplain(
    () => `${NOTHING_CHANGED} Nothing was written.`,
    () =>
      runOnDevice(applyReader(connection, options), async (remote) =>
        isServer ? askFacts(remote, { device, project }) : (await askStatus(remote, { device, project })).ruleset,
      ),
  );
}

const listRemarks = ({ captured: { omittedParts, suspicious } }: PlatformCapture): readonly string[] => [
  ...omittedParts.map((name) => `left out, not known: ${name}`),
  ...suspicious.map((place) => `looks like a secret, and stays: ${place}. Look before you commit it.`),
];

/**
 * Compares a configuration with an earlier capture and prints the differences in ports. Returns the exit status. Texts
 * that differ may expose the same: the status is 0 then. It is 1 if that can't be decided.
 */
async function compareCaptures(
  file: string,
  { platform, captured }: PlatformCapture,
  { without = [] }: CaptureCommandOptions,
): Promise<number> {
  const formerCapture = captureConfig(await readNonEmptyText(file, 'what cpanel-edge capture wrote.'), {
    knownPlatform: platform,
    without,
  });
  if (formerCapture.captured.text === captured.text) return printStatus('the same', 0);
  const changes = compareExposures(
    evaluateConfig(platform, formerCapture.captured.text),
    evaluateConfig(platform, captured.text),
  );
  process.stdout.write(printChanges(changes));
  const outcome = summarizeOutcome(changes);
  if (outcome === 'differs') return printStatus('it exposes something else than was captured', 1);
  if (outcome === 'undecided') {
    for (const line of changes.unknown) process.stdout.write(`? can not be decided, as before ${line}\n`);
    return printStatus(
      'the configuration differs, and whether its exposure does can not be decided: capture it again',
      1,
    );
  }
  return printStatus('the configuration differs, and exposes the same: capture it again when you like', 0);
}

function printStatus(line: string, status: number): number {
  process.stdout.write(`${line}\n`);
  return status;
}
