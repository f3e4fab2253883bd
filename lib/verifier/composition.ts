import { BehindGateway, composed } from '../reachability/compose';
import { ALLOWED, Exposure, Verdict, translation, unclear, unknown } from '../reachability/exposure';
import { printRow, titleOf } from '../reachability/print';
import { rowsOf } from '../reachability/rows';
import { Expectation } from '../spec/bounds';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Problem } from '../problems/problem';
import { Proof } from './prove';
import { Shapes } from './shapes';

const UNMANAGED = unknown('not managed');
const WHEREVER = translation({ destination: unclear('not managed') });

/**
 * The proof of gateways together with the servers behind them: what both texts let through, composed, lies within what
 * both policies ask for, composed. Catches what no device shows alone: a translation that leads to another server, a source
 * that a host takes for somebody else. `shapes`: of what was proven before.
 */
export function compositionProblems(proofs: readonly Proof[], shapes?: Shapes): readonly Problem[] {
  if (shapes?.isProven(proofs)) return [];
  const problems = foundTogether(proofs);
  if (problems.length === 0) shapes?.addProven(proofs);
  return problems;
}

function foundTogether(proofs: readonly Proof[]): readonly Problem[] {
  const servers = proofs.filter(({ policy }) => policy.kind === 'server');
  if (servers.length === 0) return [];
  const wanted = servers.map(({ device, expected }): BehindGateway => ({ device, exposure: asExposure(expected) }));
  const read = servers.map(({ device, reading }): BehindGateway => ({ device, exposure: reading.exposure }));
  return proofs
    .filter(({ policy }) => policy.kind === 'gateway')
    .flatMap((gateway) => {
      const asked = composed(asExposure(gateway.expected), gateway.device, wanted);
      return composed(gateway.reading.exposure, gateway.device, read).flatMap(({ view }, i) => {
        const allowed = view.verdicts.where(({ is }) => is === 'allowed');
        const atMost = asked[i]!.view.verdicts;
        const atLeast = atMost.where((verdict) => verdict === ALLOWED);
        const found: readonly (readonly [string, PacketSet])[] = [
          ['opens', allowed.apartFrom(atMost)],
          ['missing', atLeast.apartFrom(allowed)],
        ];
        return found
          .filter(([, packets]) => !packets.isEmpty)
          .map(([kind, packets]) => differs(kind, packets, titleOf(view.vantage, gateway.device), gateway));
      });
    });
}

/** A policy's bounds in the form of an exposure, so that they compose as exposures do. */
const asExposure = (expected: Expectation): Exposure => ({
  views: expected.views.map(({ vantage, bounds, translations }) => ({
    vantage,
    verdicts: bounds.map<Verdict>((bound) => (bound === 'must' ? ALLOWED : UNMANAGED)),
    translations: translations.or(PacketMap.everywhere(WHEREVER)).within(bounds),
  })),
});

const differs = (kind: string, packets: PacketSet, title: string, { policy }: Proof): Problem => ({
  code: `proving/composition-${kind}`,
  where: `gateway ${policy.device} with the servers behind it`,
  what: `${title}: ${rowsOf(packets).slice(0, 5).map(printRow).join('; ')} ${kind === 'opens' ? 'would reach a server end to end, and nothing asks for it' : 'was asked for end to end, and would not arrive'}.`,
  instead:
    'nothing in the intent: the two texts do not fit together, which is a mistake of ours; please report it with this text.',
});
