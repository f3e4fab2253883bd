import { CPNAT, SOURCES, USERS, onCpanel, says, server } from './cpnat-host';
import { freshToken, tableText } from './stream';
import { CONFIRMED } from './under-shell';

jest.setTimeout(90_000);

const SCRIPTS = '/usr/local/cpanel/scripts';
const HOME = '/etc/cpanel-edge/server-web';
const TABLE = 'cpanel_edge_web_host';

onCpanel("cPanel's NAT file by a release", ({ run, device, word, step, delivered, write, file, refusal, gone }, shell) => {
  test('a line each; those of others stay as they are, byte for byte, and a retract brings back what was there', () => {
    const before = '10.0.0.7 \n10.0.0.5\t203.0.113.99 more\r\n203.0.113.9 203.0.113.9\n10.0.0.5 203.0.113.98';
    write(before);
    expect(delivered(server(says('10.0.0.5 203.0.113.5', '10.0.0.6 203.0.113.6')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.7 \n10.0.0.5 203.0.113.5\n203.0.113.9 203.0.113.9\n10.0.0.6 203.0.113.6\n');
    expect(run(`stat -c %a:%u ${CPNAT}`)).toBe('644:0\n');
    expect(gone()).toBe('cpanel-edge: ok retracted left=nothing');
    expect(file()).toBe('10.0.0.7 \n10.0.0.5\t203.0.113.99 more\r\n10.0.0.5 203.0.113.98\n203.0.113.9 203.0.113.9\n');
  });

  test('where there was no file there is none afterwards', () => {
    run(`rm ${CPNAT}`);
    expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
    gone();
    expect(file()).toBe('absent');
  });

  test('what WHM has written since stays with the retract', () => {
    run(`rm ${CPNAT}`);
    delivered(server(says('10.0.0.5 203.0.113.5')));
    run(`echo 10.0.0.8 203.0.113.8 >>${CPNAT}`);
    gone();
    expect(file()).toBe('10.0.0.8 203.0.113.8\n');
  });

  test('with the next release: a pair that goes has its former line, one that changes changes in its place', () => {
    write('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
    delivered(server(says('10.0.0.5 203.0.113.5', '10.0.0.6 203.0.113.6')));
    expect(delivered(server(says('10.0.0.6 203.0.113.66')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n10.0.0.6 203.0.113.66\n');
    // One that says nothing of it gives it back.
    delivered(server(undefined, { text: tableText(1002, TABLE) }));
    expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.7\n');
  });

  test('NAT mode off: no file, until the retract; and on again', () => {
    write('10.0.0.5 203.0.113.99\n');
    expect(delivered(server(says('off')))).toEqual(CONFIRMED);
    expect(file()).toBe('absent');
    delivered(server(says('10.0.0.6 203.0.113.6')));
    expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.6 203.0.113.6\n');
    delivered(server(says('off')));
    gone();
    expect(file()).toBe('10.0.0.5 203.0.113.99\n');
  });

  test('on, and off later: what WHM has written meanwhile comes back, too; and what somebody has taken away stays away', () => {
    write('10.0.0.5 203.0.113.99\n');
    delivered(server(says('10.0.0.6 203.0.113.6')));
    run(`echo 10.0.0.8 203.0.113.8 >>${CPNAT}`);
    delivered(server(says('off')));
    gone();
    expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.8 203.0.113.8\n');
    delivered(server(says('10.0.0.6 203.0.113.6')));
    run(`rm ${CPNAT}`);
    gone();
    expect(file()).toBe('absent');
  });

  test('where a confirm came to no end, neither lines of others nor ours are lost or left', () => {
    write('10.0.0.5 203.0.113.99\n');
    const one = server([...says('off'), 'set myip http://a/']);
    for (const name of ['upload', 'check', 'arm'] as const) expect(step(name, one)).toMatch(/^ok /);
    // The file that is to take its place can't be written.
    run(`: >${SOURCES}; mkdir -p ${SOURCES}.cpanel-edge/cpsources.conf`);
    try {
      expect(step('confirm', one)).toBe('ok confirmed');
      expect(file()).toBe('absent');
      // What stopped before it was noted as ours is refused to nobody, and goes.
      expect(delivered(server(says('10.0.0.6 203.0.113.5')))).toEqual(CONFIRMED);
      expect(delivered(server(says('10.0.0.7 203.0.113.5')))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.5\n');
      gone();
      expect(file()).toBe('10.0.0.5 203.0.113.99\n');
    } finally {
      run(`rm -r ${SOURCES}*`);
    }
  });

  test('it is written with the confirm alone: a trial that is undone has changed nothing', () => {
    const one = server(says('10.0.0.5 203.0.113.5'));
    for (const name of ['upload', 'check', 'arm'] as const) expect(step(name, one)).toMatch(/^ok /);
    expect(file()).toBe('');
    expect(step('rollback', one)).toBe('ok rolled-back');
    expect([file(), run(`ls ${HOME} 2>&1`)]).toEqual(['', expect.not.stringContaining('cpnat')]);
  });

  test('a public address that WHM has given away meanwhile is told by the next delivery, of the same release, too', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    run(`echo 10.0.0.9 203.0.113.5 >>${CPNAT}`);
    expect(step('upload', server(says('10.0.0.5 203.0.113.5')))).toBe('ok running');
    run('rm -f /run/cpanel-edge/delivering');
    write('10.0.0.9 203.0.113.5\n10.0.0.5 203.0.113.5\n');
    expect(refusal(server(says('10.0.0.5 203.0.113.5')))).toBe('cpanel-edge: refused cpnat-taken line=1 public=203.0.113.5');
  });

  // Busybox takes root for one who may write everything.
  if (shell !== 'busybox sh')
    test('a file that takes nothing is refused before anything changes, where it would have to', () => {
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

  test('of a cPanel that is gone nothing comes back, and a retract comes to its end', () => {
    write('10.0.0.7 203.0.113.7\n');
    delivered(server(says('off')));
    const retract = `${shell} /usr/local/sbin/cpanel-edge-device retract server web lease-1 ${freshToken()}`;
    expect(device().apart(`mount -t tmpfs none /var; ${retract}`)).toBe('cpanel-edge: ok retracted left=nothing\n');
  });

  test('delivered once more it is put right where somebody has changed it, and is no delivery where nobody has', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    expect(step('upload', server(says('10.0.0.5 203.0.113.5')))).toBe('ok running');
    write('10.0.0.5 203.0.113.77\n10.0.0.6 203.0.113.6\n');
    expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.5\n10.0.0.6 203.0.113.6\n');
  });

  test('what a loss of power kept a confirm from, the start of the device does', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    run(`rm ${HOME}/cpnat-*; : >${CPNAT}`);
    expect(word('addresses')).toBe('ok addresses');
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
    // What somebody writes later is theirs.
    write('10.0.0.5 203.0.113.77\n');
    expect(word('addresses')).toBe('ok addresses');
    expect(file()).toBe('10.0.0.5 203.0.113.77\n');
  });

  test('noted as ours and not yet written, it is written by the next start', () => {
    write('10.0.0.5 203.0.113.99\n');
    run(`mkdir ${CPNAT}.cpanel-edge`);
    delivered(server(says('10.0.0.5 203.0.113.5')));
    expect(file()).toBe('10.0.0.5 203.0.113.99\n');
    run(`rmdir ${CPNAT}.cpanel-edge`);
    expect([word('addresses'), file()]).toEqual(['ok addresses', '10.0.0.5 203.0.113.5\n']);
  });

  test('into a folder in its place nothing is put: the next start tries again, and a retract is not at its end', () => {
    const one = server(says('10.0.0.5 203.0.113.5'));
    delivered(one);
    run(`rm ${HOME}/cpnat-ours ${CPNAT}; mkdir ${CPNAT}`);
    expect(word('addresses')).toBe('ok addresses');
    expect(run(`ls -A ${CPNAT}`)).toBe('');
    expect(gone()).toBe('cpanel-edge: failed retract-incomplete');
    expect(run(`ls -A ${CPNAT}`)).toBe('');
    run(`rmdir ${CPNAT}; rm /run/cpanel-edge/delivering`);
    expect(gone()).toBe('cpanel-edge: ok retracted left=nothing');
  });

  test.each([
    ['no cPanel', () => run('rm /var/cpanel/cpanel.config'), 'cpanel-missing'],
    ['a link', () => run(`ln -sf /etc/passwd ${CPNAT}`), 'cpnat-odd'],
    ['a folder', () => run(`rm ${CPNAT}; mkdir ${CPNAT}`), 'cpnat-odd'],
    ['a public address that another line has', () => write('10.0.0.9 203.0.113.5\n'), 'cpnat-taken line=1 public=203.0.113.5'],
    ['the same by a line that begins with a blank', () => write(' 203.0.113.5\n'), 'cpnat-taken line=1 public=203.0.113.5'],
    [
      'the same in front of our line, which is there without effect',
      () => write('10.0.0.9 203.0.113.5\n10.0.0.5 203.0.113.5\n'),
      'cpnat-taken line=1 public=203.0.113.5',
    ],
    ['accounts', () => run(`: >${USERS}/anna; : >${USERS}/bert`), 'cpanel-in-use accounts=2'],
  ])('refused before anything changes: %s', (_, made, fault) => {
    made();
    const is = run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`);
    expect(refusal(server(says('10.0.0.5 203.0.113.5')))).toBe(`cpanel-edge: refused ${fault}`);
    expect(run(`ls -l ${CPNAT}; cat ${CPNAT} 2>/dev/null`)).toBe(is);
  });

  test('accounts are no matter where the file says it already, or the release says that they are known of', () => {
    run(`: >${USERS}/anna`);
    write('10.0.0.5\t203.0.113.5 more\r');
    expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
    expect(delivered(server(['nat-mode on', 'in-use change', 'pair 10.0.0.5 203.0.113.6']))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.6\n');
  });

  test('one owner says it', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    const other = server(says('10.0.0.6 203.0.113.6'), {
      owner: 'blog',
      text: tableText(1003, 'cpanel_edge_blog_host'),
      claims: { outside: [], inside: ['10.0.0.6'] },
    });
    expect(refusal(other)).toBe('cpanel-edge: refused cpnat-owner owner=web');
  });

  test.each(['pair 10.0.0.5', 'pair 10.0.0.5 203.0.113.5 more', 'pair $(id) 203.0.113.5', 'nat-mode maybe', 'x'])(
    'a line that is none of these is refused: %s',
    (line) => expect(word(server([line]).upload, server([line]).file)).toMatch(/^refused upload-damaged$/),
  );

  test('a kept server has given it back; what was forgotten stays', () => {
    write('10.0.0.5 203.0.113.99\n');
    delivered(server(says('10.0.0.5 203.0.113.5'), { onRetract: 'keep closed' }));
    expect(gone()).toBe('cpanel-edge: ok retracted left=closed');
    expect(file()).toBe('10.0.0.5 203.0.113.99\n');
    delivered(server(says('10.0.0.5 203.0.113.5')));
    expect(word('forget server web lease-1')).toBe('ok forgotten');
    gone();
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
  });

  test('what follows the file is told once it has changed, and nothing where it has not', () => {
    run(
      `mkdir -p ${SCRIPTS}; for s in mainipcheck buildeximconf other; do printf '#!/bin/sh\\necho %s >>/var/cpanel/ran\\n' $s >${SCRIPTS}/$s; chmod 755 ${SCRIPTS}/$s; done`,
    );
    try {
      delivered(server(says('10.0.0.5 203.0.113.5')));
      expect(run('sleep 1; cat /var/cpanel/ran')).toBe('mainipcheck\nbuildeximconf\n');
      delivered(server(says('10.0.0.5 203.0.113.5'), { text: tableText(1002, TABLE) }));
      expect(run('sleep 1; cat /var/cpanel/ran')).toBe('mainipcheck\nbuildeximconf\n');
      // Nor is it forgotten where the service manager takes nothing.
      run(
        `mv ${HOME}/cpnat-ours ${HOME}/away; cp /usr/bin/systemd-run /var/cpanel/; printf '#!/bin/sh\\nexit 1\\n' >/usr/bin/systemd-run; : >${CPNAT}`,
      );
      expect([word('addresses'), file()]).toEqual(['ok addresses', '10.0.0.5 203.0.113.5\n']);
      run('cat /var/cpanel/systemd-run >/usr/bin/systemd-run; : >/var/cpanel/ran');
      expect(word('addresses')).toBe('ok addresses');
      expect(run('sleep 1; cat /var/cpanel/ran')).toBe('mainipcheck\nbuildeximconf\n');
      // The power went before they were told.
      run(`: >/var/cpanel/ran; echo mainipcheck >${HOME}/cpnat-follows`);
      expect(word('addresses')).toBe('ok addresses');
      expect(run('sleep 1; cat /var/cpanel/ran')).toBe('mainipcheck\n');
    } finally {
      run(`rm -r ${SCRIPTS}`);
    }
  });
});
