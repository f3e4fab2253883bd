import { vantageKey } from '../lib/net/device';
import { reader } from '../lib/platforms/nftables/read/reader';
import { withGateway } from './kernel-here';
import { isOf, leavesFor, packetOf, phaseOf, shownAs, vantageOf } from './kernel-probes';
import { leavesAs } from './leaves';
import { CASES as SOME, Case } from './reader-cases';
import { FIELDS } from './reader-cases-fields';
import { MASKS } from './reader-cases-masks';
import { MARKS } from './reader-cases-marks';
import { RULES } from './reader-cases-rules';
import { GATEWAY } from './reader-packets';

const CASES = [...SOME, ...RULES, ...MARKS, ...MASKS, ...FIELDS];
/** As the sets say it; the walk has to say the same. */
function said({ text, probe }: Case): string {
  const [packet, vantage] = [packetOf(probe), vantageOf(probe)];
  const phase = phaseOf(probe);
  const { exposure, later, explain } = reader.read(text, GATEWAY);
  const view = (phase === 'first' ? exposure : later(phase)!).views.find((one) => vantageKey(one.vantage) === vantageKey(vantage))!;
  const verdict = view.verdicts.at(packet)?.is ?? 'denied';
  const walked = explain(vantage, packet, phase);
  expect(walked.verdict).toBe(verdict);
  if (verdict !== 'allowed') return verdict;
  const leaves = leavesAs(packet, view.translations.at(packet)!)!;
  const { source, destination, port } = leaves;
  expect(walked.leaves).toMatchObject({ source, destination, port });
  return leavesFor(leaves);
}

describe('the reader', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(said(one)).toBe(one.becomes);
  });
});

withGateway('the kernel', (namespaces) => {
  it.each(CASES.filter(({ becomes }) => becomes !== 'unknown').map((one) => [one.name, one] as const))(
    '%s',
    async (_, { text, probe, becomes }) => {
      expect(namespaces().load(text).text).toBe(text);
      const seen = await namespaces().ask([probe]);
      const got = seen.filter((one) => isOf(probe, one) && (one.place !== probe.place || probe.place === 'gw')).map(shownAs);
      expect(got).toEqual(becomes === 'denied' ? [] : [becomes]);
    },
  );
});
