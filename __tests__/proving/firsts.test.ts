import { fc } from '../randomly';
import { Translation } from '../../lib/exposure/exposure';
import { withFirsts } from '../../lib/meaning/alike';
import { meaningOf } from '../../lib/meaning/meaning';
import { Address, hostPrefix, isHost, parseAddress, printAddress } from '../../lib/net/address';
import { Packet } from '../../lib/net/packet';
import { GatewayPolicy, Mapping, VirtualIp } from '../../lib/policy/policy';
import { isProvenByFirsts } from '../../lib/proving/firsts';
import { compared, meantBy, wholly } from '../../lib/proving/prove';
import { platforms } from '../../lib/registry';
import { at } from '../devices';
import { askedOf, madeOf } from '../policy/asked';
import { gateways } from '../policy/random';
import { LITERAL } from './renamed';

interface Farm {
  readonly policy: GatewayPolicy;
  /** Its inside and its public address, of each host. */
  readonly hosts: readonly (readonly [Address, Address])[];
}

/** Some gateway, and behind it some hosts more that differ in their addresses alone; where `odd` says so, one in something else. */
const farms: fc.Arbitrary<Farm> = fc
  .record({
    base: gateways,
    start: fc.integer({ min: 30, max: 60 }),
    step: fc.integer({ min: 1, max: 12 }),
    turned: fc.boolean(),
    subnet: fc.constantFrom(0, 1),
    count: fc.integer({ min: 4, max: 7 }),
    kind: fc.constantFrom('ip-alias' as const, 'proxy-arp' as const, 'other' as const),
    inboundOnly: fc.boolean(),
    reflected: fc.boolean(),
    odd: fc.constantFrom('none', 'none', 'none', 'profile', 'direction', 'kind'),
    own: fc.boolean(),
  })
  .map(({ base, start, step, turned, subnet, count, kind, inboundOnly, reflected, odd, own }) => {
    const kept = base.mappings.filter((one) => isHost(one.outside));
    const [its] = kept;
    const nothing = { name: 'nothing', entries: [], blocked: [] };
    const openings = (own ? undefined : its?.openings) ?? {
      name: 'farm',
      entries: [{ protocol: 6, ports: [{ first: 3, last: 5 }], sources: 'anywhere' as const, management: false, because: 'test' }],
      blocked: [],
    };
    const address = (base: string, n: number): Address => (at(base) + BigInt(n)) as Address;
    const hosts = Array.from({ length: count }, (_, n): readonly [Address, Address] => [
      address(`10.0.${subnet}.0`, start + step * (turned ? count - n : n)),
      address('203.0.113.0', start + 3 * n),
    ]);
    const mappings = hosts.map(([inside, outside], n): Mapping => ({
      ...{ name: `farm${n}`, description: '', interface: 'wan0', outside: hostPrefix(outside), inside: hostPrefix(inside) },
      ...{ peers: 'anywhere', exclude: [], enabled: true },
      inboundOnly: odd === 'direction' && n === 2 ? !inboundOnly : inboundOnly,
      openings: odd === 'profile' && n === 2 ? { ...openings, name: 'odd', entries: openings.entries.slice(1) } : openings,
      reflection: { mode: reflected ? 'pure-nat' : 'disabled', from: reflected ? ['lan0'] : [], globalHelper: false },
    }));
    const virtualIps = mappings.map(({ name, outside }, n): VirtualIp => ({
      ...{ name, interface: 'wan0', outside, mask: 32, answers: nothing },
      kind: odd === 'kind' && n === 2 ? 'other' : kind,
    }));
    const names = new Set(kept.map(({ name }) => `vip-${name}`));
    return {
      hosts,
      policy: {
        ...base,
        mappings: [...kept, ...mappings],
        virtualIps: [...base.virtualIps.filter(({ name }) => names.has(name) || name === 'spare'), ...virtualIps],
      },
    };
  });

/** Where a packet of any host goes, as a packet of the first would: in place of an address of a host the word for it. */
function ends(translation: Translation | undefined, packet: Packet, name: (address: bigint) => string): unknown {
  if (!translation) return undefined;
  const of = (side: 'destination' | 'source'): string => {
    const rewrite = translation[side];
    if (rewrite.is === 'moved') return name(packet[side] + rewrite.by);
    return rewrite.is === 'set' ? name(rewrite.to) : rewrite.is;
  };
  return [of('destination'), translation.port, of('source'), translation.sourcePort];
}

