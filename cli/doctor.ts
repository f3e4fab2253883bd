// Command `doctor`: finds out why a public address isn't reachable. Checks the path from the intent through the gateway
// to the server and back, and prints the most likely cause as text, JSON or Prometheus metrics.
import { Command } from 'commander';
import { Address, printAddress } from '../lib/net/address';
import { JSON_SCHEMA, printDisplayJson } from '../lib/problems/print-json';
import { Problem, collectProblems, printProblem, refuseIfAny } from '../lib/problems/problem';
import { EXIT_STATUS, Diagnosis, diagnose, diagnoseUnmapped } from '../driver/doctor/diagnose';
import {
  DiagnosisCase,
  StackPolicies,
  UnmappedCase,
  findCase,
  isMapped,
  collectPolicies,
} from '../driver/doctor/diagnosis-case';
import { LocalConnection, connectFromHere } from '../driver/doctor/connect-from-here';
import { listQuestions, describeLeftOut } from '../driver/doctor/list-questions';
import { toDiagnosisJson, printQuestion, printBriefDiagnosis, printDiagnosis } from '../driver/doctor/print-diagnosis';
import { Question, parseClient, parseQuestion } from '../driver/doctor/doctor-question';
import { findProject } from '../driver/operator-project';
import { askDevices } from './ask-doctor-devices';
import { printMetrics } from './doctor-metrics';
import { runAtOnce, formatNotAsked, pickWorstStatus } from './run-at-once';
import { FormatOptions, getFormat, addFormatOptions } from './format-options';
import { createHelpText } from './help-text';
import { getEpochSeconds } from './metrics';
import { ReaderOptions, addReaderOptions } from './reader-options';
import { readRecords } from './target';

const FORMATS = ['text', 'json', 'prometheus'] as const;
/** Connections from this machine at the same time. Each waits at most three seconds and costs nothing meanwhile. */
const MAX_CONNECTIONS = 64;

interface DoctorOptions extends ReaderOptions, FormatOptions<(typeof FORMATS)[number]> {
  readonly from?: string;
  readonly gateway?: string;
  readonly stack?: string;
  readonly quiet?: boolean;
}

interface AddressDiagnosis {
  readonly subject: DiagnosisCase | UnmappedCase;
  readonly diagnosis: Diagnosis;
  readonly localConnection: LocalConnection;
}

export const doctor = addFormatOptions(addReaderOptions(new Command('doctor')), FORMATS)
  .description(
    'Says why a public address is not reachable: walks from the intent through the gateway to the server and back, and ends with the most likely cause.',
  )
  .argument(
    '[address...]',
    'public addresses, each with a port where it is not 443: 203.0.113.10:25, 203.0.113.10:53/udp; default: every address that is translated to a server of the stacks and has a TCP port open',
  )
  .option('--from <address>', 'the client that does not reach it; default: a source outside that the intent lets in')
  .option('--gateway <device>', 'which one, where several gateways map the address')
  .option('--stack <folder>', 'folder with the cdk.tf.json that has the mapping')
  .option('--quiet', 'print nothing where nothing is wrong: for cron')
  .addHelpText(
    'after',
    createHelpText(
      'The mapping is looked for in cdk.tf.json of this folder, else in cdktf.out/stacks/*/cdk.tf.json: synthesize first. Nothing is changed ' +
        'on any device; the gateway asks on its wires who has the public and the inside address (ARP), and this machine connects once.\n' +
        'Exit status: 0 nothing wrong was found; 1 a cause was found; 2 a device could not be asked, or wrong use; 3 it can’t be decided. Of several ' +
        'addresses 2 wins over 1, and 1 over 3.',
    ),
  )
  .action(async (targets: readonly string[], options: DoctorOptions) => {
    const { typedQuestions, from: client } = parseTyped(targets, options);
    const ownershipRecords = readRecords(options.stack);
    const parts = collectPolicies(ownershipRecords, options.gateway);
    const { questions, partialQuestions } =
      targets.length === 0 ? listQuestions(parts, client) : { questions: typedQuestions, partialQuestions: [] };
    const cases = findCases(questions, parts, options);
    const connections = runAtOnce(
      cases,
      MAX_CONNECTIONS,
      ({ question }) => connectToAddress(question),
      () => undefined,
    );
    const mappedCases = cases.filter(isMapped);
    const { diagnosisInputs, refusedDevices } = await askDevices(mappedCases, ownershipRecords, options);
    const localConnections = await connections;
    const project = findProject(options.stack ?? process.cwd(), { environment: process.env });
    const diagnoses = cases.map((subject, index): AddressDiagnosis => {
      const diagnosis = isMapped(subject)
        ? diagnose(subject, diagnosisInputs[mappedCases.indexOf(subject)]!)
        : diagnoseUnmapped(subject, project);
      return { subject, diagnosis, localConnection: localConnections[index]! };
    });
    process.exitCode = pickWorstStatus(diagnoses.map(({ diagnosis }) => EXIT_STATUS[diagnosis.outcome]));
    const format = getFormat(options);
    // A collector of metrics needs the samples of a run without problems, too.
    if (options.quiet === true && process.exitCode === 0 && format !== 'prometheus') return;
    process.stdout.write(PRINTERS[format](diagnoses, options.quiet === true));
    // The text about a single address contains these refusals already.
    if (diagnoses.length > 1 || format === 'prometheus') process.stderr.write(formatNotAsked(refusedDevices, true));
    if (options.quiet !== true) process.stderr.write(describeLeftOut(partialQuestions, project.packageCommand));
  });

