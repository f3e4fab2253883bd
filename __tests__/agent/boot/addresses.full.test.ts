// Tests the agent after a restart: an address that was on the device before a release stays, also if the release has
// it. Runs on a test device with the real nft.

import { sent, tableText } from '../stream';
import { CONFIRMED, wordOf } from '../under-shell';
import { VIP, atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart('addresses of a release', ({ run, program, delivered, retract, addresses, restarted }) => {
  test('a removal keeps an address that was there before the release, though the release has it', () => {
    run('ip addr add 203.0.113.10/32 dev wan0');
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    expect(wordOf(retract())).toBe('ok retracted');
    expect(addresses()).toEqual(['203.0.113.10']);
    run('ip addr del 203.0.113.10/32 dev wan0');
  });

  test('a removal after a restart keeps an address that was there before the release', () => {
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    restarted();
    run('ip addr add 203.0.113.10/32 dev wan0');
    program('addresses');
    expect(wordOf(retract())).toBe('ok retracted');
    expect(addresses()).toEqual(['203.0.113.10']);
  });
});
