import { Sent } from '../stream';
import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

// Somebody stops firewalld while a release is on trial, and its rules go with it.
onFirewalld(
  'a firewalld that is stopped within the trial of a first release',
  ({ delivered, step, says, stored, stop, start, systemd, program }) => {
    const trial = ['upload', 'check', 'arm'] as const;
    const rollback = (release: Sent): string => program(`rollback ${release.identity}`).split('\n').at(-1)!;
    const startsAgain = (): void => {
      start();
      systemd('ExecStartPost');
    };

    test('is named where there was nothing before, too, and by the load that comes after it', () => {
      const first = host(textOf(443));
      delivered(first, trial);
      stop();
      expect(rollback(first)).toBe('cpanel-edge: ok rolled-back digest=none from=armed stopped=firewalld');
      startsAgain();
      const next = host(textOf(80));
      delivered(next, ['upload', 'check']);
      stop();
      expect([step('arm', next), says('state'), stored()]).toEqual(['refused firewalld-stopped', 'nothing', 'none']);
    });
  },
);
