import { isFound } from '../../lib/policy/cpnat';
import { Address, printAddress } from '../../lib/net/address';
import { PROTOCOL } from '../../lib/net/packet';
import { ServerPolicy } from '../../lib/policy/policy';
import { loopbackFor, witnessed } from '../cpanel-loopback';
import { knownAs, rebuilt } from '../cpanel-nat';
import { Case, Part, onWire } from './case';
import { Seen } from './look';
import { decidedAt, decidingLine, printLine } from './rules';
import { Step, right, unknown, wrong } from './step';
import { At } from './words';

// What is wrong here doesn't keep a client outside away: it makes certificates, licences and mail fail.

export const HAIRPIN = 'the server reaches its own public address';
export const OUTBOUND = 'the server is seen as its public address';
const KNOWN = 'cPanel knows its public address';

/** A server that was asked, too. */
interface Behind {
  readonly part: Part<ServerPolicy>;
  readonly seen: Seen;
  readonly at: At;
}

/** On the server itself where its release does that, else by the gateway. */
export function hairpinStep(one: Case, seen: Seen, server: Behind | undefined, at: At): Step {
  const { question, inside, mapping, gateway } = one;
  const own = server?.part.policy.ownPublic.find((pair) => pair.public === question.address);
  const packet = {
    source: inside,
    destination: question.address,
    protocol: PROTOCOL[question.protocol],
    port: question.port,
    sourcePort: 40_000,
  };
  const address = printAddress(question.address);
  if (server && own) {
    const decided = decidedAt(server.part.policy, server.part.holder, server.seen.look, 'self', packet);
    if (typeof decided === 'string') return unknown(HAIRPIN, decided);
    if (decided.leaves.destination === own.local)
      return right(HAIRPIN, `${server.at.device} itself leads ${address} to ${printAddress(own.local)}`);
    return wrong(
      HAIRPIN,
      [`no rule of ${server.at.device} leads ${address} to itself`],
      `${server.at.device} does not reach its own public address ${address}: its rule for it is gone.`,
      server.at.redeliver,
      'aside',
    );
  }
  const entry = gateway.policy.interfaces.find((each) => onWire(each, inside));
  if (mapping.reflection.mode === 'disabled' || !entry || !mapping.reflection.from.includes(entry.name))
    return wrong(
      HAIRPIN,
      ['the intent has no reflection for it'],
      `the server can't reach its own public address ${address}: the intent has no reflection for it.`,
      `a NatReflection, or onServer: true (docs/constructs/nat-reflection.md)`,
      'aside',
    );
  const decided = decidedAt(gateway.policy, gateway.holder, seen.look, entry.name, packet);
  if (typeof decided === 'string') return unknown(HAIRPIN, decided);
  if (decided.verdict === 'unknown') return unknown(HAIRPIN, decided.because);
  const line = decidingLine(decided);
  if (decided.verdict === 'denied' || decided.leaves.destination !== inside)
    return wrong(
      HAIRPIN,
      [line ? printLine(line) : decided.because],
      `the server can't reach its own public address ${address} by ${at.device}: ${line ? printLine(line) : decided.because}.`,
      line ? at.remove(line) : at.redeliver,
      'aside',
    );
  return right(HAIRPIN, `${at.device} leads it back, seen as ${printAddress(decided.leaves.source)}`);
}

/** What the server itself heard decides, where it could be asked: rules may be read well, and something else stand between. */
export function heardBack(step: Step, one: Case, server: Behind | undefined, gateway: string): Step {
  const { question, inside, mapping } = one;
  if (
    !server ||
    server.seen.look.facts.cpanelNat?.file !== 'there' ||
    !isFound(mapping, inside) ||
    question.address === inside
  )
    return step;
  const { policy } = server.part;
  const { is, seen } = witnessed(loopbackFor(policy, server.seen.looked?.loopback), {
    local: inside,
    public: question.address,
  });
  const all = [...step.seen, seen];
  if (is === 'right') return right(HAIRPIN, ...all);
  if (is === 'unknown' || step.is === 'wrong') return { ...step, seen: all };
  return wrong(
    HAIRPIN,
    all,
    `${server.at.device} does not come back to itself by ${printAddress(question.address)}: ${seen}.`,
    `look at what stands between ${server.at.device} and ${gateway}, and at the reflection there (docs/constructs/nat-reflection.md)`,
    'aside',
  );
}

