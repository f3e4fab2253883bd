import { BehindGateway, composed } from '../reachability/compose';
import { Printer, printExposure, printRow, titleOf } from '../reachability/print';
import { rowsOf } from '../reachability/rows';
import { printDestinations } from '../reachability/words';
import { FAMILIES } from '../net/address';
import { vantageKey, entryOf } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { excessWords } from '../policy/excess';
import { Proof, evidenceOf, exposureTable, platformOf, scopeOf } from './prove';

/**
 * What the proofs of one change say to a reader: each device by itself, then, for every gateway with the servers
 * behind it, what is reachable end to end, and where the two firewalls disagree. Servers behind a gateway may be reported elsewhere.
 */
export function printReport(
  proofs: readonly Proof[],
  elsewhere: readonly Proof[] = [],
  print: Printer = printExposure,
): string {
  const gateways = proofs.filter(({ policy }) => policy.kind === 'gateway');
  const servers = [...proofs, ...elsewhere].filter(({ policy }) => policy.kind === 'server');
  const behind: readonly BehindGateway[] = servers.map(({ device, reading }) => ({
    device,
    exposure: reading.exposure,
  }));
  return [
    `${evidenceWords(proofs)} Packets: every protocol and port, IPv4 and IPv6; what a line does not list is denied.`,
    ...proofs.map((proof) =>
      section(
        `${proof.policy.kind} ${proof.policy.device}, owner ${proof.policy.owner}`,
        `${exposureTable(proof, print)}${remarks(proof)}`,
      ),
    ),
    ...(servers.length === 0
      ? []
      : gateways.map((gateway) =>
          section(`end to end through ${gateway.policy.device}`, endToEndTable(gateway, behind, print)),
        )),
  ].join('\n');
}

function evidenceWords(proofs: readonly Proof[]): string {
  const evidences = [...new Set(proofs.map(evidenceOf))];
  if (evidences.length === 1) return `Evidence: ${evidences[0]}.`;
  return evidences
    .map((one) => `Evidence of ${listed(proofs.filter((proof) => evidenceOf(proof) === one))}: ${one}.`)
    .join(' ');
}

const listed = (proofs: readonly Proof[]): string => proofs.map(({ policy }) => policy.device).join(', ');

/** What a reader of the table has to know besides: what the platform can't keep to, and what others on the device narrow. */
const remarks = ({ policy, narrowed }: Proof): string =>
  [...excessWords(policy, platformOf(policy).capabilities.excess), ...narrowed.map(({ text }) => text)]
    .map((line) => `! ${line}\n`)
    .join('');

const section = (title: string, body: string): string => `${title}\n${indented(body)}`;
const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

function endToEndTable(gateway: Proof, servers: readonly BehindGateway[], print: Printer): string {
  const ends = composed(gateway.reading.exposure, gateway.device, servers);
  const scope = scopeOf(gateway.expected);
  const table = print({ views: ends.map(({ view }) => view) }, gateway.device, scope);
  const inbound = new Map(gateway.expected.views.map((bounds) => [vantageKey(bounds.vantage), bounds.inbound]));
  const refused = ends.flatMap((end) =>
    rowsOf(end.refusedByHost.within(scope(end.view.vantage))).map(
      (row) =>
        `${titleOf(entryOf(end.view.vantage), gateway.device)}: ${printRow(row)} passes the gateway, and the server refuses it`,
    ),
  );
  const alone = PacketMap.first(
    ends.map((end) => end.gatewayOnly.within(inbound.get(vantageKey(end.view.vantage)) ?? PacketMap.NONE)),
  );
  const hosts = FAMILIES.flatMap((family) => {
    const ranges = alone.groups('destination').flatMap((group) => (group.family === family ? group.ranges : []));
    return ranges.length === 0
      ? []
      : [
          `only the gateway's word stands for ${printDestinations(ranges, family)}: the hosts' own firewalls are not known here`,
        ];
  });
  const disagreements = [...new Set([...refused, ...hosts])];
  return `${table}${disagreements.map((line) => `! ${line}\n`).join('')}`;
}
