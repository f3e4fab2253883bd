// Tests the agent: rules in csf's script csfpost.sh, edited by hand, rolled back or refused. Runs on a test device
// with a stand-in for csf.

import { hooking, host, onCsf, textOf } from './host';
import { CONFIRMED } from '../under-shell';
import { RULE, RULE6, WEB, HOOKED, BLOCK, HOOK, trial, hooks } from './hooks';

jest.setTimeout(120_000);

onCsf('the agent with rules in csfpost.sh', (under) => {
  const { run, program, says, delivered, step, retracted, csf, runs, folder, restarted } = under;
  const { hook, put, hooked, both, none } = hooks(under);

  test('takes the rules of an unconfirmed release out of the script and the kernel', () => {
    put('#!/bin/sh\n# theirs\n');
    delivered(host(WEB));
    const next = host(HOOKED);
    expect(delivered(next, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([hooked(), hook()]).toEqual([both, '#!/bin/sh\n# theirs\n']);
    csf('-r');
    expect([hooked(), says('rules'), step('confirm', next)]).toEqual([none, 'edited', 'refused edited-meanwhile']);
    expect([step('rollback', next), hooked(), hook(), runs(), says('rules')]).toEqual([
      'ok rolled-back',
      none,
      '#!/bin/sh\n# theirs\n',
      '22,81',
      'as-loaded',
    ]);
  });

  test('leaves a script alone if the release has no rules for it, and keeps a link', () => {
    const digest = (): string => run(`sha256sum ${HOOK}`);
    run(`printf '#!/root/its\\000\\377\\r\\n\\000' >${HOOK}`);
    const before = digest();
    expect([delivered(host(WEB)), digest()]).toEqual([CONFIRMED, before]);
    expect(delivered(host(HOOKED), ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-hook']);
    run(`rm ${HOOK}; mkdir /etc/csf/real; printf '#!/bin/sh\\n: x\\n' >/etc/csf/real/its; ln -s real/its ${HOOK}`);
    expect([delivered(host(HOOKED)), hook(), run(`readlink ${HOOK}`)]).toEqual([
      CONFIRMED,
      `#!/bin/sh\n${BLOCK}: x\n`,
      'real/its\n',
    ]);
    expect([retracted(), hook(), run(`readlink ${HOOK}`)]).toEqual([
      expect.stringMatching(/left=nothing$/),
      '#!/bin/sh\n: x\n',
      'real/its\n',
    ]);
  });

  test('reports edits by hand, and keeps lines that others write meanwhile', () => {
    put('#!/bin/sh\n: theirs\n');
    delivered(host(HOOKED));
    run(`echo ': more' >>${HOOK}`);
    expect([says('rules'), delivered(host(hooking(textOf(443), [RULE, RULE6]))), hook()]).toEqual([
      'as-loaded',
      CONFIRMED,
      `#!/bin/sh\n${BLOCK}: theirs\n: more\n`,
    ]);
    run(`sed -i 's/4,1020/4:1020/' ${HOOK}`);
    expect([says('rules'), program('read')]).toEqual(['edited', expect.stringContaining('csfpost.sh has')]);
    expect(delivered(host(HOOKED), ['upload', 'check'])).toEqual(['ok uploaded', 'refused edited']);
    run(`sed -i 's/4:1020/4,1020/; s/^# cpanel-edge:web begin/exit 0\n&/' ${HOOK}`);
    expect(says('rules')).toBe('edited');
    run(`rm ${HOOK}`);
    expect([says('rules'), program('read')]).toEqual(['edited', expect.stringContaining('csfpost.sh lacks')]);
    put(`#!/bin/sh\n# cpanel-edge:web begin\n${RULE}\n`);
    expect(delivered(host(HOOKED), ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-marks']);
  });

  test('refuses a delivery if csf would not run the script', () => {
    const wrong: readonly (readonly [string, string, string])[] = [
      ['another program', `printf '#!/usr/bin/perl\\n' >${HOOK}`, 'csf-hook'],
      ['a shell that reads and does nothing', `printf '#!/bin/sh -n\\n' >${HOOK}`, 'csf-hook'],
      ['a carriage return in its first line', `printf '#!/bin/sh\\r\\n' >${HOOK}`, 'csf-hook'],
      ['no text', `printf 'a\\000b\\n' >${HOOK}`, 'csf-hook'],
      ['a folder', `mkdir ${HOOK}`, 'csf-file'],
      [
        'one beside it, of which csf runs that alone',
        `mkdir -p ${folder}/own; : >${folder}/own/csfpost.sh`,
        'csf-hook-beside',
      ],
    ];
    const told = wrong.map(([what, does]) => {
      run(does);
      const release = host(HOOKED);
      const words = delivered(release, ['upload', 'check']).join(', ');
      step('rollback', release);
      run(`rm -rf ${HOOK}; rm -rf ${folder}/own`);
      return `${what}: ${words}`;
    });
    expect(told).toEqual(wrong.map(([what, , word]) => `${what}: ok uploaded, refused ${word}`));
    // The fork's own text says that it runs both.
    run(
      `mkdir -p ${folder}/own; printf '#!/bin/sh\\n' >${folder}/own/csfpost.sh; printf '\\n=pod\\n\\n\\tpush @csfpost, "x";\\n' >>${folder}/bin/csf`,
    );
    expect([delivered(host(HOOKED)), hooked()]).toEqual([CONFIRMED, both]);
  });

  test('writes the script with the confirm, and deletes it at a removal if there was none before', () => {
    const release = host(HOOKED);
    expect(delivered(release, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([hooked(), run(`ls ${HOOK} 2>&1 || :`)]).toEqual([both, expect.stringContaining('No such file')]);
    expect([step('confirm', release), hooked(), hook(), run(`stat -c %a:%u ${HOOK}`)]).toEqual([
      'ok confirmed',
      both,
      `#!/bin/sh\n${BLOCK}`,
      '700:0\n',
    ]);
    expect([says('rules'), step('upload', host(HOOKED))]).toEqual(['as-loaded', 'ok running']);
    csf('-r');
    expect([hooked(), says('rules')]).toEqual([both, 'as-loaded']);
    expect([restarted().length, hooked(), says('rules')]).toEqual([2, both, 'as-loaded']);
    // The next release has no such rules.
    expect([delivered(host(WEB)), hooked(), run('ls /etc/csf')]).toEqual([
      CONFIRMED,
      none,
      'csf.allow\ncsf.conf\ncsf.deny\nversion.txt\n',
    ]);
    expect([delivered(host(HOOKED)), hooked()]).toEqual([CONFIRMED, both]);
    expect([retracted(), hooked(), run('ls /etc/csf')]).toEqual([
      expect.stringMatching(/left=nothing$/),
      none,
      'csf.allow\ncsf.conf\ncsf.deny\nversion.txt\n',
    ]);
  });
});
