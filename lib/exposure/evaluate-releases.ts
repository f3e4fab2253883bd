// Evaluates what releases of stacks or plans expose: each device alone, and each gateway end to end with the servers
// behind it.

import { ServerReachability, computeEndToEnd } from '../reachability/end-to-end';
import {
  ALLOWED,
  Reachability,
  ReachabilityView,
  createAllowedExcept,
  createUnknown,
} from '../reachability/reachability';
import { limitView } from '../reachability/print-reachability';
import { toRange, printAddress } from '../net/address';
import { Device, StartLocation, findByEntry, getLocalAddresses } from '../net/device';
import { groupBy } from '../net/group-by';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { isPublic } from '../net/private-networks';
import { contains, toSingleRange } from '../net/range';
import { Policy } from '../policy/policy';
import { specifyRelease, getPlatform, createScope } from '../verifier/verify-policy';
import { VerifiedShapes, createConfigText } from '../verifier/release-shapes';
import { PacketExplanation, EvaluatedConfig } from '../parse/config-parser';
import { SectionExposure } from './report/device-report';

/** A release of this package, from a stack or a plan. */
export interface StackRelease {
  readonly device: string;
  readonly owner: string;
  readonly text: string;
  /** The policy, as its codec writes it. */
  readonly policy: string;
}

interface EvaluatedRelease {
  readonly policy: Policy;
  readonly device: Device;
  readonly evaluated: EvaluatedConfig;
  readonly whole: Reachability;
  /** The reachability within the scope of the policy. */
  readonly reachability: Reachability;
  readonly scope: ReturnType<typeof createScope>;
  /** Whether there are several releases. Then a line needs the name of its device. */
  readonly isNamed: boolean;
}

/**
 * Returns what releases expose: each device alone, and each gateway with the servers behind it. `shapes` holds those of
 * releases that were evaluated before.
 * @throws Refusal if a release can't be parsed
 */
export function evaluateReleases(
  releases: readonly StackRelease[],
  shapes: VerifiedShapes,
): readonly SectionExposure[] {
  const evaluated = releases.map((release) => evaluateRelease(release, shapes, releases.length > 1));
  const servers = evaluated.filter(({ policy }) => policy.kind === 'server');
  const gateways = evaluated.filter(({ policy }) => policy.kind === 'gateway');
  const serverReachabilities: readonly ServerReachability[] = servers.map(({ device, whole: fullExposure }) => ({
    device,
    reachability: fullExposure,
  }));
  const separateSections = evaluated.map((release): SectionExposure => {
    const { policy, device, reachability, scope } = release;
    const unmappedPackets =
      policy.kind === 'server' && gateways.length > 0 ? selectUnmappedAddresses(release, gateways) : undefined;
    return {
      scope: 'device',
      title: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
      reachability,
      device,
      hostNames:
        policy.kind === 'server'
          ? { gateway: '', servers: getServerNames([release]) }
          : { gateway: policy.device, servers: new Map() },
      ...(unmappedPackets ? { bypassPackets: unmappedPackets } : {}),
      ...(policy.kind === 'server' ? { trustedNetworks: policy.trustedNetworks } : {}),
      packetsAt: scope,
      explain: (startLocation, packet) => explainPacket(release, startLocation, packet),
    };
  });
  if (servers.length === 0) return separateSections;
  const serverNames = getServerNames(servers);
  const composedSections = gateways.map((gateway): SectionExposure => {
    const { policy, device, whole: fullExposure, scope } = gateway;
    return {
      scope: 'end to end',
      title: `end to end through ${policy.device}`,
      reachability: {
        views: computeEndToEnd(fullExposure, device, serverReachabilities).map(({ view }) =>
          limitView(view, scope(view.startLocation)),
        ),
      },
      device,
      hostNames: { gateway: policy.device, servers: serverNames },
      packetsAt: scope,
      explain: (startLocation, packet) => explainAtServer(explainPacket(gateway, startLocation, packet), servers),
    };
  });
  return [...composedSections, ...separateSections];
}

/**
 * Returns the name of the server at each address. An address that moves between servers has the names of all of them.
 */
function getServerNames(servers: readonly EvaluatedRelease[]): ReadonlyMap<string, string> {
  const addressNames = servers.flatMap(({ policy, device }) =>
    getLocalAddresses(device).map((address) => ({ address: printAddress(address), name: policy.device })),
  );
  return new Map(
    [...groupBy(addressNames, ({ address }) => address)].map(([address, entries]) => [
      address,
      [...new Set(entries.map(({ name }) => name))].join(' or '),
    ]),
  );
}

