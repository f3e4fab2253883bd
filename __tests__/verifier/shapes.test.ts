// Tests which releases have the same shape (equal but for addresses), and on random policies that one verification or
// evaluation holds for all of a shape; also which results are kept, and for how long.

import { checkShares, fc } from '../randomly';
import { Rewrite, getDestinationTranslations } from '../../lib/reachability/reachability';
import { Address, getNetwork, parseAddress, toRange } from '../../lib/net/address';
import { PROTOCOL, Packet } from '../../lib/net/packet';
import { Policy } from '../../lib/policy/policy';
import { EvaluatedConfig } from '../../lib/parse/config-parser';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { specifyText, getPlatform } from '../../lib/verifier/verify-policy';
import { VerifiedShapes, computeShape, removeDeviceName } from '../../lib/verifier/release-shapes';
import { gateways, servers } from '../policy/random';
import { LITERAL, renamed } from './renumber-policy';
import { policiesOf, profile, server } from '../review/samples';

const of = (policy: Policy): string => computeShape(removeDeviceName(policy, encodePolicy(policy))).text;
const host = (
  device: string,
  address: string,
  trustedNetworks: readonly string[],
  more: Partial<Parameters<typeof profile>[1]> = {},
): string =>
  of(policiesOf({ servers: [{ ...server(device, address, profile(['443/tcp'], more)), trustedNetworks }] })[0]!);

describe('the shape of a server', () => {
  const first = host('web1', '10.0.5.10', ['10.0.5.0/24']);
  const near = host('web1', '10.0.0.10', ['10.0.0.11']);

  it.each<[string, string]>([
    ['another name and address', host('web2', '10.0.5.77', ['10.0.5.0/24'])],
    ['another network', host('web2', '10.7.3.77', ['10.7.3.0/24'])],
  ])('is the same with %s', (_, other) => expect(other).toBe(first));

  it.each<[string, string]>([
    ['trusted networks that do not contain it', host('web1', '10.0.5.10', ['10.0.6.0/24'])],
    ['smaller trusted networks', host('web1', '10.0.5.10', ['10.0.5.0/25'])],
    ['the address before its network’s broadcast address', host('web1', '10.0.5.254', ['10.0.5.0/24'])],
    ['an address with its own meaning', host('web1', '192.168.5.10', ['192.168.5.0/24'])],
    [
      'another port',
      host('web1', '10.0.5.10', ['10.0.5.0/24'], { management: { from: ['198.51.100.0/28'], port: 2222 } }),
    ],
    ['other sources', host('web1', '10.0.5.10', ['10.0.5.0/24'], { sources: ['10.0.5.20'] })],
  ])('is another with %s', (_, other) => expect(other).not.toBe(first));

  it('distinguishes adjacent hosts from others', () => {
    expect(host('web1', '10.0.0.20', ['10.0.0.21'])).toBe(near);
    expect(host('web1', '10.0.0.10', ['10.0.0.12'])).not.toBe(near);
  });
});

it('the highest address of a text is adjacent to a special network that begins after it', () => {
  const [touching, apart, further] = ['203.0.112.255', '203.0.112.254', '203.0.112.250'].map((address) =>
    computeShape(`"${address}"`),
  );
  expect(apart!.text).toBe(further!.text);
  expect(apart!.ends).toHaveLength(touching!.ends.length + 1);
  expect(touching!.text).not.toBe(apart!.text);
});

const literals = (policy: Policy): readonly Address[] => [
  ...new Set(
    [...encodePolicy(policy).matchAll(LITERAL)].flatMap(([, address, length]) => {
      const first = parseAddress(address!)!;
      return length === undefined ? [first] : [first, toRange(getNetwork(first, Number(length))).last as Address];
    }),
  ),
];