/** By the rules, and by what conntrack saw. */
export function outboundStep(one: Case, seen: Seen, at: At): Step {
  const { question, inside, mapping, gateway, source, arrives } = one;
  const address = printAddress(question.address);
  if (mapping.inboundOnly) return right(OUTBOUND, `mapping "${mapping.name}" is for what comes in only`);
  const entry = gateway.policy.interfaces.find((each) => onWire(each, inside));
  const outside = arrives.role === 'outside' ? source : ELSEWHERE;
  if (!entry) return unknown(OUTBOUND, `${printAddress(inside)} is on no wire of ${at.device}`);
  const packet = { source: inside, destination: outside, protocol: PROTOCOL.tcp, port: 443, sourcePort: 40_000 };
  const decided = decidedAt(gateway.policy, gateway.holder, seen.look, entry.name, packet);
  if (typeof decided === 'string') return unknown(OUTBOUND, decided);
  if (decided.verdict === 'unknown') return unknown(OUTBOUND, decided.because);
  const measured = measuredAs(one, seen);
  const line = decidingLine(decided);
  if (decided.verdict === 'denied')
    return wrong(
      OUTBOUND,
      [line ? printLine(line) : decided.because],
      `${at.device} lets nothing of the server out: ${line ? printLine(line) : decided.because}.`,
      line ? at.remove(line) : at.redeliver,
      'aside',
    );
  const as = printAddress(decided.leaves.source);
  const translating = decided.lines.find(({ text }) => /\b(snat|masquerade)\b/.test(text));
  if (decided.leaves.source !== question.address)
    return wrong(
      OUTBOUND,
      [`seen as ${as}`, ...(translating ? [printLine(translating)] : []), ...measured],
      `the server is seen as ${as} outside, not as ${address}${translating ? `, by ${printLine(translating)}` : ''}: licences and mail depend on that.`,
      translating ? at.remove(translating) : at.redeliver,
      'aside',
    );
  return right(OUTBOUND, `by the rules ${as}`, ...measured);
}

const ELSEWHERE = 0xc633_6407n as Address; // 198.51.100.7, of documentation

/** `tcp 6 … src=10.0.0.10 dst=… sport=… dport=… src=… dst=203.0.113.10 …`: answers come to what the server was seen as. */
function measuredAs({ inside }: Case, { looked }: Seen): readonly string[] {
  const opened =
    looked?.sessions?.filter((line) => /^\S+\s+\d+.*? src=(\S+)/.exec(line)?.[1] === printAddress(inside)) ?? [];
  const as = [...new Set(opened.flatMap((line) => [...line.matchAll(/ dst=(\S+)/g)][1]?.[1] ?? []))];
  return as.length === 0 ? [] : [`in conntrack now ${as.slice(0, 3).join(', ')}`];
}

/** None where there is no cPanel, nobody says what it knows, or it leaves as somebody else. */
export function knownStep({ question, inside, mapping }: Case, { look }: Seen, at: At): readonly Step[] {
  const nat = look.facts.cpanelNat;
  if (!nat || !isFound(mapping, inside)) return [];
  const { is, seen } = knownAs(nat, { local: inside, public: question.address });
  if (is !== 'wrong') return [is === 'right' ? right(KNOWN, seen) : unknown(KNOWN, seen)];
  return [
    wrong(
      KNOWN,
      [seen],
      `cPanel on ${at.device} does not know its public address: ${seen}. DNS zones, mail and licences get what it takes for it.`,
      at.shell(rebuilt(nat)),
      'aside',
    ),
  ];
}
