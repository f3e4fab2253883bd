// Steps of `doctor` on the gateway: virtual IP and ARP, forwarding, routes and neighbours, translation, filter rules. A
// step that fails has the cause and the remedy. Also parses and words routes, for the steps on the server, too.
import { printAddress } from '../../lib/net/address';
import { escapeForDisplay } from '../../lib/problems/problem';
import { findMissingAddresses } from '../drift';
import { DiagnosisCase, isOnWire, createPacket } from './diagnosis-case';
import { LookAnswer, DeviceAnswers } from './device-look';
import { RuleDecision, evaluatePacket, findDecidingLine, printLeaving, printLine } from './rule-decision';
import {
  DiagnosisStep,
  createNotAskedStep,
  createRightStep,
  createUnknownStep,
  createWrongStep,
} from './diagnosis-step';
import { DeviceCommands } from './device-commands';

export const VIRTUAL_IP = 'the public address is there and answers';
export const ROUTE = 'the gateway has a way to the server';
export const TRANSLATED = 'the gateway translates it to the server';
export const GATEWAY_RULES = 'the gateway lets it through';

/**
 * Checks that the address is on the interface, or the interface answers for it; that the link is up; and that no other
 * machine on the wire has the address.
 */
export function checkVirtualIp(
  { question, gateway, virtualIp, mapping, arrivalInterface }: DiagnosisCase,
  { deviceStatus, lookAnswer }: DeviceAnswers,
  commands: DeviceCommands,
): DiagnosisStep {
  const { device, release } = gateway.ownershipRecord;
  const address = printAddress(question.address);
  const name = virtualIp?.interface ?? mapping.interface;
  const observations: string[] = [];
  const flags = /<([^>]*)>/
    .exec(deviceStatus.facts.links.split('\n').find((line) => parseLinkName(line) === name) ?? '')?.[1]
    ?.split(',');
  if (flags === undefined)
    return createWrongStep(
      VIRTUAL_IP,
      [`${device} has no interface ${name}`],
      `${device} has no interface ${name}.`,
      commands.fix(({ interfaces }) => interfaces),
    );
  if (!flags.includes('UP') || flags.includes('NO-CARRIER') || !flags.includes('LOWER_UP'))
    return createWrongStep(
      VIRTUAL_IP,
      [`${name} is ${flags.includes('UP') ? 'up and has no carrier' : 'down'}`],
      `interface ${name} of ${device} ${flags.includes('UP') ? 'has no carrier: its cable or its peer is off' : 'is down'}.`,
      flags.includes('UP') ? 'look at the wire' : commands.fix(({ enable }) => enable(name)),
    );
  observations.push(`${name} is up`);
  if (!virtualIp || virtualIp.kind === 'other')
    return createRightStep(
      VIRTUAL_IP,
      ...observations,
      `${address} is routed to ${device} by the provider: what comes to it can't be seen from here`,
    );
  const absent = release
    ? findMissingAddresses(release, deviceStatus).find((line) => line.includes(` ${address} `))
    : undefined;
  if (absent !== undefined)
    return createWrongStep(
      VIRTUAL_IP,
      [...observations, absent],
      `${absent.replace(`${name} does`, `${name} of ${device} does`).replace(/ any more$/, '')}: the virtual IP was taken away, so no host answers for it.`,
      commands.redeliver,
    );
  observations.push(virtualIp.kind === 'proxy-arp' ? `${name} answers for ${address}` : `${name} has ${address}`);
  const arpIgnore = Math.max(
    Number(lookAnswer?.settings.get(`arp_ignore ${name}`) ?? 0),
    Number(lookAnswer?.settings.get('arp_ignore all') ?? 0),
  );
  if (arpIgnore >= 8)
    return createWrongStep(
      VIRTUAL_IP,
      [...observations, `arp_ignore of ${name} is ${arpIgnore}`],
      `${device} answers no ARP request on ${name}: arp_ignore is ${arpIgnore}.`,
      commands.shell(`sysctl -w net.ipv4.conf.${name}.arp_ignore=0 net.ipv4.conf.all.arp_ignore=0`),
    );
  const [wireState, mac] = lookAnswer?.wire.split(' ') ?? [];
  if (wireState === 'taken')
    return createWrongStep(
      VIRTUAL_IP,
      [...observations, `another host on ${name} says that ${address} is theirs: ${mac || 'hardware address unknown'}`],
      `another machine on the wire of ${name}, ${mac || 'hardware address unknown'}, has ${address}, too: what is sent to it reaches the one or the other.`,
      'take the address off that machine, or use another one in the intent',
    );
  if (isOnWire(arrivalInterface, question.address) && wireState === 'free')
    observations.push('no other host on its wire has it');
  if (wireState === 'unknown')
    observations.push('whether another machine on its wire has it, too, could not be asked there');
  return lookAnswer
    ? createRightStep(VIRTUAL_IP, ...observations)
    : createNotAskedStep(VIRTUAL_IP, commands.notAskable, ...observations);
}

