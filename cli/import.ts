// Command `import`: makes constructs from a gateway's config.xml or a server's running rules. Writes a stack, or a
// whole project, and a report of what was left out and of how the exposure changes.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { summarizeOutcome } from '../lib/import/exposure-changes';
import { ImportRefusal } from '../lib/import/import-refusal';
import { renderRefusalReport, isRefusalReport } from '../lib/import/import-report';
import { compileConnection } from '../lib/intent/connection';
import { PacketMap } from '../lib/net/packet-map';
import { JSON_SCHEMA, printDisplayJson } from '../lib/problems/print-json';
import { Problem, Refusal, escapeForDisplay, refuseIfAny } from '../lib/problems/problem';
import { DEFAULT_FRAMEWORK, FRAMEWORK_NAMES, FrameworkName } from '../lib/report/render-stack-source';
import { StackProject, createProjectForStack } from '../lib/project/project-for-stack';
import { fillAnswers } from '../lib/project/project-questions';
import { PACK_COMMANDS, MULTI_FILE_FORMATS } from '../lib/exposure/texts/multi-file-formats';
import { runWithClock } from './elapsed-time';
import { readText } from './read-files';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { createHelpText } from './help-text';
import { ImportResult, findExistingFiles, describeOutcome } from './import-files';
import { nameGatewayFiles, importGateway } from './import-gateway';
import { ServerOptions, importServer, parseRunningRules, nameServerFiles, serverPlatforms } from './import-server';
import { isFile } from './file-stats';
import {
  Provider,
  renderProjectFiles,
  formatMadeUp,
  formatNextSteps,
  createPipelineOption,
  writeAll,
} from './write-project';
import { parseFolder, parseOwner } from './option-values';

interface ImportOptions extends Omit<ServerOptions, 'device' | 'hostKey'>, FormatOptions<'text' | 'json'> {
  readonly out: string;
  readonly project?: string;
  readonly pipeline: Provider;
  readonly framework: FrameworkName;
  readonly device?: string;
  readonly hostKey?: string;
  readonly globalHelper?: boolean;
  readonly force?: boolean;
}

const parseDevice = (text: string): string => {
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(text))
    throw new InvalidArgumentError('a name of small letters, digits and "-" that begins with a letter.');
  return text;
};

const parsePort = (text: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('a port from 1 to 65535.');
  return Number(text);
};

const parseVersion = (text: string): string => {
  if (!/^\d+(\.\d+)+$/.test(text)) throw new InvalidArgumentError('a version as its tool prints it: 1.0.6.');
  return text;
};

const SOURCE_WORDS = `a text as the device has it, a folder or a tar with ${MULTI_FILE_FORMATS.label}, or - for standard input.`;

