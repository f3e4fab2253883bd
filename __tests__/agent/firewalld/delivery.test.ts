// Tests the agent with firewalld: confirmed and removed releases, and a firewalld that won't start at the next boot.
// Runs on a test device with the real firewalld.

import { host, onFirewalld, textOf } from './host';
import { BESIDE_BY_FILES, expectRowsNamed, serviceRows } from '../boot/loader';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const FILES = ['ipsets/cf-web-4-1.xml', 'policies/cf-web-in.xml', 'policies/cf-web-out.xml'];

onFirewalld('the agent with firewalld', (under) => {
  const { run, says, delivered, step, retracted, files, runs } = under;
  const trial = ['upload', 'check', 'arm'] as const;

  test('writes files with the confirm, and deletes them at a removal', () => {
    const release = host(textOf(80));
    expect(delivered(release, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([runs(), files(), says('rules')]).toEqual(['80', [], 'as-loaded']);
    expect(step('confirm', release)).toBe('ok confirmed');
    expect([runs(), files(), says('rules'), says('boot')]).toEqual(['80', FILES, 'as-loaded', 'as-written']);
    expect(step('upload', host(textOf(80)))).toBe('ok running');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([files(), run('nft list table inet firewalld | grep -c cf-web')]).toEqual([[], '0\n']);
  });

  test('doesn’t report rules as loaded at the next boot if firewalld isn’t enabled or another firewall is', () =>
    expectRowsNamed(under, () => host(textOf(80)), [
      ...serviceRows('firewalld.service', 'firewalld', 'disabled'),
      BESIDE_BY_FILES[0]!,
    ]));
});
