// Tests the agent if firewalld is stopped while a first release is armed: confirm and rollback name it, and so does
// the next load. Runs on a test device with the real firewalld.

import { host, onFirewalld, textOf } from './host';
import { TRIAL, rollBack, startAgain } from './stopped';

jest.setTimeout(120_000);

// firewalld is stopped while a release is armed, and its rules go with it.
onFirewalld('a firewalld that is stopped while a first release is armed', (firewalld) => {
  const { delivered, step, says, stored, stop } = firewalld;

  test('is named by confirm, rollback and the next load', () => {
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