const parseLinkName = (link: string): string | undefined => /^\d+: ([^:@ ]+)/.exec(link)?.[1];

export function checkRoute(
  subject: DiagnosisCase,
  { deviceStatus, lookAnswer }: DeviceAnswers,
  commands: DeviceCommands,
): DiagnosisStep {
  const { gateway, internal, source, arrivalInterface } = subject;
  const { device } = gateway.ownershipRecord;
  const address = printAddress(internal);
  const forwardingSetting =
    lookAnswer?.settings.get(`forwarding ${arrivalInterface.name}`) ?? (deviceStatus.facts.forwarding.ip ? '1' : '0');
  if (forwardingSetting === '0')
    return createWrongStep(
      ROUTE,
      [`forwarding is off${lookAnswer ? ` on ${arrivalInterface.name}` : ''}`],
      `${device} does not forward IPv4${deviceStatus.facts.forwarding.ip ? ` on ${arrivalInterface.name}` : ''}.`,
      commands.fix(({ forwarding }) => forwarding(arrivalInterface.name)),
    );
  if (!lookAnswer) return createNotAskedStep(ROUTE, commands.notAskable, 'it forwards');
  const observations = ['it forwards'];
  const routeDevice = parseRouteDevice(lookAnswer.inside);
  if (routeDevice === undefined)
    return createWrongStep(
      ROUTE,
      [...observations, escapeForDisplay(lookAnswer.inside)],
      `${device} has no route to ${address}.`,
      commands.fix(({ routeTo }) => routeTo(address)),
    );
  observations.push(`route to ${address}: ${formatRoute(lookAnswer.inside)}`);
  const expectedInterface = gateway.policy.interfaces.find((networkInterface) => isOnWire(networkInterface, internal));
  if (expectedInterface && expectedInterface.name !== routeDevice)
    return createWrongStep(
      ROUTE,
      observations,
      `${device} sends ${address} out by ${routeDevice}, and it is behind ${expectedInterface.name}.`,
      commands.fix(({ describeRoutes }) => describeRoutes(address)),
    );
  if (/Invalid (argument|cross-device link)/.test(lookAnswer.through))
    return createWrongStep(
      ROUTE,
      [...observations, `the kernel drops what ${printAddress(source)} sends by ${arrivalInterface.name}`],
      `rp_filter of ${device} drops what ${printAddress(source)} sends by ${arrivalInterface.name}: its own route to that client is another one.`,
      commands.shell(
        `sysctl -w net.ipv4.conf.${arrivalInterface.name}.rp_filter=2 (loose), or a route to ${printAddress(source)} by ${arrivalInterface.name}`,
      ),
    );
  if (/RTNETLINK answers/.test(lookAnswer.through))
    return createWrongStep(
      ROUTE,
      [...observations, escapeForDisplay(lookAnswer.through)],
      `${device} does not route it from ${arrivalInterface.name} to ${address}: ${escapeForDisplay(lookAnswer.through)}.`,
      commands.shell('ip rule; ip route show table all'),
    );
  const silentNeighbour = lookAnswer.neighbour.find((line) => line.startsWith('silent '));
  const failedNeighbour = lookAnswer.neighbour.find((line) => / (FAILED|INCOMPLETE)$/.test(line));
  if (
    !formatRoute(lookAnswer.inside).includes('via') &&
    (silentNeighbour !== undefined || failedNeighbour !== undefined)
  )
    return createWrongStep(
      ROUTE,
      [...observations, `no host answers for ${address} on ${routeDevice}`],
      `the server does not answer ARP for ${address} on ${routeDevice} of ${device}: it is off, has lost the address, or the wire between them is broken.`,
      'look at the server and at the switch between them',
    );
  const returnStep = checkReturnRoute(subject, lookAnswer, observations, commands);
  if (returnStep) return returnStep;
  return createRightStep(
    ROUTE,
    ...observations,
    ...(formatRoute(lookAnswer.inside).includes('via') ? [] : [describeNeighbor(lookAnswer, address, routeDevice)]),
  );
}

