import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { outcomeOf } from '../lib/import/changes';
import { environmentText } from '../lib/import/environment';
import { Imported, imported } from '../lib/import/imported';
import { counted } from '../lib/exposure/words';
import { importReport } from '../lib/import/report';
import { STACK_TEXT } from '../lib/import/stack';
import { SPREAD } from '../lib/showing/spread';
import { Problem, Refusal, printable } from '../lib/problems/problem';
import { textAt } from './file-texts';
import { made, outcomeSaid, refuseThere } from './import-files';
import { ServerOptions, importServer, runningRules, serverPlatforms } from './import-server';
import { writeWhole } from './whole-file';
import { ownerWord } from './words';

interface Options extends Omit<ServerOptions, 'device'> {
  readonly device?: string;
  readonly globalHelper?: boolean;
}

const deviceWord = (text: string): string => {
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(text))
    throw new InvalidArgumentError('a name of small letters, digits and "-" that begins with a letter.');
  return text;
};

const portWord = (text: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('a port from 1 to 65535.');
  return Number(text);
};

const versionWord = (text: string): string => {
  if (!/^\d+(\.\d+)+$/.test(text)) throw new InvalidArgumentError('a version as its tool prints it: 1.0.6.');
  return text;
};

const GIVEN = `a text as the device has it, a folder or a tar with ${SPREAD.called}, or - for standard input.`;

export const importCommand = new Command('import')
  .description(
    'Makes constructs out of a firewall’s configuration or of the rules that run on a server, and proves what they expose alike.',
  )
  .argument('<file...>', `a config.xml, the running rules of a server, or a folder or a tar with ${SPREAD.called}; - for standard input`)
  .option('-o, --out <folder>', 'where the files are written', 'stacks/environments')
  .option('--device <name>', 'name of the gateway or the server (default: edge1, or web1 for a server)', deviceWord)
  .option('--owner <name>', 'owner of what is imported', ownerWord, 'hosting')
  .option('--ssh-port <port>', 'of a server: by which operators come', portWord, 22)
  .addOption(new Option('--platform <name>', 'of a server: what it shall run').choices(serverPlatforms).default(serverPlatforms[0]))
  .option('--platform-version <version>', 'of a server: of that, as its own tool prints it', versionWord)
  .option('--global-helper', 'the box’s one switch for sources of reflected connections may be turned on')
  .option('--force', 'write over files that are there')
  .addHelpText(
    'after',
    '\nOf a gateway it writes DEVICE.ts, DEVICE.captured.xml and DEVICE.report.md: what is covered, what is left and why, and in ports what differs.\n' +
      'Where the folder above has no edge-stack.ts, one that composes them is written, too. Of a server it writes DEVICE.ts and DEVICE.report.md:\n' +
      '  ssh root@server "iptables-save 2>&1; ip6tables-save 2>&1; ipset save; ip -o addr; ip -o route" > web1.txt\n' +
      '  cpanel-edge import web1.txt --device web1 --platform-version 1.0.6\n' +
      `  ${SPREAD.packedBy}\n  cpanel-edge import server.tar addresses.txt --platform-version 1.0.6    beside it what "ip -o addr; ip -o route" print\n` +
      'Exit status: 0 the exposure is unchanged, and nothing is objected to; 1 something differs, can not be decided, or is objected to; 2 wrong use, or nothing was imported.',
  )
  .action(async (paths: readonly string[], options: Options) => {
    const { owner, out } = options;
    const texts: { path: string; text: string }[] = [];
    for (const path of paths) texts.push({ path, text: await textAt(path, process.stdin, GIVEN) });
    const isConfiguration = texts.length === 1 && texts[0]!.text.trimStart().startsWith('<');
    const rules = isConfiguration ? undefined : runningRules(texts);
    if (rules) {
      process.exitCode = importServer(rules, { ...options, device: options.device ?? 'web1' });
      return;
    }
    const [{ path: file, text }] = texts as [(typeof texts)[number]];
    const device = options.device ?? 'edge1';
    const files = { environment: `${device}.ts`, captured: `${device}.captured.xml`, report: `${device}.report.md` };
    if (options.force !== true) refuseThere(out, Object.values(files));
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

function summary({ draft, taken, objections, left, changes, refused }: Imported, report: string): readonly string[] {
  return [
    `${counted(draft.mappings.length, 'mapping')}, ${counted(draft.virtualIps.length, 'virtual IP')}; entries to take off the box: ${taken.length}, left on it: ${left.length}`,
    outcomeSaid(changes),
    ...(objections.length === 0
      ? []
      : [`${objections.length === 1 ? 'one entry is' : `${objections.length} entries are`} objected to, and not carried over`]),
    ...(refused.length === 0 ? [] : ['synthesis refuses it as it is']),
    `all of it: ${report}`,
  ];
}

const nothing = ({ left }: Imported): Problem => ({
  code: 'cli/nothing-imported',
  where: 'the configuration',
  what: `No 1:1 entry of it can become a mapping. ${left.map(({ entry, why }) => `${entry.called}: ${why}`).join('; ') || 'It has none'}.`,
  instead: 'the mappings written by hand.',
});
