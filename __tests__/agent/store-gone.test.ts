// Tests the agent when its store of releases is lost while a release is armed: a rollback brings the former release
// and the store back, or reports that it can't. Runs on a test device with the real nft.

import { CONFIRMED, gateway, underShells } from './under-shell';

jest.setTimeout(90_000);

underShells(['sh'], 'a store that is lost while a release is armed', ({ run, step, delivered, ports, says, fresh }) => {
  afterEach(() => fresh());
  const armed = (): ReturnType<typeof gateway> => {
    const two = gateway(1002);
    expect([...delivered(two, ['upload', 'check']), step('arm', two), ports()]).toEqual([
      ...CONFIRMED.slice(0, 3),
      ['1002'],
    ]);
    run('rm -rf /etc/cpanel-edge/*');
    return two;
  };

  test('is restored by a rollback, with the former release', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    const two = armed();
    expect([step('confirm', two), step('rollback', two)]).toEqual(['refused not-armed', 'ok rolled-back']);
    expect([ports(), says('state'), says('rules'), says('runs')]).toEqual([
      ['1001'],
      'confirmed',
      'as-loaded',
      'release',
    ]);
    expect([delivered(gateway(1003)), run('ls -d /run/cpanel-edge/*.home 2>&1').includes('No such')]).toEqual([
      CONFIRMED,
      true,
    ]);
  });

  test('is lost with a first release: the rollback succeeds', () => {
    const two = armed();
    expect([step('rollback', two), ports()]).toEqual(['ok rolled-back', []]);
    expect(delivered(gateway(1003))).toEqual(CONFIRMED);
  });

  test('can’t be restored: the armed release still runs, and no rollback is reported', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    const two = armed();
    run('mount -o remount,ro /etc/cpanel-edge');
    expect([step('rollback', two), ports()]).toEqual(['failed rollback-incomplete', ['1002']]);
    run('mount -o remount,rw /etc/cpanel-edge');
    expect([step('rollback', two), ports(), says('state')]).toEqual(['ok rolled-back', ['1001'], 'confirmed']);
  });

  test('is lost with its copy in /run: the rollback reports that the former release is unknown', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    const two = armed();
    run('rm -rf /run/cpanel-edge/gateway-*');
    expect([step('confirm', two), step('rollback', two), ports()]).toEqual([
      'refused not-armed',
      'failed rollback-incomplete',
      ['1002'],
    ]);
  });
});