/** Returns the words for the neighbor. A remembered hardware address alone is no answer. */
function describeNeighbor({ neighbour }: LookAnswer, address: string, device: string): string {
  const [, mac, state] = /lladdr (\S+)(?: router)?(?: extern_learn)? (\S+)/.exec(neighbour.join(' ')) ?? [];
  if (neighbour.some((line) => line.startsWith('answers ')) || state === 'REACHABLE')
    return `${address} answers on ${device}${mac === undefined ? '' : `: ${escapeForDisplay(mac)}`}`;
  return mac === undefined
    ? `whether ${address} answers on ${device} was not asked`
    : `${address} was ${escapeForDisplay(mac)} on ${device} (${escapeForDisplay(state!)}); whether it answers now was not asked`;
}

/** Checks the gateway's own route to the client, by which the server's answers go out. */
function checkReturnRoute(
  { source, internal, gateway }: DiagnosisCase,
  { returns, settings, inside: route }: LookAnswer,
  observations: readonly string[],
  commands: DeviceCommands,
): DiagnosisStep | undefined {
  if (!/RTNETLINK answers/.test(returns)) return undefined;
  const { device } = gateway.ownershipRecord;
  const client = printAddress(source);
  const allObservations = [...observations, `back to ${client}: ${escapeForDisplay(returns)}`];
  const routeDevice = parseRouteDevice(route) ?? '';
  if (settings.get(`forwarding ${routeDevice}`) === '0')
    return createWrongStep(
      ROUTE,
      allObservations,
      `${device} does not forward what comes by ${routeDevice}, from ${printAddress(internal)}.`,
      commands.fix(({ forwarding }) => forwarding(routeDevice)),
    );
  if (/cross-device link/.test(returns))
    return createWrongStep(
      ROUTE,
      allObservations,
      `rp_filter of ${device} drops what ${printAddress(internal)} answers: its own route to it is another one.`,
      commands.shell(`ip route get ${printAddress(internal)}; ip rule`),
    );
  if (isRefusedByRoute(returns))
    return createWrongStep(
      ROUTE,
      allObservations,
      describeRefusedRoute(device, client, returns),
      commands.shell(REFUSING_ROUTES_COMMAND),
    );
  return createWrongStep(
    ROUTE,
    allObservations,
    `${device} has no route back to ${client}: its default route is gone.`,
    commands.shell('ip route; ip rule'),
  );
}

/**
 * Returns whether a route of type unreachable, blackhole or prohibit refuses, by which some programs ban. A missing
 * route answers otherwise.
 */
export const isRefusedByRoute = (route: string): boolean => /RTNETLINK answers: (?!Network is unreachable)/.test(route);
export const describeRefusedRoute = (device: string, client: string, route: string): string =>
  `${device} refuses to send to ${client} by a route: ${escapeForDisplay(route)}.`;
export const REFUSING_ROUTES_COMMAND =
  'ip route show table all type blackhole; ip route show table all type unreachable; ip route show table all type prohibit; ip rule';

export const parseRouteDevice = (route: string): string | undefined =>
  /RTNETLINK answers/.test(route) ? undefined : /\bdev (\S+)/.exec(route)?.[1];
