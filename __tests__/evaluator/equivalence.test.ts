// Tests equivalence classes of hosts on random and real nftables rulesets: evaluating one host of a class gives the
// same as evaluating every host. Rules by which hosts differ put them into different classes.

import { checkShares, fc } from '../randomly';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILY_RANGE, parseAddress } from '../../lib/net/address';
import { LATER_PHASES } from '../../lib/reachability/session-phase';
import { Device, toLocationKey } from '../../lib/net/device';
import { toSingleRange, subtractRanges } from '../../lib/net/range';
import { findHostClasses } from '../../lib/evaluator/equivalence/host-classes';
import { Evaluation } from '../../lib/evaluator/evaluation';
import { parseRuleset } from '../../lib/platforms/nftables/parse/parse-ruleset';
import { lowerRuleset } from '../../lib/platforms/nftables/parse/lower-ruleset';
import { HOSTS, PARTED, inside, namingRuleset, outside, ruleset } from './equivalence-rulesets';
import { WILD_DEVICES } from '../platforms/nftables/wild/devices';
import { port, router } from '../devices';

// Hosts that no rule distinguishes are evaluated once. The result must be that of evaluating each of them.

const device: Device = router([port('wan', 'outside', ['203.0.113.2/24']), port('lan', 'inside', ['10.0.0.1/24'])]);

/** The start locations at which both results differ, and the number of hosts that were not evaluated. */
function compared(text: string, on: Device): { readonly differ: readonly string[]; readonly spared: number } {
  const understood = lowerRuleset(parseRuleset(text));
  const [short, whole] = [new Evaluation(understood, on), new Evaluation(understood, on, 'each')];
  const differ = (['first', ...LATER_PHASES] as const).flatMap((phase) => {
    const { views } = short.getExposure(phase);
    return whole
      .getExposure(phase)
      .views.flatMap(({ startLocation, dispositions, translations }, i) =>
        views[i]!.dispositions.equals(dispositions) && views[i]!.translations.equals(translations)
          ? []
          : [`${phase} ${toLocationKey(startLocation)}`],
      );
  });
  return { differ, spared: findHostClasses(understood, on).reduce((sum, { hosts }) => sum + hosts.length - 1, 0) };
}

describe('hosts that no rule of a ruleset distinguishes', () => {
  it('get the same result as by evaluating each', () => {
    let [tried, spared] = [0, 0];
    fc.assert(
      fc.property(ruleset, fc.boolean(), (text, local) => {
        const on = local ? { ...device, localAddresses: HOSTS.map((n) => parseAddress(outside(n))!) } : device;
        const { differ, spared: here } = compared(text, on);
        tried += 1;
        spared += here;
        expect(differ).toEqual([]);
      }),
      { numRuns: 60 },
    );
    // Otherwise the test would compare nothing.
    checkShares(tried, () => expect(spared).toBeGreaterThan(tried));
  });

  it('get the same result if rules name them one by one, too', () => {
    let [tried, spared] = [0, 0];
    fc.assert(
      fc.property(namingRuleset, (text) => {
        const { differ, spared: here } = compared(text, device);
        tried += 1;
        spared += here;
        expect(differ).toEqual([]);
      }),
      { numRuns: 30 },
    );
    // These rulesets have fewer such hosts: 22 to 165 in all, of a hundred seeds.
    checkShares(tried, () => expect(spared).toBeGreaterThan(tried / 3));
  });

  it.each(readdirSync(join(__dirname, '../platforms/nftables/wild')).filter((name) => name.endsWith('.nft')))(
    'get the same result in %s, too',
    (name) => {
      const text = readFileSync(join(__dirname, '../platforms/nftables/wild', name), 'utf8');
      expect(compared(text, WILD_DEVICES[name.replace('.nft', '')]!).differ).toEqual([]);
    },
  );

  it.each(Object.entries(PARTED))('are not put into one class by %s', (_, rules) => {
    const halves = [HOSTS.slice(0, 10), HOSTS.slice(10)] as const;
    const text = `table ip x {\n  chain c {\n    type filter hook forward priority 0; policy drop;\n${rules(...halves).join('\n')}\n  }\n}\n`;
    expect(compared(text, device)).toEqual({ differ: [], spared: expect.any(Number) as number });
  });

  it('get the same result if the device’s own addresses are unknown', () => {
    const holes = HOSTS.map((n) => toSingleRange(parseAddress(inside(2 * n))!));
    const supposed = { sourceIsOwn: false, hasReversePath: true };
    const text = `table ip x {
  map in { type ipv4_addr : ipv4_addr; elements = { ${HOSTS.map((n) => `${outside(n)} : ${inside(2 * n)}`).join(', ')} } }
  chain n { type nat hook prerouting priority -100; dnat to ip daddr map @in; }
  chain c { type filter hook forward priority 0; policy drop; ct status dnat tcp dport 80 accept; }
  chain i { type filter hook input priority 0; policy drop; tcp dport 22 accept; }
}
`;
    const everything = Object.values(FAMILY_RANGE);
    for (const [local, spared] of [
      [subtractRanges(everything, holes), 19],
      // The addresses between them are then single classes, too.
      [holes, 34],
      [subtractRanges(everything, holes.slice(0, 10)), 18],
      [[...holes.slice(0, 10), { first: holes[3]!.first, last: holes[9]!.last }], 18],
      [[], 19],
    ] as const)
      expect(compared(text, { ...device, assumption: { ...supposed, local } })).toEqual({ differ: [], spared });
  });

  it('are distinguished if a rule names one of them', () => {
    const text = (rule: string, translation = ''): string => `table ip x {
  set hosts { type ipv4_addr; elements = { ${HOSTS.map(inside).join(', ')} } }
  chain c {
    type filter hook forward priority 0; policy drop;
    ip daddr @hosts accept
    ${rule}
  }
  chain n {
    type nat hook prerouting priority -100; policy accept;
    ${translation}
  }
}
`;
    expect(compared(text(''), device).spared).toBe(19);
    expect(compared(text('ip saddr 10.0.0.21 accept'), device).spared).toBe(18);
    expect(compared(text('', 'dnat ip prefix to ip daddr map { 203.0.113.0/24 : 10.0.0.0/24 }'), device).spared).toBe(
      0,
    );
  });
});
