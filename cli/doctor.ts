import { Command } from 'commander';
import { Address, printAddress } from '../lib/net/address';
import { printableJson } from '../lib/problems/printable-json';
import { Problem, collecting, printProblem, refuseIfAny } from '../lib/problems/problem';
import { STATUS, Diagnosis, diagnose, diagnoseUnmapped } from '../driver/doctor/doctor';
import { Case, Parts, Unmapped, caseOf, isMapped, partsOf } from '../driver/doctor/case';
import { FromHere, connectFromHere } from '../driver/doctor/connect';
import { everyQuestion, saidLeftOut } from '../driver/doctor/every';
import { jsonOfDiagnosis, namedQuestion, printBriefly, printDiagnosis } from '../driver/doctor/print';
import { Question, clientOf, questionOf } from '../driver/doctor/question';
import { projectOf } from '../driver/project';
import { walksOf } from './doctor-asks';
import { printMetrics } from './doctor-metrics';
import { eachOf, notAsked, worstOf } from './each-of';
import { FormatOptions, formatOf, withFormat } from './format';
import { below } from './help';
import { now } from './metrics';
import { ReaderOptions, withReader } from './login';
import { holdersOf } from './target';

/** Of the JSON. A change that readers could notice makes a new one. */
const FORMAT = 1;
const FORMATS = ['text', 'json', 'prometheus'] as const;
/** Each waits for three seconds at most, and costs nobody anything meanwhile. */
const CONNECTIONS = 64;

interface Options extends ReaderOptions, FormatOptions<(typeof FORMATS)[number]> {
  readonly from?: string;
  readonly gateway?: string;
  readonly stack?: string;
  readonly quiet?: boolean;
}

interface Told {
  readonly one: Case | Unmapped;
  readonly found: Diagnosis;
  readonly fromHere: FromHere;
}

export const doctor = withFormat(withReader(new Command('doctor')), FORMATS)
  .description(
    'Says why a public address is not reachable: walks from the intent through the gateway to the server and back, and ends with the most likely cause.',
  )
  .argument(
    '[address...]',
    'public addresses, each with a port where it is not 443: 203.0.113.10:25, 203.0.113.10:53/udp; default: every one that leads to a server of the stacks and has a TCP port open',
  )
  .option('--from <address>', 'the client that does not reach it; default: somebody outside whom the intent lets in')
  .option('--gateway <device>', 'which one, where several gateways map the address')
  .option('--stack <folder>', 'folder with the cdk.tf.json that has the mapping')
  .option('--quiet', 'print nothing where nothing is wrong: for cron')
  .addHelpText(
    'after',
    below(
      'The mapping is looked for in cdk.tf.json of this folder, else in cdktf.out/stacks/*/cdk.tf.json: run cdktf synth first. Nothing is changed ' +
        'on any device; the gateway asks on its wires who has the public and the inside address (ARP), and this machine connects once.\n' +
        'Exit status: 0 nothing wrong was found; 1 a cause was found; 2 a device could not be asked, or wrong use; 3 it can’t be decided. Of several ' +
        'addresses 2 wins over 1, and 1 over 3.',
    ),
  )
  .action(async (targets: readonly string[], options: Options) => {
    const { typed, from } = typedBy(targets, options);
    const holders = holdersOf(options.stack);
    const parts = partsOf(holders, options.gateway);
    const { questions, leftOut } =
      targets.length === 0 ? everyQuestion(parts, from) : { questions: typed, leftOut: [] };
    const cases = casesOf(questions, parts, options);
    const connections = eachOf(
      cases,
      CONNECTIONS,
      ({ question }) => connectedTo(question),
      () => undefined,
    );
    const mapped = cases.filter(isMapped);
    const { walked, refused } = await walksOf(mapped, holders, options);
    const fromHere = await connections;
    const here = projectOf(options.stack ?? process.cwd(), { environment: process.env });
    const told = cases.map((one, at): Told => {
      const found = isMapped(one) ? diagnose(one, walked[mapped.indexOf(one)]!) : diagnoseUnmapped(one, here);
      return { one, found, fromHere: fromHere[at]! };
    });
    process.exitCode = worstOf(told.map(({ found }) => STATUS[found.found]));
    const format = formatOf(options);
    // A collector that finds nothing knows nothing.
    if (options.quiet === true && process.exitCode === 0 && format !== 'prometheus') return;
    process.stdout.write(PRINTERS[format](told, options.quiet === true));
    // The text of one address has them.
    if (told.length > 1 || format === 'prometheus') process.stderr.write(notAsked(refused, true));
    if (options.quiet !== true) process.stderr.write(saidLeftOut(leftOut, here.edge));
  });

interface Typed {
  /** Each once, however often it is named. */
  readonly typed: readonly Question[];
  readonly from: Address | undefined;
}

/** Throws Refusal cli/not-an-address with all that are none. */
function typedBy(targets: readonly string[], options: Options): Typed {
  const problems: Problem[] = [];
  const from = options.from === undefined ? undefined : collecting(problems, () => clientOf(options.from!));
  const questions = collected(targets, (target) => questionOf(target, from), problems);
  return { typed: [...new Map(questions.map((one) => [namedQuestion(one), one])).values()], from };
}

const casesOf = (questions: readonly Question[], parts: Parts, { gateway }: Options): readonly (Case | Unmapped)[] =>
  collected(questions, (question) => caseOf(question, parts, gateway));

/** What becomes of each. Throws Refusal with the problems of all and those there are already, each once. */
function collected<T, R extends object>(all: readonly T[], of: (one: T) => R, problems: Problem[] = []): readonly R[] {
  const found = all.flatMap((one): R | readonly R[] => collecting(problems, () => of(one)) ?? []);
  refuseIfAny([...new Map(problems.map((problem) => [printProblem(problem), problem])).values()]);
  return found;
}

const connectedTo = ({ address, port, protocol }: Question): Promise<FromHere> =>
  connectFromHere(printAddress(address), port, protocol);

const PRINTERS: Readonly<Record<(typeof FORMATS)[number], (told: readonly Told[], quiet: boolean) => string>> = {
  text: (told, quiet) =>
    told
      .filter(({ found }) => !quiet || found.found !== 'nothing wrong')
      .flatMap(({ one, found, fromHere }) => (told.length === 1 ? printDiagnosis : printBriefly)(one, found, fromHere))
      .map((line) => `${line}\n`)
      .join(''),
  json: (told) => {
    const each = told.map(({ one, found, fromHere }) => jsonOfDiagnosis(one, found, fromHere));
    return `${printableJson({ format: FORMAT, ...(each.length === 1 ? each[0] : { addresses: each }) })}\n`;
  },
  prometheus: (told) =>
    printMetrics(
      told.map(({ one, found, fromHere }) => ({ question: one.question, found: found.found, fromHere })),
      now(),
    ),
};
