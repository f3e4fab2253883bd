import { Sent } from '../stream';
import { CONFIRMED } from '../under-shell';
import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

// Somebody stops firewalld while a release is on trial, and its rules go with it.
onFirewalld(
  'a firewalld that is stopped within a trial',
  ({ delivered, step, says, runs, stored, stop, start, systemd, program }) => {
    const trial = ['upload', 'check', 'arm'] as const;
    const rollback = (release: Sent): string => program(`rollback ${release.identity}`).split('\n').at(-1)!;
    const startsAgain = (): void => {
      start();
      systemd('ExecStartPost');
    };

    test('is named by confirm and rollback; what was before is undone to, and comes when it starts', () => {
      const [before, next] = [host(textOf(80)), host(textOf(443))];
      expect(delivered(before)).toEqual(CONFIRMED);
      delivered(next, trial);
      stop();
      expect(step('confirm', next)).toBe('refused firewalld-stopped');
      expect(rollback(next)).toBe(
        `cpanel-edge: ok rolled-back digest=${before.release.digest} from=armed stopped=firewalld`,
      );
      expect([runs(), stored(), says('rules'), says('state')]).toEqual(['none', '80', 'absent', 'confirmed']);
      expect(rollback(next)).toMatch(/ from=nothing stopped=firewalld$/);
      startsAgain();
      expect([runs(), says('rules'), rollback(next)]).toEqual([
        '80',
        'as-loaded',
        expect.stringMatching(/ from=nothing$/),
      ]);
    });
  },
);
