// Tests which chains, jumps and sets of a host a given iptables text defines or changes, by which the verifier finds
// changes of objects of others.

import { parser } from '../../../lib/platforms/iptables/parse/parser';
import { GATEWAY } from '../../evaluator/packets';
import { gatewayText } from './gateway-text';
import { SETS, filter, nat, whole } from './printed';

const open = filter('ACCEPT', 'DROP');

describe('the objects that a text changes', () => {
  const touched = (...lines: readonly string[]): readonly string[] =>
    parser
      .read(whole({ ip: filter('ACCEPT', 'ACCEPT', ...lines), ip6: open }), GATEWAY)
      .changedObjects.filter((one) => !one.includes('ip6'));

  it('are none if the text has only what every host has', () => {
    expect(
      parser.read(whole({ ip: nat() + filter('ACCEPT', 'ACCEPT'), ip6: filter('ACCEPT', 'ACCEPT') }), GATEWAY)
        .changedObjects,
    ).toEqual([]);
  });

  it('include a chain, and the jump to it', () => {
    expect(touched(':mine - [0:0]', '-A INPUT -j mine', '-A mine -j DROP')).toEqual([
      'chain ip filter mine',
      'jump ip filter INPUT mine',
    ]);
  });

  it('include everything after a chain that accepts', () => {
    const ruled = (target: string) =>
      touched(':mine - [0:0]', `-A mine -p tcp -j ${target}`, '-A INPUT -j mine').length;
    expect([ruled('RETURN'), ruled('ACCEPT')]).toEqual([2, 3]);
    expect(touched(':mine - [0:0]', '-A mine -j ACCEPT')).toContain('what comes behind chain ip filter mine');
  });

  it.each([
    ['a policy', [':mine - [0:0]'], 'DROP'],
    ['a rule', [':mine - [0:0]', '-A INPUT -j ACCEPT'], 'ACCEPT'],
    ['a jump with a condition', [':mine - [0:0]', '-A INPUT -p tcp -j mine'], 'ACCEPT'],
    ['a jump with a comment', [':mine - [0:0]', '-A INPUT -m comment --comment x -j mine'], 'ACCEPT'],
    ['a goto', [':mine - [0:0]', '-A INPUT -g mine'], 'ACCEPT'],
  ])("include one of the host's chains with %s", (_, lines, policy) => {
    const ip = filter(policy, 'ACCEPT', ...lines);
    const ip6 = filter('ACCEPT', 'ACCEPT');
    expect(parser.read(whole({ ip, ip6 }), GATEWAY).changedObjects).toEqual([
      'chain ip filter INPUT',
      'chain ip filter mine',
    ]);
  });

  it("include a gateway's chains, whatever the jumps between them", () => {
    const text = gatewayText([{ public: '203.0.113.10', inside: '10.0.0.10', ports: '80' }]);
    expect(parser.read(text, GATEWAY).changedObjects).toEqual([
      ...['1', '2', 'fwd'].map((end) => `chain ip mangle cg-web-${end}`),
      ...['3', 'post', 'pre'].map((end) => `chain ip nat cg-web-${end}`),
      'jump ip mangle FORWARD cg-web-fwd',
      ...['POSTROUTING cg-web-post', 'PREROUTING cg-web-pre'].map((jump) => `jump ip nat ${jump}`),
    ]);
  });

  it('include a set', () => {
    const [ip, ip6] = [filter('ACCEPT', 'ACCEPT'), filter('ACCEPT', 'ACCEPT')];
    expect(parser.read(whole({ ip, ip6, sets: SETS.hosts }), GATEWAY).changedObjects).toEqual(['set s']);
  });

  it('are extended by no text', () =>
    expect(parser.read(whole({ ip: open, ip6: open }), GATEWAY).extendedObjects).toEqual([]));
});
