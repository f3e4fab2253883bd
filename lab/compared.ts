import { Lab } from './lab';
import { Observed, observeRaw, observeTcp, observeUdp } from './probe/observe';
import { observeOutbound, observeSourcePorts, LICENCE_PORT } from './probe/outbound';
import { OUTSIDE_TCP, OUTSIDE_UDP } from './port-table';
import { Proven, ProvenLab } from './proven';
import { printAddress } from '../lib/net/address';
import { parsePorts } from './probe/ports';
import { Target } from './probe/target';
import { ADDRESS } from './topology';

/** One line of the answer: a question, what packets said and what the proof had said. */
export interface Compared {
  readonly question: string;
  readonly observed: string;
  readonly proven: string;
  readonly same: boolean;
}

/**
 * Every vantage: outside, somebody blocked, a second peer, inside on the same and on another subnet, the server itself,
 * and past the mapping. Those of one wave are asked at once: no two of them look alike on the server's wire.
 */
export const WAVES: readonly (readonly Target[])[] = [
  [
    { from: 'internet', source: ADDRESS.internet, to: ADDRESS.publicWeb1 },
    { from: 'peer', to: ADDRESS.publicWeb1 },
    { from: 'neighbour', to: ADDRESS.publicWeb1 },
    { from: 'office', to: ADDRESS.publicWeb1 },
  ],
  [
    { from: 'internet', source: ADDRESS.blocked, to: ADDRESS.publicWeb1 },
    { from: 'neighbour', to: ADDRESS.web1 },
    { from: 'office', to: ADDRESS.web1 },
    { from: 'web1', to: ADDRESS.publicWeb1 },
  ],
  [
    { from: 'internet', source: ADDRESS.internet, to: ADDRESS.web1 },
    { from: 'internet', source: ADDRESS.blocked, to: ADDRESS.publicUnused },
  ],
];

const printed = ({ ports, elsewhere, unknown = 'none' }: { ports: string; elsewhere: string; unknown?: string }): string =>
  [
    ports,
    ...(elsewhere === 'none' ? [] : [`the gateway itself: ${elsewhere}`]),
    ...(unknown === 'none' ? [] : [`unknown: ${unknown}`]),
  ].join('; ');

const compare = (question: string, observed: string, proven: string): Compared => ({
  question,
  observed,
  proven,
  same: observed === proven,
});

const compareFlow = (source: string | undefined, observed: Observed, proven: Proven): Compared =>
  compare(`${observed.from}${source ? ` as ${source}` : ''} to ${observed.to}, ${observed.protocol}`, printed(observed), printed(proven));

/** Asks everything and compares each answer with the proof's. */
export async function compareAll(
  lab: Lab,
  proven: ProvenLab,
  say: (line: string) => void,
  waves: readonly (readonly Target[])[] = WAVES,
): Promise<readonly Compared[]> {
  const out: Compared[] = [];
  for (const wave of waves) {
    // What the wire has seen of one wave would pass for another's.
    await lab.wire.forget();
    const compared = await Promise.all(wave.map((target) => compareTarget(lab, proven, target)));
    for (const line of compared.flat().map(printCompared)) say(line);
    out.push(...compared.flat());
  }
  const outbound = await compareOutbound(lab, proven);
  for (const line of outbound.map(printCompared)) say(line);
  return [...out, ...outbound];
}

async function compareTarget(lab: Lab, proven: ProvenLab, target: Target): Promise<readonly Compared[]> {
  const expected = parsePorts(proven.flow(target, 'tcp').ports.replace('none', ''));
  const observed = [await observeTcp(lab, target, expected), await observeUdp(lab, target), ...(await observeRaw(lab, target))];
  return observed.map((each) => compareFlow(target.source, each, proven.flow(target, each.protocol)));
}

async function compareOutbound(lab: Lab, proven: ProvenLab): Promise<readonly Compared[]> {
  const out: Compared[] = [];
  for (const to of [ADDRESS.internet, ADDRESS.peer]) {
    for (const seen of await observeOutbound(lab, 'web1', to)) {
      const said = proven.outbound(to, seen.protocol, seen.protocol === 'tcp' ? OUTSIDE_TCP : OUTSIDE_UDP);
      const as = said.seenAs.map((each) => printAddress(BigInt(each))).sort();
      out.push(
        compare(`web1 to ${to}, ${seen.protocol}`, `${seen.ports} as ${seen.seenAs.join(', ')}`, `${said.ports} as ${as.join(', ')}`),
      );
    }
    for (const { asked, seen } of await observeSourcePorts(lab, 'web1', to)) {
      const said = proven.outbound(to, 'tcp', [LICENCE_PORT], asked);
      const expected =
        said.ports === 'none' ? 'silent' : `${said.seenAs.map((each) => printAddress(BigInt(each))).join(', ')} port ${asked}`;
      out.push(compare(`web1 port ${asked} to ${to}, tcp ${LICENCE_PORT}`, seen, expected));
    }
  }
  return out;
}

export const printCompared = ({ question, observed, proven, same }: Compared): string =>
  same
    ? `  same       ${question}: ${observed}`
    : `  DIFFERENT  ${question}\n               observed ${observed}\n               proven   ${proven}`;
