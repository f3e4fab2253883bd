// Tests reports on rules without facts about their server, on real and random rulesets: everything that is open on
// some possible server is reported as open or unknown.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fc, times } from '../randomly';
import { ReachabilityView } from '../../lib/reachability/reachability';
import { printReachability } from '../../lib/reachability/print-reachability';
import { getNetwork, parseInterfaceAddress, parsePrefix, toRange } from '../../lib/net/address';
import { Device, StartLocation, toLocationKey, toEntryLocation } from '../../lib/net/device';
import { PacketMap, PacketSet } from '../../lib/net/packet-map';
import { toSingleRange } from '../../lib/net/range';
import { configFormat } from '../../lib/platforms/nftables/parse/config-format';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { Facts, NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { UnmanagedEvaluation, evaluateUnmanaged } from '../../lib/exposure/facts/evaluate-unmanaged';
import { PLACEHOLDER_RANGES } from '../../lib/exposure/facts/assumed-devices';
import { GATEWAY } from '../evaluator/packets';
import { readableRulesets } from '../evaluator/accepted-rulesets';
import { WILD_DEVICES } from '../platforms/nftables/wild/devices';
import { reportOf } from './report-on-file';

const WILD = join(__dirname, '../platforms/nftables/wild');
const range = (text: string) => toRange(parsePrefix(text)!);
const WAN = ['203.0.113.10/24', '2001:db8::2/64'].map((text) => parseInterfaceAddress(text)!);
const LOOPBACK = PacketMap.createSet({ destination: [range('127.0.0.0/8')] });
const LOOPBACK6 = PacketMap.createSet({ destination: [range('::1/128')] });

/**
 * Packets that aren't compared: loopback that a kernel drops, the device's own broadcasts, and its own addresses'
 * aliases.
 */
function asked(view: ReachabilityView, device: Device): PacketSet {
  const broadcasts = device.interfaces.flatMap(({ addresses }) =>
    addresses.map(({ address, length }) => toSingleRange(toRange(getNetwork(address, length)).last)),
  );
  const packets = view.dispositions.domain.subtract(
    PacketMap.createSet({ destination: [...broadcasts, ...PLACEHOLDER_RANGES] }),
  );
  if (view.startLocation.kind !== 'interface') return packets;
  return packets
    .subtract(LOOPBACK.intersect(view.translations.select(({ destination }) => destination.is === 'kept')))
    .subtract(LOOPBACK6);
}

/**
 * Returns the interface of an evaluation that stands for a real one: its own name, else the longest pattern, else the
 * one for all others.
 */
function standing(vantage: StartLocation, { device }: UnmanagedEvaluation): StartLocation {
  if (vantage.kind !== 'interface') return toEntryLocation(vantage);
  const matching = device.interfaces.filter(
    ({ name }) => name === vantage.name || (name.endsWith('*') && vantage.name.startsWith(name.slice(0, -1))),
  );
  const best = matching.sort(
    (a, b) => Number(b.name === vantage.name) - Number(a.name === vantage.name) || b.name.length - a.name.length,
  )[0];
  return { kind: 'interface', name: best?.name ?? '(any other)' };
}

/** Returns what the truth has and the evaluation without facts lacks, as text. */
function leftOut(text: string, device: Device, facts: Facts = NO_FACTS): string {
  const reading = evaluateUnmanaged(configFormat.parsed(text), facts);
  const views = parser.read(text, device).reachability.views.map((view): ReachabilityView => {
    const at = toLocationKey(standing(view.startLocation, reading));
    const shown = reading.parts
      .flatMap(({ reachability }) => reachability.views)
      .filter((one) => toLocationKey(one.startLocation) === at)
      .map(({ dispositions }) => dispositions.domain);
    const missing = asked(view, device).subtract(PacketMap.mergeFirst(shown));
    return {
      ...view,
      dispositions: view.dispositions.intersect(missing),
      translations: view.translations.intersect(missing),
    };
  });
  return printReachability({ views }, device);
}

const names = readdirSync(WILD)
  .filter((name) => name.endsWith('.nft'))
  .map((name) => name.replace('.nft', ''));
const wild = (name: string): string => readFileSync(join(WILD, `${name}.nft`), 'utf8');

describe('rules without facts about their server', () => {
  it.each(names)('%s: everything open on the real server is open or unknown', (name) => {
    expect(leftOut(wild(name), WILD_DEVICES[name]!)).toBe('nothing\n');
  });

  it.each(names)("%s: with the output of ip the result is the real server's", (name) => {
    const device = WILD_DEVICES[name]!;
    const interfaces = new Map(
      device.interfaces.map(
        ({ name: called, ...rest }) =>
          [called, { ...rest, defaults: rest.role === 'outside' ? (['ip', 'ip6'] as const) : [] }] as const,
      ),
    );
    const facts: Facts = {
      ...NO_FACTS,
      interfaces,
      addresses: true,
      routes: true,
      isComplete: true,
      forwarding: device.forwarding,
    };
    const told = evaluateUnmanaged(configFormat.parsed(wild(name)), facts);
    expect(told.device).toEqual(device);
    const truth = parser.read(wild(name), device).reachability.views;
    for (const view of truth) {
      const shown = PacketMap.mergeFirst(
        told.parts
          .flatMap(({ reachability }) =>
            reachability.views.filter((one) => toLocationKey(one.startLocation) === toLocationKey(view.startLocation)),
          )
          .map((one) => one.dispositions),
      );
      const expectedDispositions = view.dispositions.intersect(
        view.startLocation.kind === 'interface'
          ? asked(view, { ...device, interfaces: [] }).unite(shown.domain)
          : PacketMap.ALL,
      );
      expect(
        shown
          .intersect(PacketMap.ALL.subtract(PacketMap.createSet({ destination: PLACEHOLDER_RANGES })))
          .equals(expectedDispositions.subtract(PacketMap.createSet({ destination: PLACEHOLDER_RANGES }))),
      ).toBe(true);
    }
  });

  it("a loopback address that one guess translates isn't dropped for another guess", () => {
    const text = `table ip x {
  chain pre {
    type nat hook prerouting priority -100; policy accept;
    fib saddr type != unicast dnat to 10.0.0.10-10.0.0.12
  }
}
`;
    expect(leftOut(text, { ...GATEWAY, forwarding: false })).toBe('nothing\n');
  });

  it.each(['oif "wan0"', 'oifname "wa*"', 'oifname { "br0", "wan0" }'])(
    'an interface that rules match as outgoing belongs to the device: %s',
    (way) => {
      const text = `table inet x {
  chain pre {
    type filter hook prerouting priority raw; policy drop;
    fib saddr . iif ${way} accept
  }
}
`;
      expect(leftOut(text, { ...GATEWAY, forwarding: false })).toBe('nothing\n');
    },
  );

  // The strong host model, as the Arch Linux wiki shows it.
  const HERE = (rule: string): string => `table inet x {
  chain input {
    type filter hook input priority 0; policy drop;
    fib daddr . iif type ${rule}
    tcp dport 22 accept
  }
}
`;

  it("packets to an address of the interface by which they come aren't UNKNOWN", () =>
    expect(reportOf(HERE('!= { local, broadcast, multicast } drop')).headline).toBe('Open to the internet: tcp 22.'));

  it.each([
    '!= { local, broadcast, multicast } drop',
    'local drop',
    'local tcp dport 443 accept',
    'unicast tcp dport 443 accept',
  ])("an address that a rule compares with the interface's may be of it or not: %s", (rule) =>
    expect(leftOut(HERE(rule), { ...GATEWAY, forwarding: false })).toBe('nothing\n'),
  );

  // Observed on a wire, Linux 6.18: packets to 127.0.0.1 match a redirect; those to ::1 don't even reach the raw hook.
  it('IPv6 loopback is dropped before any rule, and IPv4 loopback after the translating rules', () => {
    const text = `table inet x {
  chain pre {
    type nat hook prerouting priority -100; policy accept;
    iifname "wan0" tcp dport 2222 dnat ip6 to fd00::10
    iifname "wan0" tcp dport 2222 dnat ip to 10.0.0.10
    tcp dport 80 redirect to :8080
  }
}
`;
    const told = {
      interfaces: new Map([['wan0', { role: 'outside' as const, addresses: WAN, routes: [], defaults: [] }]]),
      addresses: true,
    };
    for (const facts of [NO_FACTS, { ...NO_FACTS, ...told }])
      for (const { reachability } of evaluateUnmanaged(configFormat.parsed(text), facts).parts)
        for (const { startLocation, dispositions } of reachability.views.filter(
          (one) => one.startLocation.kind === 'interface',
        ))
          expect([toLocationKey(startLocation), dispositions.intersect(LOOPBACK6).isEmpty]).toEqual([
            toLocationKey(startLocation),
            true,
          ]);
    const [host] = evaluateUnmanaged(configFormat.parsed(text), { ...NO_FACTS, ...told }).parts;
    expect(host!.reachability.views.some(({ dispositions }) => !dispositions.intersect(LOOPBACK).isEmpty)).toBe(true);
  });

  it('for random rules and devices, everything that passes is open or unknown', () => {
    const devices: fc.Arbitrary<Device> = fc
      .record({ forwarding: fc.boolean(), swapped: fc.boolean(), local: fc.boolean() })
      .map(({ forwarding, swapped, local }) => ({
        ...GATEWAY,
        forwarding,
        interfaces: swapped
          ? GATEWAY.interfaces.map((one) => ({ ...one, role: one.role === 'outside' ? 'inside' : 'outside' }))
          : GATEWAY.interfaces,
        localAddresses: local ? GATEWAY.localAddresses : [],
      }));
    fc.assert(
      fc.property(readableRulesets, devices, (text, device) => {
        expect(leftOut(text, device)).toBe('nothing\n');
      }),
      { numRuns: times(60) },
    );
  });
});
