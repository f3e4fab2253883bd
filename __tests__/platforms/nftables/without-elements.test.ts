// Tests that a report on an nftables listing whose sets are all empty (`nft -t` leaves the elements out) names the
// sets whose elements may be missing.

import { configFormat } from '../../../lib/platforms/nftables/parse/config-format';
import { reportOf } from '../../exposure/report-on-file';

// `nft -t list ruleset` of 1.0.6 prints sets without their elements, and the same for empty sets.

const SET = 'set friends {\n\ttype ipv4_addr\n%\t}';
const text = (elements: string, more = ''): string =>
  `table ip x {\n${SET.replace('%', elements)}\n${more}\tchain in {\n\t\ttype filter hook input priority 0; policy drop;\n\t\tip saddr @friends accept\n\t}\n}\n`;
const told = (its: string): readonly (readonly string[])[] => {
  const { omissions = [], limits } = configFormat.parsed(its);
  return [omissions, limits.filter((one) => one.includes('nft -t'))];
};
const judged = (names: string): string =>
  `no set or map of the text has an element (${names}), so they are judged as empty: nft -t leaves elements out, nft list ruleset has them`;
const NOTHING = [[], []];

describe('a listing of sets', () => {
  it('reports elements that may be missing if no set has any', () => {
    expect(told(text(''))).toEqual([[judged('friends')], []]);
    expect(told(text('', 'map ports {\n\ttype inet_service : verdict\n}\n'))).toEqual([
      [judged('friends')],
      [judged('ports')],
    ]);
  });

  // Whether one more element would accept packets, or drop them.
  it.each([
    ['ip saddr @friends accept', true],
    ['ip saddr != @friends accept', false],
    ['ip saddr @friends drop', false],
    ['ip saddr @friends reject', false],
    ['ip saddr != @friends drop', true],
    ['ip saddr @friends jump ours', true],
    ['ip saddr @friends meta mark set 1', true],
    ['tcp dport vmap @ports', true],
  ])('reports a set as a gap only if more elements would accept more: %s', (rule, opens) => {
    const ports = 'map ports {\n\ttype inet_service : verdict\n}\nchain ours {\n}\n';
    const name = rule.includes('@ports') ? 'ports' : 'friends';
    const [untold, limits] = told(text('', ports).replace('ip saddr @friends accept', rule));
    expect((opens ? untold : limits)!.join()).toMatch(new RegExp(`\\(.*${name}.*\\)`));
    expect((opens ? limits : untold)!.join()).not.toMatch(new RegExp(`\\(.*${name}.*\\)`));
  });

  it('reports a map of translations, too', () => {
    const map =
      'map to {\n\ttype ipv4_addr : ipv4_addr\n}\nchain pre {\n\ttype nat hook prerouting priority -100;\n\tdnat to ip daddr map @to\n}\n';
    expect(told(`table ip x {\n${map}}\n`)).toEqual([[judged('to')], []]);
  });

  it('is complete if one set has an element', () => {
    expect(told(text('\telements = { 192.0.2.1 }\n', 'map ports {\n\ttype inet_service : verdict\n}\n'))).toEqual(
      NOTHING,
    );
  });

  it('reports nothing for sets that rules fill, or without sets', () => {
    expect(told(text('\tflags dynamic\n'))).toEqual(NOTHING);
    expect(told('table ip x {\n}\n')).toEqual(NOTHING);
  });

  it('is marked in the report’s first line if it may change the answer', () => {
    expect(reportOf(text(''))).toMatchObject({
      headline: expect.stringMatching(/ Not everything is told: see what is assumed\.$/),
      unknown: true,
    });
    expect(reportOf(text('').replace('accept', 'drop'))).toMatchObject({
      headline: expect.not.stringContaining('told'),
    });
  });
});
