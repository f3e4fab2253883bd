// Tests the agent after a restart: a removal takes the release's addresses away, and no address comes without its
// rules. Runs on a test device with the real nft.

import { sent, tableText } from '../stream';
import { CONFIRMED, wordOf } from '../under-shell';
import { VIP, atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart('addresses of a release', ({ run, program, delivered, retract, ports, addresses, restarted, shell }) => {
  test('a removal takes away the release’s addresses and nothing else, also if /run was emptied', () => {
    run('ip addr add 203.0.113.20/32 dev wan0');
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    run('rm -rf /run/cpanel-edge/*');
    expect(wordOf(retract())).toBe('ok retracted');
    expect([ports(), addresses()]).toEqual([[], ['203.0.113.20']]);
    run('ip addr del 203.0.113.20/32 dev wan0');
  });

  test('come only after the rules that protect them', () => {
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    restarted();
    run(`nft flush ruleset; timeout 2 ${shell} /usr/local/sbin/cpanel-edge-device addresses || :`);
    expect(addresses()).toEqual([]);
    program('rules');
    program('addresses');
    expect(addresses()).toEqual(['203.0.113.10']);
  });
});
