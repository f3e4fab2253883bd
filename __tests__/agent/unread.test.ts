// Tests that a caller who reads no output doesn't block the agent's other commands. Runs on a test device with the
// real nft.

import { underShells, wordOf } from './under-shell';
import { sent, tableText } from './stream';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(120_000);

const PROGRAM = '/usr/local/sbin/cpanel-edge-device';
const TOKEN = 'abcdabcdabcdabcd';
const IDENTITY = `gateway web ${TOKEN}`;

// The reader of a full pipe stops the agent at its first output.
underShells(DEVICE_SHELLS, 'an answer that nothing reads', ({ run, shell, delivered, folder, device, fresh }) => {
  afterEach(() => fresh());

  /**
   * Starts the agent with a full pipe and waits until it is blocked. Returns whether the lock is free then, and the
   * answer once the pipe is read.
   */
  const unread = (words: string, start = ''): readonly [lock: string, answer: string] => {
    const said = run(
      `mkfifo ${folder}/pipe; exec 7<>${folder}/pipe; { head -c 65535 /dev/zero; echo; } >&7
      ${start} ${shell} ${PROGRAM} ${words} >&7 2>&1 7>&- & program=$!
      still=0
      for turn in $(seq 100); do
        if [ -z "$(pgrep -P $program)" ] && grep -q '^State:.S' /proc/$program/status; then still=$((still + 1)); else still=0; fi
        [ $still -lt 3 ] || break
        sleep 0.05
      done
      if flock -n /run/cpanel-edge/mutex true; then echo free; else echo held; fi
      cat <&7 7>&- >${folder}/answer & reader=$!
      wait $program
      for turn in $(seq 200); do if tail -n 1 ${folder}/answer | grep -aq '^cpanel-edge: '; then break; fi; sleep 0.02; done
      kill $reader; tail -n 1 ${folder}/answer; rm ${folder}/pipe ${folder}/answer`,
    );
    const [lock, answer] = said.trim().split('\n');
    return [lock!, wordOf(answer!)];
  };

  test('blocks no other command, whatever the command was', () => {
    expect(delivered(sent({ text: tableText(1001) }))).toContain('ok confirmed');
    const answers = [
      [`upload gateway web lease-1 ${'0'.repeat(64)} ${TOKEN} </dev/null`, 'refused upload-damaged'],
      [`check ${IDENTITY}`, 'refused not-the-holder'],
      [`arm ${IDENTITY} 60`, 'refused not-the-holder'],
      [`confirm ${IDENTITY}`, 'refused not-armed'],
      [`outcome ${IDENTITY}`, 'ok rolled-back'],
      [`rollback ${IDENTITY}`, 'ok rolled-back'],
      [`accept ${'0'.repeat(64)}`, 'refused no-such-edit'],
      ['status', 'ok status'],
      ['units', 'ok units'],
      ['boot', 'ok loaded'],
      ['rules', 'ok loaded'],
      ['addresses', 'ok addresses'],
      [`retract gateway web other ${TOKEN}`, 'refused foreign-lease'],
      ['forget gateway web lease-1', 'ok forgotten'],
    ] as const;
    expect(answers.map(([words]) => [words, ...unread(words)])).toEqual(
      answers.map(([words, answer]) => [words, 'free', answer]),
    );
  });

  test('blocks no other command either with messages of a program under sudo', () => {
    expect(delivered(sent({ text: tableText(1001) }))).toContain('ok confirmed');
    run(
      `cp /usr/bin/tr ${folder}/tr; cat >${folder}/noisy; chmod 755 ${folder}/noisy`,
      `#!/bin/sh\nhead -c 200000 /dev/zero >&2\nexec ${folder}/tr "$@"\n`,
    );
    device().replace('/usr/bin/tr', `${folder}/noisy`);
    expect(unread('status', 'env SUDO_UID=1000 SUDO_USER=deploy')).toEqual(['free', 'ok status']);
    run('umount /usr/bin/tr');
  });
});
