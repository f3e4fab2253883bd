// Tests how the driver parses an agent's answer: only the last, whole line is the result, and no other output can pass
// as one.

import { parseAnswer, parseResult, getSectionText, formatLines } from '../../driver/agent-answer';
import { explainNoAnswer } from '../../driver/answer-problems';
import { explainRefusal } from '../../driver/refusal-messages';
import { connectionOf } from './samples';

describe('the result line', () => {
  test.each([
    ['cpanel-edge: ok confirmed digest=abc', { is: 'ok', word: 'confirmed', values: { digest: 'abc' } }],
    [
      'cpanel-edge: refused foreign-lease lease=1-2',
      { is: 'refused', word: 'foreign-lease', values: { lease: '1-2' } },
    ],
    ['cpanel-edge: failed rollback-incomplete', { is: 'failed', word: 'rollback-incomplete', values: {} }],
    ['cpanel-edge: ok protocol=1', { is: 'ok', word: '', values: { protocol: '1' } }],
    [
      'cpanel-edge: refused claimed owner=a prefix=2001:db8::/32',
      { is: 'refused', word: 'claimed', values: { owner: 'a', prefix: '2001:db8::/32' } },
    ],
  ])('%s', (line, result) => expect(parseResult(line)).toEqual(result));

  test.each([
    '',
    'cpanel-edge: ok',
    'cpanel-edge: fine confirmed',
    '|cpanel-edge: ok confirmed',
    ' cpanel-edge: ok confirmed',
    'cpanel-edge: ok confirmed\u001b[2J',
    'cpanel-edge: ok confirmed; rm',
    `cpanel-edge: ok ${'a'.repeat(3000)}`,
  ])('%j is no result line', (line) => expect(parseResult(line)).toBeUndefined());
});

