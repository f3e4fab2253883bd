// Tests the agent's systemd units beside nftables.service: its flush and reload never leave the device without the
// release. Runs on a test device with the real nft.

import { wordOf } from '../under-shell';
import { SYSTEMD, atNextStart } from './next-start';
import { startedByUnits } from './by-units';
import { addFullRows } from '../../tier';

jest.setTimeout(90_000);

atNextStart('the agent’s systemd units', (under) => {
  const { run, retract, says, ports } = under;
  const { PROGRAM, COPY, starts, DROP_IN, broken, whole } = startedByUnits(under);

  test.each(
    addFullRows(
      [['the program missing', PROGRAM, 'missing']],
      [
        ['the program cut off', PROGRAM, 'cut'],
        ['the copy missing', COPY, 'missing'],
        ['the copy cut off', COPY, 'cut'],
      ],
    ),
  )('load the release with %s, beside an administrator’s rules', (_, path, how) => {
    broken(path, how);
    if (path === COPY) expect(says('boot')).toBe(how === 'missing' ? 'loader-missing' : 'loader-changed');
    expect(starts('cpanel-edge.service')).toMatch(/^cpanel-edge: ok loaded\nstatus 0$/m);
    expect(ports()).toEqual(['1001']);
    for (const key of ['ExecStart', 'ExecReload']) {
      run('nft flush ruleset');
      expect(starts(DROP_IN, key)).toMatch(/status 0$/m);
      expect([ports(), run('nft list tables')]).toEqual([['1001'], expect.stringContaining('theirs')]);
    }
    expect(starts(DROP_IN, 'ExecStop')).toMatch(/status 0$/m);
    expect([ports(), run('nft list tables')]).toEqual([['1001'], expect.not.stringContaining('theirs')]);
    whole(path, how);
  });

  test('notice a line before the first one, even an empty one', () => {
    const unit = `${SYSTEMD}/cpanel-edge.service`;
    run(`cp -p ${unit} /run/unit; { echo; cat /run/unit; } >${unit}`);
    expect(says('boot')).toBe('unit-changed');
    run(`mv /run/unit ${unit}`);
    expect(says('boot')).toBe('as-written');
  });

  test('report a failure if an administrator’s file has a mistake', () => {
    run('echo frobnicate >/run/cpanel-edge/theirs.nft');
    expect(starts(DROP_IN)).toMatch(/failed service-not-loaded\nstatus 1$/m);
  });

  test('leave to nftables.service a start that the agent can’t begin', () => {
    run('rm /run/cpanel-edge/mutex && mkdir /run/cpanel-edge/mutex');
    expect(starts(DROP_IN)).toMatch(/^status 0$/m);
    expect(run('nft list tables').trim()).toBe('table inet theirs');
  });

  test('never load the administrator’s rules alone if /run has no room', () => {
    const filled = (command: string): string =>
      run(
        `cp -a /run/cpanel-edge /run/kept; mount -t tmpfs -o size=64k,mode=700 tmpfs /run/cpanel-edge; cp -a /run/kept/. /run/cpanel-edge/;` +
          `cat /dev/zero >/run/cpanel-edge/filling 2>/dev/null; ${command}; umount /run/cpanel-edge; rm -rf /run/kept`,
      );
    const service = filled('/usr/local/sbin/cpanel-edge-device service start 2>/dev/null; nft list ruleset');
    expect([service.includes('theirs'), service.includes('1001')]).toEqual([true, true]);
  });

  test('are all removed with the release, whichever of them is missing', () => {
    run(`rm ${SYSTEMD}/cpanel-edge.service`);
    expect(wordOf(retract())).toBe('ok retracted');
    expect(run(`ls ${SYSTEMD} /etc/cpanel-edge`)).toBe(`/etc/cpanel-edge:\n\n${SYSTEMD}:\nnftables.service\n`);
  });
});
