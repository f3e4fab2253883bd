// Compares the trace of single packets with the evaluator, on random rulesets and on translations by hand.

import { fc, times } from '../randomly';
import { parseAddress, printAddress } from '../../lib/net/address';
import { LATER_PHASES } from '../../lib/reachability/session-phase';
import { toLocationKey, listStartLocations } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { parser as iptables } from '../../lib/platforms/iptables/parse/parser';
import { parser as nftables } from '../../lib/platforms/nftables/parse/parser';
import { whole } from '../platforms/iptables/printed';
import { printed } from '../platforms/iptables/random';
import { leavesAs } from './translated-packet';
import { GATEWAY, packets } from './packets';
import { readableMarked, readableRulesets } from './accepted-rulesets';

const shown = (packet: Packet): string =>
  `${printAddress(packet.source)}:${packet.sourcePort} > ${printAddress(packet.destination)}:${packet.port} protocol ${packet.protocol}`;

/** Whether a line of a nat chain, or of one that it jumps to, is the reason for unknown. */
function doubtsTranslation(text: string, because: string): boolean {
  const line = Number(/^line (\d+):/.exec(because)?.[1]);
  const before = text.split('\n').slice(0, line).join('\n');
  const chains = /^(?= *chain |\*)/m;
  const chain = before.split(chains).at(-1)!;
  const [, name] = /^ *chain (\S+)/.exec(chain) ?? [];
  const leads = new RegExp(`type nat [^]*(jump|goto) ${name}\\b`);
  return /type nat |^\*nat/.test(chain) || (name !== undefined && text.split(chains).some((one) => leads.test(one)));
}

/** Two evaluations that share the parser only: sets of packets, and a trace from rule to rule. */
describe.each([
  ['nft', nftables, readableRulesets, 150],
  ['marks of nft', nftables, readableMarked, 100],
  ['iptables', iptables, printed.map(whole), 50],
] as const)('%s: the evaluator and the trace', (_, reader, texts, runs) => {
  it('agree about every packet', () => {
    fc.assert(
      fc.property(
        texts,
        fc.array(packets, { minLength: 20, maxLength: 20 }),
        fc.constantFrom(...LATER_PHASES),
        (text, some, later) => {
          const reading = reader.read(text, GATEWAY);
          for (const phase of ['first', later] as const) {
            const { views } = phase === 'first' ? reading.reachability : reading.later(phase)!;
            for (const vantage of listStartLocations(GATEWAY)) {
              const { dispositions, translations } = views.find(
                (view) => toLocationKey(view.startLocation) === toLocationKey(vantage),
              )!;
              for (const packet of some) {
                const walked = reading.explain(vantage, packet, phase);
                const verdict = dispositions.findValue(packet);
                const at = `${phase} ${toLocationKey(vantage)} ${shown(packet)}`;
                // Translations may give this packet the same result, whichever decides, and others not: the evaluator
                // doesn't look that closely.
                if (verdict?.is === 'unknown' && doubtsTranslation(text, verdict.reason)) continue;
                if (walked.reason === 'a translation may match or not') continue;
                expect(`${at} ${verdict?.is ?? 'denied'}`).toBe(`${at} ${walked.disposition}`);
                if (verdict?.is !== 'allowed') continue;
                const becomes = translations.findValue(packet)!;
                if (becomes.source.is === 'unclear' || becomes.destination.is === 'unclear') continue;
                const leaves = {
                  ...walked.packetOut,
                  ...(becomes.sourcePort === 'free' ? { sourcePort: packet.sourcePort } : {}),
                };
                expect(`${at} ${shown(leavesAs(packet, becomes)!)}`).toBe(`${at} ${shown(leaves)}`);
              }
            }
          }
        },
      ),
      { numRuns: times(runs) },
    );
  });
});

it('the trace knows the source port after a translation to several addresses as little as the evaluator', () => {
  const text = `table ip x {
  chain f { type filter hook prerouting priority raw; policy accept; tcp sport 22 reject; }
  chain n { type nat hook postrouting priority 100; snat to 203.0.113.8-203.0.113.11; }
}
`;
  const { reachability, explain } = nftables.read(text, GATEWAY);
  const own = parseAddress('198.51.100.2')!;
  const packet = { source: own, destination: own, protocol: 6, port: 443, sourcePort: 4 };
  const { dispositions } = reachability.views.find(({ startLocation }) => startLocation.kind === 'localhost')!;
  expect([dispositions.findValue(packet)?.is, explain({ kind: 'localhost' }, packet).disposition]).toEqual([
    'unknown',
    'unknown',
  ]);
});