export const formatRoute = (route: string): string =>
  escapeForDisplay(
    route
      .replace(/ uid \d+|\\|cache/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );

/** Returns two steps from one decision: the translation, and whether the packet passes. */
export function checkGatewayRules(
  subject: DiagnosisCase,
  answers: DeviceAnswers,
  commands: DeviceCommands,
): readonly [DiagnosisStep, DiagnosisStep, RuleDecision | undefined] {
  const { gateway, internal, question, source, arrivalInterface } = subject;
  const { device } = gateway.ownershipRecord;
  const decision = evaluatePacket(
    gateway.policy,
    gateway.ownershipRecord,
    answers.deviceStatus,
    arrivalInterface.name,
    createPacket(subject),
  );
  if (typeof decision === 'string')
    return [createUnknownStep(TRANSLATED, decision), createUnknownStep(GATEWAY_RULES, decision), undefined];
  const address = printAddress(question.address);
  const leavingText = `it leaves to ${printLeaving(decision)}`;
  const sessions = describeSessions(subject, answers);
  const translating = decision.lines.find(({ text }) => /\b(dnat|redirect|tproxy|rdr|binat)\b|1:1/.test(text));
  const isTranslated = decision.packetOut.destination === internal && decision.packetOut.port === question.port;
  const translationStep = isTranslated
    ? createRightStep(TRANSLATED, `${printAddress(question.address)} becomes ${printAddress(internal)}`, ...sessions)
    : decision.packetOut.destination === question.address && decision.packetOut.port === question.port
      ? createWrongStep(
          TRANSLATED,
          ['no rule translates it', ...sessions],
          `no rule of ${device} translates ${address}: ${commands.lossReason}`,
          commands.redeliver,
        )
      : createWrongStep(
          TRANSLATED,
          [leavingText, ...(translating ? [printLine(translating)] : [])],
          `${translating ? `${translating.place} on ${device}` : `a rule of ${device}`} translates it to ${printAddress(decision.packetOut.destination)} port ${decision.packetOut.port} instead of ${printAddress(internal)} port ${question.port}${translating ? `: ${translating.text}` : ''}.`,
          translating ? commands.remove(translating) : commands.redeliver,
        );
  return [
    translationStep,
    checkPasses(
      GATEWAY_RULES,
      decision,
      `what ${printAddress(source)} sends to ${address} ${question.protocol} ${question.port}`,
      commands,
    ),
    decision,
  ];
}

/** Checks whether the rules of one device let the packet through. */
export function checkPasses(
  name: string,
  decision: RuleDecision,
  packet: string,
  commands: DeviceCommands,
): DiagnosisStep {
  const line = findDecidingLine(decision);
  const banNote =
    decision.mentions.length === 0
      ? ''
      : `; the client's address stands in ${decision.mentions.slice(0, 3).join(', ')}`;
  const observations = [`${line ? printLine(line) : decision.reason}${banNote}`];
  if (decision.disposition === 'allowed')
    return createRightStep(
      name,
      decision.reason,
      ...(line && commands.describePersistence(line) !== '' ? [commands.describePersistence(line)] : []),
    );
  if (decision.disposition === 'unknown')
    return {
      ...createUnknownStep(name, ...observations),
      cause: {
        what: `the rules of ${commands.device} may refuse ${packet}: ${decision.reason}${banNote}.`,
        instead: commands.rules,
        weight: 'perhaps',
      },
    };
  if (line)
    return createWrongStep(
      name,
      observations,
      `${line.place} on ${commands.device} refuses ${packet}: ${line.text}${commands.describeOwner(line)}${banNote}.`,
      commands.remove(line),
    );
  return createWrongStep(
    name,
    observations,
    `the rules of ${commands.device} refuse ${packet}: ${decision.reason}${commands.changed}.`,
    commands.refusedByDefault(decision.reason),
  );
}

/** Returns the connections in conntrack to this port: evidence that decides nothing. */
function describeSessions({ question, internal }: DiagnosisCase, { lookAnswer }: DeviceAnswers): readonly string[] {
  if (!lookAnswer?.sessions) return [];
  const portField = ` dport=${question.port} `;
  const sessionsToPort = lookAnswer.sessions.filter(
    (line) => line.includes(`dst=${printAddress(question.address)} `) && line.includes(portField),
  );
  if (sessionsToPort.length === 0) return [`no connection to port ${question.port} in conntrack now`];
  const answeredCount = sessionsToPort.filter((line) => !line.includes('[UNREPLIED]')).length;
  const translatedCount = sessionsToPort.filter((line) => line.includes(`src=${printAddress(internal)} `)).length;
  return [
    `${sessionsToPort.length} in conntrack: ${translatedCount} translated to ${printAddress(internal)}, ${answeredCount} answered`,
  ];
}