/** The outcomes of a packet at each start location, with places instead of addresses. */
function fateOf(policy: Policy, places: readonly Address[]): (packet: Packet) => readonly unknown[] {
  const { text } = getPlatform(policy).generator.write(policy);
  const { reachability } = getPlatform(policy).parser.read(text, specifyText(policy, text).device);
  const place = (rewrite: Rewrite, from: Address): unknown => {
    if (rewrite.is === 'kept' || rewrite.is === 'unclear') return rewrite.is;
    const at = places.indexOf(rewrite.is === 'set' ? rewrite.to : ((from + rewrite.distance) as Address));
    expect(at).not.toBe(-1);
    return at;
  };
  return (packet) =>
    reachability.views.map((view) => {
      const becomes = view.dispositions.findValue(packet) && view.translations.findValue(packet);
      const led = becomes && [
        place(becomes.destination, packet.destination),
        place(becomes.source, packet.source),
        becomes.port,
      ];
      return [view.dispositions.findValue(packet)?.is, led];
    });
}

/** Networks are moved by a distance: these share no shape. */
const ofSingleAddresses = gateways.filter(
  ({ mappings }) => mappings.length > 0 && mappings.every(({ external }) => external.length === 32),
);

it.each<[string, fc.Arbitrary<Policy>]>([
  ['servers', servers],
  ['gateways', ofSingleAddresses],
])('two %s of one shape treat corresponding packets alike', (_, policies) => {
  let [tried, alike] = [0, 0];
  fc.assert(
    fc.property(policies, fc.integer({ min: -1, max: 6 }), fc.constantFrom(1n, 256n, 65_536n), (policy, moved, by) => {
      tried += 1;
      const [one, other] = [renamed(encodePolicy(policy), 3, -1, 0n), renamed(encodePolicy(policy), 7, moved, by)];
      fc.pre(one !== undefined && other !== undefined && of(one) === of(other));
      alike += 1;
      const [here, there] = [literals(one!), literals(other!)];
      const [mine, theirs] = [fateOf(one!, here), fateOf(other!, there)];
      for (let s = 0; s < here.length; s += 1)
        for (let d = 0; d < here.length; d += 1)
          for (const port of [22, 25, 443]) {
            const packet = (of: readonly Address[]): Packet => ({
              source: of[s]!,
              destination: of[d]!,
              protocol: PROTOCOL.tcp,
              port,
              sourcePort: 40_000,
            });
            expect(theirs(packet(there))).toEqual(mine(packet(here)));
          }
    }),
    { numRuns: 40, maxSkipsPerRun: 20 },
  );
  checkShares(tried, () => expect(alike).toBeGreaterThan(0));
});

/**
 * Evaluates the generated config of a policy, or the device without it, through the kept result of its shape; `read`:
 * how often it was evaluated itself.
 */
function throughShapes(
  shapes: VerifiedShapes,
  policy: Policy,
  of: 'release' | 'rest',
): { reading: EvaluatedConfig; really: EvaluatedConfig; read: () => number } {
  const meant = specifyText(policy, getPlatform(policy).generator.write(policy).text);
  const text = of === 'release' ? meant.generated.text : meant.generated.unmanagedConfig.text;
  const { parser: reader } = getPlatform(policy);
  const really = reader.read(text, meant.device);
  let times = 0;
  const read = (): EvaluatedConfig => {
    times += 1;
    return really;
  };
  const reading = shapes.getEvaluated(meant, of, { read, explaining: () => reader.explaining!(text, meant.device) });
  return { reading, really, read: () => times };
}

