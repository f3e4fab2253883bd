// Tests on a simulated pfSense box that a caller who reads no output doesn't block the agent's other commands.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from '../../../temporary-folder';
import { describeWhere } from '../../../where-possible';
import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, sent, stepsOnBox } from '../steps';

const folder = temporaryFolder();

describeWhere(
  canHaveBox,
  'an answer of pfSense that nothing reads',
  'root on Linux, and php-cli with php-xml',
)('on a box', () => {
  const { box, deliver, wordOf } = stepsOnBox();

  /**
   * Starts the agent with a full pipe and waits until it is blocked. Returns whether the lock is free then, and the
   * answer once the pipe is read.
   */
  const unread = (words: string): readonly [lock: string, answer: string] => {
    const program = ['nsenter', ...box().inside, '/usr/local/sbin/cpanel-edge-device'].join(' ');
    const { stdout } = spawnSync(
      'sh',
      [
        '-c',
        `mkfifo pipe; exec 7<>pipe; { head -c 65535 /dev/zero; echo; } >&7
        ${program} ${words} >&7 7>&- & program=$!
        still=0
        for turn in $(seq 100); do
          if [ -z "$(pgrep -P $program)" ] && grep -q '^State:.S' /proc/$program/status; then still=$((still + 1)); else still=0; fi
          [ $still -lt 5 ] || break
          sleep 0.05
        done
        if flock -n ${join(box().root, 'var/run/cpanel-edge/mutex')} true; then echo free; else echo held; fi
        cat <&7 7>&- >answer & reader=$!
        wait $program
        for turn in $(seq 200); do if tail -n 1 answer | grep -aq '^cpanel-edge: '; then break; fi; sleep 0.02; done
        kill $reader; tail -n 1 answer; rm pipe answer`,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    const [lock, answer] = stdout.trim().split('\n');
    return [lock!, wordOf(answer!)];
  };

  test('blocks no other command', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const token = 'abcdabcdabcdabcd';
    const answers = [
      [`check gateway web ${token}`, 'refused not-the-holder'],
      [`rollback gateway web ${token}`, 'ok rolled-back'],
      ['status', 'ok status'],
      [`accept ${'0'.repeat(64)}`, 'refused no-such-edit'],
      [`retract gateway web other ${token}`, 'refused foreign-lease'],
      ['forget gateway web lease-1', 'ok forgotten'],
    ] as const;
    expect(answers.map(([words]) => [words, ...unread(words)])).toEqual(
      answers.map(([words, answer]) => [words, 'free', answer]),
    );
  });
});
