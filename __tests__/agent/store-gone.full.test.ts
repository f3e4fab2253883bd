// Tests that the timer rolls an armed release back even if the agent's store of releases is lost. Runs on a test
// device with the real nft.

import { eventually } from '../driver/eventually';
import { CONFIRMED, gateway, underShells } from './under-shell';

jest.setTimeout(90_000);

underShells(
  ['sh'],
  'a store that is lost while a release is armed',
  ({ run, step, delivered, ports, says, fresh, device, timeIsUp }) => {
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

    test('is restored by the timer, too', async () => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      armed();
      timeIsUp();
      await eventually(() => ports()[0] === '1001');
      await device().hold(0);
      expect([ports(), says('state')]).toEqual([['1001'], 'confirmed']);
    });
  },
);
