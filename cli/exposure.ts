// Command `exposure`: prints which ports a ruleset, a plan or a stack opens, and to whom. It parses the rules of any
// server, also of unmanaged ones.
import { Command, InvalidArgumentError, Option } from 'commander';
import { NAT_FILES } from '../lib/cpnat/nat-files';
import { escapeForDisplay } from '../lib/problems/problem';
import { ExposureOptions, parseQuestion } from '../lib/exposure/answer/question';
import { createExposureReport } from '../lib/exposure/create-exposure-report';
import {
  parseGroupOption,
  parseInterfaceOption,
  explainBadInterface,
} from '../lib/exposure/facts/parse-interface-options';
import { Facts, NO_FACTS, mergeFacts } from '../lib/exposure/facts/device-facts';
import { printExposureHtml } from '../lib/exposure/print/exposure-html';
import { printExposureMarkdown } from '../lib/exposure/print/exposure-markdown';
import { ExposureReport, isReachable } from '../lib/exposure/report/exposure-report-types';
import { PACK_COMMANDS, MULTI_FILE_FORMATS } from '../lib/exposure/texts/multi-file-formats';
import { printExposureText } from '../lib/exposure/print/exposure-text';
import { runWithClock } from './elapsed-time';
import { FACT_COMMANDS, readFacts, readSources } from './exposure-files';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { createHelpText } from './help-text';
import { hashSha256 } from './sha256';
import { printOrWrite, refuseOverwrite } from './file-io';
import { createChoicesOption } from './option-values';

type JsonModule = typeof import('../lib/exposure/print/exposure-json');
// Loaded only when needed: it loads zod, like the parser of plans, and nothing else here needs zod.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
const loadJson = (): JsonModule => require('../lib/exposure/print/exposure-json') as JsonModule;

const PRINTERS = {
  text: printForTerminal,
  markdown: printExposureMarkdown,
  html: (report: ExposureReport) => printExposureHtml(report, hashSha256),
  json: (report: ExposureReport) => loadJson().printExposureJson(report),
} as const;

/**
 * Prints the report as text. With --fail-on it shows everything: the reason why a pipeline fails must be on the page.
 */
function printForTerminal(report: ExposureReport, { all: showAll, failOn, out }: ExposureCommandOptions): string {
  const { isTTY, columns } = process.stdout;
  const width = out === undefined && isTTY && columns ? { width: columns } : {};
  return printExposureText(report, { ...(showAll || failOn ? { all: true } : {}), ...width });
}

const FAIL_ON = ['reachable', 'unknown'] as const;

interface ExposureCommandOptions extends ExposureOptions, FormatOptions<keyof typeof PRINTERS> {
  /** Former name of `start`. */
  readonly vantage?: readonly string[];
  readonly interface?: readonly Facts[];
  readonly group?: readonly Facts[];
  readonly facts?: readonly string[];
  readonly forwards?: 'yes' | 'no';
  readonly all?: true;
  readonly out?: string;
  readonly failOn?: readonly (typeof FAIL_ON)[number][];
}

function parseSeveral(text: string, before: readonly string[] = []): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  // A shell gives an empty word for a variable that isn't set. That must not mean everything.
  if (words.includes('')) throw new InvalidArgumentError('It is empty, or has two commas in a row.');
  return [...before, ...words];
}

function parseInterface(text: string, before: readonly Facts[] = []): readonly Facts[] {
  const facts = parseInterfaceOption(text);
  if (facts) return [...before, facts];
  const problem = explainBadInterface(text);
  const example = 'eth0:outside, eth0=198.51.100.50/24, or eth0=198.51.100.50/24,2001:db8::2/64:outside.';
  throw new InvalidArgumentError(problem === undefined ? example : `${problem} Instead: ${example}`);
}

function parseGroup(text: string, before: readonly Facts[] = []): readonly Facts[] {
  const facts = parseGroupOption(text);
  if (!facts) throw new InvalidArgumentError('Uplinks=em0,em1: the name of the group has no digit at its end.');
  return [...before, facts];
}

