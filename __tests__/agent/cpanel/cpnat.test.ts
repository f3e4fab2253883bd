// Tests failures around cPanel's NAT file: WHM changes it meanwhile, it can't be written, cPanel is gone. Nothing of
// others is overwritten, and the next boot or removal completes the work. Runs on a test device with the real nft.

import { CPNAT, HOME, SOURCES, USERS, onCpanel, says, server } from './cpnat-host';
import { freshToken, tableText } from '../stream';
import { CONFIRMED } from '../under-shell';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

const SCRIPTS = '/usr/local/cpanel/scripts';
const TABLE = 'cpanel_edge_web_host';

onCpanel(
  "cPanel's NAT file written by a release",
  ({ run, device, word, step, delivered, write, file, refusal, gone, shell }) => {
    test('the next delivery, also of the same release, reports a public address that WHM has assigned meanwhile', () => {
      delivered(server(says('10.0.0.5 203.0.113.5')));
      run(`echo 10.0.0.9 203.0.113.5 >>${CPNAT}`);
      expect(step('upload', server(says('10.0.0.5 203.0.113.5')))).toBe('ok running');
      run('rm -f /run/cpanel-edge/delivering');
      write('10.0.0.9 203.0.113.5\n10.0.0.5 203.0.113.5\n');
      expect(refusal(server(says('10.0.0.5 203.0.113.5')))).toBe(
        'cpanel-edge: refused cpnat-taken line=1 public=203.0.113.5',
      );
    });

    test('refuses before anything changes if the file can’t be written but would have to be', () => {
      run(`chattr +i ${CPNAT}`);
      expect(refusal(server(says('10.0.0.5 203.0.113.5')))).toBe('cpanel-edge: refused cpnat-odd');
      run(`chattr -i ${CPNAT}; echo 10.0.0.5 203.0.113.5 >${CPNAT}; chattr +i ${CPNAT}`);
      expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
      run(`chattr -i ${CPNAT}; : >${SOURCES}; chattr +i ${SOURCES}`);
      expect(refusal(server([...says('10.0.0.5 203.0.113.5'), 'set myip http://a/']))).toBe(
        `cpanel-edge: refused cpanel-file-odd file=${SOURCES}`,
      );
      run(`chattr -i ${SOURCES}; rm ${SOURCES}`);
    });

    test('restores nothing if cPanel was uninstalled, and the removal completes', () => {
      write('10.0.0.7 203.0.113.7\n');
      delivered(server(says('off')));
      const retract = `${shell} /usr/local/sbin/cpanel-edge-device retract server web lease-1 ${freshToken()}`;
      expect(device().apart(`mount -t tmpfs none /var; ${retract}`)).toBe('cpanel-edge: ok retracted left=nothing\n');
    });

    test('the next boot writes lines that are noted and not yet written', () => {
      write('10.0.0.5 203.0.113.99\n');
      run(`mkdir ${CPNAT}.cpanel-edge`);
      delivered(server(says('10.0.0.5 203.0.113.5')));
      expect(file()).toBe('10.0.0.5 203.0.113.99\n');
      run(`rmdir ${CPNAT}.cpanel-edge`);
      expect([word('addresses'), file()]).toEqual(['ok addresses', '10.0.0.5 203.0.113.5\n']);
    });

    test('writes nothing into a folder of the file’s name: the next boot tries again, and a removal does not complete', () => {
      const release = server(says('10.0.0.5 203.0.113.5'));
      delivered(release);
      run(`rm ${HOME}/cpnat-ours ${CPNAT}; mkdir ${CPNAT}`);
      expect(word('addresses')).toBe('ok addresses');
      expect(run(`ls -A ${CPNAT}`)).toBe('');
      expect(gone()).toBe('cpanel-edge: failed retract-incomplete');
      expect(run(`ls -A ${CPNAT}`)).toBe('');
      run(`rmdir ${CPNAT}; rm /run/cpanel-edge/delivering`);
      expect(gone()).toBe('cpanel-edge: ok retracted left=nothing');
    });

    test.each(
      addFullRows(
        [['accounts', () => run(`: >${USERS}/anna; : >${USERS}/bert`), 'cpanel-in-use accounts=2']],
        [
          ['no cPanel', () => run('rm /var/cpanel/cpanel.config'), 'cpanel-missing'],
          ['a link', () => run(`ln -sf /etc/passwd ${CPNAT}`), 'cpnat-odd'],
        ],
      ),
    )('refuses before anything changes: %s', (_, made, fault) => {
      made();
      const is = run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`);
      expect(refusal(server(says('10.0.0.5 203.0.113.5')))).toBe(`cpanel-edge: refused ${fault}`);
      expect(run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`)).toBe(is);
    });

    /** Waits until the script `last` has run. Returns all scripts that ran. */
    const ran = (last: string): string =>
      run(`until grep -qs ${last} /var/cpanel/ran; do sleep 0.1; done; cat /var/cpanel/ran`);

    test('runs cPanel’s scripts after the file has changed, and none if it has not', () => {
      run(
        `mkdir -p ${SCRIPTS}; for s in mainipcheck buildeximconf other; do printf '#!/bin/sh\\necho %s >>/var/cpanel/ran\\n' $s >${SCRIPTS}/$s; chmod 755 ${SCRIPTS}/$s; done`,
      );
      try {
        delivered(server(says('10.0.0.5 203.0.113.5')));
        expect(ran('buildeximconf')).toBe('mainipcheck\nbuildeximconf\n');
        delivered(server(says('10.0.0.5 203.0.113.5'), { text: tableText(1002, TABLE) }));
        expect(run('cat /var/cpanel/ran')).toBe('mainipcheck\nbuildeximconf\n');
        // The call is repeated if the service manager refuses it.
        run(
          `mv ${HOME}/cpnat-ours ${HOME}/away; cp /usr/bin/systemd-run /var/cpanel/; printf '#!/bin/sh\\nexit 1\\n' >/usr/bin/systemd-run; : >${CPNAT}`,
        );
        expect([word('addresses'), file()]).toEqual(['ok addresses', '10.0.0.5 203.0.113.5\n']);
        run('cat /var/cpanel/systemd-run >/usr/bin/systemd-run; : >/var/cpanel/ran');
        expect(word('addresses')).toBe('ok addresses');
        expect(ran('buildeximconf')).toBe('mainipcheck\nbuildeximconf\n');
        // The power was cut before the scripts ran.
        run(`: >/var/cpanel/ran; echo mainipcheck >${HOME}/cpnat-follows`);
        expect(word('addresses')).toBe('ok addresses');
        expect(ran('mainipcheck')).toBe('mainipcheck\n');
      } finally {
        run(`rm -r ${SCRIPTS}`);
      }
    });
  },
);