describe('an answer', () => {
  test('is decided by its last line only, and only if that line is whole', () => {
    expect(parseAnswer('cpanel-edge: ok confirmed\n', '', 255).result?.word).toBe('confirmed');
    expect(parseAnswer('cpanel-edge: ok confirmed', '', 0).result).toBeUndefined();
    expect(parseAnswer('cpanel-edge: ok confirmed\nand more\n', '', 0).result).toBeUndefined();
    expect(parseAnswer('', 'Connection closed', 255).result).toBeUndefined();
  });

  test.each([
    [
      'a login shell that ends the session',
      'This account is currently not available.\n',
      '',
      1,
      /It printed: This account is currently not available\.$/,
    ],
    ['one without a line end', '1) backup  2) quit > ', '', 0, /It printed: 1\) backup {2}2\) quit >$/],
    [
      'a forced command that goes on',
      'cpanel-edge: ok status protocol=6\nGood bye!\n',
      '',
      0,
      /writes on after it\. It printed: Good bye!$/,
    ],
    [
      'one that also prints to the other stream',
      'menu\n',
      'no such choice\n',
      2,
      /It printed: menu \(and: no such choice\)$/,
    ],
    [
      'one that only prints to the other stream',
      '',
      'This key may only make backups.\n',
      1,
      /^The login works, .*: This key may only make backups\.$/,
    ],
    [
      'one that prints a command',
      '::add-mask::x\n\u001b[2J\n',
      '',
      1,
      /It printed: \\u\{3a\}:add-mask::x \/ \\u\{1b\}\[2J$/,
    ],
  ])('%s: the message shows the output and where to look', (_, output, errors, status, what) => {
    const problem = explainNoAnswer(connectionOf({ user: 'deploy' }), parseAnswer(output, errors, status));
    expect(problem.code).toBe('driver/no-result');
    expect(problem.what).toMatch(what);
    expect(problem.instead).toMatch(/login shell of deploy .*authorized_keys.*ForceCommand/);
  });

  test.each([
    [
      'a broken line, whatever a shell printed first',
      'Welcome!\n',
      'Connection reset by peer\n',
      255,
      'driver/unreachable',
    ],
    [
      "a shell that doesn't find another program",
      '',
      '/usr/local/bin/menu: 2: exec: tmux: not found\n',
      127,
      'driver/login-shell',
    ],
    [
      'zsh without the program',
      '',
      'zsh:1: no such file or directory: /usr/local/sbin/cpanel-edge-device\n',
      127,
      'driver/no-program',
    ],
    [
      'a shell that greets, without the agent',
      'Welcome!\n',
      'sh: cpanel-edge-device: not found\n',
      127,
      'driver/no-program',
    ],
  ])('%s gets its own code', (_, output, errors, status, code) =>
    expect(explainNoAnswer(connectionOf(), parseAnswer(output, errors, status)).code).toBe(code),
  );

  // The messages of sudo 1.9.13.
  test.each([
    [
      'without our line, or with a later one that revokes it',
      'sudo: a password is required',
      /bootstrap --user deploy; .* sudo -l -U deploy/,
    ],
    [
      'with a rule against it',
      "Sorry, user deploy is not allowed to execute '/usr/local/sbin/cpanel-edge-device status' as root on web1.",
      /bootstrap/,
    ],
    ['who is unknown to it', 'deploy is not in the sudoers file.', /bootstrap/],
    [
      'without a terminal',
      'sudo: sorry, you must have a tty to run sudo',
      /visudo.*: Defaults!\/usr\/local\/sbin\/cpanel-edge-device !requiretty$/,
    ],
    [
      "for whom it can't write a log",
      'sudo: unable to mkdir /proc/nowhere: No such file or directory',
      /^as root on the device, mend what it says; as deploy, sudo -n .* protocol /,
    ],
    [
      'whose account has expired',
      'sudo: account validation failure, is your account locked?\nsudo: a password is required',
      /^as root on the device, mend what it says/,
    ],
    [
      'if its files have wrong permissions',
      'sudo: /etc/sudoers is world writable\nsudo: no valid sudoers sources found, quitting\nsudo: error initializing audit plugin sudoers_audit',
      /^as root on the device, mend what it says/,
    ],
    [
      'with a warning as well',
      'sudo: unable to resolve host web1: Name or service not known\nsudo: a password is required',
      /^run as root .*bootstrap/,
    ],
  ])('a user whom sudo refuses, %s: the message says what to do', (_, errors, instead) => {
    const problem = explainNoAnswer(connectionOf({ user: 'deploy' }), parseAnswer('', `${errors}\n`, 1));
    expect(problem.code).toBe('driver/sudo-refused');
    expect(problem.instead).toMatch(instead);
  });

  // A .bashrc with `read -t 2 x` takes the first line of the input; one with `cat` takes all of it.
  test.each([
    ['foreign-format', /\.bashrc; \[ -t 0 \] \|\| return/],
    ['cut-off', /reads from a session of deploy before the program does/],
    ['digest', /^apply again/],
  ])('a damaged upload (%s): the message says what to do', (part, instead) => {
    const answer = parseAnswer(`cpanel-edge: refused upload-damaged part=${part}\n`, '', 1);
    expect(
      explainRefusal({ connection: connectionOf({ user: 'deploy' }), device: 'web1', owner: 'web' }, answer).instead,
    ).toMatch(instead);
  });

  test('a greeting of the shell is ignored', () =>
    expect(parseAnswer('Welcome!\ncpanel-edge: ok confirmed\n', '', 0).result?.word).toBe('confirmed'));

  test.each([
    ['without ssh', 'spawn ssh ENOENT', undefined, /^install the OpenSSH client there/],
    ['with a nameless account', 'No user exists for uid 12345', 255, /\/etc\/passwd/],
  ])("a runner %s isn't reported as the device", (_, said, status, instead) => {
    const problem = explainNoAnswer(connectionOf(), parseAnswer('', `${said}\n`, status));
    expect(problem.code).toBe('driver/no-ssh');
    expect(problem.instead).toMatch(instead);
  });

  // The messages of OpenSSH 9.2 about a certificate by the authority of the intent.
  test.each([
    ['expired', /^compare the clock of this machine with what ssh-keygen -L /],
    ['not yet valid', /^compare the clock of this machine with what ssh-keygen -L /],
    ['name is not a listed principal', /^have it signed for 127\.0\.0\.1, /],
  ])("a device's invalid host certificate (%s) isn't reported as another host key", (why, instead) => {
    const said = `Certificate invalid: ${why}\nNo ED25519 host key is known for 127.0.0.1 and you have requested strict checking.\nHost key verification failed.\n`;
    const problem = explainNoAnswer(connectionOf(), parseAnswer('', said, 255));
    expect([problem.code, problem.what.includes('another host key')]).toEqual(['driver/host-key', false]);
    expect(problem.instead).toMatch(instead);
  });

  // A start file that sets a terminal's title prints no line end.
  test.each(['\u001b]0;root@host\u0007', 'Welcome!\nLast login: today, ', '> '])(
    'output of a shell before the first line (%j) is skipped',
    (greeting) => {
      expect(parseAnswer(`${greeting}cpanel-edge: ok protocol=9\n`, '', 0).result?.values).toEqual({ protocol: '9' });
      const status = parseAnswer(
        `${greeting}|owner=web role=gateway\n|owner=db role=server\ncpanel-edge: ok status protocol=9\n`,
        '',
        0,
      );
      expect(status.sections.get('')).toEqual(['owner=web role=gateway', 'owner=db role=server']);
      const read = parseAnswer(`${greeting}cpanel-edge: section ruleset\n|table\ncpanel-edge: ok read\n`, '', 0);
      expect([read.result?.word, getSectionText(read, 'ruleset')]).toEqual(['read', 'table\n']);
    },
  );

  test('a mark in the middle of a later line is no section', () => {
    const answer = parseAnswer(
      'cpanel-edge: section ruleset\n|a\nx|owner=web\nx cpanel-edge: section links\n|b\nx cpanel-edge: ok read\n',
      '',
      0,
    );
    expect([answer.result, answer.sections.has('links'), getSectionText(answer, 'ruleset')]).toEqual([
      undefined,
      false,
      'a\nb\n',
    ]);
  });

  test('a ruleset that contains a result line or a section mark is payload', () => {
    const answer = parseAnswer(
      'cpanel-edge: section ruleset\n|cpanel-edge: section addresses\n|cpanel-edge: ok read\ncpanel-edge: failed unreadable\n',
      '',
      1,
    );
    expect(answer.result?.is).toBe('failed');
    expect(getSectionText(answer, 'ruleset')).toBe('cpanel-edge: section addresses\ncpanel-edge: ok read\n');
    expect(answer.sections.has('addresses')).toBe(false);
  });

  test('quoted output has no control characters and is limited in length', () => {
    const answer = parseAnswer('', `\u001b]0;title\u0007\u001b[31mred\r\n${'x'.repeat(5000)}\n`, 255);
    expect(answer.errorLines.join('')).not.toMatch(/[\u0000-\u001f]/); // eslint-disable-line no-control-regex
    expect(Math.max(...answer.errorLines.map((line) => line.length))).toBeLessThanOrEqual(600);
    expect(
      formatLines(
        Array.from({ length: 100 }, () => '\u001b[2J'),
        3,
      ),
    ).toEqual(['\\u{1b}[2J', '\\u{1b}[2J', '\\u{1b}[2J', '… and 97 more lines']);
  });
});
