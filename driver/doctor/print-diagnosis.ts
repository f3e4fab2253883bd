// Prints the result of `doctor` for one address: all steps, a short form for lists of addresses, or JSON.
import { printAddress } from '../../lib/net/address';
import { escapeForDisplay } from '../../lib/problems/problem';
import { printProblems } from '../outcome-paragraph';
import { Diagnosis } from './diagnose';
import { DiagnosisCase, UnmappedCase, isMapped } from './diagnosis-case';
import { LocalConnection } from './connect-from-here';
import { Question } from './doctor-question';
import { DiagnosisStep } from './diagnosis-step';

const MARKS: Readonly<Record<DiagnosisStep['status'], string>> = {
  right: '✓',
  wrong: '✗',
  unknown: '?',
  'not asked': '-',
};

/** Prints the diagnosis, short enough to read in a minute. */
export function printDiagnosis(
  subject: DiagnosisCase | UnmappedCase,
  diagnosis: Diagnosis,
  localConnection: LocalConnection,
): readonly string[] {
  const { steps, problems } = diagnosis;
  const client = isMapped(subject)
    ? ` from ${printAddress(subject.source)}${subject.sourceReason === '' ? '' : ` (${subject.sourceReason}; another one: --from)`}`
    : '';
  return [
    `${printQuestion(subject.question)}${client}`,
    `from this machine${localConnection.sourceAddress === undefined ? '' : ` (${localConnection.sourceAddress})`}: ${localConnection.result}`,
    '',
    ...steps.flatMap(({ name, status, observations }) => [
      `${MARKS[status]} ${escapeForDisplay(name)}${observations[0] === undefined ? '' : `: ${escapeForDisplay(observations[0])}`}`,
      ...observations.slice(1).map((line) => `    ${escapeForDisplay(line)}`),
    ]),
    ...printProblems(problems),
    '',
    ...printEnding(subject, diagnosis, localConnection),
  ];
}

/** Returns the question for display. */
export const printQuestion = ({ address, protocol, port }: Question): string =>
  `${printAddress(address)} ${protocol} ${port}`;

/** Prints one diagnosis of many: the result in a line, and the remedy. */
export function printBriefDiagnosis(
  subject: DiagnosisCase | UnmappedCase,
  diagnosis: Diagnosis,
  localConnection: LocalConnection,
): readonly string[] {
  const { steps, cause, outcome } = diagnosis;
  const filterSteps = (wantedStatus: DiagnosisStep['status']): readonly DiagnosisStep[] =>
    steps.filter((step) => step.status === wantedStatus);
  const [head, ...moreLines] = ((): readonly string[] => {
    if (cause) return printEnding(subject, diagnosis, localConnection);
    switch (outcome) {
      case 'not asked':
        return [
          `Not known: ${[...new Set(filterSteps('not asked').flatMap(({ observations }) => observations.slice(0, 1)))].join('; ')}.`,
        ];
      case 'not decidable':
        return [
          `Not known, as it can’t be decided: ${filterSteps('unknown')
            .map(({ name, observations }) => [name, ...observations.slice(0, 1)].join(': '))
            .join('; ')}.`,
        ];
      default:
        return [`nothing wrong was found; from this machine: ${localConnection.result}`];
    }
  })();
  return [`${printQuestion(subject.question)}: ${escapeForDisplay(head!)}`, ...moreLines];
}

/**
 * Returns the introduction of a cause aside. Only if every step was checked is it certain that nothing blocks the way.
 */
const introduceAside = (steps: readonly DiagnosisStep[]): string =>
  steps.every(({ status }) => status === 'right' || status === 'wrong')
    ? 'Nothing keeps this client away. Beside that: '
    : 'Not known: not all of the way could be looked at, and in what was, nothing keeps this client away. Beside that: ';

function printEnding(
  subject: DiagnosisCase | UnmappedCase,
  { steps, cause, outcome }: Pick<Diagnosis, 'steps' | 'cause' | 'outcome'>,
  localConnection: LocalConnection,
): readonly string[] {
  if (cause) {
    const introduction =
      outcome !== 'a cause' ? 'Perhaps: ' : cause.weight === 'aside' ? introduceAside(steps) : 'Most likely: ';
    return [`${introduction}${escapeForDisplay(cause.what)}`, `  What to do: ${escapeForDisplay(cause.instead)}`];
  }
  switch (outcome) {
    case 'not asked':
      return [
        'Not known: the lines with "-" could not be asked. In what was, nothing is wrong.',
        '  What to do: mend that, and ask again. Nothing was changed.',
      ];
    case 'not decidable':
      return ['Not known: the lines with "?" can’t be decided. In the others nothing is wrong.'];
    default:
      return printNothingWrong(subject, localConnection);
  }
}

function printNothingWrong(
  subject: DiagnosisCase | UnmappedCase,
  { result, sourceAddress }: LocalConnection,
): readonly string[] {
  if (result === 'connected' || result === 'not tried' || !isMapped(subject)) return ['Nothing wrong was found.'];
  const hasOtherSource = sourceAddress !== undefined && sourceAddress !== printAddress(subject.source);
  return [
    `Nothing wrong was found from ${subject.gateway.ownershipRecord.device} to the server and back${hasOtherSource ? ` for ${printAddress(subject.source)}` : ''}.`,
    ...(hasOtherSource ? [`  For this machine, where it is behind no other NAT: --from ${sourceAddress}`] : []),
    `  Then look before the gateway: does the provider deliver ${printAddress(subject.question.address)} to it, does a firewall stand before it?`,
  ];
}

export const toDiagnosisJson = (
  subject: DiagnosisCase | UnmappedCase,
  { steps, cause, outcome, problems }: Diagnosis,
  localConnection: LocalConnection,
): object => ({
  address: printAddress(subject.question.address),
  port: subject.question.port,
  protocol: subject.question.protocol,
  ...(isMapped(subject)
    ? {
        client: printAddress(subject.source),
        mapping: subject.mapping.name,
        gateway: subject.gateway.ownershipRecord.device,
        internal: printAddress(subject.internal),
        server: subject.server?.ownershipRecord.device ?? null,
      }
    : {}),
  localConnection,
  outcome,
  cause: cause ?? null,
  steps: steps.map(({ name, status, observations, cause: stepCause }) => ({
    name,
    status,
    observations,
    cause: stepCause ?? null,
  })),
  problems,
});
