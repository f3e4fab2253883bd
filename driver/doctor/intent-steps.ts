// First step of `doctor`: checks by the intent alone whether the address has a mapping and the port is open to the
// client.
import { Address, printAddress, printRange } from '../../lib/net/address';
import { toLocationKey, listStartLocations } from '../../lib/net/device';
import { PROTOCOL } from '../../lib/net/packet';
import { Range, contains } from '../../lib/net/range';
import { buildSpec } from '../../lib/spec/build-spec';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { AllowRules } from '../../lib/policy/policy';
import { DiagnosisCase, UnmappedCase, createPacket } from './diagnosis-case';
import { Question, formatQuestion } from './doctor-question';
import { OperatorProject } from '../operator-project';
import { DiagnosisStep, createRightStep, createWrongStep } from './diagnosis-step';

/** The first step: whether the intent makes it reachable. */
const INTENT_STEP = 'the intent asks for it';

export function checkUnmapped(
  { question, mappedPrefixes, virtualIp, external, gateway }: UnmappedCase,
  project: OperatorProject,
): DiagnosisStep {
  const address = printAddress(question.address);
  const [scopeText, mapsText] =
    gateway === undefined ? ['the synthesized stacks', 'they map'] : [`the gateway ${gateway}`, 'it maps'];
  const mappedText =
    mappedPrefixes.length === 0
      ? `${mapsText} nothing`
      : `${mapsText} ${mappedPrefixes.slice(0, 10).join(', ')}${mappedPrefixes.length > 10 ? ' …' : ''}`;
  const observations = [`no mapping of ${scopeText} has ${address}; ${mappedText}`];
  if (external !== undefined) {
    return createWrongStep(
      INTENT_STEP,
      observations,
      `${address} is an inside address: outside it is ${printAddress(external)}.`,
      `${project.packageCommand} doctor ${formatQuestion({ ...question, address: external })}`,
    );
  }
  return createWrongStep(
    INTENT_STEP,
    observations,
    virtualIp === undefined
      ? `nothing in ${scopeText} gives ${address} to a server.`
      : `virtual IP "${virtualIp}" has ${address}, and no mapping translates it to a server.`,
    `a OneToOneNat for ${address} in the intent, then: ${project.synth}, ${project.apply}; or the folder of the stack that has it: --stack FOLDER`,
  );
}

export function checkIntent(subject: DiagnosisCase, project: OperatorProject): DiagnosisStep {
  const { question, mapping, gateway, internal, source, server } = subject;
  const service = `${question.protocol} ${question.port}`;
  const mappingText = `mapping "${mapping.name}" on ${gateway.ownershipRecord.device} translates ${printAddress(question.address)} to ${printAddress(internal)}${server ? ` of ${server.ownershipRecord.device}` : ', whose server is in no stack here'}`;
  const deliveryAdvice = `then: ${project.synth}, ${project.apply}`;
  if (!mapping.enabled)
    return createWrongStep(
      INTENT_STEP,
      [mappingText],
      `mapping "${mapping.name}" is not enabled.`,
      `enabled: true in OneToOneNat "${mapping.name}", ${deliveryAdvice}`,
    );
  const createDeniedStep = (observation: string, instead: string): DiagnosisStep =>
    createWrongStep(INTENT_STEP, [mappingText, observation], `${observation}.`, `${instead}, ${deliveryAdvice}`);
  if (mapping.peers !== 'anywhere' && !includesAddress(mapping.peers, source))
    return createDeniedStep(
      `mapping "${mapping.name}" is restricted to ${printRanges(mapping.peers)}, and ${printAddress(source)} is not among them`,
      `${printAddress(source)} in destination of OneToOneNat "${mapping.name}"`,
    );
  if (
    subject.arrivalInterface.role !== 'outside' &&
    (mapping.reflection.mode === 'disabled' || !mapping.reflection.from.includes(subject.arrivalInterface.name))
  )
    return createDeniedStep(
      `${printAddress(source)} comes by ${subject.arrivalInterface.name}, from where the intent reflects nothing to ${printAddress(question.address)}`,
      `a NatReflection with from: ['${subject.arrivalInterface.name}']`,
    );
  const gatewayDecision = decideAllowed(mapping.allowRules, question, source);
  if (!gatewayDecision.isOpen) return createDeniedStep(gatewayDecision.reason, gatewayDecision.instead);
  // The server may see another source for a packet from inside; the packet's own way shows more.
  if (server && subject.arrivalInterface.role === 'outside') {
    const serverDecision = decideAllowed(server.policy.allowRules, question, source);
    const isLeftAlone =
      server.policy.trustedConnections === 'unmanaged' && includesAddress(server.policy.trustedNetworks, source);
    if (!serverDecision.isOpen && !isLeftAlone)
      return createDeniedStep(
        `on the server ${server.ownershipRecord.device}, ${serverDecision.reason}`,
        serverDecision.instead,
      );
  }
  // The spec of the whole policy covers what the checks above can't (an exclusion, another mapping before this one).
  if (!isRequired(subject))
    return createDeniedStep(
      `the policy of ${gateway.ownershipRecord.device} as a whole does not let it through`,
      `look at exclusions and other mappings of ${printAddress(question.address)}`,
    );
  return createRightStep(INTENT_STEP, mappingText, `${gatewayDecision.reason} (${service})`);
}