it.each(Object.entries(platforms).filter(([, { capabilities }]) => capabilities.gateway))(
  'what is asked for of hosts of one sort is what is asked for of the first of them, with the excess of %s',
  (_, { capabilities }) => {
    let alike = 0;
    let apart = 0;
    fc.assert(
      fc.property(farms, fc.infiniteStream(fc.nat(1000)), ({ policy, hosts }, random) => {
        const few = withFirsts(policy, [hosts]);
        if (!few) {
          apart += 1;
          return;
        }
        alike += 1;
        const next = (most: number): number => random.next().value! % most;
        const others = [...policy.mappings, ...policy.virtualIps].map(({ outside }) => outside.first);
        const anywhere = [
          ...others,
          ...['10.0.0.1', '10.0.0.2', '10.0.1.200', '203.0.113.1', '198.51.100.70', '192.0.2.7', '8.8.8.8'].map(at),
        ];
        const roles = new Map(hosts.flatMap((host) => host.map((address, role) => [address as bigint, role] as const)));
        const first = (address: bigint): Address => (roles.has(address) ? hosts[0]![roles.get(address)!]! : (address as Address));
        const chosen = (): Address => (next(2) === 0 ? hosts[next(hosts.length)]![next(2)]! : anywhere[next(anywhere.length)]!);
        const [whole, firsts] = [policy, few].map((one) => meaningOf(one, capabilities.excess).views);
        for (let i = 0; i < 60; i++) {
          const protocol = [6, 17, 1][next(3)]!;
          const [destination, source] = [chosen(), chosen()];
          const packet: Packet = { destination, source, protocol, port: next(16), sourcePort: 1024 };
          const of: Packet = { ...packet, destination: first(destination), source: first(source) };
          // Of which host an address is, the packet tells by the side that it came from.
          const name = (address: bigint, from: Packet): string => {
            const role = roles.get(address);
            if (role === undefined) return printAddress(address);
            const host = hosts.findIndex((one) => one[role] === address);
            const side = [from.destination, from.source].findIndex((one) => hosts[host]!.includes(one));
            return `${['destination', 'source'][side] ?? 'another'}'s ${role}`;
          };
          whole!.forEach((bounds, n) => {
            const its = firsts![n]!;
            for (const part of ['bounds', 'scope', 'inbound', 'left', 'sessions', 'untranslated', 'related'] as const)
              expect(bounds[part].at(packet)).toBe(its[part].at(of));
            // Two of one host are one for the first, where both are of the same it can't be told whose the address is.
            if (hosts.some((host) => host.includes(destination)) && hosts.some((host) => host.includes(source))) return;
            expect(ends(bounds.translations.at(packet), packet, (one) => name(one, packet))).toEqual(
              ends(its.translations.at(of), of, (one) => name(one, of)),
            );
          });
        }
      }),
      { numRuns: 20 },
    );
    expect([alike, apart].map((some) => some > 0)).toEqual([true, true]);
  },
);

/** One edit: an address in place of another, or its neighbour; a number; a line that is gone or that stands twice. */
function altered(text: string, kind: number, where: number, other: number): string {
  if (kind < 4) {
    const found = [...text.matchAll(kind === 3 ? /(?<=\D)()(\d{1,2})(?=\D)/g : LITERAL)];
    if (found.length === 0) return text;
    const [one, two] = [found[where % found.length]!, found[other % found.length]!];
    const value =
      kind === 3 ? two[0] : kind === 2 ? printAddress(((parseAddress(one[1]!) ?? 0n) + BigInt(1 + (other % 3))) as Address) : two[1]!;
    const length = kind === 3 ? one[0].length : one[1]!.length;
    return `${text.slice(0, one.index)}${value}${text.slice(one.index + length)}`;
  }
  const lines = text.split('\n');
  lines.splice(where % lines.length, 1, ...(kind === 4 ? [] : [lines[where % lines.length]!, lines[other % lines.length]!]));
  return lines.join('\n');
}

// A text of iptables has a rule for each host that leads on, and its reader tells all of them apart.
it.each(Object.entries(platforms).filter(([platform, { capabilities }]) => capabilities.gateway && platform !== 'iptables'))(
  'a text of %s, as it was written or altered, is found to do by the first hosts what it is found to do by all of them',
  (platform, { capabilities, reader, writer }) => {
    let [proven, wrong] = [0, 0];
    fc.assert(
      fc.property(
        farms,
        fc.array(fc.tuple(fc.nat(5), fc.nat(1000), fc.nat(1000)), { minLength: 6, maxLength: 6 }),
        ({ policy: any }, edits) => {
          const policy = askedOf(any, platform);
          const { made: written } = madeOf(() => writer.write(policy));
          fc.pre(written !== undefined);
          const meant = meantBy(policy, written);
          const on = wholly(meant.device);
          const rest = reader.read(written.surroundings.text, on);
          for (const text of [written.text, ...edits.map((edit) => altered(written.text, ...edit))]) {
            const { made: reading } = madeOf(() => reader.read(text, on));
            if (!reading) continue;
            const said = (of: typeof reading) => compared(meant, text, of, rest).differences.map((one) => one.text);
            const each = said({ ...reading, alike: undefined });
            expect(said(reading)).toEqual(each);
            if (isProvenByFirsts(meant, capabilities.excess, reading, rest)) proven += 1;
            else if (reading.alike && each.length > 0 && withFirsts(policy, reading.alike.sorts)) wrong += 1;
          }
        },
      ),
      { numRuns: 12, maxSkipsPerRun: 20 },
    );
    // Of each there were some: hosts of which the first were enough, and mistakes that only the first could show.
    expect([proven, wrong].map((some) => some > 0)).toEqual([true, true]);
  },
);
