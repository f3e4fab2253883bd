import { Address, familyOf, prefixRange } from '../../lib/net/address';
import { PROTOCOL } from '../../lib/net/packet';
import { compared, contains } from '../../lib/net/range';
import { Mapping } from '../../lib/policy/policy';
import { Problem, Refusal } from '../../lib/problems/problem';
import { Parts } from './case';
import { Question, familyName, typedQuestion } from './question';

const USUAL = 443;

interface Every {
  readonly questions: readonly Question[];
  /** One for each mapping that leads to no server of the stacks: of its way a part alone can be asked. */
  readonly leftOut: readonly Question[];
}

/**
 * What is asked where nobody says what: every public address that leads to a server of the stacks and at which more TCP than management is opened,
 * by 443 where that is open, else by the lowest port. `from`: those of its family. Throws Refusal cli/nothing-to-ask.
 */
export function everyQuestion({ gateways, servers }: Parts, from?: Address): Every {
  const local = servers.flatMap(({ policy }) => policy.localAddresses);
  const [asked, leftOut] = [new Map<Address, Question>(), new Map<Address, Question>()];
  for (const { enabled, inside, outside, openings } of gateways.flatMap(({ policy }) => policy.mappings)) {
    const port = portOf(openings);
    if (!enabled || port === undefined || (from !== undefined && familyOf(outside.first) !== familyOf(from))) continue;
    const of = (address: Address): Question => ({
      address,
      port,
      protocol: 'tcp',
      ...(from === undefined ? {} : { from }),
    });
    const range = prefixRange(inside);
    const found = local.filter((address) => contains(range, address));
    if (found.length === 0) leftOut.set(outside.first, of(outside.first));
    for (const one of found) {
      const address = (outside.first + (one - range.first)) as Address;
      asked.set(address, of(address));
    }
  }
  const [questions, others] = [sorted(asked), sorted(leftOut)];
  if (questions.length === 0)
    throw new Refusal([others[0] ? nobodyToAsk(others.length, others[0]) : nothingToAsk(from)]);
  return { questions, leftOut: others };
}

const sorted = (questions: ReadonlyMap<Address, Question>): readonly Question[] =>
  [...questions.values()].sort((one, other) => compared(one.address, other.address));

function portOf({ entries }: Mapping['openings']): number | undefined {
  const ports = entries.flatMap(({ protocol, ports, management }) =>
    protocol === PROTOCOL.tcp && !management && ports !== 'all' ? ports : [],
  );
  if (ports.some(({ first, last }) => first <= USUAL && USUAL <= last)) return USUAL;
  return ports.length === 0 ? undefined : Math.min(...ports.map(({ first }) => first));
}

/** Not an error: '' where nothing was left out. `edge`: how the command is typed there. */
export function saidLeftOut([first, ...others]: Every['leftOut'], edge: string): string {
  if (!first) return '';
  const those = others.length === 0 ? '1 mapping whose server is' : `${others.length + 1} mappings whose servers are`;
  return `Not asked about: ${those} in no stack here. What can be seen without the server: ${edge} doctor ${typedQuestion(first)}\n`;
}

const nothingToAsk = (from: Address | undefined): Problem => ({
  code: 'cli/nothing-to-ask',
  where: 'the synthesized stacks',
  what: `They open no TCP port of a public address${from === undefined ? '' : ` of ${familyName(from)}, as --from is`}.`,
  instead:
    from === undefined
      ? 'say what is not reached: doctor 203.0.113.10:53/udp.'
      : 'a client of the other family, or no --from.',
});

const nobodyToAsk = (mappings: number, first: Question): Problem => ({
  code: 'cli/nothing-to-ask',
  where: 'the synthesized stacks',
  what: `What they open leads to servers that are in no stack here (mappings: ${mappings}), and without them no way is seen to its end.`,
  instead: `what can be seen without the server, of one address: doctor ${typedQuestion(first)}; or run it where the servers are synthesized, too.`,
});
