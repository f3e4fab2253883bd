import { printAddress } from '../../lib/net/address';
import { printable } from '../../lib/problems/problem';
import { printProblems } from '../paragraph';
import { Diagnosis } from './doctor';
import { Case, Unmapped, isMapped } from './case';
import { FromHere } from './connect';
import { Question } from './question';
import { Step } from './step';

const MARK: Readonly<Record<Step['is'], string>> = { right: '✓', wrong: '✗', unknown: '?', 'not asked': '-' };

/** Nothing in it is longer than a person reads in a minute. */
export function printDiagnosis(one: Case | Unmapped, diagnosis: Diagnosis, fromHere: FromHere): readonly string[] {
  const { steps, problems } = diagnosis;
  const client = isMapped(one)
    ? ` from ${printAddress(one.source)}${one.chosen === '' ? '' : ` (${one.chosen}; another one: --from)`}`
    : '';
  return [
    `${namedQuestion(one.question)}${client}`,
    `from this machine${fromHere.as === undefined ? '' : ` (${fromHere.as})`}: ${fromHere.is}`,
    '',
    ...steps.flatMap(({ name, is, seen }) => [
      `${MARK[is]} ${printable(name)}${seen[0] === undefined ? '' : `: ${printable(seen[0])}`}`,
      ...seen.slice(1).map((line) => `    ${printable(line)}`),
    ]),
    ...printProblems(problems),
    '',
    ...ending(one, diagnosis, fromHere),
  ];
}

/** What is asked, as a person reads it. */
export const namedQuestion = ({ address, protocol, port }: Question): string =>
  `${printAddress(address)} ${protocol} ${port}`;

/** One of many: what it comes to, in a line, and what to do about it. */
export function printBriefly(one: Case | Unmapped, diagnosis: Diagnosis, fromHere: FromHere): readonly string[] {
  const { steps, cause, found } = diagnosis;
  const stepsThat = (is: Step['is']): readonly Step[] => steps.filter((step) => step.is === is);
  const [head, ...more] = ((): readonly string[] => {
    if (cause) return ending(one, diagnosis, fromHere);
    switch (found) {
      case 'not asked':
        return [
          `Not known: ${[...new Set(stepsThat('not asked').flatMap(({ seen }) => seen.slice(0, 1)))].join('; ')}.`,
        ];
      case 'not decidable':
        return [
          `Not known, as it can’t be decided: ${stepsThat('unknown')
            .map(({ name, seen }) => [name, ...seen.slice(0, 1)].join(': '))
            .join('; ')}.`,
        ];
      default:
        return [`nothing wrong was found; from this machine: ${fromHere.is}`];
    }
  })();
  return [`${namedQuestion(one.question)}: ${printable(head!)}`, ...more];
}

/** Only who saw all of the way knows that nothing stands on it. */
const besides = (steps: readonly Step[]): string =>
  steps.every(({ is }) => is === 'right' || is === 'wrong')
    ? 'Nothing keeps this client away. Beside that: '
    : 'Not known: not all of the way could be looked at, and in what was, nothing keeps this client away. Beside that: ';

function ending(
  one: Case | Unmapped,
  { steps, cause, found }: Pick<Diagnosis, 'steps' | 'cause' | 'found'>,
  fromHere: FromHere,
): readonly string[] {
  if (cause) {
    const unsure = found !== 'a cause' ? 'Perhaps: ' : cause.weight === 'aside' ? besides(steps) : 'Most likely: ';
    return [`${unsure}${printable(cause.what)}`, `  What to do: ${printable(cause.instead)}`];
  }
  switch (found) {
    case 'not asked':
      return [
        'Not known: the lines with "-" could not be asked. In what was, nothing is wrong.',
        '  What to do: mend that, and ask again. Nothing was changed.',
      ];
    case 'not decidable':
      return ['Not known: the lines with "?" can’t be decided. In the others nothing is wrong.'];
    default:
      return nothingWrong(one, fromHere);
  }
}

function nothingWrong(one: Case | Unmapped, { is, as }: FromHere): readonly string[] {
  if (is === 'connected' || is === 'not tried' || !isMapped(one)) return ['Nothing wrong was found.'];
  const other = as !== undefined && as !== printAddress(one.source);
  return [
    `Nothing wrong was found from ${one.gateway.holder.device} to the server and back${other ? ` for ${printAddress(one.source)}` : ''}.`,
    ...(other ? [`  For this machine, where it is behind no other NAT: --from ${as}`] : []),
    `  Then look before the gateway: does the provider deliver ${printAddress(one.question.address)} to it, does a firewall stand before it?`,
  ];
}

export const jsonOfDiagnosis = (
  one: Case | Unmapped,
  { steps, cause, found, problems }: Diagnosis,
  fromHere: FromHere,
): object => ({
  address: printAddress(one.question.address),
  port: one.question.port,
  protocol: one.question.protocol,
  ...(isMapped(one)
    ? {
        from: printAddress(one.source),
        mapping: one.mapping.name,
        gateway: one.gateway.holder.device,
        inside: printAddress(one.inside),
        server: one.server?.holder.device ?? null,
      }
    : {}),
  fromHere,
  found,
  cause: cause ?? null,
  steps: steps.map(({ name, is, seen, cause: because }) => ({ name, is, seen, cause: because ?? null })),
  problems,
});