export const exposure = addFormatOptions(new Command('exposure'), Object.keys(PRINTERS))
  .description(
    'Shows what a server, a plan or a stack exposes: which ports, to whom. Also of servers that this package does not manage.',
  )
  .argument(
    '[source...]',
    `files with rules or plans, folders with stacks, a folder or a tar with ${MULTI_FILE_FORMATS.label}, - for standard input; default: the synthesized stacks`,
  )
  .option('--to <addresses>', 'only what goes to these addresses or prefixes', parseSeveral)
  .option('--port <ports>', 'only these ports: 443, 8000-8010, 53/udp', parseSeveral)
  .option('--service <services>', 'only these services: https, mysql, mail', parseSeveral)
  .option(
    '--from <addresses>',
    'only what comes from these addresses or prefixes, or from the internet: internet',
    parseSeveral,
  )
  .option(
    '--start <places>',
    'where packets start: outside, inside, server, localhost, or an interface (default: outside,inside)',
    parseSeveral,
  )
  .addOption(
    new Option('--vantage <places>', 'former name of --start').argParser(parseSeveral).conflicts('start').hideHelp(),
  )
  .option(
    '--interface <fact>',
    'what the rules do not say: eth0=198.51.100.50/24:outside; may be given several times',
    parseInterface,
  )
  .option(
    '--group <fact>',
    'which interfaces a group of pf has: Uplinks=em0,em1; may be given several times',
    parseGroup,
  )
  .option('--facts <file>', `the same from the server itself: the output of ${FACT_COMMANDS.join(', ')}`, parseSeveral)
  .option('--out <file>', 'write it to a file instead')
  .option('--all', 'also what comes from inside, what the answer rests on, and what the text can’t say')
  .addOption(new Option('--forwards <answer>', 'whether the server forwards packets').choices(['yes', 'no']))
  .addOption(
    createChoicesOption(
      '--fail-on <what>',
      'reachable: exit status 1 where anything shown is let through, 3 where anything is UNKNOWN; unknown: 3 alone; shown is everything then',
      FAIL_ON,
    ),
  )
  .addHelpText(
    'after',
    createHelpText(
      'An unknown server:\n  ssh root@server nft list ruleset > rules.nft\n  cpanel-edge exposure rules.nft\n' +
        '  ssh root@server "iptables-save 2>&1; ip6tables-save 2>&1; ipset save" > rules.txt\n  cpanel-edge exposure rules.txt    or its files: rules.v4 rules.v6\n' +
        `${PACK_COMMANDS.map((filter) => `  ${filter}\n`).join('')}  cpanel-edge exposure server.tar\n` +
        `  ${NAT_FILES.packCommand}\n` +
        '  cpanel-edge exposure rules.nft nat.tar    also what cPanel takes for its public addresses\n' +
        'What is not known of the server is assumed so that nothing open is left out. It tells more in one go:\n' +
        `  ssh root@server "nft list ruleset; ${FACT_COMMANDS.join('; ')}" > rules.nft\n` +
        '\nExit status: 0 it is shown; 1 with --fail-on reachable, something is let through; 2 wrong use, or something ' +
        'could not be read; 3 the answer to --to, --port, --service or --from is CAN’T TELL, or with ' +
        '--fail-on anything is UNKNOWN (1 wins over 3).',
    ),
  )
  .action(async (paths: readonly string[], options: ExposureCommandOptions) => {
    const givenFacts = [
      ...(await Promise.all((options.facts ?? []).map(readFacts))),
      ...(options.interface ?? []),
      ...(options.group ?? []),
      ...(options.forwards === undefined ? [] : [{ ...NO_FACTS, forwarding: options.forwards === 'yes' }]),
    ];
    const question = parseQuestion({ ...options, ...(options.vantage ? { start: options.vantage } : {}) });
    refuseOverwrite(options.out, [...paths, ...(options.facts ?? [])]);
    const sources = await readSources(paths, process.stdin);
    const report = runWithClock('reading the rules', () =>
      createExposureReport(sources, givenFacts.reduce(mergeFacts, NO_FACTS), question),
    );
    printOrWrite(PRINTERS[getFormat(options)](report, options), options.out, escapeForDisplay(report.headline));
    // Without a destination, a service or an address there is no answer, but `--from internet` asks all the same.
    const isUnknown =
      report.answer === 'notAsked' ? report.unknown && options.from !== undefined : report.answer === 'cannotTell';
    if (isUnknown || (report.unknown && options.failOn !== undefined)) process.exitCode = 3;
    if (options.failOn?.includes('reachable') && isReachable(report)) process.exitCode = 1;
  });
