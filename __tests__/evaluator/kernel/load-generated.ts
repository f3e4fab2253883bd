// Loads generated nftables or iptables text into the namespaces' kernel, and asserts that packets pass as the spec
// says.

import { Policy } from '../../../lib/policy/policy';
import { platforms } from '../../../lib/registry';
import { naively } from '../../spec/naive-spec';
import { BACK_ENDS, emptied, restored } from '../../platforms/iptables/kernel';
import { checkShares, inTime } from '../../randomly';
import { Namespaces, Probe } from './namespaces';
import { isOf, leavesFor, packetOf, shownAs, vantageOf } from './probes';

/** A way to replace all rules of a device by a platform's generated text. */
interface Loading {
  readonly name: string;
  readonly platform: 'nftables' | 'iptables';
  load(host: Namespaces, text: string, round: number): void;
}

export const WAYS: readonly Loading[] = [
  { name: 'nft', platform: 'nftables', load: (host, text) => void host.load(text) },
  {
    name: 'both back ends of iptables in turn',
    platform: 'iptables',
    load(host, text, round) {
      const run = (command: readonly string[], input: string): string => host.run(command, input);
      emptied(run);
      host.load('');
      restored(run, text, BACK_ENDS[round % BACK_ENDS.length]!);
    },
  },
];

/**
 * Loads the generated text of each policy, and expects for each probe the naive model's outcome; at least `least`
 * probes must pass, and as many not.
 */
export async function expectAsMeant(
  namespaces: Namespaces,
  { platform, load }: Loading,
  tries: Iterable<readonly [Policy, readonly Probe[]]>,
  least: number,
): Promise<void> {
  const answers = { must: 0, no: 0 };
  let tried = 0;
  for (const [policy, some] of inTime(tries)) {
    tried += 1;
    const { text } = platforms[platform].generator.write({ ...policy, platform });
    load(namespaces, text, tried);
    const arrivals = await namespaces.ask(some);
    for (const probe of some) {
      const packet = packetOf(probe);
      const { bound, leaves } = naively(policy, vantageOf(probe), packet);
      if (bound === 'may') continue;
      answers[bound] += 1;
      const got = arrivals.filter((one) => isOf(probe, one)).map(shownAs);
      const wanted = bound === 'must' ? [leavesFor({ ...packet, ...leaves })] : [];
      if (JSON.stringify(got) !== JSON.stringify(wanted)) expect({ probe, got, text }).toEqual({ wanted });
    }
  }
  // A test in which everything is denied would prove nothing.
  checkShares(tried, () => expect(Math.min(answers.must, answers.no)).toBeGreaterThan(tried * least));
}
