import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { outcomeOf } from '../lib/import/changes';
import { environmentText } from '../lib/import/environment';
import { Imported, imported } from '../lib/import/imported';
import { counted } from '../lib/exposure/words';
import { importReport } from '../lib/import/report';
import { STACK_TEXT } from '../lib/import/stack';
import { Problem, Refusal, printable } from '../lib/problems/problem';
import { whyNot } from './why-not';
import { wholeText, writeWhole } from './whole-file';
import { ownerWord } from './words';

interface Options {
  readonly out: string;
  readonly device: string;
  readonly owner: string;
  readonly globalHelper?: boolean;
  readonly force?: boolean;
}

const deviceWord = (text: string): string => {
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(text))
    throw new InvalidArgumentError('a name of small letters, digits and "-" that begins with a letter.');
  return text;
};

export const importCommand = new Command('import')
  .description('Makes an environment of constructs out of a firewall’s configuration, and proves that both expose the same.')
  .argument('<file>', 'a config.xml, or - for standard input')
  .option('-o, --out <folder>', 'where the files are written', 'stacks/environments')
  .option('--device <name>', 'name of the gateway', deviceWord, 'edge1')
  .option('--owner <name>', 'owner of what is imported', ownerWord, 'hosting')
  .option('--global-helper', 'the box’s one switch for sources of reflected connections may be turned on')
  .option('--force', 'write over files that are there')
  .addHelpText(
    'after',
    '\nWrites DEVICE.ts, DEVICE.captured.xml and DEVICE.report.md: what is covered, what is left and why, and in ports what differs.\n' +
      'Where the folder above has no edge-stack.ts, one that composes them is written, too.\n' +
      'Exit status: 0 the exposure is unchanged, and nothing is objected to; 1 something differs, can not be decided, or is objected to; 2 wrong use, or nothing was imported.',
  )
  .action(async (file: string, options: Options) => {
    const { device, owner, out } = options;
    const files = { environment: `${device}.ts`, captured: `${device}.captured.xml`, report: `${device}.report.md` };
    if (options.force !== true) refuseThere(out, Object.values(files));
    const text = await wholeText(file, 'a configuration as the device has it, or - for standard input.');
    const found = imported(text, { device, owner, globalHelper: options.globalHelper === true });
    if (found.draft.mappings.length === 0) throw new Refusal([nothing(found)]);
    const from = file === '-' ? 'standard input' : basename(file);
    made(out);
    writeWhole(join(out, files.captured), found.surroundings);
    writeWhole(join(out, files.environment), environmentText(found.draft, files));
    writeWhole(join(out, files.report), importReport(found, { from, ...files }));
    const stack = join(out, '..', 'edge-stack.ts');
    if (!existsSync(stack)) writeWhole(stack, STACK_TEXT);
    for (const line of summary(found, join(out, files.report))) process.stdout.write(`${line}\n`);
    for (const place of found.captured.suspicious)
      process.stderr.write(`${printable(`looks like a secret, and stays: ${place}. Look before you commit it.`)}\n`);
    process.exitCode = outcomeOf(found.changes) === 'unchanged' && found.objections.length === 0 ? 0 : 1;
  });

const OUTCOMES = {
  unchanged: 'the exposure is unchanged',
  differs: 'the exposure differs',
  undecided: 'whether the exposure changes can not be decided',
};

function summary({ draft, taken, objections, left, changes, refused }: Imported, report: string): readonly string[] {
  return [
    `${counted(draft.mappings.length, 'mapping')}, ${counted(draft.virtualIps.length, 'virtual IP')}; entries to take off the box: ${taken.length}, left on it: ${left.length}`,
    OUTCOMES[outcomeOf(changes)],
    ...(objections.length === 0
      ? []
      : [`${objections.length === 1 ? 'one entry is' : `${objections.length} entries are`} objected to, and not carried over`]),
    ...(refused.length === 0 ? [] : ['synthesis refuses it as it is']),
    `all of it: ${report}`,
  ];
}

function refuseThere(folder: string, names: readonly string[]): void {
  const there = names.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (there.length > 0) throw new Refusal(there.map(isThere));
}

function made(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Refusal([
      {
        code: 'cli/file-unwritable',
        where: folder,
        what: `It can't be made: ${whyNot(error)}.`,
        instead: 'a folder that this user may write to.',
      },
    ]);
  }
}

const nothing = ({ left }: Imported): Problem => ({
  code: 'cli/nothing-imported',
  where: 'the configuration',
  what: `No 1:1 entry of it can become a mapping. ${left.map(({ entry, why }) => `${entry.called}: ${why}`).join('; ') || 'It has none'}.`,
  instead: 'the mappings written by hand.',
});

const isThere = (where: string): Problem => ({
  code: 'cli/file-there',
  where,
  what: 'There is such a file already.',
  instead: 'another --device or --out, or --force to write over it.',
});
