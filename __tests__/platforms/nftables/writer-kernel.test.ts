// Tests that nft loads the tables generated of sample policies and lists them as they were printed; that it loads
// those of random policies; and, without a kernel, that the order of mappings does not change the text.

import { checkShares, fc } from '../../randomly';
import { generator } from '../../../lib/platforms/nftables/generate/generator';
import { Policy } from '../../../lib/policy/policy';
import { overlapping } from '../../policy/overlapping';
import { gateways, servers } from '../../policy/random';
import { GATEWAYS, SERVERS } from '../../generate/samples';
import { describeLoading, linesOf, loaded } from '../../generate/support';
import { problemsOf } from '../../problems';

const write = (policy: Policy): string => generator.write(policy).text;

describeLoading('the kernel and generated texts', () => {
  /** nft prints names in place of these numbers. */
  const asListed = (line: string): string =>
    line
      .replace(/^icmp type 8 /, 'icmp type echo-request ')
      .replace(/ icmp type 8 /, ' icmp type echo-request ')
      .replace(/icmpv6 type 128 /, 'icmpv6 type echo-request ')
      .replace(
        /meta l4proto (\d+)/,
        (whole, number: string) =>
          `meta l4proto ${{ 1: 'icmp', 6: 'tcp', 17: 'udp', 33: 'dccp', 47: 'gre', 58: 'ipv6-icmp', 132: 'sctp', 136: 'udplite' }[number] ?? whole}`,
      );

  it.each(Object.entries({ ...GATEWAYS, ...SERVERS }))('%s: lists the generated rules, one by one', (_, policy) => {
    const text = write(policy);
    const held = loaded(text).filter((line) => !line.startsWith('elements'));
    expect(held).toEqual(
      linesOf(text)
        .slice(2)
        .filter((line) => !line.startsWith('elements'))
        .map(asListed),
    );
  });

  it('loads the tables of random policies', () => {
    fc.assert(
      fc.property(fc.oneof(gateways, servers), (policy) => void loaded(write(policy))),
      { numRuns: 25 },
    );
  });

  const AMBIGUOUS = ['nftables/two-inside-addresses', 'nftables/two-outside-addresses'];

  it('mappings that share addresses load, or are refused if their order is undefined', () => {
    let [tried, held] = [0, 0];
    fc.assert(
      fc.property(overlapping, (policy) => {
        tried += 1;
        const found = problemsOf(() => write(policy));
        expect(found.filter(({ code }) => !AMBIGUOUS.includes(code))).toEqual([]);
        if (found.length === 0) held += loaded(write(policy)).length > 0 ? 1 : 0;
      }),
      { numRuns: 40 },
    );
    checkShares(tried, () => expect(held).toBeGreaterThan(tried / 8));
  });
});

it('generates the same text for any order of mappings', () => {
  fc.assert(
    fc.property(fc.oneof(gateways, overlapping), (policy) => {
      const reversed = { ...policy, mappings: [...policy.mappings].reverse() };
      const text = (of: typeof policy): string => {
        const found = problemsOf(() => write(of));
        return found.length > 0 ? 'refused' : write(of);
      };
      expect(text(reversed)).toBe(text(policy));
    }),
    { numRuns: 200 },
  );
});
