// Doctor's steps on the server: its rules, a program that listens, and the way back.

import { Address, getFamily, parseAddress, printAddress } from '../../lib/net/address';
import { PROTOCOL, Packet } from '../../lib/net/packet';
import { ServerPolicy } from '../../lib/policy/policy';
import { escapeForDisplay } from '../../lib/problems/problem';
import { DiagnosisCase, DevicePolicy, isOnWire } from './diagnosis-case';
import {
  REFUSING_ROUTES_COMMAND,
  parseRouteDevice,
  isRefusedByRoute,
  checkPasses,
  describeRefusedRoute,
  formatRoute,
} from './gateway-steps';
import { LookAnswer, DeviceAnswers } from './device-look';
import { RuleDecision, evaluatePacket } from './rule-decision';
import {
  DiagnosisStep,
  createNotAskedStep,
  createRightStep,
  createUnknownStep,
  createWrongStep,
} from './diagnosis-step';
import { DeviceCommands } from './device-commands';

export const SERVER_RULES = 'the server lets it through';
export const LISTENS = 'something listens on the port';
export const WAY_BACK = 'its answers go back by the gateway';

export function checkServerRules(
  subject: DiagnosisCase,
  server: DevicePolicy<ServerPolicy>,
  answers: DeviceAnswers,
  gatewayDecision: RuleDecision | undefined,
  commands: DeviceCommands,
): DiagnosisStep {
  const { question, internal, source } = subject;
  const entry = findInterface(server.policy, internal);
  const packet: Packet = {
    // With hairpin NAT the server sees another source than the client.
    source: gatewayDecision?.packetOut.destination === internal ? gatewayDecision.packetOut.source : source,
    destination: internal,
    protocol: PROTOCOL[question.protocol],
    port: question.port,
    sourcePort: gatewayDecision?.packetOut.sourcePort ?? 40_000,
  };
  const decision = evaluatePacket(server.policy, server.ownershipRecord, answers.deviceStatus, entry, packet);
  if (typeof decision === 'string') return createUnknownStep(SERVER_RULES, decision);
  return checkPasses(
    SERVER_RULES,
    decision,
    `what ${printAddress(packet.source)} sends to ${question.protocol} ${question.port}`,
    commands,
  );
}

const findInterface = ({ interfaces }: ServerPolicy, inside: Address): string =>
  (interfaces.find(({ addresses }) => addresses.some(({ address }) => address === inside)) ?? interfaces[0])?.name ??
  'lo';

/** A listening socket: its address, and whether a connection by IPv4 to the inside address reaches it. */
interface ListeningSocket {
  readonly address: string;
  readonly reachable: 'yes' | 'no' | 'unsaid';
}

/**
 * Parses `LISTEN 0 511 0.0.0.0:443 0.0.0.0:*`, `UNCONN 0 0 [::]%eth0:53 [::]:* … v6only:1`, `*:80`. For `[::]` only
 * v6only shows whether it is for IPv4, too: ss before 4.15 prints both the same way.
 */
function parseSocket(line: string, inside: Address, entry: string): readonly ListeningSocket[] {
  const socketAddress = line.split(/\s+/)[3];
  if (socketAddress === undefined) return [];
  const [, name = '', device] =
    /^(.*?)(?:%(.*))?$/.exec(
      socketAddress
        .slice(0, socketAddress.lastIndexOf(':'))
        .replace(/^\[|\]$/g, '')
        .replace(/\]%/, '%'),
    ) ?? [];
  const ipv6Only = /\bv6only:([01])/.exec(line)?.[1];
  const isForIpv4 =
    name === '*' ||
    name === '0.0.0.0' ||
    parseAddress(name.replace(/^::ffff:/, '')) === inside ||
    (name === '::' && ipv6Only === '0');
  const reachable =
    device !== undefined && device !== entry
      ? 'no'
      : isForIpv4
        ? 'yes'
        : name === '::' && ipv6Only === undefined
          ? 'unsaid'
          : 'no';
  return [
    {
      address: `${name}${device === undefined ? '' : ` of ${device}`}${name === '::' && ipv6Only === '1' ? ' (IPv6 alone)' : ''}`,
      reachable,
    },
  ];
}

