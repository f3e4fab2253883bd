// Verifies gateways together with the servers behind them: finds packets that the generated configs let through or drop
// end to end against the specs of the policies.

import { ServerReachability, computeEndToEnd } from '../reachability/end-to-end';
import {
  ALLOWED,
  Reachability,
  Disposition,
  createTranslation,
  createUnclear,
  createUnknown,
} from '../reachability/reachability';
import { printRow, printTitle } from '../reachability/print-reachability';
import { toRows } from '../reachability/reachability-rows';
import { toLocationKey } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Problem } from '../problems/problem';
import { Verification } from './verify-policy';
import { VerifiedShapes } from './release-shapes';

const UNMANAGED = createUnknown('not managed');
const UNKNOWN_TRANSLATION = createTranslation({ destination: createUnclear('not managed') });

/**
 * Returns the problems of gateways together with the servers behind them. The composed reachability of both texts must
 * lie within the composed specs of both policies. This finds what no device shows alone: a translation to another
 * server, or a source that a host takes for another client. `shapes`: earlier verifications.
 */
export function findCompositionProblems(
  verifications: readonly Verification[],
  shapes?: VerifiedShapes,
): readonly Problem[] {
  if (shapes?.isVerified(verifications)) return [];
  const problems = compareComposition(verifications);
  if (problems.length === 0) shapes?.addVerified(verifications);
  return problems;
}

function compareComposition(verifications: readonly Verification[]): readonly Problem[] {
  const servers = verifications.filter(({ policy }) => policy.kind === 'server');
  if (servers.length === 0) return [];
  const specServers = servers.map((server): ServerReachability => ({
    device: server.device,
    reachability: toSpecReachability(server),
  }));
  const configServers = servers.map(({ device, evaluated }): ServerReachability => ({
    device,
    reachability: evaluated.reachability,
  }));
  return verifications
    .filter(({ policy }) => policy.kind === 'gateway')
    .flatMap((gateway) => {
      const required = computeEndToEnd(toSpecReachability(gateway), gateway.device, specServers);
      return computeEndToEnd(gateway.evaluated.reachability, gateway.device, configServers).flatMap(({ view }, i) => {
        const allowed = view.dispositions.select(({ is }) => is === 'allowed');
        const surelyAllowed = view.dispositions.select((disposition) => disposition === ALLOWED);
        const permittedVerdicts = required[i]!.view.dispositions;
        const requiredPackets = permittedVerdicts.select((verdict) => verdict === ALLOWED);
        const deviations: readonly (readonly [string, PacketSet])[] = [
          ['opens', allowed.subtract(permittedVerdicts)],
          ['missing', requiredPackets.subtract(surelyAllowed)],
        ];
        return deviations
          .filter(([, packets]) => !packets.isEmpty)
          .map(([kind, packets]) =>
            createCompositionProblem(kind, packets, printTitle(view.startLocation, gateway.device), gateway),
          );
      });
    });
}

/**
 * Returns the spec of a verification in the form of reachability, so that it composes like reachability. Packets that
 * captured config narrows are permitted and not required: the verification of that device reports them.
 */
const toSpecReachability = ({ spec, narrowed }: Verification): Reachability => ({
  views: spec.views.map(({ startLocation, bounds, translations }) => {
    const narrowedPackets = PacketMap.mergeFirst(
      narrowed
        .filter((counterexample) => toLocationKey(counterexample.startLocation) === toLocationKey(startLocation))
        .map(({ packets }) => packets),
    );
    return {
      startLocation,
      dispositions: bounds
        .intersect(narrowedPackets)
        .map<Disposition>(() => UNMANAGED)
        .unite(bounds.map<Disposition>((bound) => (bound === 'must' ? ALLOWED : UNMANAGED))),
      translations: translations.unite(PacketMap.createConstant(UNKNOWN_TRANSLATION)).intersect(bounds),
    };
  }),
});

const createCompositionProblem = (
  kind: string,
  packets: PacketSet,
  title: string,
  { policy }: Verification,
): Problem => ({
  code: `proving/composition-${kind}`,
  where: `gateway ${policy.device} with the servers behind it`,
  what: `${title}: ${toRows(packets).slice(0, 5).map(printRow).join('; ')} ${kind === 'opens' ? 'would reach a server end to end, and nothing asks for it' : 'was asked for end to end, and would not arrive'}.`,
  instead:
    'nothing in the intent: the two texts do not fit together, which is a mistake of ours; please report it with this text.',
});
