// Tests the files that the agent writes for the next boot (release, maker, time, systemd units): `status` reports
// them, names any that is damaged, and the next delivery repairs it. Runs on a test device with the real nft.

import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { HOME, SYSTEMD, atNextStart } from './next-start';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

atNextStart('files for the next boot', ({ run, program, step, delivered, beforeEachAs, says, ports }) => {
  test('status reports them, with the maker and time of the release', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(program('status').split('\n')[0]).toMatch(
      / boot=as-written runs=release made=1700000000 runner=ci@runner-1 platform=nftables$/,
    );
    delivered(gateway(1002), ['upload', 'check', 'arm']);
    expect([says('runs'), says('boot')]).toEqual(['trial', 'as-written']);
  });

  describe('after a delivery', () => {
    beforeEachAs(() => expect(delivered(gateway(1001))).toEqual(CONFIRMED));

    test.each(
      addFullRows(
        [
          ['unit-changed,unit-masked', `ln -sf /dev/null ${SYSTEMD}/cpanel-edge.service`],
          ['release-damaged', `sed -i s/1001/1003/ ${HOME}/release`],
        ],
        [
          ['unit-missing', `rm ${SYSTEMD}/cpanel-edge.service`],
          ['unit-missing', `rm ${SYSTEMD}/cpanel-edge-addresses.service`],
          ['unit-changed', `echo '# mine' >>${SYSTEMD}/cpanel-edge.service`],
          ['unit-disabled', 'systemctl --quiet disable cpanel-edge.service'],
          ['drop-in-missing', `rm ${SYSTEMD}/nftables.service.d/cpanel-edge.conf`],
          ['drop-in-changed', `echo '# mine' >>${SYSTEMD}/nftables.service.d/cpanel-edge.conf`],
          ['drop-in-missing,unit-missing', `rm -r ${SYSTEMD}/*`],
        ],
      ),
    )('%s is reported, and the next delivery of the same release repairs it', (words, broken) => {
      run(broken);
      expect(says('boot').split(',').sort()).toEqual(words.split(','));
      const release = gateway(1001);
      if (step('upload', release) !== 'ok running')
        expect(delivered(release, ['check', 'arm', 'confirm'])).toEqual(CONFIRMED.slice(1));
      expect([says('boot'), says('runs')]).toEqual(['as-written', 'release']);
    });

    test.each(addFullRows(['boot', `undo gateway web ${'a'.repeat(16)}`], ['rules', 'service stop', 'addresses']))(
      '%s is refused to a login under sudo',
      (words) => {
        expect(wordOf(run(`SUDO_UID=1000 /usr/local/sbin/cpanel-edge-device ${words}`).trimEnd())).toBe(
          'refused not-by-sudo',
        );
        expect(ports()).toEqual(['1001']);
      },
    );
  });
});
