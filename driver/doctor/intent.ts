import { Address, printAddress, printRange } from '../../lib/net/address';
import { vantageKey, vantagesOf } from '../../lib/net/device';
import { PROTOCOL } from '../../lib/net/packet';
import { Range, contains } from '../../lib/net/range';
import { meaningOf } from '../../lib/spec/meaning';
import { platformOf } from '../../lib/verifier/prove';
import { Openings } from '../../lib/policy/policy';
import { Case, Unmapped, packetOf } from './case';
import { Question, typedQuestion } from './question';
import { Project } from '../project';
import { Step, right, wrong } from './step';

/** First of all: does anybody want it to be reachable? */
const INTENT = 'the intent asks for it';

export function unmapped({ question, mapped, virtualIp, outside, gateway }: Unmapped, project: Project): Step {
  const address = printAddress(question.address);
  const [whose, maps] =
    gateway === undefined ? ['the synthesized stacks', 'they map'] : [`the gateway ${gateway}`, 'it maps'];
  const have =
    mapped.length === 0
      ? `${maps} nothing`
      : `${maps} ${mapped.slice(0, 10).join(', ')}${mapped.length > 10 ? ' …' : ''}`;
  const seen = [`no mapping of ${whose} has ${address}; ${have}`];
  if (outside !== undefined) {
    return wrong(
      INTENT,
      seen,
      `${address} is an inside address: outside it is ${printAddress(outside)}.`,
      `${project.edge} doctor ${typedQuestion({ ...question, address: outside })}`,
    );
  }
  return wrong(
    INTENT,
    seen,
    virtualIp === undefined
      ? `nothing in ${whose} gives ${address} to a server.`
      : `virtual IP "${virtualIp}" has ${address}, and no mapping leads it to a server.`,
    `a OneToOneNat for ${address} in the intent, then: npx cdktf synth, ${project.apply}; or the folder of the stack that has it: --stack FOLDER`,
  );
}

export function intended(one: Case, project: Project): Step {
  const { question, mapping, gateway, inside, source, server } = one;
  const service = `${question.protocol} ${question.port}`;
  const leads = `mapping "${mapping.name}" on ${gateway.holder.device} leads ${printAddress(question.address)} to ${printAddress(inside)}${server ? ` of ${server.holder.device}` : ', whose server is in no stack here'}`;
  const deliver = `then: npx cdktf synth, ${project.apply}`;
  if (!mapping.enabled)
    return wrong(
      INTENT,
      [leads],
      `mapping "${mapping.name}" is not enabled.`,
      `enabled: true in OneToOneNat "${mapping.name}", ${deliver}`,
    );
  const denied = (what: string, instead: string): Step =>
    wrong(INTENT, [leads, what], `${what}.`, `${instead}, ${deliver}`);
  if (mapping.peers !== 'anywhere' && !within(mapping.peers, source))
    return denied(
      `mapping "${mapping.name}" is restricted to ${printRanges(mapping.peers)}, and ${printAddress(source)} is not among them`,
      `${printAddress(source)} in destination of OneToOneNat "${mapping.name}"`,
    );
  if (
    one.arrives.role !== 'outside' &&
    (mapping.reflection.mode === 'disabled' || !mapping.reflection.from.includes(one.arrives.name))
  )
    return denied(
      `${printAddress(source)} comes by ${one.arrives.name}, from where the intent reflects nothing to ${printAddress(question.address)}`,
      `a NatReflection with from: ['${one.arrives.name}']`,
    );
  const kept = openedBy(mapping.openings, question, source);
  if (!kept.open) return denied(kept.because, kept.instead);
  // What comes from inside, the server may see as somebody else: the packet's own way says more.
  if (server && one.arrives.role === 'outside') {
    const hosts = openedBy(server.policy.openings, question, source);
    const left = server.policy.insideConnections === 'unmanaged' && within(server.policy.inside, source);
    if (!hosts.open && !left) return denied(`on the server ${server.holder.device}, ${hosts.because}`, hosts.instead);
  }
  // What the words above can't say (an exclusion, another mapping before this one) the meaning of the whole policy can.
  if (!isAsked(one))
    return denied(
      `the policy of ${gateway.holder.device} as a whole does not let it through`,
      `look at exclusions and other mappings of ${printAddress(question.address)}`,
    );
  return right(INTENT, leads, `${kept.because} (${service})`);
}

function isAsked(one: Case): boolean {
  const { policy } = one.gateway;
  const expected = meaningOf(policy, platformOf(policy).capabilities.excess);
  const keys = vantagesOf(policy).flatMap((each) =>
    each.kind === 'interface' && each.name === one.arrives.name ? [vantageKey(each)] : [],
  );
  return expected.views.some(
    ({ vantage, bounds }) => keys.includes(vantageKey(vantage)) && bounds.at(packetOf(one)) === 'must',
  );
}

interface Said {
  readonly open: boolean;
  readonly because: string;
  readonly instead: string;
}

function openedBy({ name, entries, blocked }: Openings, { port, protocol }: Question, source: Address): Said {
  const fitting = entries.filter(
    (entry) =>
      entry.protocol === PROTOCOL[protocol] &&
      (entry.ports === 'all' || entry.ports.some(({ first, last }) => first <= port && port <= last)),
  );
  const service = `${protocol} ${port}`;
  const who = printAddress(source);
  if (entries.length === 0)
    return {
      open: false,
      because: 'the intent opens nothing there to anybody',
      instead: `'${port}/${protocol}' in open of the mapping or in a profile for it, with the sources that may`,
    };
  if (fitting.length === 0)
    return {
      open: false,
      because: `"${name}" does not open ${service} to anybody`,
      instead: `'${port}/${protocol}' in extra of profile "${name}" (or in open of a mapping without a profile), with the sources that may`,
    };
  const open = fitting.filter(({ sources }) => sources === 'anywhere' || within(sources, source));
  if (open.length === 0)
    return {
      open: false,
      because: `"${name}" opens ${service} to ${printRanges(fitting.flatMap(({ sources }) => (sources === 'anywhere' ? [] : sources)))} only, and ${who} is not among them`,
      instead: `${who} among the sources of ${fitting[0]!.because} in "${name}"`,
    };
  if (within(blocked, source) && !open.some(({ management }) => management))
    return { open: false, because: `"${name}" blocks ${who}`, instead: `blocked of "${name}" without ${who}` };
  return { open: true, because: `"${name}" opens it to ${who}: ${open[0]!.because}`, instead: '' };
}

const within = (ranges: readonly Range[], address: bigint): boolean => ranges.some((range) => contains(range, address));
const printRanges = (ranges: readonly Range[]): string => {
  const all = ranges.map(printRange);
  return all.length > 5 ? `${all.slice(0, 5).join(', ')} and ${all.length - 5} more` : all.join(', ');
};
