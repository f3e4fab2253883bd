import { CONFIRMED, gateway, wordOf } from '../under-shell';
import { SYSTEMD, atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart('by the units', ({ run, word, delivered, beforeEachAs, retract, says, ports, shell }) => {
  const PROGRAM = '/usr/local/sbin/cpanel-edge-device';
  const COPY = '/etc/cpanel-edge/program';
  const nftables = [
    '[Service]',
    'Type=oneshot',
    'ExecStart=/usr/sbin/nft -f /run/cpanel-edge/theirs.nft',
    'ExecReload=/sbin/nft \'flush ruleset; include "/run/cpanel-edge/theirs.nft";\'',
    'ExecStop=/usr/sbin/nft flush ruleset',
    '',
  ].join('\n');
  /** What systemd would start. */
  const starts = (unit: string, key = 'ExecStart'): string => {
    const line = new RegExp(`^${key}=-?(/.*)$`, 'm').exec(run(`cat ${SYSTEMD}/${unit}`))![1]!;
    run('cat >/run/started', `${line.replaceAll('$$', '$').replace('/bin/sh ', `/bin/${shell} `)}\n`);
    return run('sh /run/started; echo status $?');
  };
  const DROP_IN = 'nftables.service.d/cpanel-edge.conf';
  const broken = (path: string, how: string): void =>
    void run(how === 'missing' ? `mv ${path} /run/${how}` : `cp -p ${path} /run/${how}; head -c 30000 /run/${how} >${path}`);
  const whole = (path: string, how: string): void =>
    void run(`[ ! -e /run/${how} ] || { cat /run/${how} >${path}; chmod 755 ${path}; rm /run/${how}; }`);
  beforeEachAs(() => {
    run(`cat >${SYSTEMD}/nftables.service`, nftables);
    run('cat >/run/cpanel-edge/theirs.nft', 'flush ruleset\ntable inet theirs {\n}\n');
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(says('boot')).toBe('as-written');
    run('nft flush ruleset');
  });

  test.each([
    ['the program missing', PROGRAM, 'missing'],
    ['the program cut off', PROGRAM, 'cut'],
    ['the copy missing', COPY, 'missing'],
    ['the copy cut off', COPY, 'cut'],
  ])('rules come with %s, and an administrator has theirs', (_, path, how) => {
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

  test('an administrator has theirs with neither of both', () => {
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

  test('a line before the first one, if only an empty one, is not as it was written', () => {
    const unit = `${SYSTEMD}/cpanel-edge.service`;
    run(`cp -p ${unit} /run/unit; { echo; cat /run/unit; } >${unit}`);
    expect(says('boot')).toBe('unit-changed');
    run(`mv /run/unit ${unit}`);
    expect(says('boot')).toBe('as-written');
  });

  test('a mistake of theirs is theirs alone', () => {
    run('echo frobnicate >/run/cpanel-edge/theirs.nft');
    expect(starts(DROP_IN)).toMatch(/failed service-not-loaded\nstatus 1$/m);
  });

  test('what we can not begin they do themselves', () => {
    run('rm /run/cpanel-edge/mutex && mkdir /run/cpanel-edge/mutex');
    expect(starts(DROP_IN)).toMatch(/^status 0$/m);
    expect(run('nft list tables').trim()).toBe('table inet theirs');
  });

  test('what a package has changed since then is done, and ours after it', () => {
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
    expect([says('boot'), run(`cat ${SYSTEMD}/${DROP_IN}`)]).toEqual(['as-written', expect.stringContaining('ExecStartPost=')]);
  });

  test('a drop-in of somebody else, wherever it is, is seen', () => {
    for (const folder of [`${SYSTEMD}/service.d`, '/run/systemd/system/nftables.service.d']) {
      run(`mkdir -p ${folder}; cat >${folder}/theirs.conf`, '[Service]\n  ExecStartPost=/bin/true\n');
      expect(says('boot')).toBe('drop-in-changed');
      run(`rm -r ${folder}`);
      expect(says('boot')).toBe('as-written');
    }
  });

  test('where /run has no room, theirs never comes without ours', () => {
    const filled = (command: string): string =>
      run(
        `cp -a /run/cpanel-edge /run/kept; mount -t tmpfs -o size=64k,mode=700 tmpfs /run/cpanel-edge; cp -a /run/kept/. /run/cpanel-edge/;` +
          `cat /dev/zero >/run/cpanel-edge/filling 2>/dev/null; ${command}; umount /run/cpanel-edge; rm -rf /run/kept`,
      );
    const service = filled('/usr/local/sbin/cpanel-edge-device service start 2>/dev/null; nft list ruleset');
    expect([service.includes('theirs'), service.includes('1001')]).toEqual([true, true]);
  });

  test('a program that was replaced boots, too', () => {
    run(`printf '# newer\\n' >>${PROGRAM}`);
    expect(says('boot')).toBe('loader-changed');
    expect([word('units'), says('boot')]).toEqual(['ok units', 'as-written']);
    run(`sed -i '$d' ${PROGRAM}`);
  });

  test('a retract leaves none of it, whatever is missing', () => {
    run(`rm ${SYSTEMD}/cpanel-edge.service`);
    expect(wordOf(retract())).toBe('ok retracted');
    expect(run(`ls ${SYSTEMD} /etc/cpanel-edge`)).toBe(`/etc/cpanel-edge:\n\n${SYSTEMD}:\nnftables.service\n`);
  });
});
