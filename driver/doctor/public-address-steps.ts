// Steps of `doctor` on a server's own public address: hairpin, the source of outgoing connections, and cPanel's NAT
// file. Failures don't keep an outside client away: they make certificates, licences and mail fail.
import { isVisibleToCpanel } from '../../lib/policy/cpnat-pairs';
import { Address, printAddress } from '../../lib/net/address';
import { PROTOCOL } from '../../lib/net/packet';
import { ServerPolicy } from '../../lib/policy/policy';
import { getLoopback, judgeLoopback } from '../cpanel-loopback';
import { compareWithCpanel, describeRebuild } from '../cpanel-nat';
import { DiagnosisCase, DevicePolicy, isOnWire } from './diagnosis-case';
import { DeviceAnswers } from './device-look';
import { evaluatePacket, findDecidingLine, printLine } from './rule-decision';
import { DiagnosisStep, createRightStep, createUnknownStep, createWrongStep } from './diagnosis-step';
import { DeviceCommands } from './device-commands';

export const HAIRPIN = 'the server reaches its own public address';
export const OUTBOUND = 'the server’s source is translated to its public address';
const CPANEL_KNOWS = 'cPanel knows its public address';

/** A server that was asked, too. */
interface AskedServer {
  readonly devicePolicy: DevicePolicy<ServerPolicy>;
  readonly answers: DeviceAnswers;
  readonly commands: DeviceCommands;
}

/** Checks hairpin: on the server itself if its release does that, else on the gateway. */
export function checkHairpin(
  subject: DiagnosisCase,
  answers: DeviceAnswers,
  server: AskedServer | undefined,
  commands: DeviceCommands,
): DiagnosisStep {
  const { question, internal, mapping, gateway } = subject;
  const ownPair = server?.devicePolicy.policy.ownPublic.find((pair) => pair.public === question.address);
  const packet = {
    source: internal,
    destination: question.address,
    protocol: PROTOCOL[question.protocol],
    port: question.port,
    sourcePort: 40_000,
  };
  const address = printAddress(question.address);
  if (server && ownPair) {
    const decision = evaluatePacket(
      server.devicePolicy.policy,
      server.devicePolicy.ownershipRecord,
      server.answers.deviceStatus,
      'self',
      packet,
    );
    if (typeof decision === 'string') return createUnknownStep(HAIRPIN, decision);
    if (decision.packetOut.destination === ownPair.local)
      return createRightStep(
        HAIRPIN,
        `${server.commands.device} itself translates ${address} to ${printAddress(ownPair.local)}`,
      );
    return createWrongStep(
      HAIRPIN,
      [`no rule of ${server.commands.device} translates ${address} to itself`],
      `${server.commands.device} does not reach its own public address ${address}: its rule for it is gone.`,
      server.commands.redeliver,
      'aside',
    );
  }
  const entry = gateway.policy.interfaces.find((networkInterface) => isOnWire(networkInterface, internal));
  if (mapping.reflection.mode === 'disabled' || !entry || !mapping.reflection.from.includes(entry.name))
    return createWrongStep(
      HAIRPIN,
      ['the intent has no reflection for it'],
      `the server can't reach its own public address ${address}: the intent has no reflection for it.`,
      `a NatReflection, or onServer: true (docs/reference/constructs/nat-reflection.md)`,
      'aside',
    );
  const decision = evaluatePacket(gateway.policy, gateway.ownershipRecord, answers.deviceStatus, entry.name, packet);
  if (typeof decision === 'string') return createUnknownStep(HAIRPIN, decision);
  if (decision.disposition === 'unknown') return createUnknownStep(HAIRPIN, decision.reason);
  const line = findDecidingLine(decision);
  if (decision.disposition === 'denied' || decision.packetOut.destination !== internal)
    return createWrongStep(
      HAIRPIN,
      [line ? printLine(line) : decision.reason],
      `the server can't reach its own public address ${address} by ${commands.device}: ${line ? printLine(line) : decision.reason}.`,
      line ? commands.remove(line) : commands.redeliver,
      'aside',
    );
  return createRightStep(
    HAIRPIN,
    `${commands.device} translates it back, source translated to ${printAddress(decision.packetOut.source)}`,
  );
}

/**
 * Checks the server's own connection. Its result decides, because rules may be right and something else may block the
 * way.
 */
