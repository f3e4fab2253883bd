// Tests refusals of the agent: owner tokens and owned prefixes of other owners are refused by name, an adopted owner's
// former token no longer counts, and uploads that died don't block later uploads. Runs on a test device with the real
// nft.

import { sent, tableText } from './stream';
import { gateway, underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'refusals of the agent', ({ run, program, word, step, delivered, retract, ports }) => {
  afterEach(() => void retract());

  test('interrupted uploads from before a clock was set back don’t block later uploads', () => {
    run('cd /etc/cpanel-edge && for n in 1 2 3 4; do : >coming-$n; done; touch -d "+2 days" coming-*');
    const release = gateway(1001);
    expect(step('upload', release)).toBe('ok uploaded');
    step('rollback', release);
    expect(run('ls /etc/cpanel-edge')).not.toContain('coming');
    run('cd /etc/cpanel-edge && for n in 1 2 3 4; do : >coming-$n; done');
    expect(step('upload', release)).toBe('refused busy');
    run('rm /etc/cpanel-edge/coming-*');
  });

  test('owner tokens and owned prefixes of other owners are refused by name', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const foreign = gateway(1002, 'lease-2');
    expect(step('upload', foreign)).toBe('ok uploaded');
    expect(program(`check ${foreign.identity}`)).toMatch(/refused foreign-lease lease=lease-1$/);
    expect(program(`check ${foreign.identity} lease-3`)).toMatch(/refused not-(the-holder|uploaded)$/);
    expect(step('upload', foreign)).toBe('ok uploaded');
    expect(program(`check ${foreign.identity} lease-3`)).toMatch(/refused foreign-lease lease=lease-1$/);
    for (const [outside, inside, overlaps] of [
      ['203.0.113.0/28', '10.9.9.9', 'owner=web prefix=203.0.113.10'],
      ['203.0.113.99', '10.0.0.0/24', 'owner=web prefix=10.0.0.10'],
      ['203.0.113.11', '10.0.0.11', ''],
      ['2001:db8::/32', '2001:db8:1::1', ''],
    ] as const) {
      const other = sent({
        owner: 'blog',
        text: tableText(1003, 'cpanel_edge_blog'),
        claims: { outside: [outside], inside: [inside] },
      });
      step('upload', other);
      expect(program(`check ${other.identity}`)).toMatch(
        overlaps === '' ? /ok checked/ : new RegExp(`refused claimed ${overlaps}$`),
      );
      step('rollback', other);
    }
    expect(retract('gateway', 'web', 'lease-2')).toMatch(/refused foreign-lease lease=lease-1$/);
    expect(ports()).toEqual(['1001']);
  });

  test('an owner token that is adopted is replaced, and counts as another owner’s afterwards', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const heir = gateway(1002, 'lease-2');
    expect([
      step('upload', heir),
      word(`check ${heir.identity} lease-1`),
      step('arm', heir),
      step('confirm', heir),
    ]).toContain('ok confirmed');
    expect(ports()).toEqual(['1002']);
    // `adopt` may stay in the code: a device with the own token adopts nothing more.
    const next = gateway(1003, 'lease-2');
    expect([
      step('upload', next),
      word(`check ${next.identity} lease-1`),
      step('arm', next),
      step('confirm', next),
    ]).toContain('ok confirmed');
    expect(retract()).toMatch(/refused foreign-lease lease=lease-2$/);
    retract('gateway', 'web', 'lease-2');
  });
});
