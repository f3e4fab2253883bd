import { denying, hooking, host, onCsf } from './host';
import { CONFIRMED } from '../under-shell';
import { RULE, WEB, HOOKED, BLOCK, HOOK, hooks } from './hooks';

jest.setTimeout(120_000);

onCsf('source ports of csf on a device', (under) => {
  const { run, says, delivered, retracted, csf } = under;
  const { hook, put, hooked, both, none, partOf } = hooks(under);

  const THEIRS = '/sbin/iptables -I INPUT -s 192.0.2.200 -j ACCEPT';
  const shapes: readonly (readonly [string, string, string])[] = [
    ['lines behind which nothing comes any more', `#!/bin/bash\n${THEIRS}\nexit 0\n`, `#!/bin/bash\n${BLOCK}${THEIRS}\nexit 0\n`],
  ];
  test.each(shapes)('are put into a script with %s, and taken out of it byte for byte', (_, its, then) => {
    put(its);
    csf('-r');
    const [before, saved] = [hook(), hooked()];
    run(`chmod 640 ${HOOK}`);
    expect([saved, delivered(host(HOOKED)), hook(), hooked()]).toEqual([none, CONFIRMED, then, both]);
    expect([says('rules'), retracted(), hook(), hooked()]).toEqual(['as-loaded', expect.stringMatching(/left=nothing$/), before, none]);
  });

  test('say nothing that the writer does not say', () => {
    const other = (from: string, to: string): string => HOOKED.replace(RULE, RULE.replace(from, to));
    const wrong: readonly (readonly [string, string, string])[] = [
      ['a command behind it', HOOKED.replace(RULE, `${RULE}; reboot`), 'text-line'],
      ['another chain', other('ALLOWOUT', 'ALLOWIN'), 'text-line'],
      ['a command in an address', other('0.0.0.0/0', '$(reboot)'), 'text-network'],
      ['another file', HOOKED.replace('csfpost.sh', 'csfpre.sh'), 'text-line'],
    ];
    expect(wrong.map(([what, its]) => `${what}: ${partOf(its)}`)).toEqual(wrong.map(([what, , part]) => `${what}: ${part}`));
    expect(delivered(host(hooking(denying(WEB, []), [RULE.replace('0.0.0.0/0', '192.0.2.0/24').replace('2089', '1:65535')])))).toEqual(
      CONFIRMED,
    );
  });
});
