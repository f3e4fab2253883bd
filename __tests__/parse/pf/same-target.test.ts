// Tests a pf redirect that may match beside a 1:1 mapping: certain if both lead to one host, unknown if to two.

import { LoadedPfRules } from '../../../lib/parse/pf/loaded-rules';
import { createMove } from '../../../lib/reachability/reachability';
import { Device, StartLocation, findByLocation } from '../../../lib/net/device';
import { Address, parseAddress, parseInterfaceAddress } from '../../../lib/net/address';
import { loaded } from './random';

const address = (text: string): Address => parseAddress(text)!;
const on = (name: string, role: 'outside' | 'inside', text: string): Device['interfaces'][number] => ({
  name,
  role,
  routes: [],
  addresses: [parseInterfaceAddress(text)!],
});
const DEVICE: Device = {
  forwarding: true,
  localAddresses: [address('203.0.113.10')],
  interfaces: [on('em0', 'outside', '203.0.113.2/24'), on('em1', 'inside', '10.0.1.1/24')],
};
const WAN: StartLocation = { kind: 'interface', name: 'em0' };

// A random test found it: with a commit's seed the evaluator gave UNKNOWN where the loops and the trace gave an
// outcome.
describe('a redirect that may match, and a 1:1 mapping', () => {
  const ends = (target: string) => {
    const rdr = [{ on: 'any', doubt: 'nobody knows', pass: false, target }];
    const binat = [{ inside: '10.0.1.20/32', outside: '203.0.113.10/32', on: 'em0', pass: false }];
    const rules = new LoadedPfRules(loaded({ skipped: ['lo0'], rdr, binat, nat: [], filter: [] } as never), DEVICE);
    const { dispositions, translations } = findByLocation(rules.evaluateFirstPackets().views, WAN)!;
    const packet = {
      source: address('198.51.100.7'),
      destination: address('203.0.113.10'),
      protocol: 1,
      port: 0,
      sourcePort: 0,
    };
    return [dispositions.findValue(packet)?.is, translations.findValue(packet)?.destination];
  };

  it('with one target are certain', () =>
    expect(ends('10.0.1.20')).toEqual(['allowed', createMove(address('10.0.1.20') - address('203.0.113.10'))]));

  it('with two targets are unknown', () =>
    expect(ends('10.0.1.21')).toEqual(['unknown', { is: 'unclear', reason: expect.any(String) }]));
});