export function checkLoopback(
  step: DiagnosisStep,
  subject: DiagnosisCase,
  server: AskedServer | undefined,
  gateway: string,
): DiagnosisStep {
  const { question, internal, mapping } = subject;
  if (
    !server ||
    server.answers.deviceStatus.facts.cpanelNat?.file !== 'there' ||
    !isVisibleToCpanel(mapping, internal) ||
    question.address === internal
  )
    return step;
  const { policy } = server.devicePolicy;
  const { status, observation } = judgeLoopback(getLoopback(policy, server.answers.lookAnswer?.loopback), {
    local: internal,
    public: question.address,
  });
  const observations = [...step.observations, observation];
  if (status === 'right') return createRightStep(HAIRPIN, ...observations);
  if (status === 'unknown' || step.status === 'wrong') return { ...step, observations };
  return createWrongStep(
    HAIRPIN,
    observations,
    `${server.commands.device} does not come back to itself by ${printAddress(question.address)}: ${observation}.`,
    `look at what stands between ${server.commands.device} and ${gateway}, and at the reflection there (docs/reference/constructs/nat-reflection.md)`,
    'aside',
  );
}

/** Checks the source outside, by the rules and by conntrack. */
export function checkOutbound(subject: DiagnosisCase, answers: DeviceAnswers, commands: DeviceCommands): DiagnosisStep {
  const { question, internal, mapping, gateway, source, arrivalInterface } = subject;
  const address = printAddress(question.address);
  if (mapping.inboundOnly) return createRightStep(OUTBOUND, `mapping "${mapping.name}" is for what comes in only`);
  const entry = gateway.policy.interfaces.find((networkInterface) => isOnWire(networkInterface, internal));
  const outside = arrivalInterface.role === 'outside' ? source : EXAMPLE_DESTINATION;
  if (!entry) return createUnknownStep(OUTBOUND, `${printAddress(internal)} is on no wire of ${commands.device}`);
  const packet = { source: internal, destination: outside, protocol: PROTOCOL.tcp, port: 443, sourcePort: 40_000 };
  const decision = evaluatePacket(gateway.policy, gateway.ownershipRecord, answers.deviceStatus, entry.name, packet);
  if (typeof decision === 'string') return createUnknownStep(OUTBOUND, decision);
  if (decision.disposition === 'unknown') return createUnknownStep(OUTBOUND, decision.reason);
  const conntrackNotes = describeMeasured(subject, answers);
  const line = findDecidingLine(decision);
  if (decision.disposition === 'denied')
    return createWrongStep(
      OUTBOUND,
      [line ? printLine(line) : decision.reason],
      `${commands.device} lets nothing of the server out: ${line ? printLine(line) : decision.reason}.`,
      line ? commands.remove(line) : commands.redeliver,
      'aside',
    );
  const sourceText = printAddress(decision.packetOut.source);
  const translating = decision.lines.find(({ text }) => /\b(snat|masquerade)\b/.test(text));
  if (decision.packetOut.source !== question.address)
    return createWrongStep(
      OUTBOUND,
      [`source translated to ${sourceText}`, ...(translating ? [printLine(translating)] : []), ...conntrackNotes],
      `the server’s source is translated to ${sourceText}, not to ${address}${translating ? `, by ${printLine(translating)}` : ''}: licences and mail depend on that.`,
      translating ? commands.remove(translating) : commands.redeliver,
      'aside',
    );
  return createRightStep(OUTBOUND, `by the rules ${sourceText}`, ...conntrackNotes);
}

const EXAMPLE_DESTINATION = 0xc633_6407n as Address; // 198.51.100.7, of documentation

/**
 * Returns the public addresses of the server's sessions, from `tcp 6 … src=10.0.0.10 dst=… sport=… dport=… src=…
 * dst=203.0.113.10 …`: answers come to the translated source.
 */
function describeMeasured({ internal }: DiagnosisCase, { lookAnswer }: DeviceAnswers): readonly string[] {
  const serverSessions =
    lookAnswer?.sessions?.filter((line) => /^\S+\s+\d+.*? src=(\S+)/.exec(line)?.[1] === printAddress(internal)) ?? [];
  const sources = [...new Set(serverSessions.flatMap((line) => [...line.matchAll(/ dst=(\S+)/g)][1]?.[1] ?? []))];
  return sources.length === 0 ? [] : [`in conntrack now ${sources.slice(0, 3).join(', ')}`];
}

/**
 * Returns the step on cPanel's public address; none without cPanel, if its files aren't known, or if the server has
 * another source outside.
 */
export function checkCpanelKnows(
  { question, internal, mapping }: DiagnosisCase,
  { deviceStatus }: DeviceAnswers,
  commands: DeviceCommands,
): readonly DiagnosisStep[] {
  const nat = deviceStatus.facts.cpanelNat;
  if (!nat || !isVisibleToCpanel(mapping, internal)) return [];
  const { status, observation } = compareWithCpanel(nat, { local: internal, public: question.address });
  if (status !== 'wrong')
    return [
      status === 'right' ? createRightStep(CPANEL_KNOWS, observation) : createUnknownStep(CPANEL_KNOWS, observation),
    ];
  return [
    createWrongStep(
      CPANEL_KNOWS,
      [observation],
      `cPanel on ${commands.device} does not know its public address: ${observation}. DNS zones, mail and licences get what it takes for it.`,
      commands.shell(describeRebuild(nat)),
      'aside',
    ),
  ];
}
