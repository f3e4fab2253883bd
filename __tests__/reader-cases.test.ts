import { parseAddress, printAddress } from '../lib/net/address';
import { Vantage, vantageKey } from '../lib/net/device';
import { reader } from '../lib/platforms/nftables/read/reader';
import { Namespaces, Place, canUseKernel } from './kernel-namespaces';
import { leavesAs } from './leaves';
import { CASES as SOME, Case } from './reader-cases';
import { RULES } from './reader-cases-rules';
import { GATEWAY } from './reader-packets';
import { describeWhere } from './where-possible';

const CASES = [...SOME, ...RULES];
const OWN = /^(198\.51\.100\.2|10\.0\.0\.1|203\.0\.113\.10|2001:db8:[12]::[12])$/;
const placeOf = (address: string): Place => (OWN.test(address) ? 'gw' : /^(10\.0\.0\.|2001:db8:2:)/.test(address) ? 'in' : 'out');

/** As the sets say it; the walk has to say the same. */
function said({ text, probe }: Case): string {
  const { place, from, to, protocol, port, sourcePort } = probe;
  const packet = { source: parseAddress(from)!, destination: parseAddress(to)!, protocol, port, sourcePort };
  const vantage: Vantage =
    place === 'gw' ? { kind: OWN.test(to) ? 'localhost' : 'self' } : { kind: 'interface', name: place === 'out' ? 'wan0' : 'br0' };
  const { exposure, explain } = reader.read(text, GATEWAY);
  const view = exposure.views.find((one) => vantageKey(one.vantage) === vantageKey(vantage))!;
  const verdict = view.verdicts.at(packet)?.is ?? 'denied';
  const walked = explain(vantage, packet);
  expect(walked.verdict).toBe(verdict);
  if (verdict !== 'allowed') return verdict;
  const { source, destination, port: leaving } = leavesAs(packet, view.translations.at(packet)!)!;
  expect(walked.leaves).toMatchObject({ source, destination, port: leaving });
  const address = printAddress(destination);
  return `${placeOf(address)}: ${printAddress(source)} > ${address}:${leaving}`;
}

describe('the reader', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(said(one)).toBe(one.becomes);
  });
});

describeWhere(
  canUseKernel(),
  'the kernel',
  'root on Linux, with nft, ip, conntrack and nping',
)('the kernel', () => {
  let namespaces: Namespaces;
  beforeAll(() => {
    namespaces = new Namespaces();
  });
  afterAll(() => namespaces.remove());

  it.each(CASES.filter(({ becomes }) => becomes !== 'unknown').map((one) => [one.name, one] as const))(
    '%s',
    async (_, { text, probe, becomes }) => {
      expect(namespaces.load(text).text).toBe(text);
      const seen = await namespaces.ask([probe]);
      const arrived = seen.filter(
        ({ place, protocol, mark }) => place !== probe.place && protocol === probe.protocol && mark === probe.sourcePort,
      );
      const own = seen.filter(({ place, mark }) => place === 'gw' && probe.place === 'gw' && mark === probe.sourcePort);
      const got = [...arrived, ...own].map((one) => `${one.place}: ${one.source} > ${one.destination}:${one.port}`);
      expect(got).toEqual(becomes === 'denied' ? [] : [becomes]);
    },
  );
});
