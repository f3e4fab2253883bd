// Tests that the agent names firewalld's folder if it is read-only: at a check, at a load, and at a removal. Runs on a
// test device with the real firewalld.

import { CONFIRMED } from '../under-shell';
import { host, onFirewalld, textOf } from './host';

jest.setTimeout(120_000);

// A release on firewalld consists of files, which can't be written to a folder that is mounted read-only.
onFirewalld('/etc/firewalld that is read-only', ({ delivered, step, says, runs, stored, program, retracted, run }) => {
  const mounted = (how: 'ro' | 'rw'): void =>
    expect(run(`mount -o remount,bind,${how} /etc/firewalld`)).toBe('') as unknown as void;
  const READ_ONLY = 'cpanel-edge: refused folder-read-only folder=/etc/firewalld';
  const last = (said: string): string => said.split('\n').at(-1)!;
  afterEach(() => mounted('rw'));

  test('is named by its path: by a check, by a load if it became read-only since, and by a removal', () => {
    expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
    mounted('ro');
    const next = host(textOf(443));
    step('upload', next);
    expect(last(program(`check ${next.identity}`))).toBe(READ_ONLY);
    mounted('rw');
    const late = host(textOf(443));
    delivered(late, ['upload', 'check']);
    mounted('ro');
    expect(last(program(`arm ${late.identity} 300`))).toBe(READ_ONLY);
    step('rollback', late);
    expect([runs(), stored(), says('state'), says('rules')]).toEqual(['80', '80', 'confirmed', 'as-loaded']);
    expect([retracted(), runs(), says('state')]).toEqual([READ_ONLY, '80', 'confirmed']);
    mounted('rw');
    expect([retracted(), run('ls -A /etc/firewalld /etc/firewalld/policies | grep cpanel')]).toEqual([
      expect.stringMatching(/left=nothing$/),
      '',
    ]);
  });
});
