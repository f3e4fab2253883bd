// Lists the addresses that `doctor` checks if the operator names none: the mapped public addresses of the servers in
// the stacks, each with one open TCP port.
import { Address, getFamily, toRange } from '../../lib/net/address';
import { PROTOCOL } from '../../lib/net/packet';
import { compareValues, contains } from '../../lib/net/range';
import { Mapping } from '../../lib/policy/policy';
import { Problem, Refusal } from '../../lib/problems/problem';
import { StackPolicies } from './diagnosis-case';
import { Question, getFamilyName, formatQuestion } from './doctor-question';

const HTTPS_PORT = 443;

interface AllQuestions {
  readonly questions: readonly Question[];
  /** One question for each mapping whose server is in no stack: only a part of its way can be checked. */
  readonly partialQuestions: readonly Question[];
}

/**
 * Returns the questions of a doctor without arguments: every public address of a server in the stacks that opens more
 * TCP than management. The port is 443 if that is open, else the lowest one. `client`: only addresses of its family.
 *
 * @throws Refusal cli/nothing-to-ask.
 */
export function listQuestions({ gateways, servers }: StackPolicies, client?: Address): AllQuestions {
  const localAddresses = servers.flatMap(({ policy }) => policy.localAddresses);
  const [questionsByAddress, partialQuestionsByAddress] = [new Map<Address, Question>(), new Map<Address, Question>()];
  for (const { enabled, internal, external, allowRules } of gateways.flatMap(({ policy }) => policy.mappings)) {
    const port = pickPort(allowRules);
    if (!enabled || port === undefined || (client !== undefined && getFamily(external.first) !== getFamily(client)))
      continue;
    const createQuestion = (address: Address): Question => ({
      address,
      port,
      protocol: 'tcp',
      ...(client === undefined ? {} : { from: client }),
    });
    const range = toRange(internal);
    const serverAddresses = localAddresses.filter((address) => contains(range, address));
    if (serverAddresses.length === 0) partialQuestionsByAddress.set(external.first, createQuestion(external.first));
    for (const localAddress of serverAddresses) {
      const address = (external.first + (localAddress - range.first)) as Address;
      questionsByAddress.set(address, createQuestion(address));
    }
  }
  const [questions, partialQuestions] = [sortQuestions(questionsByAddress), sortQuestions(partialQuestionsByAddress)];
  if (questions.length === 0)
    throw new Refusal([
      partialQuestions[0]
        ? createUnseenServersProblem(partialQuestions.length, partialQuestions[0])
        : createNothingToAskProblem(client),
    ]);
  return { questions, partialQuestions };
}

const sortQuestions = (questions: ReadonlyMap<Address, Question>): readonly Question[] =>
  [...questions.values()].sort((first, second) => compareValues(first.address, second.address));

function pickPort({ entries }: Mapping['allowRules']): number | undefined {
  const ports = entries.flatMap(({ protocol, ports, management }) =>
    protocol === PROTOCOL.tcp && !management && ports !== 'all' ? ports : [],
  );
  if (ports.some(({ first, last }) => first <= HTTPS_PORT && HTTPS_PORT <= last)) return HTTPS_PORT;
  return ports.length === 0 ? undefined : Math.min(...ports.map(({ first }) => first));
}

/** Returns a note, which is no error; '' if nothing was left out. `edge`: the command in the operator's form. */
export function describeLeftOut([first, ...moreQuestions]: AllQuestions['partialQuestions'], edge: string): string {
  if (!first) return '';
  const mappingsText =
    moreQuestions.length === 0 ? '1 mapping whose server is' : `${moreQuestions.length + 1} mappings whose servers are`;
  return `Not asked about: ${mappingsText} in no stack here. What can be seen without the server: ${edge} doctor ${formatQuestion(first)}\n`;
}

const createNothingToAskProblem = (client: Address | undefined): Problem => ({
  code: 'cli/nothing-to-ask',
  where: 'the synthesized stacks',
  what: `They open no TCP port of a public address${client === undefined ? '' : ` of ${getFamilyName(client)}, as --from is`}.`,
  instead:
    client === undefined
      ? 'say what is not reached: doctor 203.0.113.10:53/udp.'
      : 'a client of the other family, or no --from.',
});

const createUnseenServersProblem = (mappings: number, first: Question): Problem => ({
  code: 'cli/nothing-to-ask',
  where: 'the synthesized stacks',
  what: `Their ports belong to servers that are in no stack here (mappings: ${mappings}), so no path can be followed to its end.`,
  instead: `what can be seen without the server, of one address: doctor ${formatQuestion(first)}; or run it where the servers are synthesized, too.`,
});
