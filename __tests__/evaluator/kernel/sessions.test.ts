// Compares the evaluator with a kernel on random nftables rulesets: what happens to later packets of a session, of
// sessions that the kernel has tracked and of ones that began before the rules were loaded.

import { checkShares, fc, inTime, seeded, times } from '../../randomly';
import { LaterSessionPhase } from '../../../lib/reachability/session-phase';
import { parseAddress } from '../../../lib/net/address';
import { toLocationKey } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { parser } from '../../../lib/platforms/nftables/parse/parser';
import { withGateway } from './kernel-tests';
import { Probe, Seen } from './namespaces';
import { isOf, isOnItsWay, leavesFor, packetOf, placeOf, shownAs, vantageOf } from './probes';
import { FROM, probes } from './random';
import { leavesAs } from '../translated-packet';
import { GATEWAY } from '../packets';
import { rulesets } from '../rulesets';

const RUNS = times(12);
const SEED = seeded(20);

/** One more packet of a session, and how it is recognised where it arrives. */
interface Later {
  readonly phase: LaterSessionPhase;
  readonly probe: Probe;
  readonly packet: Packet;
  readonly isIt: (seen: Seen) => boolean;
}

const goesOn = (probe: Probe): Later => ({
  phase: 'going on',
  probe,
  packet: packetOf(probe),
  isIt: (seen) => isOf(probe, seen),
});

/** The reply of the other side. */
function answer(probe: Probe): Later {
  const { from, to, port, sourcePort } = probe;
  const back: Probe = {
    ...probe,
    place: placeOf(parseAddress(to)!),
    from: to,
    to: from,
    port: sourcePort,
    sourcePort: port,
  };
  const isIt = (seen: Seen): boolean => isOf(back, seen) && seen.port === back.port && seen.source === back.from;
  return { phase: 'answer', probe: back, packet: packetOf(back), isIt };
}

/** A host's reply to a datagram to a closed port. */
function error(probe: Probe): Later {
  const about: Probe = { ...answer(probe).probe, protocol: 1, port: 3, size: probe.size + 28 };
  const isIt = (seen: Seen): boolean => isOf(about, seen) && seen.source === about.from;
  return { phase: 'related', probe: about, packet: { ...packetOf(about), sourcePort: 3 }, isIt };
}

const arrived = ({ probe, isIt }: Later, seen: readonly Seen[]): readonly string[] =>
  seen.filter((one) => isIt(one) && !isOnItsWay(probe, one)).map(shownAs);

const OPEN = `table inet t {
  chain c {
    type filter hook prerouting priority 0; policy accept;
    ct state new accept
  }
  chain o {
    type filter hook output priority 0; policy accept;
    ct state new accept
  }
}
`;

/** Sessions keep their first translation, here none. */
const withoutTranslations = (text: string): string => text.replace(/^ {2}chain n\d \{\n(?: {4}.*\n)*? {2}\}\n/gm, '');

const datagrams = probes.map((some) =>
  some.map((one) => ({ ...one, protocol: 17, port: one.protocol === 1 ? 80 : one.port })),
);

withGateway('the kernel', (namespaces) => {
  /** Compares the packets that arrived with the evaluator's answers, and counts these. */
  function comparing(text: string, said: Map<string, number>): (one: Later, seen: readonly Seen[]) => void {
    const { later, explain } = parser.read(text, GATEWAY);
    return (one, seen) => {
      const { phase, probe, packet } = one;
      const vantage = vantageOf(probe);
      const { dispositions, translations } = later(phase)!.views.find(
        (view) => toLocationKey(view.startLocation) === toLocationKey(vantage),
      )!;
      const verdict = dispositions.findValue(packet)?.is ?? 'denied';
      said.set(`${phase} ${verdict}`, (said.get(`${phase} ${verdict}`) ?? 0) + 1);
      if (verdict === 'unknown') return;
      const becomes = verdict === 'allowed' ? translations.findValue(packet)! : undefined;
      const leaves = becomes && leavesAs(packet, becomes);
      if (becomes && (!leaves || becomes.sourcePort === 'free')) return;
      const wanted = leaves ? [leavesFor(leaves)] : [];
      const got = arrived(one, seen);
      if (JSON.stringify(got) === JSON.stringify(wanted)) return;
      const { reason, lines } = explain(vantage, packet, phase);
      expect({ phase, probe, because: reason, lines, text, got }).toEqual({ wanted });
    };
  }

  it(
    `treats later packets of its own sessions as the evaluator says, for ${RUNS} rulesets`,
    async () => {
      const said = new Map<string, number>();
      let tried = 0;
      for (const [ruleset, firsts] of inTime(fc.sample(fc.tuple(rulesets, datagrams), { numRuns: RUNS, seed: SEED }))) {
        tried += 1;
        const text = namespaces().load(ruleset);
        const compare = comparing(text, said);
        const arrivals = await namespaces().ask(firsts);
        const begun = firsts.map(goesOn).filter((one) => arrived(one, arrivals).length > 0);
        namespaces().answered();
        const more = await namespaces().ask(begun.map(({ probe }) => probe));
        for (const one of begun) compare(one, more);
      }
      checkShares(tried, () => expect(said.get('going on allowed') ?? 0).toBeGreaterThan(tried));
    },
    RUNS * 10_000,
  );

  it(
    `treats packets of sessions that began before as the evaluator says, for ${RUNS} rulesets`,
    async () => {
      const said = new Map<string, number>();
      for (const [ruleset, firsts] of fc.sample(fc.tuple(rulesets, datagrams), { numRuns: RUNS, seed: SEED + 1 })) {
        namespaces().load(OPEN);
        await namespaces().ask(firsts);
        const text = namespaces().load(withoutTranslations(ruleset), 'keep');
        const compare = comparing(text, said);
        namespaces().answered();
        const arrivals = await namespaces().ask(firsts);
        const others = firsts.filter(({ to }) => FROM[placeOf(parseAddress(to)!)].includes(to));
        for (const probe of firsts) compare(goesOn(probe), arrivals);
        for (const probe of others)
          if (!probe.to.includes(':') && arrived(goesOn(probe), arrivals).length > 0) compare(error(probe), arrivals);
        const answers = others.map(answer);
        namespaces().answered();
        const later = await namespaces().ask(answers.map(({ probe }) => probe));
        for (const one of answers) compare(one, later);
      }
      for (const phase of ['going on', 'answer', 'related'])
        for (const verdict of ['allowed', 'denied']) expect([...said.keys()]).toContain(`${phase} ${verdict}`);
    },
    RUNS * 10_000,
  );
});
