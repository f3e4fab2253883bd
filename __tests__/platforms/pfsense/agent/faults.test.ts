// Tests the agent for pfSense after faults of a simulated box: damaged or missing files for the next boot, no agent at
// that boot, a full disk, a damaged configuration. An armed release still rolls back. faults.full.test.ts has further
// faults.

import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { describeWhere } from '../../../where-possible';
import { addFullRows } from '../../../tier';

// Files that a box may lose: no single loss leaves it more open than before.

const withBox = describeWhere(canHaveBox, 'faults of a pfSense box', 'root on Linux, and php-cli with php-xml');
jest.setTimeout(60_000);

withBox('a box with a fault', () => {
  const { box, wordOf, upload, check, arm, trial, rollback, deliver, config, runs, status } = stepsOnBox();

  test('status reports damaged files for the next boot, and a delivery repairs them', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(status('boot')).toBe('as-written');
    const [script, copy] = ['/usr/local/etc/rc.d/cpanel_edge.sh', '/conf/cpanel-edge/program'];
    const spoilt: readonly (readonly [() => void, string])[] = [
      [() => box().remove(script), 'script-missing'],
      [() => box().write(script, '#!/bin/sh\n'), 'script-changed'],
      [() => box().run(['/bin/chmod', '600', script]), 'script-changed'],
      [() => box().remove(copy), 'copy-missing'],
      [() => box().write(copy, 'x'), 'copy-missing'],
    ];
    for (const [spoil, word] of spoilt) {
      spoil();
      expect(status('boot')).toBe(word);
      expect(upload(sent([MAIL]))).toBe('ok running');
      expect(status('boot')).toBe('as-written');
    }
    const stored = box().read('/conf/cpanel-edge/gateway-web/release');
    box().write('/conf/cpanel-edge/gateway-web/release', stored.replace('203.0.113.10', '203.0.113.12'));
    expect(status('boot')).toBe('record-damaged');
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(status('boot')).toBe('as-written');
  });

  test('the boot rolls back by the agent’s copy if the agent is missing', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const before = config();
    const two = sent([MAIL, WWW]);
    trial(two);
    const program = box().read('/usr/local/sbin/cpanel-edge-device');
    try {
      box().remove('/var/run/cpanel-edge');
      box().remove('/usr/local/sbin/cpanel-edge-device');
      box().run(['/bin/sh', '/usr/local/etc/rc.d/cpanel_edge.sh', 'start']);
      expect(config()).toBe(before);
      expect(runs()).not.toContain('203.0.113.11');
    } finally {
      box().write('/usr/local/sbin/cpanel-edge-device', program);
      box().run(['/bin/chmod', '755', '/usr/local/sbin/cpanel-edge-device']);
    }
    expect(status('state')).toBe('confirmed');
  });

  test.each(
    addFullRows(
      [['damaged', '{"entries": 3']],
      [
        ['gone', ''],
        ['of another form', '[]'],
      ],
    ),
  )('an armed release whose former state is %s rolls back to the confirmed one', (_, text) => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const before = config();
    const two = sent([MAIL, WWW]);
    trial(two);
    if (text === '') box().remove('/conf/cpanel-edge/gateway-web/before');
    else box().write('/conf/cpanel-edge/gateway-web/before', text);
    expect(rollback(two)).toMatch(/ok rolled-back digest=[0-9a-f]{64} from=armed$/);
    expect([config(), runs().includes('203.0.113.11'), status('rules')]).toEqual([before, false, 'as-loaded']);
  });

  test('a disk that can’t store a confirm is reported, and the release rolls back', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const before = config();
    const two = sent([MAIL, WWW]);
    trial(two);
    const writable = box().readOnly('/cf/conf');
    try {
      expect(box().program(`confirm ${two.identity}`)).toMatch(/cpanel-edge: refused disk-full\n?$/);
    } finally {
      writable();
    }
    expect(rollback(two)).toContain('ok rolled-back');
    expect([config(), status('state')]).toEqual([before, 'confirmed']);
  });

  test.each(addFullRows([8], [4, 12, 16]))(
    'a disk with room for a part of the configuration, %i KB, stores none of it',
    (left) => {
      expect(deliver(sent([MAIL]))).toBe(DELIVERED);
      const two = sent([MAIL, WWW]);
      expect([upload(two), wordOf(check(two))]).toEqual(['ok uploaded', 'ok checked']);
      const shown = (): string => box().run(['/bin/cat', '/cf/conf/config.xml']);
      const before = shown();
      const emptied = box().full('/cf/conf', left);
      try {
        expect([arm(two), shown() === before, runs().includes('203.0.113.11')]).toEqual([
          'refused disk-full',
          true,
          false,
        ]);
      } finally {
        emptied();
      }
      expect([wordOf(rollback(two)), deliver(sent([MAIL, WWW]))]).toEqual(['ok rolled-back', DELIVERED]);
    },
  );

  test('a configuration that is cut off is neither used nor overwritten', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const whole = box().read('/cf/conf/config.xml');
    const torn = whole.slice(0, 3000);
    box().write('/cf/conf/config.xml', torn + ' '.repeat(4096 - torn.length));
    const now = box().read('/cf/conf/config.xml');
    expect(box().program('status')).toBe('cpanel-edge: refused config-unreadable');
    expect([upload(sent([MAIL, WWW])), box().read('/cf/conf/config.xml')]).toEqual(['refused config-unreadable', now]);
    box().write('/cf/conf/config.xml', whole);
    expect(deliver(sent([MAIL, WWW]))).toBe(DELIVERED);
  });
});
