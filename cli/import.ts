import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { outcomeOf } from '../lib/import/changes';
import { NothingMade } from '../lib/import/nothing';
import { nothingReport, saysNothing } from '../lib/import/report';
import { compileConnection } from '../lib/intent/connection';
import { PacketMap } from '../lib/net/packet-map';
import { printableJson } from '../lib/problems/printable-json';
import { Problem, Refusal, printable, refuseIfAny } from '../lib/problems/problem';
import { StackProject, projectAround } from '../lib/project/around-stack';
import { completed } from '../lib/project/wish';
import { PACKED_BY, SPREAD } from '../lib/exposure/texts/spread-files';
import { withClock } from './clock';
import { textAt } from './file-texts';
import { FormatOptions, formatOf, withFormat } from './format';
import { below } from './help';
import { Taken, filesThere, outcomeSaid } from './import-files';
import { gatewayFiles, importGateway } from './import-gateway';
import { ServerOptions, importServer, runningRules, serverFiles, serverPlatforms } from './import-server';
import { isFile } from './on-disk';
import { Provider, filesOf, madeUp, next, pipelineOption, writeAll } from './new-project';
import { folderWord, ownerWord } from './words';

/** Of the JSON. A change that readers could notice makes a new one. */
const FORMAT = 1;

interface Options extends Omit<ServerOptions, 'device' | 'hostKey'>, FormatOptions<'text' | 'json'> {
  readonly out: string;
  readonly project?: string;
  readonly pipeline: Provider;
  readonly device?: string;
  readonly hostKey?: string;
  readonly globalHelper?: boolean;
  readonly force?: boolean;
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

export const importCommand = withFormat(new Command('import'), ['text', 'json'])
  .description(
    'Makes constructs out of a firewall’s configuration or of the rules that run on a server, and proves what they expose alike.',
  )
  .argument(
    '<file...>',
    `a config.xml, the running rules of a server, or a folder or a tar with ${SPREAD.called}; - for standard input`,
  )
  .option('-o, --out <folder>', 'where the files are written', folderWord, 'stacks')
  .addOption(
    new Option('--project <folder>', 'a whole project around them, as init makes one')
      .argParser(folderWord)
      .conflicts('out'),
  )
  .addOption(pipelineOption())
  .option('--device <name>', 'name of the gateway or the server (default: edge1, or web1 for a server)', deviceWord)
  .option('--owner <name>', 'owner of what is imported', ownerWord, 'hosting')
  .option('--host-key <text>', 'a line of /etc/ssh/ssh_host_*_key.pub on it, from its console (made up)')
  .option('--ssh-port <port>', 'of a server: by which operators come', portWord, 22)
  .addOption(
    new Option('--platform <name>', 'of a server: what it shall run')
      .choices(serverPlatforms)
      .default(serverPlatforms[0]),
  )
  .option('--platform-version <version>', 'of a server: of that, as its own tool prints it', versionWord)
  .option('--global-helper', 'the box’s one switch for sources of reflected connections may be turned on')
  .option('--force', 'write over files that are there')
  .addHelpText(
    'after',
    below(
      'Of a gateway it writes DEVICE.ts, DEVICE.captured.xml and DEVICE.report.md: what is covered, what is left and why, and in ports what differs.\n' +
        'DEVICE.ts is its stack. Of a server it writes DEVICE.ts and DEVICE.report.md:\n' +
        '  ssh root@server "iptables-save 2>&1; ip6tables-save 2>&1; ipset save; ip -o addr; ip -o route" > web1.txt\n' +
        '  cpanel-edge import web1.txt --device web1 --platform-version 1.0.6\n' +
        `${PACKED_BY.map((one) => `  ${one}\n`).join('')}  cpanel-edge import server.tar addresses.txt --platform-version 1.0.6    beside it what "ip -o addr; ip -o route" print\n` +
        'Exit status: 0 the exposure is unchanged, and nothing is objected to; 1 something differs, can not be decided, or is objected to; 2 wrong use, or nothing was imported: of what could be read the report alone is written then, and says why.',
    ),
  )
  .action(async (paths: readonly string[], options: Options) => {
    const { owner, project, pipeline, force = false } = options;
    const folder = project ?? options.out;
    const texts: { path: string; text: string }[] = [];
    for (const path of paths) texts.push({ path, text: await textAt(path, process.stdin, GIVEN) });
    const isConfiguration = texts.length === 1 && texts[0]!.text.trimStart().startsWith('<');
    const rules = isConfiguration ? undefined : runningRules(texts);
    const device = options.device ?? (rules ? 'web1' : 'edge1');
    const hostKey = options.hostKey ?? completed({})[rules ? 'serverHostKey' : 'gatewayHostKey'];
    const own = rules ? serverFiles(device) : gatewayFiles(device);
    const names = Object.values(own).filter((name) => name !== own.report || !isOfNothing(join(folder, name)));
    const inProject = (made: StackProject): ReadonlyMap<string, string> =>
      project === undefined ? made.files : filesOf(made, pipeline);
    const nothing = projectAround(
      device,
      new Map(names.map((name) => [name, ''])),
      { allowed: PacketMap.NONE, reachable: PacketMap.NONE },
      [],
    );
    const problems = [
      ...hostKeyProblems(hostKey),
      ...(force ? [] : filesThere(folder, inProject(nothing).keys(), ANOTHER)),
    ];
    const [{ path, text }] = texts as [(typeof texts)[number]];
    const from = path === '-' ? 'standard input' : basename(path);
    const taken = besides(problems, () =>
      withClock('reading and comparing', () =>
        rules
          ? importServer(rules, { ...options, device, hostKey })
          : importGateway(text, from, { device, owner, hostKey, globalHelper: options.globalHelper === true }),
      ),
    );
    if (taken instanceof NothingMade) {
      writeAll(folder, new Map([[own.report, nothingReport(taken, rules?.from ?? from, device)]]));
      const report = join(folder, own.report);
      if (formatOf(options) === 'json')
        print({ device, outcome: 'nothing', problems: taken.problems, left: taken.left, report, files: [report] });
      process.stderr.write(`${taken.message}\nall of it: ${report}\n`);
      return void (process.exitCode = 2);
    }
    const made = projectAround(device, taken.files, taken.found.outside, taken.remarks);
    writeAll(folder, inProject(made));
    const json = formatOf(options) === 'json';
    if (json)
      print({
        device,
        ...foundIn(taken),
        report: join(folder, taken.report),
        files: [...inProject(made).keys()].map((name) => join(folder, name)),
      });
    const lines = [
      ...summary(taken, join(folder, taken.report)),
      `SSH goes to ${taken.host}: where that is wrong, change it in ${device}.ts`,
      ...madeUp(`${device}.ts`, options.hostKey === undefined ? [`host-key ${hostKey}`] : []),
      ...(project === undefined
        ? []
        : [
            ...made.unnamed.map((one) => `No review rule has words for ${one}: a review objects to it.`),
            ...next(folder),
          ]),
    ];
    if (!json) process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    for (const place of taken.suspicious)
      process.stderr.write(`${printable(`looks like a secret, and stays: ${place}. Look before you commit it.`)}\n`);
    process.exitCode = outcomeOf(taken.found.changes) === 'unchanged' && taken.isWhole ? 0 : 1;
  });

const print = (found: object): void => void process.stdout.write(`${printableJson({ format: FORMAT, ...found })}\n`);

function foundIn({ found: { changes, refused }, isWhole, host, suspicious }: Taken): object {
  return { outcome: outcomeOf(changes), whole: isWhole, ...changes, problems: refused, host, suspicious };
}

const ANOTHER = 'another --device, or another folder with --project or --out, or --force to write over it.';

const isOfNothing = (report: string): boolean => isFile(report) && saysNothing(readFileSync(report, 'utf8'));

/** With what is wrong already. Throws Refusal with all of it. */
function besides<Made>(problems: readonly Problem[], make: () => Made): Made | NothingMade {
  let made: Made;
  try {
    made = make();
  } catch (error) {
    if (error instanceof NothingMade && problems.length === 0) return error;
    if (error instanceof Refusal) throw new Refusal([...problems, ...error.problems]);
    throw error;
  }
  refuseIfAny(problems);
  return made;
}

const hostKeyProblems = (line: string): readonly Problem[] =>
  compileConnection('connection', { host: '192.0.2.1', hostKeys: [line] }).problems.map((one) => ({
    ...one,
    where: '--host-key',
  }));

function summary({ lines: [first, ...others], found: { changes, refused } }: Taken, report: string): readonly string[] {
  return [
    first!,
    outcomeSaid(changes),
    ...others,
    ...(refused.length === 0 ? [] : ['synthesis refuses it as it is: npm test says why, and the report']),
    `all of it: ${report}`,
  ];
}
