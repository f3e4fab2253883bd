// Tests boots of a device whose stored release is damaged or can't be loaded: it loads the closing text, which lets in
// management alone. Runs on a test device with the real nft.

import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { HOME, atNextStart } from './next-start';
import { EMPTIED, REFUSED, closed } from './broken-release';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

atNextStart(
  'a damaged release',
  ({ run, program, word, delivered, beforeEachAs, retract, says, ports, addresses, restarted }) => {
    test('a lost note of the table’s name does not lead to another table', () => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      run(`: >${HOME}/table`);
      expect(restarted()).toBe('ok loaded');
      run(`: >${HOME}/table`);
      expect(delivered(gateway(1002))).toEqual(CONFIRMED);
      run(`rm ${HOME}/table`);
      expect(wordOf(retract())).toBe('ok retracted');
      expect(run('nft list ruleset')).toBe('');
    });

    describe('a damaged release of format 1, which has no closing text', () => {
      beforeEachAs(() => {
        const release = gateway(1001);
        const file = release.file
          .replace('cpanel-edge-release 2', 'cpanel-edge-release 1')
          .replace(/^(runner|made|closed) .*\n/gm, '');
        expect(delivered({ ...release, file })).toEqual(CONFIRMED);
        run(`sed -i s/1001/1003/ ${HOME}/release`);
      });
      test('is loaded as far as nft accepts it, and reported', () => {
        expect([restarted(), ports(), says('boot')]).toEqual(['failed boot-incomplete', ['1003'], 'release-damaged']);
        expect([word('service stop 2>/dev/null'), ports(), says('runs')]).toEqual(['ok stop', ['1003'], 'release']);
      });
    });

    describe('a stored release that can not be loaded', () => {
      const runs = (): readonly unknown[] => [ports(), says('runs'), says('rules')];
      beforeEachAs(() => {
        expect(delivered(closed(1001))).toEqual(CONFIRMED);
        expect(runs()).toEqual([['1001'], 'release', 'as-loaded']);
      });

      test.each(
        addFullRows(
          [['altered', `sed -i s/1001/1003/ ${HOME}/release`, 'release-damaged']],
          [
            ['truncated', `head -c 300 ${HOME}/release >/run/r && cat /run/r >${HOME}/release`, 'release-damaged'],
            ['empty', `: >${HOME}/release`, 'release-damaged'],
            ['gone', `rm ${HOME}/release`, 'release-damaged'],
            [
              'of another table, as its head says',
              `sed -i 's/^table .*/table cpanel_edge_wex/' ${HOME}/release`,
              'release-damaged',
            ],
            ['without a text, with its digest', EMPTIED, 'release-damaged'],
            ['refused by nft', REFUSED, 'as-written'],
          ],
        ),
      )('(%s) is replaced by its closing text at each boot and load, until the next delivery', (_, broken, boot) => {
        run(broken);
        expect([restarted(), ...runs(), says('boot')]).toEqual([
          'failed boot-incomplete',
          ['8001'],
          'closed',
          'as-loaded',
          boot,
        ]);
        program('addresses');
        expect(addresses()).toEqual(boot === 'as-written' ? ['203.0.113.10'] : []);
        for (const words of ['rules', 'service start', 'service stop']) {
          run('nft flush ruleset');
          // Their rules and the closing text are loaded in one transaction.
          expect(word(`${words} 2>/dev/null`)).toBe(
            words === 'rules' ? 'failed load-incomplete' : `ok ${words.split(' ')[1]}`,
          );
          expect(runs()).toEqual([['8001'], 'closed', 'as-loaded']);
        }
        expect(delivered(closed(1001))).toEqual(CONFIRMED);
        expect([...runs(), says('boot'), addresses()]).toEqual([
          ['1001'],
          'release',
          'as-loaded',
          'as-written',
          ['203.0.113.10'],
        ]);
        expect([restarted(), ...runs()]).toEqual(['ok loaded', ['1001'], 'release', 'as-loaded']);
      });

      test('closes when an armed release is rolled back, whichever of the two is damaged', () => {
        expect(delivered(closed(1002), ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
        run(`sed -i s/1001/1003/ ${HOME}/release`);
        const token = / armed=(\S+)/.exec(program('status'))![1]!;
        expect(word(`rollback gateway web ${token}`)).toBe('ok rolled-back');
        expect([...runs(), addresses()]).toEqual([['8001'], 'closed', 'as-loaded', []]);
      });
    });
  },
);
