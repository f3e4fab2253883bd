import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultOf } from '../../driver/answer';
import { TestDevice, canHaveDevice } from './machine';
import { Sent, freshToken, sent, tableText } from './stream';
import { describeWhere } from '../where-possible';

const withDevice = describeWhere(canHaveDevice, 'what a device boots', 'root on Linux');
jest.setTimeout(90_000);

const SYSTEMD = '/etc/systemd/system';

withDevice.each(['sh', 'busybox sh'])('what the next boot finds, under %s', (shell) => {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  const home = '/etc/cpanel-edge/gateway-web';
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)), 30_000);
  afterAll(() => {
    device.stop();
    rmSync(folder, { recursive: true });
  });
  afterEach(
    () =>
      void device.run(
        `nft flush ruleset; ip addr flush dev wan0; ip addr add 203.0.113.1/24 dev wan0; rm -rf /etc/cpanel-edge/* /run/cpanel-edge/* ${SYSTEMD}/*`,
      ),
  );

  const program = (words: string, input = ''): string =>
    device.run(`${shell} /usr/local/sbin/cpanel-edge-device ${words}`, input).trimEnd();
  const wordOf = (output: string): string => {
    const result = resultOf(output.split('\n').at(-1) ?? '');
    return result ? `${result.is} ${result.word}` : output;
  };
  const step = (name: string, one: Sent): string =>
    wordOf(name === 'upload' ? program(one.upload, one.file) : program(`${name} ${one.identity}${name === 'arm' ? ' 60' : ''}`));
  const delivered = (one: Sent, steps = ['upload', 'check', 'arm', 'confirm']): readonly string[] => steps.map((name) => step(name, one));
  const CONFIRMED = ['ok uploaded', 'ok checked', 'ok armed', 'ok confirmed'];
  const gateway = (port: number): Sent => sent({ text: tableText(port) });
  const says = (name: string): string => new RegExp(` ${name}=(\\S+)`).exec(program('status'))?.[1] ?? 'nothing said';

  test('is said, with who made the release and when', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(program('status').split('\n')[0]).toMatch(/ boot=as-written runs=release made=1700000000 runner=ci@runner-1$/);
    delivered(gateway(1002), ['upload', 'check', 'arm']);
    expect([says('runs'), says('boot')]).toEqual(['trial', 'as-written']);
  });

  test.each([
    ['unit-missing', `rm ${SYSTEMD}/cpanel-edge.service`],
    ['unit-missing', `rm ${SYSTEMD}/cpanel-edge-addresses.service`],
    ['unit-changed', `echo '# mine' >>${SYSTEMD}/cpanel-edge.service`],
    ['unit-changed,unit-masked', `ln -sf /dev/null ${SYSTEMD}/cpanel-edge.service`],
    ['unit-disabled', 'systemctl --quiet disable cpanel-edge.service'],
    ['drop-in-missing', `rm ${SYSTEMD}/nftables.service.d/cpanel-edge.conf`],
    ['drop-in-changed', `echo '# mine' >>${SYSTEMD}/nftables.service.d/cpanel-edge.conf`],
    ['drop-in-missing,unit-missing', `rm -r ${SYSTEMD}/*`],
    ['release-damaged', `sed -i s/1001/1003/ ${home}/release`],
  ])('%s is said, and the next delivery of the same mends it', (words, broken) => {
    delivered(gateway(1001));
    device.run(broken);
    expect(says('boot').split(',').sort()).toEqual(words.split(','));
    const one = gateway(1001);
    if (step('upload', one) !== 'ok running') expect(delivered(one, ['check', 'arm', 'confirm'])).toEqual(CONFIRMED.slice(1));
    expect([says('boot'), says('runs')]).toEqual(['as-written', 'release']);
  });

  const ports = (): readonly string[] => [...device.run('nft list ruleset').matchAll(/tcp dport (\d+) drop/g)].map(([, port]) => port!);
  const addresses = (): readonly string[] =>
    [...device.run('ip -o -4 addr show wan0').matchAll(/203\.0\.113\.(?!1\/)\d+/g)].map(([address]) => address);
  const VIP = { kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' } as const;
  const OTHER = { ...VIP, address: '203.0.113.11/32' } as const;
  const restarted = (): string => {
    device.run('nft flush ruleset; rm -rf /run/cpanel-edge/*; ip addr flush dev wan0; ip addr add 203.0.113.1/24 dev wan0');
    return wordOf(program('boot 2>/dev/null'));
  };
  const readOnly = (run: () => void): void => {
    expect(device.run('mount -o remount,ro /etc/cpanel-edge; : >/etc/cpanel-edge/written')).toContain('Read-only');
    run();
    device.run('mount -o remount,rw /etc/cpanel-edge');
  };

  describe('what was on trial never comes back', () => {
    const armed = (): Sent => {
      const two = sent({ text: tableText(1002), addresses: [VIP, OTHER] });
      expect(delivered(two, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
      expect([ports(), addresses()]).toEqual([['1002'], ['203.0.113.10', '203.0.113.11']]);
      return two;
    };
    beforeEach(() => expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED));

    test('after a boot that could write nothing, not when its rules or addresses are loaded again', () => {
      const two = armed();
      readOnly(() => {
        restarted();
        expect(ports()).toEqual(['1001']);
        program('addresses');
        expect(addresses()).toEqual(['203.0.113.10']);
        program('service start');
        program('rules');
        expect([ports(), says('armed'), says('runs')]).toEqual([['1001'], 'none', 'release']);
        expect(step('confirm', two)).toBe('refused not-armed');
      });
      expect(delivered(sent({ text: tableText(1003), addresses: [VIP] }))).toEqual(CONFIRMED);
      expect([ports(), addresses()]).toEqual([['1003'], ['203.0.113.10']]);
    });

    test('where /run was emptied meanwhile: the next delivery undoes it, its addresses too', () => {
      const two = armed();
      device.run('rm -rf /run/cpanel-edge/*');
      expect(step('confirm', two)).toBe('refused not-armed');
      expect(says('state')).toBe('undoing');
      expect(step('upload', gateway(1003))).toBe('ok uploaded');
      expect([ports(), addresses()]).toEqual([['1001'], ['203.0.113.10']]);
    });

    test('but goes on where somebody starts our unit again', () => {
      const two = armed();
      expect([wordOf(program('boot')), ports()]).toEqual(['ok loaded', ['1002']]);
      expect(step('confirm', two)).toBe('ok confirmed');
    });

    test.each([
      ['the next delivery', () => step('upload', gateway(1003)), 'ok uploaded'],
      ["another owner's delivery", () => step('upload', sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog') })), 'ok uploaded'],
      ['forget', () => wordOf(program('forget gateway web lease-1')), 'ok forgotten'],
      ['its own rollback', undefined, 'ok rolled-back'],
    ])('is undone by %s where its timer is gone', (_, finds, says_) => {
      const two = armed();
      device.run('rm /run/cpanel-edge/timer-*');
      expect([says('seconds'), says('state'), ports()]).toEqual(['lost', 'armed', ['1002']]);
      expect(program('status')).toContain(' armed=no');
      expect(finds ? finds() : step('rollback', two)).toBe(says_);
      expect([ports(), addresses(), says('armed')]).toEqual([['1001'], ['203.0.113.10'], 'none']);
    });

    test('is ended by a retract, too, where its timer is gone', () => {
      armed();
      device.run('rm /run/cpanel-edge/timer-*');
      expect(wordOf(program(`retract gateway web lease-1 ${freshToken()}`))).toBe('ok retracted');
      expect([ports(), addresses()]).toEqual([[], []]);
    });
  });

  test('a retract takes away what the release brought, also where /run was emptied, and nothing else', () => {
    device.run('ip addr add 203.0.113.20/32 dev wan0');
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    device.run('rm -rf /run/cpanel-edge/*');
    expect(wordOf(program(`retract gateway web lease-1 ${freshToken()}`))).toBe('ok retracted');
    expect([ports(), addresses()]).toEqual([[], ['203.0.113.20']]);
    device.run('ip addr del 203.0.113.20/32 dev wan0');
  });

  test('an address that was there before stays, though the release has it', () => {
    device.run('ip addr add 203.0.113.10/32 dev wan0');
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    expect(wordOf(program(`retract gateway web lease-1 ${freshToken()}`))).toBe('ok retracted');
    expect(addresses()).toEqual(['203.0.113.10']);
    device.run('ip addr del 203.0.113.10/32 dev wan0');
  });

  test('an address that was there before stays, also after a restart', () => {
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    restarted();
    device.run('ip addr add 203.0.113.10/32 dev wan0');
    program('addresses');
    expect(wordOf(program(`retract gateway web lease-1 ${freshToken()}`))).toBe('ok retracted');
    expect(addresses()).toEqual(['203.0.113.10']);
  });

  test('no address comes without the rules that guard it', () => {
    expect(delivered(sent({ text: tableText(1001), addresses: [VIP] }))).toEqual(CONFIRMED);
    restarted();
    device.run(`nft flush ruleset; timeout 2 ${shell} /usr/local/sbin/cpanel-edge-device addresses || :`);
    expect(addresses()).toEqual([]);
    program('rules');
    program('addresses');
    expect(addresses()).toEqual(['203.0.113.10']);
  });

  test('a confirm that was cut off after it had decided keeps nobody waiting', () => {
    const one = gateway(1001);
    delivered(one, ['upload', 'check', 'arm']);
    device.run(`mv ${home}/armed-* ${home}/release`);
    expect(step('rollback', one)).toBe('refused already-confirmed');
    expect(device.run('ls /run/cpanel-edge')).not.toMatch(/trial|delivering|timer/);
    expect(delivered(gateway(1002))).toEqual(CONFIRMED);
    const next = gateway(1003);
    delivered(next, ['upload', 'check', 'arm']);
    device.run(`mv ${home}/armed-* ${home}/release; sed -i 's/[0-9]*$/0/' /run/cpanel-edge/delivering`);
    expect(step('upload', gateway(1004))).toBe('ok uploaded');
  });

  test('a lost note of the table is no other table', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    device.run(`: >${home}/table`);
    expect(restarted()).toBe('ok loaded');
    device.run(`: >${home}/table`);
    expect(delivered(gateway(1002))).toEqual(CONFIRMED);
    device.run(`rm ${home}/table`);
    expect(wordOf(program(`retract gateway web lease-1 ${freshToken()}`))).toBe('ok retracted');
    expect(device.run('nft list ruleset')).toBe('');
  });

  describe('a damaged release of format 1, which brought nothing that closes', () => {
    beforeEach(() => {
      const one = gateway(1001);
      const file = one.file.replace('cpanel-edge-release 2', 'cpanel-edge-release 1').replace(/^(runner|made|closed) .*\n/gm, '');
      expect(delivered({ ...one, file })).toEqual(CONFIRMED);
      device.run(`sed -i s/1001/1003/ ${home}/release`);
    });
    test('is loaded as far as nft takes it, and said', () => {
      expect([restarted(), ports(), says('boot')]).toEqual(['failed boot-incomplete', ['1003'], 'release-damaged']);
      expect([wordOf(program('service stop 2>/dev/null')), ports(), says('runs')]).toEqual(['ok stop', ['1003'], 'release']);
    });
    test('is no hindrance to undo a trial over it', () => {
      const next = gateway(1002);
      delivered(next, ['upload', 'check', 'arm']);
      expect([step('rollback', next), ports()]).toEqual(['ok rolled-back', ['1003']]);
      expect(delivered(gateway(1004))).toEqual(CONFIRMED);
    });
  });

  test('an empty table of an undone first release is gone after a boot, also where nftables.service came first', () => {
    const one = gateway(1001);
    delivered(one, ['upload', 'check', 'arm', 'rollback']);
    device.run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    program('rules');
    expect([wordOf(program('boot')), device.run('nft list ruleset')]).toEqual(['ok loaded', '']);
    expect(delivered(gateway(1002))).toEqual(CONFIRMED);
  });

  describe('a store of the old place', () => {
    const old = '/var/lib/cpanel-edge';
    beforeEach(() => {
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      device.run(`mkdir -m 700 ${old} && mv /etc/cpanel-edge/* ${old}/`);
    });
    afterEach(() => void device.run(`rm -rf ${old}`));

    test('is moved by the first command', () => {
      expect([says('state'), says('runs')]).toEqual(['confirmed', 'release']);
      expect(device.run(`ls -d ${old} 2>&1; ls ${home}`)).toMatch(/cannot access[^]*\nrelease\n/);
      expect(step('upload', gateway(1001))).toBe('ok running');
    });
    test('is moved by a boot, without what was on trial in it', () => {
      device.run(`cp ${old}/gateway-web/release ${old}/gateway-web/armed-abcdef0123456789`);
      expect([restarted(), ports(), says('state')]).toEqual(['ok loaded', ['1001'], 'confirmed']);
    });
    test('is used where it is while the new place takes nothing', () => {
      readOnly(() => expect([restarted(), ports(), says('state')]).toEqual(['ok loaded', ['1001'], 'confirmed']));
      expect([says('state'), device.run(`ls -d ${old} 2>&1`)]).toEqual(['confirmed', expect.stringContaining('cannot access')]);
    });
    test('is used by nftables.service, too', () => {
      readOnly(() => expect([wordOf(program('service start 2>/dev/null')), ports()]).toEqual(['ok start', ['1001']]));
      device.run('rmdir /etc/cpanel-edge');
      readOnly(() => expect([wordOf(program('service start 2>/dev/null')), ports()]).toEqual(['ok start', ['1001']]));
    });
    test('does not come back where it could not be taken away', () => {
      device.run('mount -o remount,ro /var/lib');
      expect(says('state')).toBe('confirmed');
      expect(wordOf(program(`retract gateway web lease-1 ${freshToken()}`))).toBe('ok retracted');
      expect([program('status'), ports()]).toEqual([expect.stringMatching(/^cpanel-edge: ok status/), []]);
      expect(device.run(`ls ${old}`)).toContain('gateway-web');
      device.run('mount -o remount,rw /var/lib');
      expect([program('status'), device.run(`ls -d ${old} /etc/cpanel-edge/moved 2>&1`)]).toEqual([
        expect.stringMatching(/^cpanel-edge: ok status/),
        expect.not.stringMatching(/^\//m),
      ]);
    });
  });

  describe('a stored release that can not be loaded', () => {
    /** Told apart from a release by its port. */
    const closed = (port: number): Sent =>
      sent({ text: tableText(port), addresses: [VIP] }, 'lease-1', freshToken(), tableText(port + 7000));
    const runs = (): readonly unknown[] => [ports(), says('runs'), says('rules')];
    const refused = `sed -i '/^text /,$s/dport/frobnicate/' ${home}/release && cd ${home} && \
      sed -i "s/^digest .*/digest $({ sed '1,/^text /d' release; echo alias wan0 203.0.113.10\\/32; } | sha256sum | cut -d ' ' -f 1)/" release`;
    beforeEach(() => {
      expect(delivered(closed(1001))).toEqual(CONFIRMED);
      expect(runs()).toEqual([['1001'], 'release', 'as-loaded']);
    });

    test.each([
      ['truncated', `head -c 300 ${home}/release >/run/r && cat /run/r >${home}/release`, 'release-damaged'],
      ['empty', `: >${home}/release`, 'release-damaged'],
      ['altered', `sed -i s/1001/1003/ ${home}/release`, 'release-damaged'],
      ['gone', `rm ${home}/release`, 'release-damaged'],
      ['of another table, as its head says', `sed -i 's/^table .*/table cpanel_edge_wex/' ${home}/release`, 'release-damaged'],
      ['refused by nft', refused, 'as-written'],
    ])('(%s) is closed by what came with it, at each of its lives, until the next delivery', (_, broken, boot) => {
      device.run(broken);
      expect([restarted(), ...runs(), says('boot')]).toEqual(['failed boot-incomplete', ['8001'], 'closed', 'as-loaded', boot]);
      program('addresses');
      expect(addresses()).toEqual(boot === 'as-written' ? ['203.0.113.10'] : []);
      for (const words of ['rules', 'service start', 'service stop']) {
        device.run('nft flush ruleset');
        // Of theirs and what closes one transaction is made.
        expect(wordOf(program(`${words} 2>/dev/null`))).toBe(words === 'rules' ? 'failed load-incomplete' : `ok ${words.split(' ')[1]}`);
        expect(runs()).toEqual([['8001'], 'closed', 'as-loaded']);
      }
      expect(delivered(closed(1001))).toEqual(CONFIRMED);
      expect([...runs(), says('boot'), addresses()]).toEqual([['1001'], 'release', 'as-loaded', 'as-written', ['203.0.113.10']]);
      expect([restarted(), ...runs()]).toEqual(['ok loaded', ['1001'], 'release', 'as-loaded']);
    });

    test('is closed by the text in it where the other is damaged', () => {
      device.run(`echo >>${home}/closed; ${refused}`);
      expect([restarted(), ...runs()]).toEqual(['failed boot-incomplete', ['8001'], 'closed', 'as-loaded']);
    });

    test('closes when a trial is undone, whichever it was', () => {
      expect(delivered(closed(1002), ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
      device.run(`sed -i s/1001/1003/ ${home}/release`);
      const token = / armed=(\S+)/.exec(program('status'))![1]!;
      expect(wordOf(program(`rollback gateway web ${token}`))).toBe('ok rolled-back');
      expect([...runs(), addresses()]).toEqual([['8001'], 'closed', 'as-loaded', []]);
    });

    test('does not take the next owner with it', () => {
      const other = sent({
        owner: 'blog',
        text: tableText(1004, 'cpanel_edge_blog'),
        claims: { outside: ['203.0.113.99'], inside: ['10.9.9.9'] },
      });
      expect(delivered(other)).toEqual(CONFIRMED);
      device.run(refused);
      restarted();
      expect([...ports()].sort()).toEqual(['1004', '8001']);
      program('service start');
      expect([...ports()].sort()).toEqual(['1004', '8001']);
    });

    test('has a closing text of its own table, that nft takes', () => {
      const upload = (text: string): string => {
        const one = sent({ text: tableText(1005) }, 'lease-1', freshToken(), tableText(8005));
        return step('upload', { ...one, file: one.file.replace(/(closed \d+\n)[^]*?(text \d+\n)/, `$1${text}$2`) });
      };
      expect(upload(tableText(8005, 'cpanel_edge_other'))).toBe('refused upload-damaged');
      expect(upload(tableText(8005).replace('drop', 'drop; include "/x"'))).toBe('refused upload-damaged');
      const one = sent({ text: tableText(1005) }, 'lease-1', freshToken(), tableText(8005).replace('drop', 'frobnicate'));
      expect([step('upload', one), step('check', one)]).toEqual(['ok uploaded', 'refused syntax']);
    });
  });

  describe('by the units', () => {
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
      const line = new RegExp(`^${key}=-?(/.*)$`, 'm').exec(device.run(`cat ${SYSTEMD}/${unit}`))![1]!;
      device.run(
        'cat >/run/started',
        `${line.replaceAll('$$', '$').replace('/bin/sh ', `/bin/${shell.split(' ')[0]} ${shell.split(' ')[1] ?? ''} `)}\n`,
      );
      return device.run('sh /run/started; echo status $?');
    };
    const DROP_IN = 'nftables.service.d/cpanel-edge.conf';
    const broken = (path: string, how: string): void =>
      void device.run(how === 'missing' ? `mv ${path} /run/${how}` : `cp -p ${path} /run/${how}; head -c 30000 /run/${how} >${path}`);
    const whole = (path: string, how: string): void =>
      void device.run(`[ ! -e /run/${how} ] || { cat /run/${how} >${path}; chmod 755 ${path}; rm /run/${how}; }`);
    beforeEach(() => {
      device.run(`cat >${SYSTEMD}/nftables.service`, nftables);
      device.run('cat >/run/cpanel-edge/theirs.nft', 'flush ruleset\ntable inet theirs {\n}\n');
      expect(delivered(gateway(1001))).toEqual(CONFIRMED);
      expect(says('boot')).toBe('as-written');
      device.run('nft flush ruleset');
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
        device.run('nft flush ruleset');
        expect(starts(DROP_IN, key)).toMatch(/status 0$/m);
        expect([ports(), device.run('nft list tables')]).toEqual([['1001'], expect.stringContaining('theirs')]);
      }
      expect(starts(DROP_IN, 'ExecStop')).toMatch(/status 0$/m);
      expect([ports(), device.run('nft list tables')]).toEqual([['1001'], expect.not.stringContaining('theirs')]);
      whole(path, how);
    });

    test('an administrator has theirs with neither of both', () => {
      for (const path of [PROGRAM, COPY]) device.run(`mv ${path} ${path}.gone`);
      expect(starts('cpanel-edge.service')).toMatch(/status 1$/m);
      for (const key of ['ExecStart', 'ExecReload']) {
        device.run('nft flush ruleset');
        expect(starts(DROP_IN, key)).toMatch(/status 0$/m);
        expect(device.run('nft list tables').trim()).toBe('table inet theirs');
      }
      starts(DROP_IN, 'ExecStop');
      expect(device.run('nft list tables')).toBe('');
      for (const path of [PROGRAM, COPY]) device.run(`mv ${path}.gone ${path}`);
    });

    test('a mistake of theirs is theirs alone', () => {
      device.run('echo frobnicate >/run/cpanel-edge/theirs.nft');
      expect(starts(DROP_IN)).toMatch(/failed service-not-loaded\nstatus 1$/m);
    });

    test('what we can not begin they do themselves', () => {
      device.run('rm /run/cpanel-edge/mutex && mkdir /run/cpanel-edge/mutex');
      expect(starts(DROP_IN)).toMatch(/^status 0$/m);
      expect(device.run('nft list tables').trim()).toBe('table inet theirs');
    });

    test('what a package has changed since then is done, and ours after it', () => {
      const theirs = 'sh -c "nft -f /run/cpanel-edge/theirs.nft"';
      const changed = [
        '[Service]',
        ...['ExecStart', 'ExecReload'].map((key) => `  ${key} = -/bin/${theirs}`),
        'ExecStop=/usr/sbin/nft flush ruleset',
        '',
      ];
      device.run(`cat >${SYSTEMD}/nftables.service`, changed.join('\n'));
      expect(says('boot')).toBe('drop-in-changed');
      for (const key of ['ExecStart', 'ExecReload']) {
        device.run('nft flush ruleset');
        expect(starts(DROP_IN, key)).toMatch(/^cpanel-edge: ok loaded\nstatus 0$/m);
        expect([ports(), device.run('nft list tables')]).toEqual([['1001'], expect.stringContaining('theirs')]);
      }
      expect(delivered(gateway(1002))).toEqual(CONFIRMED);
      expect([says('boot'), device.run(`cat ${SYSTEMD}/${DROP_IN}`)]).toEqual(['as-written', expect.stringContaining('ExecStartPost=')]);
    });

    test('a drop-in of somebody else, wherever it is, is seen', () => {
      for (const folder of [`${SYSTEMD}/service.d`, '/run/systemd/system/nftables.service.d']) {
        device.run(`mkdir -p ${folder}; cat >${folder}/theirs.conf`, '[Service]\n  ExecStartPost=/bin/true\n');
        expect(says('boot')).toBe('drop-in-changed');
        device.run(`rm -r ${folder}`);
        expect(says('boot')).toBe('as-written');
      }
    });

    test('where /run has no room, theirs never comes without ours', () => {
      const filled = (command: string): string =>
        device.run(
          `cp -a /run/cpanel-edge /run/kept; mount -t tmpfs -o size=64k,mode=700 tmpfs /run/cpanel-edge; cp -a /run/kept/. /run/cpanel-edge/;` +
            `cat /dev/zero >/run/cpanel-edge/filling 2>/dev/null; ${command}; umount /run/cpanel-edge; rm -rf /run/kept`,
        );
      const service = filled('/usr/local/sbin/cpanel-edge-device service start 2>/dev/null; nft list ruleset');
      expect([service.includes('theirs'), service.includes('1001')]).toEqual([true, true]);
    });

    test('a program that was replaced boots, too', () => {
      device.run(`printf '# newer\\n' >>${PROGRAM}`);
      expect(says('boot')).toBe('loader-changed');
      expect([wordOf(program('units')), says('boot')]).toEqual(['ok units', 'as-written']);
    });

    test('a retract leaves none of it, whatever is missing', () => {
      device.run(`rm ${SYSTEMD}/cpanel-edge.service`);
      expect(wordOf(program(`retract gateway web lease-1 ${freshToken()}`))).toBe('ok retracted');
      expect(device.run(`ls ${SYSTEMD} /etc/cpanel-edge`)).toBe(`/etc/cpanel-edge:\n\n${SYSTEMD}:\nnftables.service\n`);
    });
  });

  test.each(['boot', 'rules', 'service stop', 'addresses', `undo gateway web ${'a'.repeat(16)}`])('%s is not for who logs in', (words) => {
    delivered(gateway(1001));
    expect(wordOf(device.run(`SUDO_UID=1000 /usr/local/sbin/cpanel-edge-device ${words}`).trimEnd())).toBe('refused not-by-sudo');
    expect(ports()).toEqual(['1001']);
  });

  test('a release of format 1 is taken still', () => {
    const one = gateway(1001);
    const file = one.file.replace('cpanel-edge-release 2', 'cpanel-edge-release 1').replace(/^(runner|made|closed) .*\n/gm, '');
    expect(delivered({ ...one, file })).toEqual(CONFIRMED);
    expect(program('status').split('\n')[0]).toMatch(/ made=none runner=none$/);
  });
});
