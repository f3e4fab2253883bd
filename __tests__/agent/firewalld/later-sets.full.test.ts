// Tests the agent with ipsets of firewalld 2.3.2 and later, which fills them after a reload. Runs on a test device
// with the real firewalld.

import { host, onLaterFirewalld, set, textOf, toSome } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const THEIRS = Object.values(set('theirs', '192.0.2.0/24', '192.0.2.7'))[0]!;

onLaterFirewalld(
  'sets that a reload fills, or it fails',
  ({ run, program, says, delivered, ask, runs }) => {
    test('are loaded again after a reload that failed because of another program’s file', () => {
      expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
      const next = host(textOf(443));
      delivered(next, ['upload', 'check']);
      run('mkdir -p /etc/firewalld/ipsets; cat >/etc/firewalld/ipsets/theirs.xml', THEIRS);
      expect(program(`arm ${next.identity} 300 2>/dev/null`)).toMatch(/refused load-failed$/);
      expect([runs(), says('rules'), ask('--state')]).toEqual(['80', 'as-loaded', 'failed']);
      ask('--reload');
      expect(runs()).toBe('none');
      expect([program('rules'), runs()]).toEqual([expect.stringContaining('ok loaded'), '80']);
      run('rm /etc/firewalld/ipsets/theirs.xml');
      expect([program('rules'), runs(), ask('--state')]).toEqual([
        expect.stringContaining('ok loaded'),
        '80',
        'running',
      ]);
    });
  },
  ['2.3'],
);

// From 2.3.2 on a reload succeeds before sets are filled, and also if they can't be.
onLaterFirewalld(
  'sets that are filled after the reload',
  ({ run, program, says, delivered, ask, runs, entries, folder }) => {
    test('are full when a release is armed', () => {
      const many = Array.from({ length: 12_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/25`);
      expect(delivered(host(toSome(80, 'cf-web-4-1', ...many)), ['upload', 'check', 'arm'])).toEqual(
        CONFIRMED.slice(0, 3),
      );
      expect([runs(), entries('cf-web-4-1')]).toEqual(['80', many.length]);
    });

    test('are as before if a set of the release is never full', () => {
      expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
      const next = host(toSome(443, 'cf-web-4-2', '192.0.2.0/24', '198.51.100.0/24'));
      expect(delivered(next, ['upload', 'check'])).toEqual(CONFIRMED.slice(0, 2));
      // The agent never sees the set's entries.
      const nft = `${folder}/bin/nft`;
      run(
        `cat >${nft}; chmod +x ${nft}`,
        `#!/bin/sh\nreal=$(PATH=/usr/sbin:/sbin command -v nft)\ncase "$*" in 'list set '*cf-web-4-2) "$real" "$@" | grep -v elements ;; *) exec "$real" "$@" ;; esac\n`,
      );
      expect(program(`arm ${next.identity} 300 2>/dev/null`)).toMatch(
        /^\|Error: NOT_FILLED: the set cf-web-4-2 has 0 of its 2 entries\ncpanel-edge: refused load-failed$/,
      );
      run(`rm ${nft}`);
      expect([runs(), says('rules'), ask('--state'), entries('cf-web-4-1')]).toEqual(['80', 'as-loaded', 'running', 2]);
    });

    test('are filled if nft refuses another program’s set', () => {
      run('mkdir -p /etc/firewalld/ipsets; cat >/etc/firewalld/ipsets/theirs.xml', THEIRS);
      expect(ask('--reload')).toBe('success');
      expect(delivered(host(textOf(80)))).toEqual(CONFIRMED);
      expect([runs(), entries('cf-web-4-1')]).toEqual(['80', 2]);
    });
  },
  ['2.5'],
);
