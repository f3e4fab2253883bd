// Tests races and interrupted steps on a device: the timer against a confirm, a rollback or a removal that is cut off.
// One of them wins, and the next command completes the work. Runs on a test device with the real nft.

import { setTimeout as sleep } from 'node:timers/promises';
import { WAYS, HOME, isQuick, stateful } from './delivery-states';
import { sent, tableText } from './stream';
import { gateway, underShells, wordOf } from './under-shell';

jest.setTimeout(90_000);

underShells(['sh'], 'status reports the state', (under) => {
  const { run, program, step, device, state, upTo, boots, bringWhatWasSettled, cutOff, ports, retract } =
    stateful(under);

  bringWhatWasSettled(WAYS.filter((way) => !isQuick(way)));

  test('the timer and a confirm at the same moment: one of them wins, and both report the same', async () => {
    for (let round = 0; round < 4; round += 1) {
      const release = upTo('arm', gateway(1001));
      const [said] = await Promise.all([
        sleep(round * 20).then(() => step('confirm', release)),
        device().begin(`/usr/local/sbin/cpanel-edge-device undo ${release.identity}`),
      ]);
      // If the answer was lost, the same command gives it again.
      expect(step('confirm', release)).toBe(said);
      expect([said, state(), ports()]).toEqual(
        said === 'ok confirmed' ? [said, 'confirmed', ['1001']] : ['refused not-armed', 'nothing', []],
      );
      wordOf(retract());
    }
  });

  test('a rollback that was interrupted is completed by the next delivery and by a removal', () => {
    const left = (): void => {
      upTo('confirm', gateway(1001));
      const token = upTo('arm', gateway(1002)).identity.split(' ')[2];
      run(`cd ${HOME} && mv armed-${token} undoing-${token}; rm -f /run/cpanel-edge/delivering`);
      expect([state(), ports()]).toEqual(['undoing', ['1002']]);
    };
    left();
    expect(step('upload', gateway(1003))).toBe('ok uploaded');
    expect([state(), ports()]).toEqual(['offered', ['1001']]);
    run('rm -rf /etc/cpanel-edge/* /run/cpanel-edge/*; nft flush ruleset');
    left();
    expect([wordOf(retract()), state(), ports()]).toEqual(['ok retracted', 'nothing', []]);
  });

  test('rules that were kept are never reported as gone', () => {
    upTo('confirm', gateway(1001));
    expect(program('forget gateway web lease-1')).toMatch(/left=rules$/);
    expect(program('forget gateway web lease-1')).toMatch(/left=rules$/);
    expect(retract()).toMatch(/retracted left=rules$/);
    expect(ports()).toEqual(['1001']);
    const server = sent({
      role: 'server',
      owner: 'mail',
      text: tableText(1002, 'cpanel_edge_mail'),
      onRetract: 'keep closed',
    });
    upTo('confirm', server);
    for (const lease of ['lease-1', 'lease-1'])
      expect(retract('server', 'mail', lease)).toMatch(/retracted left=closed$/);
  });

  describe('a removal that was interrupted', () => {
    test('is completed before the next delivery, so that no boot removes that one', () => {
      cutOff();
      upTo('confirm', gateway(1002, 'lease-2'));
      expect([boots(), state(), ports()]).toEqual(['ok loaded', 'confirmed', ['1002']]);
    });
  });

  test('nothing is forgotten while it is armed', () => {
    upTo('confirm', gateway(1001));
    const two = upTo('arm', gateway(1002));
    expect(program('forget gateway web lease-1')).toMatch(/refused busy holder=gateway-web armed=/);
    expect(step('rollback', two)).toBe('ok rolled-back');
  });

  test('the same digest with another owner token is refused', () => {
    upTo('confirm', gateway(1001));
    const other = gateway(1001, 'lease-2');
    expect([step('upload', other), step('check', other), state()]).toEqual([
      'ok uploaded',
      'refused foreign-lease',
      'confirmed',
    ]);
    expect(program('status')).toContain('lease=lease-1');
  });
});
