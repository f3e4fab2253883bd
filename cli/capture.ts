import { Command, Option } from 'commander';
import { askFacts, look } from '../driver/look';
import { changesBetween, knownOf, outcomeOf, printChanges } from '../lib/import/changes';
import { Captured, capturedBy } from '../lib/import/captured';
import { Sections } from '../lib/import/server/facts';
import { printable } from '../lib/problems/problem';
import { captureServer, factsIn } from './capture-server';
import { below } from './help';
import { NOTHING_CHANGED, orSaid } from './interrupted';
import { onDevice } from './on-device';
import { isFile } from './on-disk';
import { ReaderOptions, asReader, withReader } from './login';
import { TargetOptions, targetOf, withTarget } from './target';
import { someText, writeWhole } from './whole-file';
import { ownerWord } from './words';

interface Options extends TargetOptions, ReaderOptions {
  readonly out?: string;
  readonly check?: string;
  readonly without?: readonly string[];
}

function owners(owner: string, before: readonly string[] = []): readonly string[] {
  return [...before, ownerWord(owner)];
}

const A_FILE =
  'a configuration as the device has it, or what "cpanel-edge-device facts" printed there as root; - for standard input; or the name of a device of the stacks.';

export const capture = withReader(withTarget(new Command('capture')))
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
  .option('--without <owner>', 'leave out what this owner of ours has there; may be given several times', owners)
  .addHelpText(
    'after',
    below(
      'What is not known is left out, and named. No password, key, certificate or account is kept; descriptions are.\n' +
        'Exit status: 0 captured, or with --check the same exposure; 1 with --check it differs; 2 wrong use, or it could not be read.',
    ),
  )
  .action(async (source: string | undefined, options: Options) => {
    const text = await configurationAt(source, options);
    if (typeof text !== 'string') return void (process.exitCode = await captureServer(text, options));
    const found = capturedBy(text, options);
    for (const line of remarks(found)) process.stderr.write(`${printable(line)}\n`);
    if (options.check !== undefined) process.exitCode = await compared(options.check, found, options);
    else if (options.out === undefined) process.stdout.write(found.captured.text);
    else writeWhole(options.out, found.captured.text);
  });

/** The configuration of a firewall, or what a server has. */
async function configurationAt(source: string | undefined, options: Options): Promise<string | Sections> {
  const named = source !== undefined && (source === '-' || isFile(source) || /[/.]/.test(source));
  if (named && options.connection === undefined && options.stack === undefined) {
    const text = await someText(source, A_FILE);
    return factsIn(text, source) ?? text;
  }
  const { connection, device, holders, project } = targetOf(source, options);
  const isServer = holders.some(({ role }) => role === 'server');
  return orSaid(
    () => `${NOTHING_CHANGED} Nothing was written.`,
    () =>
      onDevice(asReader(connection, options), async (remote) =>
        isServer ? askFacts(remote, { device, project }) : (await look(remote, { device, project })).ruleset,
      ),
  );
}

const remarks = ({ captured: { leftOut, suspicious } }: Captured): readonly string[] => [
  ...leftOut.map((name) => `left out, not known: ${name}`),
  ...suspicious.map((place) => `looks like a secret, and stays: ${place}. Look before you commit it.`),
];

/** Texts that differ may mean the same, unless there is something that nobody can decide. */
async function compared(file: string, { platform, captured }: Captured, { without = [] }: Options): Promise<number> {
  const kept = capturedBy(await someText(file, 'what cpanel-edge capture wrote.'), { known: platform, without });
  if (kept.captured.text === captured.text) return said('the same', 0);
  const changes = changesBetween(knownOf(platform, kept.captured.text), knownOf(platform, captured.text));
  process.stdout.write(printChanges(changes));
  const outcome = outcomeOf(changes);
  if (outcome === 'differs') return said('it exposes something else than was captured', 1);
  if (outcome === 'undecided') {
    for (const line of changes.unknown) process.stdout.write(`? can not be decided, as before ${line}\n`);
    return said('the configuration differs, and whether its exposure does can not be decided: capture it again', 1);
  }
  return said('the configuration differs, and exposes the same: capture it again when you like', 0);
}

function said(line: string, status: number): number {
  process.stdout.write(`${line}\n`);
  return status;
}
