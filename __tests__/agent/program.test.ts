// Tests the agent's whole delivery: confirm accepts an armed release once, the timer rolls it back without, a boot
// loads the confirmed one, and all files belong to root alone. Runs on a test device with the real nft.

import { eventually } from '../driver/eventually';
import { gateway, underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the agent', ({ run, program, step, delivered, retract, ports, timeIsUp }) => {
  afterEach(() => void retract());

  test('confirm accepts an armed release exactly once', () => {
    const release = gateway(1001);
    expect(delivered(release)).toEqual(['ok uploaded', 'ok checked', 'ok armed', 'ok confirmed']);
    expect([step('confirm', release), step('rollback', release), step('outcome', release)]).toEqual([
      'ok confirmed',
      'refused already-confirmed',
      'ok confirmed',
    ]);
    expect(ports()).toEqual(['1001']);
    const two = gateway(1002);
    expect([step('upload', two), step('check', two)]).toEqual(['ok uploaded', 'ok checked']);
    expect(step('confirm', two)).toBe('refused not-armed');
    expect([step('arm', two), step('confirm', release), step('outcome', two)]).toEqual([
      'ok armed',
      'ok confirmed',
      'ok armed',
    ]);
    expect(ports()).toEqual(['1002']);
    expect([step('rollback', two), step('rollback', two), step('confirm', two), step('outcome', two)]).toEqual([
      'ok rolled-back',
      'ok rolled-back',
      'refused not-armed',
      'ok rolled-back',
    ]);
    expect(ports()).toEqual(['1001']);
  });

  test('the timer rolls back a release without a confirm', async () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const two = gateway(1002);
    expect([step('upload', two), step('check', two), step('arm', two)]).toContain('ok armed');
    expect(ports()).toEqual(['1002']);
    timeIsUp();
    expect(await eventually(() => ports().join() === '1001')).toBe(true);
    expect(await eventually(() => step('outcome', two) === 'ok rolled-back')).toBe(true);
    expect(step('confirm', two)).toBe('refused not-armed');
  });

  test('boot loads the confirmed release and forgets the armed one', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const two = gateway(1002);
    expect([step('upload', two), step('check', two), step('arm', two)]).toContain('ok armed');
    // Rules that are flushed while a release is armed are loaded again as the armed release. `boot` started by hand
    // does not roll back either.
    for (const command of ['rules', 'boot']) {
      run('nft flush ruleset');
      expect(program(command)).toMatch(/ok loaded/);
      expect(ports()).toEqual(['1002']);
    }
    // The power is cut: /run and the kernel are empty.
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    expect(program('boot')).toMatch(/ok loaded/);
    expect(ports()).toEqual(['1001']);
    expect([step('confirm', two), step('outcome', two)]).toEqual(['refused not-armed', 'ok rolled-back']);
  });

  test('all files of the agent belong to root alone', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    expect(run('find /etc/cpanel-edge /run/cpanel-edge -perm /077')).toBe('');
  });
});
