// Tests boots of a device whose stored release is damaged: the device closes by the text that is stored for this case,
// a rollback still works, and other owners' releases are loaded. Runs on a test device with the real nft.

import { freshToken, sent, tableText } from '../stream';
import { CONFIRMED, gateway } from '../under-shell';
import { HOME, atNextStart } from './next-start';
import { REFUSED, closed } from './broken-release';

jest.setTimeout(90_000);

atNextStart('a damaged release', ({ run, program, step, delivered, beforeEachAs, says, ports, restarted }) => {
  describe('a damaged release of format 1, which has no closing text', () => {
    beforeEachAs(() => {
      const release = gateway(1001);
      const file = release.file
        .replace('cpanel-edge-release 2', 'cpanel-edge-release 1')
        .replace(/^(runner|made|closed) .*\n/gm, '');
      expect(delivered({ ...release, file })).toEqual(CONFIRMED);
      run(`sed -i s/1001/1003/ ${HOME}/release`);
    });
    test('does not hinder a rollback to it', () => {
      const next = gateway(1002);
      delivered(next, ['upload', 'check', 'arm']);
      expect([step('rollback', next), ports()]).toEqual(['ok rolled-back', ['1003']]);
      expect(delivered(gateway(1004))).toEqual(CONFIRMED);
    });
  });

  describe('a stored release that can not be loaded', () => {
    const runs = (): readonly unknown[] => [ports(), says('runs'), says('rules')];
    beforeEachAs(() => {
      expect(delivered(closed(1001))).toEqual(CONFIRMED);
      expect(runs()).toEqual([['1001'], 'release', 'as-loaded']);
    });

    test('is closed by the closing text in the release if the stored closing text is damaged', () => {
      run(`echo >>${HOME}/closed; ${REFUSED}`);
      expect([restarted(), ...runs()]).toEqual(['failed boot-incomplete', ['8001'], 'closed', 'as-loaded']);
    });

    test('does not stop the next owner’s release from loading', () => {
      const other = sent({
        owner: 'blog',
        text: tableText(1004, 'cpanel_edge_blog'),
        claims: { outside: ['203.0.113.99'], inside: ['10.9.9.9'] },
      });
      expect(delivered(other)).toEqual(CONFIRMED);
      run(REFUSED);
      restarted();
      expect([...ports()].sort()).toEqual(['1004', '8001']);
      program('service start');
      expect([...ports()].sort()).toEqual(['1004', '8001']);
    });

    test('may not have a closing text of another table, or one that nft refuses', () => {
      const upload = (text: string): string => {
        const release = sent({ text: tableText(1005) }, 'lease-1', freshToken(), tableText(8005));
        return step('upload', {
          ...release,
          file: release.file.replace(/(closed \d+\n)[^]*?(text \d+\n)/, `$1${text}$2`),
        });
      };
      expect(upload(tableText(8005, 'cpanel_edge_other'))).toBe('refused upload-damaged');
      expect(upload(tableText(8005).replace('drop', 'drop; include "/x"'))).toBe('refused upload-damaged');
      const one = sent(
        { text: tableText(1005) },
        'lease-1',
        freshToken(),
        tableText(8005).replace('drop', 'frobnicate'),
      );
      expect([step('upload', one), step('check', one)]).toEqual(['ok uploaded', 'refused syntax']);
    });
  });
});
