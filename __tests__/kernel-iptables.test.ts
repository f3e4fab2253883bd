import * as fc from 'fast-check';
import { vantageKey } from '../lib/net/device';
import { PacketMap } from '../lib/net/packet-map';
import { reader } from '../lib/platforms/iptables/read/reader';
import { reader as nftables } from '../lib/platforms/nftables/read/reader';
import { Printed, whole } from './iptables-cases';
import { printed } from './iptables-random';
import { BACK_ENDS, withIptables } from './kernel-iptables';
import { Seen, Probe } from './kernel-namespaces';
import { isOf, isOnItsWay, leavesFor, packetOf, shownAs, vantageOf } from './kernel-probes';
import { probes } from './kernel-random';
import { leavesAs } from './leaves';
import { GATEWAY } from './reader-packets';

const RUNS = Number(process.env['CPANEL_EDGE_KERNEL_RUNS'] ?? 10);
const SEED = Number(process.env['CPANEL_EDGE_KERNEL_SEED'] ?? 20);
const answers = { allowed: 0, denied: 0, unknown: 0 };

/** What the reader says of each probe, and what came of it. */
function compare(text: string, rules: Printed, some: readonly Probe[], seen: readonly Seen[]): void {
  const { exposure, explain } = reader.read(text, GATEWAY);
  for (const probe of some) {
    const [vantage, packet] = [vantageOf(probe), packetOf(probe)];
    const view = exposure.views.find((one) => vantageKey(one.vantage) === vantageKey(vantage))!;
    const verdict = view.verdicts.at(packet)?.is ?? 'denied';
    answers[verdict] += 1;
    if (verdict === 'unknown') continue;
    const becomes = verdict === 'allowed' ? view.translations.at(packet)! : undefined;
    const leaves = becomes && leavesAs(packet, becomes);
    if (becomes && (!leaves || becomes.sourcePort === 'free')) continue;
    const wanted = leaves ? [leavesFor(leaves)] : [];
    const got = seen.filter((one) => isOf(probe, one) && !isOnItsWay(probe, one)).map(shownAs);
    if (JSON.stringify(got) === JSON.stringify(wanted)) continue;
    const { because, lines } = explain(vantage, packet);
    expect({ probe, because, lines, rules, arrived: got }).toEqual(wanted);
  }
}

/** nft 1.0.6 lists both as `ct status dnat`. */
const MISPRINTED = /--ctstate NEW,DNAT|! --ctstate DNAT/;

withIptables('the kernel and nft', (host) => {
  it(
    `do with real packets what the reader says, for ${RUNS} rulesets`,
    async () => {
      for (const [at, [rules, some]] of fc.sample(fc.tuple(printed, probes), { numRuns: RUNS, seed: SEED }).entries()) {
        host().load(rules, BACK_ENDS[at % 2]!);
        const text = host().printed(BACK_ENDS[at % 2]!);
        compare(whole(rules), rules, some, await host().ask(some));
        // What the programs print of it says the same.
        const again = reader.read(text, GATEWAY).exposure;
        for (const [index, view] of reader.read(whole(rules), GATEWAY).exposure.views.entries())
          if (!view.verdicts.where(({ is }) => is === 'allowed').equals(again.views[index]!.verdicts.where(({ is }) => is === 'allowed')))
            expect({ vantage: view.vantage, text, rules }).toEqual('the same');
        if (BACK_ENDS[at % 2] === 'nft' && !MISPRINTED.test(text)) agree(text, host().listed());
      }
      // A test in which everything is denied would prove nothing.
      expect(Math.min(answers.allowed, answers.denied)).toBeGreaterThan(RUNS * 3);
    },
    RUNS * 5_000,
  );
});

/** Of rules that ip6tables made nft 1.0.6 lists no translation. */
const FOUR = PacketMap.set({ family: 'ip' });

/** The same rules as nft lists them: what both know, they know alike. */
function agree(text: string, listed: string): void {
  const [own, theirs] = [reader.read(text, GATEWAY).exposure, nftables.read(listed, GATEWAY).exposure];
  for (const [index, { vantage, verdicts }] of own.views.entries()) {
    const other = theirs.views[index]!.verdicts;
    const is = (map: typeof verdicts, wanted: string) => map.where((one) => one.is === wanted);
    const known = (one: typeof verdicts, against: typeof verdicts) =>
      is(one, 'allowed').apartFrom(is(against, 'allowed').or(is(against, 'unknown')));
    const differs = known(verdicts, other).or(known(other, verdicts)).within(FOUR).sample();
    if (differs) expect({ vantage, packet: differs.packet, text, listed }).toEqual('the same');
  }
}
