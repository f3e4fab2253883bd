// Asks every port from every side of the lab by real packets, and compares each answer with the computed
// reachability.

import { Lab } from './lab';
import { Observed, observeRaw, observeTcp, observeUdp } from './probe/observe';
import { observeOutbound, observeSourcePorts, LICENCE_PORT } from './probe/outbound';
import { OUTSIDE_TCP, OUTSIDE_UDP, SERVER_UDP, STRANGER_UDP } from './probed-ports';
import { Proven, ProvenLab } from './proven-flows';
import { printAddress } from '../lib/net/address';
import { EVERY_PORT, parsePorts } from './probe/ports';
import { samplePorts } from './probe/sample-ports';
import { Target } from './probe/target';
import { ADDRESS } from './topology';

/** The TCP ports that are asked: all 65,535, or a drawn sample. */
export type AskedPorts = 'all' | 'sample';

/** One line of the comparison: a question, what packets showed and what the proof says. */
export interface Compared {
  readonly question: string;
  /** The asker and the target, which several lines share. */
  readonly between: string;
  readonly observed: string;
  readonly proven: string;
  readonly same: boolean;
}

/**
 * All targets, from every start location: outside, a blocked address, a second peer, inside on the same subnet and on
 * another one, the server itself, and past the mapping. The targets of one wave are asked at once, because they differ
 * on the server's wire.
 */
export const WAVES: readonly (readonly Target[])[] = [
  [
    { from: 'internet', source: ADDRESS.internet, to: ADDRESS.publicWeb1 },
    { from: 'peer', to: ADDRESS.publicWeb1 },
    { from: 'neighbour', to: ADDRESS.publicWeb1 },
    { from: 'office', to: ADDRESS.publicWeb1 },
    { from: 'internet', source: ADDRESS.blocked, to: ADDRESS.publicUnused },
  ],
  [
    { from: 'internet', source: ADDRESS.blocked, to: ADDRESS.publicWeb1 },
    { from: 'internet', source: ADDRESS.internet, to: ADDRESS.web1 },
    { from: 'office', to: ADDRESS.web1 },
    { from: 'web1', to: ADDRESS.publicWeb1 },
  ],
  [
    // The server refuses this asker tens of thousands of times. Listing that takes a second, and the other targets of
    // this wave don't list IPv4.
    { from: 'neighbour', to: ADDRESS.web1 },
    // The server's own IPv6 address, which no mapping translates.
    { from: 'internet', to: ADDRESS.web16 },
    { from: 'neighbour', to: ADDRESS.web16 },
  ],
];

const printed = ({
  ports,
  elsewhere,
  unknown = 'none',
}: {
  ports: string;
  elsewhere: string;
  unknown?: string;
}): string =>
  [
    ports,
    ...(elsewhere === 'none' ? [] : [`the gateway itself: ${elsewhere}`]),
    ...(unknown === 'none' ? [] : [`unknown: ${unknown}`]),
  ].join('; ');

const compare = (between: string, about: string, observed: string, proven: string): Compared => ({
  question: `${between}, ${about}`,
  between,
  observed,
  proven,
  same: observed === proven,
});

const compareFlow = (source: string | undefined, observed: Observed, proven: Proven): Compared =>
  compare(
    `${observed.from}${source ? ` as ${source}` : ''} to ${observed.to}`,
    observed.protocol,
    printed(observed),
    printed(proven),
  );

/** Asks all targets and compares each answer with the proof's. */
export async function compareAll(
  lab: Lab,
  proven: ProvenLab,
  say: (line: string) => void,
  waves: readonly (readonly Target[])[] = WAVES,
  ports: AskedPorts = 'all',
): Promise<readonly Compared[]> {
  const out: Compared[] = [];
  for (const wave of waves) {
    // The wire's records of one wave must not count for the next.
    await lab.wire.forget();
    const answered = wave.map(async (target) => {
      const compared = await compareTarget(lab, proven, target, ports);
      for (const line of compared.map(printCompared)) say(line);
      return compared;
    });
    out.push(...(await Promise.all(answered)).flat());
  }
  const outbound = await compareOutbound(lab, proven);
  for (const line of outbound.map(printCompared)) say(line);
  return [...out, ...outbound];
}

/** Returns the size of `compareAll`: the number of ports, of askers and of addresses. */
export function countAsked(waves: readonly (readonly Target[])[] = WAVES) {
  const targets = waves.flat();
  const places = targets.map(({ from, source }) =>
    source === undefined || source === ADDRESS.internet ? from : `${from} as ${source}`,
  );
  return {
    tcp: targets.length * 65_535,
    udp: targets.length * (SERVER_UDP.length + STRANGER_UDP.length),
    places: new Set(places).size,
    addresses: new Set(targets.map(({ to }) => to)).size,
  };
}

async function compareTarget(
  lab: Lab,
  proven: ProvenLab,
  target: Target,
  ports: AskedPorts,
): Promise<readonly Compared[]> {
  const whole = proven.flow(target, 'tcp');
  const asked = ports === 'all' ? EVERY_PORT : samplePorts(whole.ports);
  const provenTcp = ports === 'all' ? whole : proven.flow(target, 'tcp', asked);
  const [tcp, udp, raw] = await Promise.all([
    observeTcp(lab, target, parsePorts(provenTcp.ports.replace('none', '')), asked),
    observeUdp(lab, target),
    observeRaw(lab, target),
  ]);
  const flows = [
    compareFlow(target.source, tcp, provenTcp),
    ...[udp, ...raw].map((flow) => compareFlow(target.source, flow, proven.flow(target, flow.protocol))),
  ];
  if (tcp.answers.length === 0) return flows;
  const said = proven.answers(target, parsePorts(tcp.answered));
  return [...flows, compare(flows[0]!.between, 'who answers', tcp.answers.join('; '), said.join('; '))];
}

async function compareOutbound(lab: Lab, proven: ProvenLab): Promise<readonly Compared[]> {
  const compared = [ADDRESS.internet, ADDRESS.peer].map(async (to) => [
    ...(await observeOutbound(lab, 'web1', to)).map((seen) => {
      const said = proven.outbound(to, seen.protocol, seen.protocol === 'tcp' ? OUTSIDE_TCP : OUTSIDE_UDP);
      return compare(
        `web1 to ${to}`,
        seen.protocol,
        `${seen.ports} as ${seen.seenAs.join(', ')}`,
        `${said.ports} as ${addresses(said)}`,
      );
    }),
    ...(await observeSourcePorts(lab, 'web1', to)).map(({ asked, seen }) => {
      const said = proven.outbound(to, 'tcp', [LICENCE_PORT], asked);
      const expected = said.ports === 'none' ? 'silent' : `${addresses(said)} port ${asked}`;
      return compare(`web1 port ${asked} to ${to}`, `tcp ${LICENCE_PORT}`, seen, expected);
    }),
  ]);
  return (await Promise.all(compared)).flat();
}

const addresses = ({ seenAs }: { readonly seenAs: readonly string[] }): string =>
  seenAs
    .map((each) => printAddress(BigInt(each)))
    .sort()
    .join(', ');

export const printCompared = ({ question, observed, proven, same }: Compared): string =>
  same
    ? `  same       ${question}: ${observed}`
    : `  DIFFERENT  ${question}\n               observed ${observed}\n               proven   ${proven}`;