export const importCommand = addFormatOptions(new Command('import'), ['text', 'json'])
  .description(
    'Makes constructs out of a firewall’s configuration or of the rules that run on a server, and proves what they expose alike.',
  )
  .argument(
    '<file...>',
    `a config.xml, the running rules of a server, or a folder or a tar with ${MULTI_FILE_FORMATS.label}; - for standard input`,
  )
  .option('-o, --out <folder>', 'where the files are written', parseFolder, 'stacks')
  .addOption(
    new Option('--project <folder>', 'a whole project around them, as init makes one')
      .argParser(parseFolder)
      .conflicts('out'),
  )
  .addOption(
    new Option('--framework <name>', 'what the stack imports: cdktf, or cdktn, which continues it')
      .choices(FRAMEWORK_NAMES)
      .default(DEFAULT_FRAMEWORK),
  )
  .addOption(createPipelineOption())
  .option('--device <name>', 'name of the gateway or the server (default: edge1, or web1 for a server)', parseDevice)
  .option('--owner <name>', 'owner of what is imported', parseOwner, 'hosting')
  .option('--host-key <text>', 'a line of /etc/ssh/ssh_host_*_key.pub on it, from its console (default: an example)')
  .option('--ssh-port <port>', 'of a server: by which operators come', parsePort, 22)
  .addOption(
    new Option('--platform <name>', 'of a server: what it shall run')
      .choices(serverPlatforms)
      .default(serverPlatforms[0]),
  )
  .option('--platform-version <version>', 'of a server: of that, as its own tool prints it', parseVersion)
  .option('--global-helper', 'the box’s one switch for sources of reflected connections may be turned on')
  .option('--force', 'write over files that are there')
  .addHelpText(
    'after',
    createHelpText(
      'Of a gateway it writes DEVICE.ts, DEVICE.captured.xml and DEVICE.report.md: what is covered, what is left and why, and in ports what differs.\n' +
        'DEVICE.ts is its stack. Of a server it writes DEVICE.ts and DEVICE.report.md:\n' +
        '  ssh root@server "iptables-save 2>&1; ip6tables-save 2>&1; ipset save; ip -o addr; ip -o route" > web1.txt\n' +
        '  cpanel-edge import web1.txt --device web1 --platform-version 1.0.6\n' +
        `${PACK_COMMANDS.map((packCommand) => `  ${packCommand}\n`).join('')}  cpanel-edge import server.tar addresses.txt --platform-version 1.0.6    beside it what "ip -o addr; ip -o route" print\n` +
        'Exit status: 0 the exposure is unchanged, and nothing is objected to; 1 something differs, can not be decided, or is objected to; 2 wrong use, or nothing was imported: of what could be read the report alone is written then, and says why.',
    ),
  )
  .action(async (paths: readonly string[], options: ImportOptions) => {
    const { owner, project, pipeline, framework, force = false } = options;
    const folder = project ?? options.out;
    const texts: { path: string; text: string }[] = [];
    for (const path of paths) texts.push({ path, text: await readText(path, process.stdin, SOURCE_WORDS) });
    const isConfiguration = texts.length === 1 && texts[0]!.text.trimStart().startsWith('<');
    const rules = isConfiguration ? undefined : parseRunningRules(texts);
    const device = options.device ?? (rules ? 'web1' : 'edge1');
    const hostKey = options.hostKey ?? fillAnswers({})[rules ? 'serverHostKey' : 'gatewayHostKey'];
    const fileNames = rules ? nameServerFiles(device) : nameGatewayFiles(device);
    const names = Object.values(fileNames).filter(
      (name) => name !== fileNames.report || !isNothingReport(join(folder, name)),
    );
    const listProjectFiles = (stackProject: StackProject): ReadonlyMap<string, string> =>
      project === undefined ? stackProject.files : renderProjectFiles(stackProject, pipeline);
    const emptyProject = createProjectForStack(
      device,
      new Map(names.map((name) => [name, ''])),
      { allowed: PacketMap.NONE, reachable: PacketMap.NONE },
      [],
      framework,
    );
    const problems = [
      ...checkHostKey(hostKey),
      ...(force ? [] : findExistingFiles(folder, listProjectFiles(emptyProject).keys(), OTHER_FOLDER)),
    ];
    const [{ path, text }] = texts as [(typeof texts)[number]];
    const sourceName = path === '-' ? 'standard input' : basename(path);
    const result = makeOrRefuse(problems, () =>
      runWithClock('reading and comparing', () =>
        rules
          ? importServer(rules, { ...options, device, hostKey })
          : importGateway(text, sourceName, {
              device,
              owner,
              hostKey,
              globalHelper: options.globalHelper === true,
              framework,
            }),
      ),
    );
    if (result instanceof ImportRefusal) {
      writeAll(folder, new Map([[fileNames.report, renderRefusalReport(result, rules?.from ?? sourceName, device)]]));
      const report = join(folder, fileNames.report);
      if (getFormat(options) === 'json')
        printJson({
          device,
          outcome: 'nothing',
          problems: result.problems,
          skipped: result.skippedEntries,
          report,
          files: [report],
        });
      process.stderr.write(`${result.message}\nall of it: ${report}\n`);
      return void (process.exitCode = 2);
    }
    const stackProject = createProjectForStack(
      device,
      result.files,
      result.imported.internetReachability,
      result.remarks,
      framework,
    );
    writeAll(folder, listProjectFiles(stackProject));
    const json = getFormat(options) === 'json';
    if (json)
      printJson({
        device,
        ...toJson(result),
        report: join(folder, result.report),
        files: [...listProjectFiles(stackProject).keys()].map((name) => join(folder, name)),
      });
    const lines = [
      ...formatSummary(result, join(folder, result.report)),
      `SSH goes to ${result.host}: where that is wrong, change it in ${device}.ts`,
      ...formatMadeUp(`${device}.ts`, options.hostKey === undefined ? [`host-key ${hostKey}`] : []),
      ...(project === undefined
        ? []
        : [
            ...stackProject.unnamed.map(
              (serviceName) => `No review rule has words for ${serviceName}: a review objects to it.`,
            ),
            ...formatNextSteps(folder),
          ]),
    ];
    if (!json) process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    for (const place of result.suspicious)
      process.stderr.write(
        `${escapeForDisplay(`looks like a secret, and stays: ${place}. Look before you commit it.`)}\n`,
      );
    process.exitCode = summarizeOutcome(result.imported.changes) === 'unchanged' && result.isWhole ? 0 : 1;
  });

const printJson = (json: object): void =>
  void process.stdout.write(`${printDisplayJson({ schema: JSON_SCHEMA, ...json })}\n`);

function toJson({ imported: { changes, refused }, isWhole, host, suspicious }: ImportResult): object {
  return { outcome: summarizeOutcome(changes), whole: isWhole, ...changes, problems: refused, host, suspicious };
}

const OTHER_FOLDER = 'another --device, or another folder with --project or --out, or --force to write over it.';

const isNothingReport = (report: string): boolean => isFile(report) && isRefusalReport(readFileSync(report, 'utf8'));

/**
 * Returns the result of `make`, or its ImportRefusal if `problems` is empty.
 *
 * @throws Refusal with `problems` and the problems of `make`.
 */
function makeOrRefuse<Made>(problems: readonly Problem[], make: () => Made): Made | ImportRefusal {
  let result: Made;
  try {
    result = make();
  } catch (error) {
    if (error instanceof ImportRefusal && problems.length === 0) return error;
    if (error instanceof Refusal) throw new Refusal([...problems, ...error.problems]);
    throw error;
  }
  refuseIfAny(problems);
  return result;
}

const checkHostKey = (line: string): readonly Problem[] =>
  compileConnection('connection', { host: '192.0.2.1', hostKeys: [line] }).problems.map((problem) => ({
    ...problem,
    where: '--host-key',
  }));

function formatSummary(
  { lines: [first, ...laterLines], imported: { changes, refused } }: ImportResult,
  report: string,
): readonly string[] {
  return [
    first!,
    describeOutcome(changes),
    ...laterLines,
    ...(refused.length === 0 ? [] : ['synthesis refuses it as it is: npm test says why, and the report']),
    `all of it: ${report}`,
  ];
}
