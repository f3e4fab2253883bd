import { vantageKey } from '../lib/net/device';
import { reader } from '../lib/platforms/iptables/read/reader';
import { Case, TARGETS, TESTS, combined, whole } from './iptables-cases';
import { isOf, leavesFor, packetOf, shownAs, vantageOf } from './kernel-probes';
import { BACK_ENDS, BackEnd, withIptables } from './kernel-iptables';
import { leavesAs } from './leaves';
import { GATEWAY } from './reader-packets';

/** As the sets say it; the walk has to say the same. */
function said(text: string, { probe }: Case['asked'][number]): string {
  const [packet, vantage] = [packetOf(probe), vantageOf(probe)];
  const { exposure, explain } = reader.read(text, GATEWAY);
  const view = exposure.views.find((one) => vantageKey(one.vantage) === vantageKey(vantage))!;
  const verdict = view.verdicts.at(packet)?.is ?? 'denied';
  const walked = explain(vantage, packet);
  expect(walked.verdict).toBe(verdict);
  if (verdict !== 'allowed') return verdict;
  const leaves = leavesAs(packet, view.translations.at(packet)!)!;
  const { source, destination, port } = leaves;
  expect(walked.leaves).toMatchObject({ source, destination, port });
  return leavesFor(leaves);
}

describe('the iptables reader', () => {
  it.each([...TESTS, ...TARGETS].map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(one.asked.map((asked) => said(whole(one), asked))).toEqual(one.asked.map(({ becomes }) => becomes));
  });
});

withIptables('the kernel', (host) => {
  const becomes = async (one: Case, backEnd: BackEnd): Promise<void> => {
    host().load(one, backEnd);
    const asked = one.asked.filter((its) => its.becomes !== 'unknown');
    const seen = await host().ask(asked.map(({ probe }) => probe));
    const got = asked.map(({ probe }) => [
      probe,
      seen.filter((its) => isOf(probe, its) && (its.place !== probe.place || probe.place === 'gw')).map(shownAs),
    ]);
    expect(got).toEqual(asked.map((its) => [its.probe, its.becomes === 'denied' ? [] : [its.becomes]]));
  };
  it.each(BACK_ENDS)('lets in what every test lets in, by iptables-%s', (backEnd) => becomes(combined(TESTS), backEnd));

  const decided = TARGETS.filter(({ asked }) => asked.some((its) => its.becomes !== 'unknown'));
  it.each(decided.map((one, at) => [one.name, BACK_ENDS[at % 2]!, one] as const))('%s, by iptables-%s', (_, backEnd, one) =>
    becomes(one, backEnd),
  );
});
