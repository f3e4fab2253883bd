// Tests that `remove` and other commands refuse wrong input, and that an unreachable device gives status 1 and the line
// to type again.

import { join } from 'node:path';
import { builtCommand, heard, Said, typed } from '../built-command';
import { projectIn, stackText } from './projects';
import { connectionOf, releaseOf } from './samples';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const run = (cwd: string, words: readonly string[]): Said => heard(typed(built, words, { cwd }));

describe('bad input', () => {
  const dead = connectionOf({ port: 1 });
  const good = stackText(releaseOf(), dead);
  const roots: Record<string, string> = {};
  const make = (name: string, stacks: Readonly<Record<string, string>>): void => {
    roots[name] = projectIn(join(folder, name), stacks);
  };
  beforeAll(() => {
    make('none', {});
    make('one', { production: good });
    make('two', { a: good, b: stackText(releaseOf({ owner: 'blog' }), dead) });
    make('cut', { a: good.slice(0, 500), b: '[' });
    make('hostile', { a: good.replaceAll('"gw"', '"g\\u001b[2J\\u202ew"') });
    make('odd', { a: good.replace('"127.0.0.1"', '"-oProxyCommand=touch /tmp/x"') });
  });

  const OWNER_TOKEN = ['--owner-token', 'lease-1'];
  test.each<[string, string, readonly string[], RegExp]>([
    [
      'no stack',
      'none',
      ['verify', 'gw'],
      /^cli\/no-stack at cdktf\.out\/stacks: .*\n {2}instead: run it in the project, after npx cdktf synth/,
    ],
    ['no stack in the folder', 'one', ['verify', 'gw', '--stack', 'elsewhere'], /^cli\/no-stack at elsewhere/],
    ['another device', 'one', ['verify', 'gv'], /^cli\/no-such-device at gv: .* They have web on gw\./],
    [
      'a device of two stacks',
      'two',
      ['accept', 'gw', 'f'.repeat(64)],
      /say which: --stack cdktf\.out\/stacks\/a, or --stack cdktf\.out\/stacks\/b\./,
    ],
    [
      'two truncated texts, both reported',
      'cut',
      ['verify', 'gw'],
      /^cli\/stack-unreadable at [^]*\ncli\/stack-unreadable at /,
    ],
    ['escapes in a name', 'hostile', ['verify', 'gw'], /They have web on g\\u\{1b\}\[2J\\u\{202e\}w\./],
    ['a host that is an option', 'odd', ['verify', 'gw'], /^driver\/connection-unusable/],
    [
      'stack and connection',
      'one',
      ['verify', 'gw', '--stack', 'x', '--connection', 'y'],
      /cannot be used with option/,
    ],
    ['an unreachable device', 'one', ['verify'], /^driver\/unreachable at root@127\.0\.0\.1:1/],
    ['accept of no fingerprint', 'one', ['accept', 'gw', 'xyz'], /a fingerprint as verify prints it/],
    [
      'forget without owner and owner token',
      'one',
      ['forget', 'gw'],
      /^cli\/option-missing at --owner[^]*\ncli\/option-missing at --owner-token/,
    ],
    ['an owner with an odd name', 'one', ['forget', 'gw', '--owner', 'a;b', ...OWNER_TOKEN], /a name of small letters/],
    [
      'an owner token with a space',
      'one',
      ['retract', 'gw', '--owner', 'web', '--owner-token', 'a b'],
      /an owner token as verify prints it/,
    ],
    [
      'removal with options and without a device',
      'one',
      ['retract', '--owner', 'web'],
      /^cli\/option-missing at remove/,
    ],
    [
      'removal without any argument',
      'one',
      ['retract'],
      /^cli\/option-missing at remove: No device is named, and Terraform has not started this/,
    ],
    [
      'an odd role',
      'one',
      ['forget', 'gw', '--owner', 'web', ...OWNER_TOKEN, '--role', 'router'],
      /Allowed choices are gateway, server/,
    ],
    [
      'forget of an unreachable device',
      'one',
      ['forget', 'gw', '--owner', 'web', ...OWNER_TOKEN],
      /^driver\/unreachable/,
    ],
  ])('%s: exits with 2, without a stack trace or an escape sequence', (_, root, words, said) => {
    const answer = run(roots[root]!, words);
    expect(answer.said).toMatch(said);
    expect(answer.status).toBe(2);
    // eslint-disable-next-line no-control-regex -- they must not be in the output
    expect(answer.said).not.toMatch(/^ {4}at |[\u0000-\u0009\u000b-\u001f\u202e]/m);
  });

  test('removal from an unreachable device exits with 1 and prints the line to type again', () => {
    const { status, said } = run(roots['one']!, ['retract', 'gw', '--owner', 'web', ...OWNER_TOKEN]);
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(
        /remove gw --owner web --owner-token lease-1 --role gateway --stack cdktf\.out\/stacks\/production/,
      ),
    ]);
    expect(said).toContain('  In Terraform: it knows nothing of this.\n');
  });

  test.each(['verify', 'accept', 'forget', 'retract', 'bootstrap', 'deliver'])(
    '%s --help describes the command and exits with 0',
    (command) => {
      const { status, said } = run(folder, [command, '--help']);
      expect([status, said]).toEqual([0, expect.stringMatching(new RegExp(`^Usage: cpanel-edge ${command} `))]);
      if (!['bootstrap', 'deliver'].includes(command))
        expect(said.replace(/\s+/g, ' ')).toMatch(
          /Exit status: 0 [^]*2 [^]*cdktf\.out\/stacks|cdktf\.out\/stacks[^]*Exit status: 0 [^]*2 /,
        );
    },
  );
});
