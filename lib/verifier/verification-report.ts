import { ServerReachability, computeEndToEnd } from '../reachability/end-to-end';
import { ReachabilityPrinter, printReachability, printRow, printTitle } from '../reachability/print-reachability';
import { toRows } from '../reachability/reachability-rows';
import { printDestinations } from '../reachability/print-packets';
import { FAMILIES } from '../net/address';
import { toLocationKey, toEntryLocation } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { describeExcess } from '../policy/platform-excess';
import { Verification, describeEvidence, printExposureTable, getPlatform, createScope } from './verify-policy';

/**
 * Prints the verifications of one change for a reader: each device by itself, then, for every gateway with the servers
 * behind it, the end-to-end reachability and the packets on which the two firewalls disagree. `elsewhere`: servers
 * behind a gateway that are reported separately.
 */
export function printReport(
  verifications: readonly Verification[],
  elsewhere: readonly Verification[] = [],
  print: ReachabilityPrinter = printReachability,
): string {
  const gateways = verifications.filter(({ policy }) => policy.kind === 'gateway');
  const servers = [...verifications, ...elsewhere].filter(({ policy }) => policy.kind === 'server');
  const serversBehind: readonly ServerReachability[] = servers.map(({ device, evaluated }) => ({
    device,
    reachability: evaluated.reachability,
  }));
  return [
    `${printEvidence(verifications)} Packets: every protocol and port, IPv4 and IPv6; what a line does not list is denied.`,
    ...verifications.map((verification) =>
      printSection(
        `${verification.policy.kind} ${verification.policy.device}, owner ${verification.policy.owner}`,
        `${printExposureTable(verification, print)}${printRemarks(verification)}`,
      ),
    ),
    ...(servers.length === 0
      ? []
      : gateways.map((gateway) =>
          printSection(
            `end to end through ${gateway.policy.device}`,
            printEndToEndTable(gateway, serversBehind, print),
          ),
        )),
  ].join('\n');
}

function printEvidence(verifications: readonly Verification[]): string {
  const evidences = [...new Set(verifications.map(describeEvidence))];
  if (evidences.length === 1) return `Evidence: ${evidences[0]}.`;
  return evidences
    .map(
      (evidence) =>
        `Evidence of ${listDevices(verifications.filter((verification) => describeEvidence(verification) === evidence))}: ${evidence}.`,
    )
    .join(' ');
}

const listDevices = (verifications: readonly Verification[]): string =>
  verifications.map(({ policy }) => policy.device).join(', ');

/** Prints remarks below a table: what the platform can't enforce exactly, and what unmanaged config narrows. */
const printRemarks = ({ policy, narrowed }: Verification): string =>
  [...describeExcess(policy, getPlatform(policy).capabilities.excess), ...narrowed.map(({ text }) => text)]
    .map((line) => `! ${line}\n`)
    .join('');

const printSection = (title: string, body: string): string => `${title}\n${indentText(body)}`;
const indentText = (text: string): string => text.replace(/^(?=.)/gm, '  ');

function printEndToEndTable(
  gateway: Verification,
  servers: readonly ServerReachability[],
  print: ReachabilityPrinter,
): string {
  const ends = computeEndToEnd(gateway.evaluated.reachability, gateway.device, servers);
  const scope = createScope(gateway.spec);
  const table = print({ views: ends.map(({ view }) => view) }, gateway.device, scope);
  const inbound = new Map(gateway.spec.views.map((bounds) => [toLocationKey(bounds.startLocation), bounds.inbound]));
  const refused = ends.flatMap((end) =>
    toRows(end.refusedByHost.intersect(scope(end.view.startLocation))).map(
      (row) =>
        `${printTitle(toEntryLocation(end.view.startLocation), gateway.device)}: ${printRow(row)} passes the gateway, and the server refuses it`,
    ),
  );
  const gatewayOnly = PacketMap.mergeFirst(
    ends.map((end) => end.gatewayOnly.intersect(inbound.get(toLocationKey(end.view.startLocation)) ?? PacketMap.NONE)),
  );
  const hosts = FAMILIES.flatMap((family) => {
    const ranges = gatewayOnly
      .groupAlong('destination')
      .flatMap((group) => (group.family === family ? group.ranges : []));
    return ranges.length === 0
      ? []
      : [
          `only the gateway's word stands for ${printDestinations(ranges, family)}: the hosts' own firewalls are not known here`,
        ];
  });
  const disagreements = [...new Set([...refused, ...hosts])];
  return `${table}${disagreements.map((line) => `! ${line}\n`).join('')}`;
}