it('two translations in one place that translate a packet alike need no order', () => {
  const chain = (rule: string): string => `chain c { type nat hook prerouting priority -110; ${rule}; }`;
  const text = `table ip x { map m { type ipv4_addr : ipv4_addr; elements = { 203.0.113.11 : 10.0.0.11 }; }
${chain('dnat to ip daddr map @m')} }
table ip y { ${chain('ip daddr 203.0.113.8/29 dnat ip prefix to 10.0.0.8/29')} }
`;
  const { reachability, explain } = nftables.read(text, GATEWAY);
  const packet = {
    source: parseAddress('192.0.2.7')!,
    destination: parseAddress('203.0.113.11')!,
    protocol: 6,
    port: 443,
    sourcePort: 4,
  };
  const vantage = { kind: 'interface', name: 'wan0' } as const;
  const { dispositions } = reachability.views.find(
    (one) => toLocationKey(one.startLocation) === toLocationKey(vantage),
  )!;
  expect([dispositions.findValue(packet)?.is, explain(vantage, packet).disposition]).toEqual(['allowed', 'allowed']);
});

it('two translations in one place to different hosts are both followed: a packet is denied only if both are', () => {
  const nat = (table: string, to: string): string =>
    `table ip ${table} { chain c { type nat hook prerouting priority -100; ip daddr 203.0.113.11 dnat to ${to}; }; }\n`;
  const filter = (...accepted: readonly string[]): string =>
    `table ip f { chain c { type filter hook forward priority 0; policy drop; ${accepted.map((to) => `ip daddr ${to} accept;`).join(' ')} }; }\n`;
  const packet = {
    source: parseAddress('192.0.2.7')!,
    destination: parseAddress('203.0.113.11')!,
    protocol: 6,
    port: 443,
    sourcePort: 4,
  };
  const vantage = { kind: 'interface', name: 'wan0' } as const;
  const said = (...accepted: readonly string[]): readonly unknown[] => {
    const { reachability, explain } = nftables.read(
      nat('x', '10.0.0.11') + nat('y', '10.0.0.12') + filter(...accepted),
      GATEWAY,
    );
    const { dispositions } = reachability.views.find(
      (one) => toLocationKey(one.startLocation) === toLocationKey(vantage),
    )!;
    return [dispositions.findValue(packet), explain(vantage, packet).disposition];
  };
  expect(said()).toEqual([undefined, 'denied']);
  const unsure = { is: 'unknown', reason: 'line 2: another part of the hook has priority -100, either may be first' };
  expect(said('10.0.0.11')).toEqual([unsure, 'unknown']);
  // Two possible hosts are as unknown as a packet that may not pass.
  expect(said('10.0.0.11', '10.0.0.12')).toEqual([unsure, 'unknown']);
});

it('a translation that may not match is certain if the next one translates the packet alike', () => {
  const text = `table ip x {
  map m { type ipv4_addr : ipv4_addr; elements = { 203.0.113.10 : 10.0.0.10 }; }
  chain n { type nat hook prerouting priority -100; ip ttl 64 ip daddr 203.0.113.8/29 dnat prefix to 10.0.0.8/29; dnat to ip daddr map @m; }
}
`;
  const { reachability, explain } = nftables.read(text, GATEWAY);
  const packet = {
    source: parseAddress('192.0.2.7')!,
    destination: parseAddress('203.0.113.10')!,
    protocol: 6,
    port: 443,
    sourcePort: 4,
  };
  const vantage = { kind: 'interface', name: 'wan0' } as const;
  const at = (last: string): string => {
    const one = { ...packet, destination: parseAddress(last)! };
    const { dispositions } = reachability.views.find(
      ({ startLocation: from }) => toLocationKey(from) === toLocationKey(vantage),
    )!;
    return `${dispositions.findValue(one)?.is} ${explain(vantage, one).disposition}`;
  };
  expect([at('203.0.113.10'), at('203.0.113.11')]).toEqual(['allowed allowed', 'unknown unknown']);
});

it('an unknown rule on packets of odd shape matters only in the hook before the routing', () => {
  const odd = (hook: string): string => `table ip6 x {
  chain c { type filter hook ${hook} priority raw; policy accept; ip6 nexthdr != tcp frobnicate the packet; }
}
`;
  const packet = {
    source: parseAddress('2001:db8:1::7')!,
    destination: parseAddress('2001:db8:1::2')!,
    protocol: 6,
    port: 443,
    sourcePort: 4,
  };
  const vantage = { kind: 'interface', name: 'wan0' } as const;
  const of = (hook: string): string => {
    const { reachability, explain } = nftables.read(odd(hook), GATEWAY);
    const { dispositions } = reachability.views.find(
      (one) => toLocationKey(one.startLocation) === toLocationKey(vantage),
    )!;
    return `${dispositions.findValue(packet)?.is} ${explain(vantage, packet).disposition}`;
  };
  expect([of('prerouting'), of('input')]).toEqual(['unknown unknown', 'allowed allowed']);
});