/** Returns the server's public addresses that no mapping translates to; undefined if there are none. */
function selectUnmappedAddresses(
  { device }: EvaluatedRelease,
  gateways: readonly EvaluatedRelease[],
): PacketSet | undefined {
  const mappedRanges = gateways.flatMap(({ policy }) =>
    policy.kind === 'gateway'
      ? policy.mappings.flatMap(({ enabled, internal }) => (enabled ? [toRange(internal)] : []))
      : [],
  );
  const unmappedAddresses = getLocalAddresses(device).filter(
    (address) => isPublic(address) && !mappedRanges.some((range) => contains(range, address)),
  );
  return unmappedAddresses.length === 0
    ? undefined
    : PacketMap.createSet({ destination: unmappedAddresses.map(toSingleRange) });
}

/** Returns the explanation of a packet at the server behind the gateway, if the gateway lets it through. */
function explainAtServer(
  gatewayExplanation: PacketExplanation,
  servers: readonly EvaluatedRelease[],
): PacketExplanation {
  if (gatewayExplanation.disposition === 'denied') return gatewayExplanation;
  const { source, destination, protocol, port, sourcePort } = gatewayExplanation.packetOut;
  // If several servers have the address, the one that lets in most may be the right one. Its answer counts, as in the
  // composition.
  const answers = servers
    .filter(({ device }) => getLocalAddresses(device).includes(destination))
    .flatMap((server): readonly PacketExplanation[] => {
      const entry = server.device.interfaces[0];
      return entry
        ? [
            explainPacket(
              server,
              { kind: 'interface', name: entry.name },
              { source, destination, protocol, port, sourcePort },
            ),
          ]
        : [];
    });
  const serverAnswer = (['allowed', 'unknown', 'denied'] as const).flatMap(
    (verdict) => answers.find((answer) => answer.disposition === verdict) ?? [],
  )[0];
  if (!serverAnswer) return gatewayExplanation;
  if (serverAnswer.disposition === 'denied')
    return {
      ...gatewayExplanation,
      disposition: 'denied',
      reason: serverAnswer.reason,
      decisionSources: serverAnswer.decisionSources,
    };
  const disposition =
    gatewayExplanation.disposition === 'unknown' || serverAnswer.disposition === 'unknown' ? 'unknown' : 'allowed';
  const except = gatewayExplanation.except ?? serverAnswer.except;
  return {
    ...gatewayExplanation,
    disposition,
    ...(except !== undefined && { except }),
    decisionSources:
      disposition === 'unknown' ? [] : [...gatewayExplanation.decisionSources, ...serverAnswer.decisionSources],
  };
}

function evaluateRelease(
  { text, policy: encoded }: StackRelease,
  shapes: VerifiedShapes,
  isNamed: boolean,
): EvaluatedRelease {
  const { policy, device, spec, generated } = specifyRelease({ text, policy: encoded });
  const evaluated = shapes.getEvaluated(
    { policy, generated: { ...generated, text } },
    'release',
    createConfigText(getPlatform(policy).parser, text, device),
  );
  const scope = createScope(spec);
  const fullExposure: Reachability = isNamed
    ? { views: evaluated.reachability.views.map((view) => addDeviceName(policy.device, view)) }
    : evaluated.reachability;
  return {
    policy,
    device,
    evaluated,
    scope,
    isNamed,
    whole: fullExposure,
    reachability: { views: fullExposure.views.map((view) => limitView(view, scope(view.startLocation))) },
  };
}

/** Prefixes the reasons of unknown verdicts and of exceptions with the device whose lines they name. */
function addDeviceName(device: string, view: ReachabilityView): ReachabilityView {
  if ([...view.dispositions.values].every((verdict) => verdict === ALLOWED)) return view;
  return {
    ...view,
    dispositions: view.dispositions.map((verdict) =>
      verdict.is === 'unknown'
        ? createUnknown(`${device}: ${verdict.reason}`)
        : verdict.except === undefined
          ? verdict
          : createAllowedExcept(`${device}: ${verdict.except}`),
    ),
  };
}

/** Returns why a packet has its verdict. A start location that stands for every way out is explained by the first. */
function explainPacket(
  { policy, evaluated, isNamed }: EvaluatedRelease,
  startLocation: StartLocation,
  packet: Packet,
): PacketExplanation {
  const explanation = evaluated.explain(
    findByEntry(evaluated.reachability.views, startLocation)?.startLocation ?? startLocation,
    packet,
  );
  return isNamed
    ? {
        ...explanation,
        decisionSources: explanation.decisionSources.map((decider) => ({ ...decider, textName: policy.device })),
      }
    : explanation;
}