interface TypedQuestions {
  /** The questions without duplicates. */
  readonly typedQuestions: readonly Question[];
  readonly from: Address | undefined;
}

/**
 * Returns the questions and the client that the operator typed.
 *
 * @throws Refusal cli/not-an-address with all words that are no address.
 */
function parseTyped(targets: readonly string[], options: DoctorOptions): TypedQuestions {
  const problems: Problem[] = [];
  const client = options.from === undefined ? undefined : collectProblems(problems, () => parseClient(options.from!));
  const questions = collectOrRefuse(targets, (target) => parseQuestion(target, client), problems);
  return {
    typedQuestions: [...new Map(questions.map((question) => [printQuestion(question), question])).values()],
    from: client,
  };
}

const findCases = (
  questions: readonly Question[],
  parts: StackPolicies,
  { gateway }: DoctorOptions,
): readonly (DiagnosisCase | UnmappedCase)[] =>
  collectOrRefuse(questions, (question) => findCase(question, parts, gateway));

/**
 * Returns the converted items.
 *
 * @throws Refusal with `problems` and the problems of all items, each once.
 */
function collectOrRefuse<T, R extends object>(
  items: readonly T[],
  convert: (item: T) => R,
  problems: Problem[] = [],
): readonly R[] {
  const results = items.flatMap((item): R | readonly R[] => collectProblems(problems, () => convert(item)) ?? []);
  refuseIfAny([...new Map(problems.map((problem) => [printProblem(problem), problem])).values()]);
  return results;
}

const connectToAddress = ({ address, port, protocol }: Question): Promise<LocalConnection> =>
  connectFromHere(printAddress(address), port, protocol);

const PRINTERS: Readonly<
  Record<(typeof FORMATS)[number], (diagnoses: readonly AddressDiagnosis[], quiet: boolean) => string>
> = {
  text: (diagnoses, quiet) =>
    diagnoses
      .filter(({ diagnosis }) => !quiet || diagnosis.outcome !== 'nothing wrong')
      .flatMap(({ subject, diagnosis, localConnection }) =>
        (diagnoses.length === 1 ? printDiagnosis : printBriefDiagnosis)(subject, diagnosis, localConnection),
      )
      .map((line) => `${line}\n`)
      .join(''),
  json: (diagnoses) => {
    const entries = diagnoses.map(({ subject, diagnosis, localConnection }) =>
      toDiagnosisJson(subject, diagnosis, localConnection),
    );
    return `${printDisplayJson({ schema: JSON_SCHEMA, ...(entries.length === 1 ? entries[0] : { addresses: entries }) })}\n`;
  },
  prometheus: (diagnoses) =>
    printMetrics(
      diagnoses.map(({ subject, diagnosis, localConnection }) => ({
        question: subject.question,
        outcome: diagnosis.outcome,
        localConnection,
      })),
      getEpochSeconds(),
    ),
};