function isRequired(subject: DiagnosisCase): boolean {
  const { policy } = subject.gateway;
  const spec = buildSpec(policy, getPlatform(policy).capabilities.excess);
  const startKeys = listStartLocations(policy).flatMap((start) =>
    start.kind === 'interface' && start.name === subject.arrivalInterface.name ? [toLocationKey(start)] : [],
  );
  return spec.views.some(
    ({ startLocation, bounds }) =>
      startKeys.includes(toLocationKey(startLocation)) && bounds.findValue(createPacket(subject)) === 'must',
  );
}

interface AllowDecision {
  readonly isOpen: boolean;
  readonly reason: string;
  readonly instead: string;
}

function decideAllowed(
  { name, entries, blocked }: AllowRules,
  { port, protocol }: Question,
  source: Address,
): AllowDecision {
  const portRules = entries.filter(
    (entry) =>
      entry.protocol === PROTOCOL[protocol] &&
      (entry.ports === 'all' || entry.ports.some(({ first, last }) => first <= port && port <= last)),
  );
  const service = `${protocol} ${port}`;
  const client = printAddress(source);
  if (entries.length === 0)
    return {
      isOpen: false,
      reason: 'the intent opens nothing there to any source',
      instead: `'${port}/${protocol}' in open of the mapping or in a profile for it, with the sources that may`,
    };
  if (portRules.length === 0)
    return {
      isOpen: false,
      reason: `"${name}" does not open ${service} to any source`,
      instead: `'${port}/${protocol}' in extra of profile "${name}" (or in open of a mapping without a profile), with the sources that may`,
    };
  const clientRules = portRules.filter(({ sources }) => sources === 'anywhere' || includesAddress(sources, source));
  if (clientRules.length === 0)
    return {
      isOpen: false,
      reason: `"${name}" opens ${service} to ${printRanges(portRules.flatMap(({ sources }) => (sources === 'anywhere' ? [] : sources)))} only, and ${client} is not among them`,
      instead: `${client} among the sources of ${portRules[0]!.origin} in "${name}"`,
    };
  if (includesAddress(blocked, source) && !clientRules.some(({ management }) => management))
    return { isOpen: false, reason: `"${name}" blocks ${client}`, instead: `blocked of "${name}" without ${client}` };
  return { isOpen: true, reason: `"${name}" opens it to ${client}: ${clientRules[0]!.origin}`, instead: '' };
}

const includesAddress = (ranges: readonly Range[], address: bigint): boolean =>
  ranges.some((range) => contains(range, address));
const printRanges = (ranges: readonly Range[]): string => {
  const texts = ranges.map(printRange);
  return texts.length > 5 ? `${texts.slice(0, 5).join(', ')} and ${texts.length - 5} more` : texts.join(', ');
};
