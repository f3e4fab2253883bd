// Tests the agent's systemd units beside nftables.service: commands that a package has changed in that unit still run,
// before the agent's; an administrator's own drop-in is noticed; a replaced agent boots. Runs on a test device with
// the real nft.

import { CONFIRMED, gateway } from '../under-shell';
import { SYSTEMD, atNextStart } from './next-start';
import { startedByUnits } from './by-units';

jest.setTimeout(90_000);

atNextStart('the agent’s systemd units', (under) => {
  const { run, word, delivered, says, ports } = under;
  const { PROGRAM, COPY, starts, DROP_IN } = startedByUnits(under);

  test('load an administrator’s rules if both the agent and its copy are missing', () => {
    for (const path of [PROGRAM, COPY]) run(`mv ${path} ${path}.gone`);
    expect(starts('cpanel-edge.service')).toMatch(/status 1$/m);
    for (const key of ['ExecStart', 'ExecReload']) {
      run('nft flush ruleset');
      expect(starts(DROP_IN, key)).toMatch(/status 0$/m);
      expect(run('nft list tables').trim()).toBe('table inet theirs');
    }
    starts(DROP_IN, 'ExecStop');
    expect(run('nft list tables')).toBe('');
    for (const path of [PROGRAM, COPY]) run(`mv ${path}.gone ${path}`);
  });

  test('run the commands that a package has changed since, and the agent’s after them', () => {
    const theirs = 'sh -c "nft -f /run/cpanel-edge/theirs.nft"';
    const changed = [
      '[Service]',
      ...['ExecStart', 'ExecReload'].map((key) => `  ${key} = -/bin/${theirs}`),
      'ExecStop=/usr/sbin/nft flush ruleset',
      '',
    ];
    run(`cat >${SYSTEMD}/nftables.service`, changed.join('\n'));
    expect(says('boot')).toBe('drop-in-changed');
    for (const key of ['ExecStart', 'ExecReload']) {
      run('nft flush ruleset');
      expect(starts(DROP_IN, key)).toMatch(/^cpanel-edge: ok loaded\nstatus 0$/m);
      expect([ports(), run('nft list tables')]).toEqual([['1001'], expect.stringContaining('theirs')]);
    }
    expect(delivered(gateway(1002))).toEqual(CONFIRMED);
    expect([says('boot'), run(`cat ${SYSTEMD}/${DROP_IN}`)]).toEqual([
      'as-written',
      expect.stringContaining('ExecStartPost='),
    ]);
  });

  test('notice a drop-in of another program, wherever it is', () => {
    for (const folder of [`${SYSTEMD}/service.d`, '/run/systemd/system/nftables.service.d']) {
      run(`mkdir -p ${folder}; cat >${folder}/theirs.conf`, '[Service]\n  ExecStartPost=/bin/true\n');
      expect(says('boot')).toBe('drop-in-changed');
      run(`rm -r ${folder}`);
      expect(says('boot')).toBe('as-written');
    }
  });

  test('boot a device whose agent was replaced', () => {
    run(`printf '# newer\\n' >>${PROGRAM}`);
    expect(says('boot')).toBe('loader-changed');
    expect([word('units'), says('boot')]).toEqual(['ok units', 'as-written']);
    run(`sed -i '$d' ${PROGRAM}`);
  });
});
