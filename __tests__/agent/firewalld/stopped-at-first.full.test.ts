// Tests the agent if firewalld is stopped while a first release is armed: confirm and rollback name it, and so does
// the next load. Runs on a test device with the real firewalld.

import { host, onFirewalld, textOf } from './host';
import { TRIAL, rollBack, startAgain } from './stopped';

jest.setTimeout(120_000);

// Somebody stops firewalld while a release is on trial, and its rules go with it.
onFirewalld('a firewalld that is stopped within the trial of a first release', (firewalld) => {
  const { delivered, step, says, stored, stop } = firewalld;

  test('is named where there was nothing before, too, and by the load that comes after it', () => {
    const first = host(textOf(443));
    delivered(first, TRIAL);
    stop();
    expect(rollBack(firewalld, first)).toBe('cpanel-edge: ok rolled-back digest=none from=armed stopped=firewalld');
    startAgain(firewalld);
    const next = host(textOf(80));
    delivered(next, ['upload', 'check']);
    stop();
    expect([step('arm', next), says('state'), stored()]).toEqual(['refused firewalld-stopped', 'nothing', 'none']);
  });
});
