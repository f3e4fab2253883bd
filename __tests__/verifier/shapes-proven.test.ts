// Tests, on random policies, that a device or site with the shape of a verified one (equal but for addresses) gets the
// same result as if it were verified by itself.

import { checkShares, fc } from '../randomly';
import { findCompositionProblems } from '../../lib/verifier/composition-problems';
import { Address, parseAddress, printAddress } from '../../lib/net/address';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { Verification, getPlatform, verifyPolicy, verifyGenerated } from '../../lib/verifier/verify-policy';
import { VerifiedShapes } from '../../lib/verifier/release-shapes';
import { Policy } from '../../lib/policy/policy';
import { gateways, servers } from '../policy/random';
import { EDGE } from '../cases/edge';
import { policiesOf, profile, server } from '../review/samples';
import { LITERAL, renamed } from './renumber-policy';

const saidOf = ({ differences, faults, narrowed }: Verification): unknown =>
  [differences, faults, narrowed].map((some) => some.map(({ text }) => text));

/** A text in which one address is replaced by another one of the text, or by its neighbour. */
function altered(text: string, at: number, to: number): string {
  const found = [...text.matchAll(LITERAL)];
  if (found.length === 0) return text;
  const [one, other] = [found[at % found.length]!, found[to % found.length]!];
  const address = to % 3 === 0 ? printAddress(((parseAddress(one[1]!) ?? 0n) + 1n) as Address) : other[1]!;
  return `${text.slice(0, one.index)}${address}${text.slice(one.index + one[1]!.length)}`;
}

it.each<[string, fc.Arbitrary<Policy>]>([
  ['servers', servers],
  ['gateways', gateways],
])(
  'of two %s the second gets the result that it gets by itself, whether its text is as generated or altered',
  (_, policies) => {
    let [tried, wrong] = [0, 0];
    fc.assert(
      fc.property(policies, fc.nat(200), fc.nat(200), fc.boolean(), (policy, at, to, isAltered) => {
        tried += 1;
        const [one, other] = [renamed(encodePolicy(policy), 3, -1, 0n), renamed(encodePolicy(policy), 7, -1, 0n)];
        fc.pre(one !== undefined && other !== undefined);
        const { generator: writer } = getPlatform(policy);
        const shapes = new VerifiedShapes();
        verifyGenerated(one!, writer.write(one!), shapes);
        const written = writer.write(other!);
        const its = isAltered ? { ...written, text: altered(written.text, at, to) } : written;
        const alone = attempt(() => saidOf(verifyGenerated(other!, its)));
        expect(attempt(() => saidOf(verifyGenerated(other!, its, shapes)))).toEqual(alone);
        if (JSON.stringify(alone) !== '[[],[],[]]') wrong += 1;
      }),
      { numRuns: 60, maxSkipsPerRun: 20 },
    );
    // Otherwise only equal texts were compared; their number depends on the seed.
    checkShares(tried, () => expect(wrong).toBeGreaterThan(0));
  },
);

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

describe('a site with the shape of another', () => {
  const open = profile(['443/tcp']);
  const site = (n: number, led = n): readonly Policy[] =>
    policiesOf({
      gateway: {
        ...EDGE,
        virtualIps: [{ name: 'vip', interface: 'wan0', address: `203.0.113.${n}`, kind: 'ip-alias' }],
        mappings: [{ name: 'web', virtualIp: 'vip', internal: `10.0.0.${led}`, profile: open }],
      },
      servers: [server('web', `10.0.0.${n}`, open)],
    });
  const proofsOf = (policies: readonly Policy[], shapes?: VerifiedShapes): readonly Verification[] =>
    policies.map((policy) => verifyPolicy(policy, undefined, shapes));

  it('is verified together if the other was', () => {
    const shapes = new VerifiedShapes();
    for (const n of [20, 30]) expect(findCompositionProblems(proofsOf(site(n), shapes), shapes)).toEqual([]);
    expect(shapes.isVerified(proofsOf(site(40)))).toBe(true);
  });

  it('is evaluated if its gateway translates past its server', () => {
    const shapes = new VerifiedShapes();
    findCompositionProblems(proofsOf(site(20), shapes), shapes);
    expect(shapes.isVerified(proofsOf(site(30, 31)))).toBe(false);
  });

  it('is not verified together just because each of its devices is', () => {
    const shapes = new VerifiedShapes();
    const proofs = proofsOf(site(20), shapes);
    expect(shapes.isVerified(proofs)).toBe(false);
  });
});