export function checkListening(
  { question, internal }: DiagnosisCase,
  { policy }: DevicePolicy<ServerPolicy>,
  { lookAnswer }: DeviceAnswers,
  commands: DeviceCommands,
): DiagnosisStep {
  if (!lookAnswer) return createNotAskedStep(LISTENS, commands.notAskable);
  if (!lookAnswer.listening) return createNotAskedStep(LISTENS, `${commands.device} has no ss (iproute2)`);
  const service = `${question.protocol} ${question.port}`;
  const entry = findInterface(policy, internal);
  const sockets = lookAnswer.listening.flatMap((line) => parseSocket(line, internal, entry));
  if (sockets.length === 0)
    return createWrongStep(
      LISTENS,
      [`nothing listens on ${service}`],
      `nothing listens on ${service} of ${commands.device}: the service is stopped or uses another port.`,
      commands.shell(`systemctl --failed; ss -lnp${question.protocol === 'tcp' ? 't' : 'u'}; start the service`),
    );
  const listenedOn = escapeForDisplay([...new Set(sockets.map((socket) => socket.address))].join(', '));
  if (sockets.some(({ reachable }) => reachable === 'yes')) return createRightStep(LISTENS, `on ${listenedOn}`);
  if (sockets.some(({ reachable }) => reachable === 'unsaid'))
    return createUnknownStep(LISTENS, `on ${listenedOn}, and ${commands.device} does not say whether for IPv4, too`);
  return createWrongStep(
    LISTENS,
    [`it listens on ${listenedOn} only`],
    `the service of ${service} on ${commands.device} listens on ${listenedOn} only, not on ${printAddress(internal)}.`,
    `in the service's own configuration: listen on ${printAddress(internal)} or on every address`,
  );
}

/** Checks the way of answers. An answer by another uplink is not translated back, and the client drops it. */
export function checkWayBack(
  subject: DiagnosisCase,
  server: DevicePolicy<ServerPolicy>,
  { lookAnswer }: DeviceAnswers,
  gatewayDecision: RuleDecision | undefined,
  commands: DeviceCommands,
): DiagnosisStep {
  const { internal, gateway, source } = subject;
  if (!lookAnswer) return createNotAskedStep(WAY_BACK, commands.notAskable);
  const client = gatewayDecision?.packetOut.destination === internal ? gatewayDecision.packetOut.source : source;
  const clientText = printAddress(client);
  const gatewayInterface = gateway.policy.interfaces.find((entry) => isOnWire(entry, internal));
  const gateways =
    gatewayInterface?.addresses.flatMap(({ address }) =>
      getFamily(address) === getFamily(internal) ? [printAddress(address)] : [],
    ) ?? [];
  // The device was asked about the client's address; a translated source is the gateway's own, which is on the wire.
  if (client !== source && gateways.includes(clientText))
    return createRightStep(WAY_BACK, `it answers ${clientText}, which is ${gateway.ownershipRecord.device} itself`);
  const routeDevice = parseRouteDevice(lookAnswer.back);
  if (isRefusedByRoute(lookAnswer.back))
    return createWrongStep(
      WAY_BACK,
      [escapeForDisplay(lookAnswer.back)],
      describeRefusedRoute(commands.device, clientText, lookAnswer.back),
      commands.shell(REFUSING_ROUTES_COMMAND),
    );
  if (routeDevice === undefined)
    return createWrongStep(
      WAY_BACK,
      [escapeForDisplay(lookAnswer.back)],
      `${commands.device} has no route back to ${clientText}: its default route is gone.`,
      commands.shell(formatDefaultRoute(server, internal, gateways)),
    );
  const observation = `to ${clientText}: ${formatRoute(lookAnswer.back)}`;
  const nextHop = /\bvia (\S+)/.exec(lookAnswer.back)?.[1];
  if (gateways.length > 0 && (nextHop === undefined || !gateways.includes(nextHop)))
    return createWrongStep(
      WAY_BACK,
      [observation],
      `${commands.device} answers ${clientText} ${nextHop === undefined ? `directly by ${routeDevice}` : `by ${escapeForDisplay(nextHop)} on ${routeDevice}`}, not by ${gateway.ownershipRecord.device} (${gateways.join(', ')}): the answer leaves untranslated, and the client drops it.`,
      commands.shell(
        nextHop === undefined
          ? `ip route add ${clientText} via ${gateways[0]}, or a routing table of its own for what ${printAddress(internal)} sends: ip rule add from ${printAddress(internal)} table 100; ip route add default via ${gateways[0]} table 100`
          : formatDefaultRoute(server, internal, gateways),
      ),
    );
  const isDropped = isDroppedByFilter(lookAnswer);
  if (isDropped)
    return createWrongStep(
      WAY_BACK,
      [observation, escapeForDisplay(lookAnswer.through)],
      `rp_filter of ${commands.device} drops what comes from ${clientText}: its own route to that client is another one.`,
      commands.shell(`sysctl -w net.ipv4.conf.${routeDevice}.rp_filter=2; ip route get ${clientText}`),
    );
  return createRightStep(WAY_BACK, observation);
}

const isDroppedByFilter = ({ through }: LookAnswer): boolean => /Invalid (argument|cross-device link)/.test(through);

const formatDefaultRoute = (
  server: DevicePolicy<ServerPolicy>,
  inside: Address,
  [gateway]: readonly string[],
): string =>
  gateway === undefined
    ? 'ip route show'
    : `ip route replace default via ${gateway} dev ${findInterface(server.policy, inside)}; for good: in its network configuration`;
