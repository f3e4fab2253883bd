// Tests the agent: it puts rules into csf's script csfpost.sh and takes them out byte for byte, and refuses texts with
// rules that the generator wouldn't make. Runs on a test device with a stand-in for csf.

import { LINE, denying, hooking, host, onCsf } from './host';
import { CONFIRMED } from '../under-shell';
import { RULE, WEB, HOOKED, BLOCK, HOOK, hooks } from './hooks';
import { addFullRows } from '../../tier';

jest.setTimeout(120_000);

onCsf('the agent with rules in csfpost.sh', (under) => {
  const { run, says, delivered, retracted, csf } = under;
  const { hook, put, hooked, both, none, partOf } = hooks(under);

  const THEIRS = '/sbin/iptables -I INPUT -s 192.0.2.200 -j ACCEPT';
  const shapes: readonly (readonly [string, string, string])[] = addFullRows(
    [
      [
        'lines after which nothing runs',
        `#!/bin/bash\n${THEIRS}\nexit 0\n`,
        `#!/bin/bash\n${BLOCK}${THEIRS}\nexit 0\n`,
      ],
    ],
    [
      ['no newline at the end', `#!/bin/sh -e\n${THEIRS}\n: é & \\1`, `#!/bin/sh -e\n${BLOCK}${THEIRS}\n: é & \\1`],
      ['the first line alone', '#!/usr/bin/env bash\n', `#!/usr/bin/env bash\n${BLOCK}`],
      ['CRLF line ends', `#!/bin/sh\n# a\r\n: b\r\n`, `#!/bin/sh\n${BLOCK}# a\r\n: b\r\n`],
      ['an empty line first', '\n#!/bin/sh\n: theirs\n', `#!/bin/bash\n${BLOCK}\n#!/bin/sh\n: theirs\n`],
      ['no shebang line', ': theirs\n', `#!/bin/bash\n${BLOCK}: theirs\n`],
    ],
  );
  test.each(shapes)('writes into and restores byte for byte a script with %s', (_, its, then) => {
    put(its);
    csf('-r');
    const [before, saved] = [hook(), hooked()];
    run(`chmod 640 ${HOOK}`);
    expect([saved, delivered(host(HOOKED)), hook(), hooked()]).toEqual([none, CONFIRMED, then, both]);
    expect([says('rules'), retracted(), hook(), hooked()]).toEqual([
      'as-loaded',
      expect.stringMatching(/left=nothing$/),
      before,
      none,
    ]);
  });

  test('refuses texts that the generator doesn’t make', () => {
    const other = (from: string, to: string): string => HOOKED.replace(RULE, RULE.replace(from, to));
    const wrong: readonly (readonly [string, string, string])[] = addFullRows(
      [
        ['a command after it', HOOKED.replace(RULE, `${RULE}; reboot`), 'text-line'],
        ['another chain', other('ALLOWOUT', 'ALLOWIN'), 'text-line'],
        ['a command in an address', other('0.0.0.0/0', '$(reboot)'), 'text-network'],
        ['another file', HOOKED.replace('csfpost.sh', 'csfpre.sh'), 'text-line'],
      ],
      [
        ['a comment', HOOKED.replace(RULE, `# ${RULE}`), 'text-line'],
        ['two blanks', other(' -w', '  -w'), 'text-line'],
        ['another program', other('/sbin/iptables', '/tmp/iptables'), 'text-line'],
        ['the program of the other family', other('/sbin/iptables', '/sbin/ip6tables'), 'text-line'],
        ['a rule in front', other('-A', '-I'), 'text-line'],
        ['another protocol', other('tcp', 'udplite'), 'text-line'],
        ['the other address', other('-d', '-s'), 'text-line'],
        ['a name', other('0.0.0.0/0', 'example.org'), 'text-network'],
        ['a length too long', other('0.0.0.0/0', '0.0.0.0/33'), 'text-network'],
        ['no source port', other('4,1020', ''), 'text-line'],
        ['a port out of order', other('4,1020', '1020,4'), 'text-ports'],
        ['a command in a port', other('2089', '`reboot`'), 'text-ports'],
        ['sixteen ports', other('2089', '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16'), 'text-ports'],
        ['another verdict', other('ACCEPT', 'RETURN'), 'text-line'],
        ['another owner', HOOKED.replace(/web begin\n\/sbin/, 'other begin\n/sbin'), 'text-line'],
        ['two sections', hooking(HOOKED, [RULE]), 'text-line'],
        ['csf.deny after it', denying(HOOKED, []), 'text-line'],
        ['no end', HOOKED.replace(/# cpanel-edge:web end\n$/, ''), 'text-unclosed'],
        ['a line of csf.allow', HOOKED.replace(RULE, LINE), 'text-line'],
      ],
    );
    expect(wrong.map(([what, its]) => `${what}: ${partOf(its)}`)).toEqual(
      wrong.map(([what, , part]) => `${what}: ${part}`),
    );
    expect(
      delivered(
        host(hooking(denying(WEB, []), [RULE.replace('0.0.0.0/0', '192.0.2.0/24').replace('2089', '1:65535')])),
      ),
    ).toEqual(CONFIRMED);
  });
});
