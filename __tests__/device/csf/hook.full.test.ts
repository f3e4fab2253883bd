import { LINE, denying, hooking, host, onCsf, textOf } from './host';
import { CONFIRMED } from '../under-shell';
import { RULE, RULE6, WEB, HOOKED, BLOCK, HOOK, trial, hooks } from './hooks';

jest.setTimeout(120_000);

onCsf('source ports of csf on a device', (under) => {
  const { run, program, says, delivered, step, retracted, csf, runs, folder, restarted } = under;
  const { hook, put, hooked, both, none, partOf } = hooks(under);

  test('that nobody confirms are away, in the script and in what runs', () => {
    put('#!/bin/sh\n# theirs\n');
    delivered(host(WEB));
    const next = host(HOOKED);
    expect(delivered(next, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([hooked(), hook()]).toEqual([both, '#!/bin/sh\n# theirs\n']);
    csf('-r');
    expect([hooked(), says('rules'), step('confirm', next)]).toEqual([none, 'edited', 'refused edited-meanwhile']);
    expect([step('rollback', next), hooked(), hook(), runs(), says('rules')]).toEqual([
      ...['ok rolled-back', none, '#!/bin/sh\n# theirs\n', '22,81', 'as-loaded'],
    ]);
  });

  const THEIRS = '/sbin/iptables -I INPUT -s 192.0.2.200 -j ACCEPT';
  const shapes: readonly (readonly [string, string, string])[] = [
    ['no end of the last line', `#!/bin/sh -e\n${THEIRS}\n: é & \\1`, `#!/bin/sh -e\n${BLOCK}${THEIRS}\n: é & \\1`],
    ['the first line alone', '#!/usr/bin/env bash\n', `#!/usr/bin/env bash\n${BLOCK}`],
    ['lines of another system', `#!/bin/sh\n# a\r\n: b\r\n`, `#!/bin/sh\n${BLOCK}# a\r\n: b\r\n`],
    ['an empty line first', '\n#!/bin/sh\n: theirs\n', `#!/bin/bash\n${BLOCK}\n#!/bin/sh\n: theirs\n`],
    ['no first line of a program', ': theirs\n', `#!/bin/bash\n${BLOCK}: theirs\n`],
  ];
  test.each(shapes)('are put into a script with %s, and taken out of it byte for byte', (_, its, then) => {
    put(its);
    csf('-r');
    const [before, saved] = [hook(), hooked()];
    run(`chmod 640 ${HOOK}`);
    expect([saved, delivered(host(HOOKED)), hook(), hooked()]).toEqual([none, CONFIRMED, then, both]);
    expect([says('rules'), retracted(), hook(), hooked()]).toEqual(['as-loaded', expect.stringMatching(/left=nothing$/), before, none]);
  });

  test('leave a script alone in which nothing of ours is to be, whatever it is, and a link as one', () => {
    const digest = (): string => run(`sha256sum ${HOOK}`);
    run(`printf '#!/root/its\\000\\377\\r\\n\\000' >${HOOK}`);
    const before = digest();
    expect([delivered(host(WEB)), digest()]).toEqual([CONFIRMED, before]);
    expect(delivered(host(HOOKED), ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-hook']);
    run(`rm ${HOOK}; mkdir /etc/csf/real; printf '#!/bin/sh\\n: x\\n' >/etc/csf/real/its; ln -s real/its ${HOOK}`);
    expect([delivered(host(HOOKED)), hook(), run(`readlink ${HOOK}`)]).toEqual([CONFIRMED, `#!/bin/sh\n${BLOCK}: x\n`, 'real/its\n']);
    expect([retracted(), hook(), run(`readlink ${HOOK}`)]).toEqual([
      expect.stringMatching(/left=nothing$/),
      '#!/bin/sh\n: x\n',
      'real/its\n',
    ]);
  });

  test('that somebody edits or takes out are said, and lines that others write meanwhile stay', () => {
    put('#!/bin/sh\n: theirs\n');
    delivered(host(HOOKED));
    run(`echo ': more' >>${HOOK}`);
    expect([says('rules'), delivered(host(hooking(textOf(443), [RULE, RULE6]))), hook()]).toEqual([
      ...['as-loaded', CONFIRMED, `#!/bin/sh\n${BLOCK}: theirs\n: more\n`],
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

  test('go nowhere where the script would not be run', () => {
    const wrong: readonly (readonly [string, string, string])[] = [
      ['another program', `printf '#!/usr/bin/perl\\n' >${HOOK}`, 'csf-hook'],
      ['a shell that reads and does nothing', `printf '#!/bin/sh -n\\n' >${HOOK}`, 'csf-hook'],
      ['a carriage return in its first line', `printf '#!/bin/sh\\r\\n' >${HOOK}`, 'csf-hook'],
      ['no text', `printf 'a\\000b\\n' >${HOOK}`, 'csf-hook'],
      ['a folder', `mkdir ${HOOK}`, 'csf-file'],
      ['one beside it, of which csf runs that alone', `mkdir -p ${folder}/own; : >${folder}/own/csfpost.sh`, 'csf-hook-beside'],
    ];
    const told = wrong.map(([what, does]) => {
      run(does);
      const one = host(HOOKED);
      const words = delivered(one, ['upload', 'check']).join(', ');
      step('rollback', one);
      run(`rm -rf ${HOOK}; rm -rf ${folder}/own`);
      return `${what}: ${words}`;
    });
    expect(told).toEqual(wrong.map(([what, , word]) => `${what}: ok uploaded, refused ${word}`));
    // The fork says so in its own text that it runs both.
    run(
      `mkdir -p ${folder}/own; printf '#!/bin/sh\\n' >${folder}/own/csfpost.sh; printf '\\n=pod\\n\\n\\tpush @csfpost, "x";\\n' >>${folder}/bin/csf`,
    );
    expect([delivered(host(HOOKED)), hooked()]).toEqual([CONFIRMED, both]);
  });

  test('say nothing that the writer does not say', () => {
    const other = (from: string, to: string): string => HOOKED.replace(RULE, RULE.replace(from, to));
    const wrong: readonly (readonly [string, string, string])[] = [
      ['a remark', HOOKED.replace(RULE, `# ${RULE}`), 'text-line'],
      ['two blanks', other(' -w', '  -w'), 'text-line'],
      ['another program', other('/sbin/iptables', '/tmp/iptables'), 'text-line'],
      ['the program of the other family', other('/sbin/iptables', '/sbin/ip6tables'), 'text-line'],
      ['a rule in front', other('-A', '-I'), 'text-line'],
      ['another protocol', other('tcp', 'udplite'), 'text-line'],
      ['another way', other('-d', '-s'), 'text-line'],
      ['a name', other('0.0.0.0/0', 'example.org'), 'text-network'],
      ['a length too long', other('0.0.0.0/0', '0.0.0.0/33'), 'text-network'],
      ['no source port', other('4,1020', ''), 'text-line'],
      ['a port out of order', other('4,1020', '1020,4'), 'text-ports'],
      ['a command in a port', other('2089', '`reboot`'), 'text-ports'],
      ['sixteen ports', other('2089', '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16'), 'text-ports'],
      ['another verdict', other('ACCEPT', 'RETURN'), 'text-line'],
      ['another owner', HOOKED.replace(/web begin\n\/sbin/, 'other begin\n/sbin'), 'text-line'],
      ['two of them', hooking(HOOKED, [RULE]), 'text-line'],
      ['csf.deny behind it', denying(HOOKED, []), 'text-line'],
      ['no end', HOOKED.replace(/# cpanel-edge:web end\n$/, ''), 'text-unclosed'],
      ['a line of csf.allow', HOOKED.replace(RULE, LINE), 'text-line'],
    ];
    expect(wrong.map(([what, its]) => `${what}: ${partOf(its)}`)).toEqual(wrong.map(([what, , part]) => `${what}: ${part}`));
  });

  test('are on the disk and run once they are confirmed, and the script that nobody had is gone when they are retracted', () => {
    const one = host(HOOKED);
    expect(delivered(one, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([hooked(), run(`ls ${HOOK} 2>&1 || :`)]).toEqual([both, expect.stringContaining('No such file')]);
    expect([step('confirm', one), hooked(), hook(), run(`stat -c %a:%u ${HOOK}`)]).toEqual([
      ...['ok confirmed', both, `#!/bin/sh\n${BLOCK}`, '700:0\n'],
    ]);
    expect([says('rules'), step('upload', host(HOOKED))]).toEqual(['as-loaded', 'ok running']);
    csf('-r');
    expect([hooked(), says('rules')]).toEqual([both, 'as-loaded']);
    expect([restarted().length, hooked(), says('rules')]).toEqual([2, both, 'as-loaded']);
    // Another release without them.
    expect([delivered(host(WEB)), hooked(), run('ls /etc/csf')]).toEqual([CONFIRMED, none, 'csf.allow\ncsf.conf\ncsf.deny\nversion.txt\n']);
    expect([delivered(host(HOOKED)), hooked()]).toEqual([CONFIRMED, both]);
    expect([retracted(), hooked(), run('ls /etc/csf')]).toEqual([
      ...[expect.stringMatching(/left=nothing$/), none, 'csf.allow\ncsf.conf\ncsf.deny\nversion.txt\n'],
    ]);
  });
});
