// Tests the agent if firewalld is stopped while a release is armed: confirm and rollback name it, and firewalld loads
// the former release when it starts again. Runs on a test device with the real firewalld.

import { CONFIRMED } from '../under-shell';
import { host, onFirewalld, textOf } from './host';
import { TRIAL, rollBack, startAgain } from './stopped';

jest.setTimeout(120_000);

// firewalld is stopped while a release is armed, and its rules go with it.
onFirewalld('a firewalld that is stopped while a release is armed', (firewalld) => {
  const { delivered, step, says, runs, stored, stop } = firewalld;

  test('is named by confirm and rollback; the former release is restored, and loaded at its next start', () => {
    const [before, next] = [host(textOf(80)), host(textOf(443))];
    expect(delivered(before)).toEqual(CONFIRMED);
    delivered(next, TRIAL);
    stop();
    expect(step('confirm', next)).toBe('refused firewalld-stopped');
    expect(rollBack(firewalld, next)).toBe(
      `cpanel-edge: ok rolled-back digest=${before.release.digest} from=armed stopped=firewalld`,
    );
    expect([runs(), stored(), says('rules'), says('state')]).toEqual(['none', '80', 'absent', 'confirmed']);
    expect(rollBack(firewalld, next)).toMatch(/ from=nothing stopped=firewalld$/);
    startAgain(firewalld);
    expect([runs(), says('rules'), rollBack(firewalld, next)]).toEqual([
      '80',
      'as-loaded',
      expect.stringMatching(/ from=nothing$/),
    ]);
  });
});
