import { Witness } from '../lib/agent-protocol/release';
import { Problem } from '../lib/problems/problem';
import { Proof, scopeOf } from '../lib/verifier/prove';
import { packetsOf, viewsOf } from '../lib/verifier/witness';

/**
 * Witnesses that the release itself keeps out: each of its deliveries would be undone. What the policy doesn't speak of may be let through by others'
 * rules, and is left to the device.
 */
export function witnessProblems(
  where: string,
  { reading, expected }: Proof,
  witnesses: readonly Witness[],
): readonly Problem[] {
  const scope = scopeOf(expected);
  return witnesses.flatMap((witness, at) => {
    const packets = packetsOf(witness)!;
    const views = viewsOf(reading, witness);
    const [first] = views;
    const isKeptOut = views.every(
      ({ vantage, verdicts }) => packets.apartFrom(scope(vantage)).isEmpty && verdicts.within(packets).isEmpty,
    );
    if (!first || !isKeptOut) return [];
    return [
      denied(`${where} witnesses[${at}]`, witness, reading.explain(first.vantage, packets.sample()!.packet).because),
    ];
  });
}

const denied = (where: string, { arrives, from, to, protocol, port }: Witness, because: string): Problem => ({
  code: 'constructs/witness-denied',
  where,
  what: `${from} to ${to} ${protocol} ${port}, by ${arrives}, has to be let through after each delivery, and what is written here keeps it out (${because}): every delivery would be undone.`,
  instead: 'a witness that the profile or a mapping lets through; or the opening that it is for.',
});