it.each<[string, fc.Arbitrary<Policy>]>([
  ['servers', servers],
  ['gateways', ofSingleAddresses],
])('of two %s of one shape the second exposes what its own text says, without being evaluated', (_, policies) => {
  let [alike, shared] = [0, 0];
  fc.assert(
    fc.property(
      policies,
      fc.integer({ min: -1, max: 6 }),
      fc.constantFrom(1n, 256n, 65_536n),
      fc.constantFrom('release' as const, 'rest' as const),
      (policy, moved, by, what) => {
        const [one, other] = [renamed(encodePolicy(policy), 3, -1, 0n), renamed(encodePolicy(policy), 7, moved, by)];
        fc.pre(one !== undefined && other !== undefined && of(one) === of(other));
        alike += 1;
        const shapes = new VerifiedShapes();
        throughShapes(shapes, one!, what);
        const { reading, really, read } = throughShapes(shapes, other!, what);
        expect(reading.reachability.views.map(({ startLocation }) => startLocation)).toEqual(
          really.reachability.views.map(({ startLocation }) => startLocation),
        );
        reading.reachability.views.forEach((view, at) => {
          const ownView = really.reachability.views[at]!;
          expect(view.dispositions.equals(ownView.dispositions)).toBe(true);
          expect(view.translations.equals(ownView.translations)).toBe(true);
          expect(getDestinationTranslations(view).equals(getDestinationTranslations(ownView))).toBe(true);
        });
        if (read() === 0) shared += 1;
      },
    ),
    { numRuns: 60, maxSkipsPerRun: 20 },
  );
  checkShares(alike, () => expect(shared).toBeGreaterThan(alike / 2));
});

describe('the kept result of a shape', () => {
  const meantOf = (policy: Policy): Parameters<VerifiedShapes['getEvaluated']>[0] =>
    specifyText(policy, getPlatform(policy).generator.write(policy).text);
  const webs = (device: string, address: string, port: number): Parameters<VerifiedShapes['getEvaluated']>[0] =>
    meantOf(policiesOf({ servers: [server(device, address, profile([`${port}/tcp`]))] })[0]!);
  const nothing = { reachability: { views: [] } } as unknown as EvaluatedConfig;
  const countedIn = (
    shapes: VerifiedShapes,
    meant: Parameters<VerifiedShapes['getEvaluated']>[0],
    of: 'release' | 'rest' = 'release',
  ): number => {
    let times = 0;
    const read = (): EvaluatedConfig => {
      times += 1;
      return nothing;
    };
    shapes.getEvaluated(meant, of, { read, explaining: () => nothing.explain });
    return times;
  };

  it('holds for others of the shape, and for the release or the rest alone', () => {
    const shapes = new VerifiedShapes();
    expect(countedIn(shapes, webs('web1', '10.0.5.10', 443))).toBe(1);
    expect(countedIn(shapes, webs('web2', '10.0.5.77', 443))).toBe(0);
    expect(countedIn(shapes, webs('web2', '10.0.5.77', 443), 'rest')).toBe(1);
    expect(countedIn(shapes, webs('web2', '10.0.5.77', 444))).toBe(1);
  });

  it('is dropped after many others', () => {
    const shapes = new VerifiedShapes();
    for (let port = 1000; port < 1800; port += 1) countedIn(shapes, webs('web1', '10.0.5.10', port));
    expect(countedIn(shapes, webs('web2', '10.0.5.77', 1799))).toBe(0);
    expect(countedIn(shapes, webs('web2', '10.0.5.77', 1000))).toBe(1);
  });

  it('explains packets by each device’s own text', () => {
    const shapes = new VerifiedShapes();
    const [one, other] = [webs('web1', '10.0.5.10', 443), webs('web2', '10.0.5.77', 443)].map(({ policy }) => policy);
    throughShapes(shapes, one!, 'release');
    const { reading, really } = throughShapes(shapes, other!, 'release');
    const { startLocation } = reading.reachability.views[0]!;
    const packet: Packet = {
      source: parseAddress('192.0.2.1')!,
      destination: parseAddress('10.0.5.77')!,
      protocol: PROTOCOL.tcp,
      port: 443,
      sourcePort: 40_000,
    };
    expect(reading.explain(startLocation, packet)).toEqual(really.explain(startLocation, packet));
    expect(reading.explain(startLocation, packet).disposition).toBe('allowed');
  });
});
