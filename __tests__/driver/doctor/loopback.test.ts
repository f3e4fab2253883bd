// Tests what `doctor` says about a server's connections to its own public address: an answer that the server heard
// counts more than the rules.

import { LoopbackResult, parseLoopback } from '../../../driver/cpanel-loopback';
import { parseCpanelNat } from '../../../driver/cpanel-nat';
import { said } from './print-sample-diagnosis';

describe('a server with cPanel that was asked about its own public address', () => {
  const there = parseCpanelNat(['cpnat there', 'line 1 10.0.0.10 203.0.113.10'])!;
  const heard = (word: string, port = '25'): LoopbackResult =>
    parseLoopback([`pair 10.0.0.10 203.0.113.10 ${port} ${word}`]);
  const asked = (loopback?: LoopbackResult, more: object = {}): string =>
    said({ server: { facts: { cpanelNat: there }, looked: loopback ? { loopback } : {}, ...more } });
  const GONE = { facts: { cpanelNat: there }, look: { ruleset: '' } };

  test('the answer stands beside the result of the rules', () => {
    expect(asked(heard('itself'))).toMatch(
      /^✓ the server reaches its own public address: mail1 itself translates .*\n {4}asked from there, tcp 25 of 203\.0\.113\.10 comes back to it$/m,
    );
    for (const word of ['answered', 'unheard', 'foreign'])
      expect(asked(heard(word, word === 'answered' ? '25' : '-'))).toMatch(
        /^✓ the server reaches its own .*\n {4}(not )?asked from there, /m,
      );
    expect(asked()).toMatch(
      /^✓ the server reaches its own .*\n {4}not asked from there, because its agent is too old for it/m,
    );
    expect(asked(heard('itself'))).toMatch(/^Nothing wrong was found/m);
  });

  test('the answer counts more than the rules', () => {
    const lost = asked(heard('silent'));
    expect(lost).toMatch(
      /^✗ the server reaches its own public address: mail1 itself translates .*\n {4}asked from there, tcp 25 .* does not answer/m,
    );
    expect(lost).toMatch(
      /^Nothing keeps this client away\. Beside that: mail1 does not come back to itself by 203\.0\.113\.10: .*\n {2}What to do: look at what stands between mail1 and \S+, and at the reflection/m,
    );
    expect(asked(heard('itself'), { ...GONE, looked: { loopback: heard('itself') } })).toMatch(
      /^✓ the server reaches its own public address: no rule of mail1 translates .*\n {4}asked from there, .* comes back to it$/m,
    );
    expect(asked(undefined, { ...GONE, looked: { loopback: heard('silent') } })).toMatch(
      /^✗ the server reaches its own public address: no rule of mail1 translates .*\n {4}asked from there, .* does not answer/m,
    );
  });

  test("isn't mentioned without cPanel or without its NAT file", () => {
    for (const cpanelNat of [undefined, parseCpanelNat(['cpnat absent'])!])
      expect(
        said({ server: { facts: cpanelNat ? { cpanelNat } : {}, looked: { loopback: heard('silent') } } }),
      ).not.toContain('asked from there');
  });
});
