import { sent, tableText } from './stream';
import { gateway, underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'what the device refuses', ({ run, device, program, word, step, delivered, retract, ports }) => {
  afterEach(() => void retract());

  test('a first upload that is refused leaves no folder', () => {
    const one = gateway(1001);
    expect(word(one.upload, one.file.replace('dport 1001', 'dport 1002'))).toBe('refused upload-damaged');
    expect(run('ls /etc/cpanel-edge')).not.toContain('gateway-web');
    expect(program('status')).not.toContain('owner=web');
  });

  test('uploads that died before a clock was put back keep nobody from uploading', () => {
    run('cd /etc/cpanel-edge && for n in 1 2 3 4; do : >coming-$n; done; touch -d "+2 days" coming-*');
    const one = gateway(1001);
    expect(step('upload', one)).toBe('ok uploaded');
    step('rollback', one);
    expect(run('ls /etc/cpanel-edge')).not.toContain('coming');
    run('cd /etc/cpanel-edge && for n in 1 2 3 4; do : >coming-$n; done');
    expect(step('upload', one)).toBe('refused busy');
    run('rm /etc/cpanel-edge/coming-*');
  });

  test('a disk that takes nothing: nothing is retracted or forgotten, and it is said so', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const readOnly = (words: string): string =>
      device().apart(`mount -o remount,bind,ro /etc/cpanel-edge && /usr/local/sbin/cpanel-edge-device ${words}`).trimEnd();
    expect(readOnly(`retract gateway web lease-1 ${'a'.repeat(32)}`)).toBe(
      'cpanel-edge: refused folder-not-writable folder=/etc/cpanel-edge/gateway-web',
    );
    expect(readOnly('forget gateway web lease-1')).toBe('cpanel-edge: refused folder-not-writable folder=/etc/cpanel-edge/gateway-web');
    expect(program('status')).toMatch(/owner=web .* lease=lease-1 .* rules=as-loaded .* state=confirmed /);
    // The device is nobody's meanwhile.
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
  });

  test('where what boots can’t be written, nothing is loaded', () => {
    const one = gateway(1001);
    expect(delivered(one, ['upload', 'check'])).toEqual(['ok uploaded', 'ok checked']);
    expect(
      device().apart(`mount -o remount,bind,ro /etc/systemd/system && /usr/local/sbin/cpanel-edge-device arm ${one.identity} 60`),
    ).toMatch(/^cpanel-edge: refused units-not-written$/m);
    expect([ports(), step('rollback', one), delivered(gateway(1002)).at(-1)]).toEqual([[], 'ok rolled-back', 'ok confirmed']);
  });

  test('a disk that takes no yes is said, and the trial goes back', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const two = gateway(1002);
    delivered(two, ['upload', 'check', 'arm']);
    expect(device().apart(`mount -o remount,bind,ro /etc/cpanel-edge && /usr/local/sbin/cpanel-edge-device confirm ${two.identity}`)).toBe(
      'cpanel-edge: refused disk-full\n',
    );
    expect([step('rollback', two), step('confirm', two), ports()]).toEqual(['ok rolled-back', 'refused not-armed', ['1001']]);
    retract();
  });

  test('leases and claims of others are refused by name', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const foreign = gateway(1002, 'lease-2');
    expect(step('upload', foreign)).toBe('ok uploaded');
    expect(program(`check ${foreign.identity}`)).toMatch(/refused foreign-lease lease=lease-1$/);
    expect(program(`check ${foreign.identity} lease-3`)).toMatch(/refused not-(the-holder|uploaded)$/);
    expect(step('upload', foreign)).toBe('ok uploaded');
    expect(program(`check ${foreign.identity} lease-3`)).toMatch(/refused foreign-lease lease=lease-1$/);
    for (const [outside, inside, overlaps] of [
      ['203.0.113.0/28', '10.9.9.9', 'owner=web prefix=203.0.113.10'],
      ['203.0.113.99', '10.0.0.0/24', 'owner=web prefix=10.0.0.10'],
      ['203.0.113.11', '10.0.0.11', ''],
      ['2001:db8::/32', '2001:db8:1::1', ''],
    ] as const) {
      const other = sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog'), claims: { outside: [outside], inside: [inside] } });
      step('upload', other);
      expect(program(`check ${other.identity}`)).toMatch(overlaps === '' ? /ok checked/ : new RegExp(`refused claimed ${overlaps}$`));
      step('rollback', other);
    }
    expect(retract('gateway', 'web', 'lease-2')).toMatch(/refused foreign-lease lease=lease-1$/);
    expect(ports()).toEqual(['1001']);
  });

  test('a lease that is to be adopted gives way, and is a foreign one itself then', () => {
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const heir = gateway(1002, 'lease-2');
    expect([step('upload', heir), word(`check ${heir.identity} lease-1`), step('arm', heir), step('confirm', heir)]).toContain(
      'ok confirmed',
    );
    expect(ports()).toEqual(['1002']);
    // What is adopted may stay in the code: with its own lease there nothing is taken over any more.
    const next = gateway(1003, 'lease-2');
    expect([step('upload', next), word(`check ${next.identity} lease-1`), step('arm', next), step('confirm', next)]).toContain(
      'ok confirmed',
    );
    expect(retract()).toMatch(/refused foreign-lease lease=lease-2$/);
    retract('gateway', 'web', 'lease-2');
  });

  test('one delivery at a time, and the holder is named', () => {
    const one = gateway(1001);
    expect(step('upload', one)).toBe('ok uploaded');
    const other = sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog') });
    expect(program(other.upload, other.file)).toMatch(/refused busy holder=gateway-web since=\d+s$/);
    expect(step('check', other)).toBe('refused not-the-holder');
    step('rollback', one);
    expect(step('upload', other)).toBe('ok uploaded');
    step('rollback', other);
  });

  test('what did not arrive whole, or is not ours to load, is refused', () => {
    const one = gateway(1001);
    const faulty = (file: string): string => program(one.upload, file);
    expect(faulty(one.file.replace('1001', '1000'))).toMatch(/upload-damaged part=digest$/);
    expect(faulty(one.file.slice(0, -20))).toMatch(/upload-damaged part=cut-off$/);
    expect(faulty('')).toMatch(/upload-damaged part=cut-off$/);
    expect(faulty(one.file.replace(/^.*\n/, ''))).toMatch(/upload-damaged part=foreign-format$/);
    expect(faulty(`${one.file}more\n`)).toMatch(/upload-damaged part=more-than-announced$/);
    const evil = (tail: string): string => {
      const bad = sent({ text: tableText(1001) + tail });
      return program(bad.upload, bad.file);
    };
    expect(evil('flush ruleset\n')).toMatch(/part=text-after-table$/);
    expect(evil('table inet other {\n}\n')).toMatch(/part=text-after-table$/);
    const include = sent({ text: tableText(1001).replace('    chain', '  include "/etc/passwd"\n    chain') });
    expect(program(include.upload, include.file)).toMatch(/part=text-word$/);
    const syntax = sent({ text: tableText(1001).replace('drop', 'frobnicate') });
    expect([step('upload', syntax), step('check', syntax)]).toEqual(['ok uploaded', 'refused syntax']);
    const nowhere = sent({ text: tableText(1001), addresses: [{ kind: 'alias', interface: 'eth9', address: '203.0.113.10/32' }] });
    expect([step('upload', nowhere), step('check', nowhere)]).toEqual(['ok uploaded', 'refused no-interface']);
    expect(run('nft list ruleset')).toBe('');
  });

  test('arguments that are not what they should be are refused before anything is done', () => {
    for (const words of [
      '',
      'nothing',
      'status more',
      'upload gateway web',
      "upload gateway '../x' lease-1 " + '0'.repeat(64) + ' abcdabcdabcdabcd',
      "check gateway web 'abcd; id'",
      'check router web abcdabcdabcdabcd',
      'arm gateway web abcdabcdabcdabcd 0',
      'arm gateway web abcdabcdabcdabcd 99999',
      "accept '*'",
      "check gateway 'web\nx' abcdabcdabcdabcd",
    ]) {
      expect(program(words)).toMatch(/^cpanel-edge: refused (wrong-argument \w+|unknown-command)$/);
    }
    expect(run('ls /etc/cpanel-edge')).toBe('');
  });
});
