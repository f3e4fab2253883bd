// Tests that the agent rolls back a first release that closes the device, also if the command that loaded it died, and
// that the prefixes of a forgotten owner stay owned. Runs on a test device with the real nft.

import { Sent, sent, tableText } from './stream';
import { underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'hostile or damaged input', ({ run, program, word, delivered, ports, step, fresh }) => {
  const home = '/etc/cpanel-edge/gateway-web';
  afterEach(() => fresh());

  describe('a first release that closes everything is rolled back', () => {
    const closed = (): Sent => sent({ text: tableText(1001).replace('policy accept', 'policy drop') });
    const armed = (one: Sent): string | undefined => delivered(one, ['upload', 'check', 'arm']).at(-1);
    const forwards = (): string => run('nft list ruleset');

    test('if arm died after loading, whatever it had stored by then', () => {
      for (const gone of ['loaded', 'table', 'loaded table']) {
        const release = closed();
        expect(armed(release)).toBe('ok armed');
        expect(forwards()).toContain('policy drop');
        run(`cd ${home} && rm ${gone}`);
        expect(step('rollback', release)).toBe('ok rolled-back');
        expect([ports(), forwards().includes('policy drop')]).toEqual([[], false]);
      }
    });

    test('if its table has another name than the former one', () => {
      const release = sent({ text: tableText(1001) });
      expect(armed(release)).toBe('ok armed');
      program(`confirm ${release.identity}`);
      const two = sent({ text: tableText(1002, 'cpanel_edge_other').replace('policy accept', 'policy drop') });
      expect(armed(two)).toBe('ok armed');
      // The arm died before it noted the new name.
      run(`echo cpanel_edge_web >${home}/table`);
      expect(step('rollback', two)).toBe('ok rolled-back');
      expect(ports()).toEqual(['1001']);
    });

    test('and its table’s name is stored before it is loaded', () => {
      const release = closed();
      delivered(release, ['upload', 'check']);
      run(`mkdir ${home}/table`);
      expect(program(`arm ${release.identity} 300`)).toContain('cpanel-edge: refused load-failed');
      expect([ports(), forwards().includes('policy drop')]).toEqual([[], false]);
    });
  });

  test('prefixes of a forgotten owner stay owned', () => {
    const release = sent({ text: tableText(1001) });
    delivered(release);
    expect(word('forget gateway web lease-1')).toBe('ok forgotten');
    const other = sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog') });
    program(other.upload, other.file);
    expect(program(`check ${other.identity}`)).toMatch(/refused claimed owner=web prefix=\S+$/);
  });
});
