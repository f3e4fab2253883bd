import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultOf } from '../../driver/answer';
import { TestDevice, canHaveDevice } from './machine';
import { Sent, freshToken, sent, tableText } from './stream';
import { eventually } from '../driver/eventually';
import { describeWhere } from '../where-possible';

const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const withDevice = describeWhere(canHaveDevice, 'the device program on a device', 'root on Linux');
jest.setTimeout(60_000);

withDevice.each(['sh', 'bash', 'busybox sh'])('on a device, under %s', (shell) => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)), 30_000);
  afterAll(() => device.stop());

  const program = (words: string, input = ''): string =>
    device.run(`${shell} /usr/local/sbin/cpanel-edge-device ${words}`, input).trimEnd();
  const wordOf = (output: string): string => {
    const result = resultOf(output.split('\n').at(-1) ?? '');
    return result ? `${result.is} ${result.word}` : output;
  };
  const upload = (one: Sent): string => wordOf(program(one.upload, one.file));
  const check = (one: Sent): string => wordOf(program(`check ${one.identity}`));
  const arm = (one: Sent, seconds = 60): string => wordOf(program(`arm ${one.identity} ${seconds}`));
  const confirm = (one: Sent): string => wordOf(program(`confirm ${one.identity}`));
  const rollback = (one: Sent): string => wordOf(program(`rollback ${one.identity}`));
  const outcome = (one: Sent): string => wordOf(program(`outcome ${one.identity}`));
  const deliver = (one: Sent): readonly string[] => [upload(one), check(one), arm(one), confirm(one)];
  const ports = (): readonly string[] => [...device.run('nft list ruleset').matchAll(/tcp dport (\d+) drop/g)].map(([, port]) => port!);
  const addresses = (): string => device.run('ip -o -4 addr show wan0; ip neigh show proxy | sort');
  const retract = (role = 'gateway', owner = 'web', lease = 'lease-1'): string =>
    program(`retract ${role} ${owner} ${lease} ${freshToken()}`);
  const text = (port: number): { readonly text: string } => ({ text: tableText(port) });
  afterEach(() => void retract());

  test('a first release that is rolled back leaves an empty table, no address and no lease', () => {
    const first = sent({ ...text(1001), addresses: [{ kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' }] });
    expect([upload(first), check(first), arm(first)]).toEqual(['ok uploaded', 'ok checked', 'ok armed']);
    expect(ports()).toEqual(['1001']);
    expect(addresses()).toContain('203.0.113.10/32');
    expect(rollback(first)).toBe('ok rolled-back');
    expect(device.run('nft list table inet cpanel_edge_web')).toMatch(/hook prerouting[^]*hook postrouting[^]*ct state established/);
    expect(addresses()).not.toContain('203.0.113.10');
    expect(program('status')).toContain('lease=none');
    expect(deliver(sent(text(1002), 'another-lease'))).toContain('ok confirmed');
    retract('gateway', 'web', 'another-lease');
  });

  test('confirm says yes to one armed release, once and for all', () => {
    const one = sent(text(1001));
    expect(deliver(one)).toEqual(['ok uploaded', 'ok checked', 'ok armed', 'ok confirmed']);
    expect([confirm(one), rollback(one), outcome(one)]).toEqual(['ok confirmed', 'refused already-confirmed', 'ok confirmed']);
    expect(ports()).toEqual(['1001']);
    const two = sent(text(1002));
    expect([upload(two), check(two)]).toEqual(['ok uploaded', 'ok checked']);
    expect(confirm(two)).toBe('refused not-armed');
    expect([arm(two), confirm(one), outcome(two)]).toEqual(['ok armed', 'ok confirmed', 'ok armed']);
    expect(ports()).toEqual(['1002']);
    expect([rollback(two), rollback(two), confirm(two), outcome(two)]).toEqual([
      'ok rolled-back',
      'ok rolled-back',
      'refused not-armed',
      'ok rolled-back',
    ]);
    expect(ports()).toEqual(['1001']);
  });

  test('without a yes the timer undoes it', async () => {
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    const two = sent(text(1002));
    expect([upload(two), check(two), arm(two, 2)]).toContain('ok armed');
    expect(ports()).toEqual(['1002']);
    expect(await eventually(() => ports().join() === '1001')).toBe(true);
    expect(await eventually(() => outcome(two) === 'ok rolled-back')).toBe(true);
    expect(confirm(two)).toBe('refused not-armed');
  });

  test('what runs already is not loaded again, and what was flushed is', () => {
    const one = sent(text(1001));
    expect(deliver(one)).toContain('ok confirmed');
    expect(upload(sent(text(1001)))).toBe('ok running');
    device.run('nft flush ruleset');
    expect(deliver(sent(text(1001)))).toEqual(['ok uploaded', 'ok checked', 'ok armed', 'ok confirmed']);
    expect(ports()).toEqual(['1001']);
  });

  test('edits by hand are refused until exactly they are accepted', () => {
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    device.run('nft insert rule inet cpanel_edge_web ce_forward tcp dport 7 drop');
    const two = sent(text(1002));
    upload(two);
    const refused = program(`check ${two.identity}`);
    expect(refused).toMatch(/^\|>.*tcp dport 7 drop/m);
    const fingerprint = /fingerprint=([0-9a-f]{64})$/.exec(refused)?.[1];
    expect(wordOf(program(`accept ${'0'.repeat(64)}`))).toBe('refused no-such-edit');
    expect(wordOf(program(`accept ${fingerprint}`))).toBe('ok accepted');
    device.run('nft insert rule inet cpanel_edge_web ce_forward tcp dport 9 drop');
    expect([upload(two), check(two)]).toEqual(['ok uploaded', 'refused edited']);
    device.run(
      'nft delete rule inet cpanel_edge_web ce_forward handle $(nft -a list table inet cpanel_edge_web | sed -n "s/.*dport 9 .*handle //p")',
    );
    expect(deliver(sent(text(1002)))).toContain('ok confirmed');
    expect(ports()).toEqual(['1002']);
  });

  test('edits between loading and confirming are refused', () => {
    const one = sent(text(1001));
    expect([upload(one), check(one), arm(one)]).toContain('ok armed');
    device.run('nft insert rule inet cpanel_edge_web ce_forward tcp dport 7 drop');
    expect([confirm(one), rollback(one)]).toEqual(['refused edited-meanwhile', 'ok rolled-back']);
  });

  test('edits between checking and loading are refused, and nothing is loaded; what was accepted is overwritten', () => {
    const edit = (port: number): string => device.run(`nft insert rule inet cpanel_edge_web ce_forward tcp dport ${port} drop`);
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    const one = sent(text(1002));
    expect([upload(one), check(one)]).toEqual(['ok uploaded', 'ok checked']);
    edit(7);
    expect([arm(one), ports().includes('1001'), rollback(one)]).toEqual(['refused edited-meanwhile', true, 'ok rolled-back']);
    const two = sent(text(1002));
    upload(two);
    program(`accept ${/fingerprint=([0-9a-f]{64})$/.exec(program(`check ${two.identity}`))?.[1]}`);
    expect([upload(two), check(two)]).toEqual(['ok uploaded', 'ok checked']);
    edit(9);
    expect([arm(two), rollback(two)]).toEqual(['refused edited-meanwhile', 'ok rolled-back']);
    device.run(
      'nft delete rule inet cpanel_edge_web ce_forward handle $(nft -a list table inet cpanel_edge_web | sed -n "s/.*dport 9 .*handle //p")',
    );
    expect(deliver(sent(text(1002)))).toContain('ok confirmed');
    expect(ports()).toEqual(['1002']);
  });

  test("a table of the first release's name that somebody makes between checking and loading stays", () => {
    const one = sent(text(1001));
    expect([upload(one), check(one)]).toEqual(['ok uploaded', 'ok checked']);
    device.run('nft add table inet cpanel_edge_web; nft add chain inet cpanel_edge_web theirs');
    expect(arm(one)).toBe('refused edited-meanwhile');
    expect(device.run('nft list ruleset')).toContain('theirs');
    rollback(one);
    device.run('nft delete table inet cpanel_edge_web');
  });

  test('rules that are gone when it is told to confirm were edited by nobody', () => {
    const one = sent(text(1001));
    expect([upload(one), check(one), arm(one)]).toContain('ok armed');
    device.run('nft delete table inet cpanel_edge_web');
    expect([confirm(one), rollback(one)]).toEqual(['refused rules-gone', 'ok rolled-back']);
  });

  test('a first upload that is refused leaves no folder', () => {
    const one = sent(text(1001));
    expect(wordOf(program(one.upload, one.file.replace('dport 1001', 'dport 1002')))).toBe('refused upload-damaged');
    expect(device.run('ls /etc/cpanel-edge')).not.toContain('gateway-web');
    expect(program('status')).not.toContain('owner=web');
  });

  test('uploads that died before a clock was put back keep nobody from uploading', () => {
    device.run('cd /etc/cpanel-edge && for n in 1 2 3 4; do : >coming-$n; done; touch -d "+2 days" coming-*');
    const one = sent(text(1001));
    expect(upload(one)).toBe('ok uploaded');
    rollback(one);
    expect(device.run('ls /etc/cpanel-edge')).not.toContain('coming');
    device.run('cd /etc/cpanel-edge && for n in 1 2 3 4; do : >coming-$n; done');
    expect(upload(one)).toBe('refused busy');
    device.run('rm /etc/cpanel-edge/coming-*');
  });

  test('what was confirmed is kept, the newest last, twenty of them', () => {
    const history = (): readonly string[] =>
      [...program('status').matchAll(/^\|ran=(\w+) of=gateway-web made=1700000000 runner=ci@runner-1$/gm)].map(([, digest]) => digest!);
    const [one, two] = [sent(text(1001)), sent(text(1002))];
    for (const each of [one, two, sent(text(1001))]) expect(deliver(each)).toContain('ok confirmed');
    confirm(two);
    const digests = [one, two, one].map(({ upload: words }) => /[0-9a-f]{64}/.exec(words)![0]);
    expect(history()).toEqual(digests);
    device.run(`for n in $(seq 30); do echo "$(printf %064d $n) 1700000000 ci@runner-1"; done >>/etc/cpanel-edge/gateway-web/history`);
    expect(deliver(sent(text(1003)))).toContain('ok confirmed');
    expect([history().length, history()[18]]).toEqual([20, '30'.padStart(64, '0')]);
    program(`retract gateway web lease-1 ${freshToken()}`);
    expect(program('status')).not.toContain('ran=');
  });

  test('what was altered on the device between two steps is refused', () => {
    const alter = (state: string): string => device.run(`sed -i s/1001/1003/ /etc/cpanel-edge/*/${state}-*`);
    const one = sent(text(1001));
    upload(one);
    alter('offered');
    expect(check(one)).toBe('refused upload-damaged');
    expect([upload(one), check(one)]).toEqual(['ok uploaded', 'ok checked']);
    alter('checked');
    expect(arm(one)).toBe('refused upload-damaged');
    expect([upload(one), check(one), arm(one)]).toContain('ok armed');
    alter('armed');
    expect([confirm(one), rollback(one)]).toEqual(['refused upload-damaged', 'ok rolled-back']);
  });

  test('leases and claims of others are refused by name', () => {
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    const foreign = sent(text(1002), 'lease-2');
    expect(upload(foreign)).toBe('ok uploaded');
    expect(program(`check ${foreign.identity}`)).toMatch(/refused foreign-lease lease=lease-1$/);
    expect(program(`check ${foreign.identity} lease-3`)).toMatch(/refused not-(the-holder|uploaded)$/);
    expect(upload(foreign)).toBe('ok uploaded');
    expect(program(`check ${foreign.identity} lease-3`)).toMatch(/refused foreign-lease lease=lease-1$/);
    for (const [outside, inside, overlaps] of [
      ['203.0.113.0/28', '10.9.9.9', 'owner=web prefix=203.0.113.10'],
      ['203.0.113.99', '10.0.0.0/24', 'owner=web prefix=10.0.0.10'],
      ['203.0.113.11', '10.0.0.11', ''],
      ['2001:db8::/32', '2001:db8:1::1', ''],
    ] as const) {
      const other = sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog'), claims: { outside: [outside], inside: [inside] } });
      upload(other);
      expect(program(`check ${other.identity}`)).toMatch(overlaps === '' ? /ok checked/ : new RegExp(`refused claimed ${overlaps}$`));
      rollback(other);
    }
    expect(retract('gateway', 'web', 'lease-2')).toMatch(/refused foreign-lease lease=lease-1$/);
    expect(ports()).toEqual(['1001']);
  });

  test('a lease that is to be adopted gives way, and is a foreign one itself then', () => {
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    const heir = sent(text(1002), 'lease-2');
    expect([upload(heir), wordOf(program(`check ${heir.identity} lease-1`)), arm(heir), confirm(heir)]).toContain('ok confirmed');
    expect(ports()).toEqual(['1002']);
    // What is adopted may stay in the code: with its own lease there nothing is taken over any more.
    const next = sent(text(1003), 'lease-2');
    expect([upload(next), wordOf(program(`check ${next.identity} lease-1`)), arm(next), confirm(next)]).toContain('ok confirmed');
    expect(retract()).toMatch(/refused foreign-lease lease=lease-2$/);
    retract('gateway', 'web', 'lease-2');
  });

  test('one delivery at a time, and the holder is named', () => {
    const one = sent(text(1001));
    expect(upload(one)).toBe('ok uploaded');
    const other = sent({ owner: 'blog', text: tableText(1003, 'cpanel_edge_blog') });
    expect(program(other.upload, other.file)).toMatch(/refused busy holder=gateway-web since=\d+s$/);
    expect(check(other)).toBe('refused not-the-holder');
    rollback(one);
    expect(upload(other)).toBe('ok uploaded');
    rollback(other);
  });

  test('what did not arrive whole, or is not ours to load, is refused', () => {
    const one = sent(text(1001));
    const faulty = (file: string): string => program(one.upload, file);
    expect(faulty(one.file.replace('1001', '1000'))).toMatch(/upload-damaged part=digest$/);
    expect(faulty(one.file.slice(0, -20))).toMatch(/upload-damaged part=cut-off$/);
    expect(faulty('')).toMatch(/upload-damaged part=cut-off$/);
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
    expect([upload(syntax), check(syntax)]).toEqual(['ok uploaded', 'refused syntax']);
    const nowhere = sent({ ...text(1001), addresses: [{ kind: 'alias', interface: 'eth9', address: '203.0.113.10/32' }] });
    expect([upload(nowhere), check(nowhere)]).toEqual(['ok uploaded', 'refused no-interface']);
    expect(device.run('nft list ruleset')).toBe('');
  });

  test('addresses come and go with the release; one that was there before stays', () => {
    device.run('ip addr add 203.0.113.20/32 dev wan0');
    const alias = (address: string) => ({ kind: 'alias', interface: 'wan0', address }) as const;
    const proxy = { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.32/30' } as const;
    expect(deliver(sent({ ...text(1001), addresses: [alias('203.0.113.20/32'), alias('203.0.113.21/32'), proxy] }))).toContain(
      'ok confirmed',
    );
    expect(addresses()).toMatch(/113\.20\/32[^]*113\.21\/32[^]*113\.32 dev wan0[^]*113\.33[^]*113\.34[^]*113\.35/);
    const fewer = sent({ ...text(1002), addresses: [alias('203.0.113.22/32')] });
    expect([upload(fewer), check(fewer), arm(fewer)]).toContain('ok armed');
    expect(addresses()).not.toMatch(/113\.21\/32|proxy/);
    expect(addresses()).toMatch(/113\.22\/32/);
    rollback(fewer);
    expect(addresses()).toMatch(/113\.21\/32[^]*113\.35/);
    expect(addresses()).not.toMatch(/113\.22\/32/);
    expect(wordOf(retract())).toBe('ok retracted');
    expect(addresses()).toMatch(/113\.20\/32/);
    expect(addresses()).not.toMatch(/113\.21|proxy/);
    device.run('ip addr del 203.0.113.20/32 dev wan0');
  });

  test('an address that a later release keeps is still ours to remove', () => {
    const addresses = [{ kind: 'alias', interface: 'wan0', address: '203.0.113.30/32' }] as const;
    for (const port of [1001, 1002]) expect(deliver(sent({ ...text(port), addresses }))).toContain('ok confirmed');
    expect(wordOf(retract())).toBe('ok retracted');
    expect(device.run('ip -o -4 addr show wan0')).not.toContain('203.0.113.30');
  });

  test('retract: a gateway is as before, a server stays closed and belongs to nobody', () => {
    device.run('nft add table inet theirs');
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    expect(retract()).toMatch(/ok retracted left=nothing$/);
    expect(device.run('nft list ruleset; ls /etc/cpanel-edge /etc/systemd/system').trim()).toBe(
      'table inet theirs {\n}\n/etc/cpanel-edge:\n\n/etc/systemd/system:',
    );
    expect(retract()).toMatch(/ok retracted/);
    const server = (onRetract: 'keep closed' | 'as before', lease: string): Sent =>
      sent({ ...text(1004), role: 'server', onRetract }, lease);
    expect(deliver(server('keep closed', 'lease-1'))).toContain('ok confirmed');
    expect(retract('server')).toMatch(/ok retracted left=closed$/);
    device.run('nft flush ruleset');
    expect(program('rules')).toMatch(/ok loaded/);
    expect(ports()).toEqual(['1004']);
    expect(deliver(server('as before', 'lease-7'))).toContain('ok confirmed');
    expect(retract('server', 'web', 'lease-7')).toMatch(/ok retracted left=nothing$/);
    expect(ports()).toEqual([]);
  });

  test('boot loads what is confirmed and forgets what was armed', () => {
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    const two = sent(text(1002));
    expect([upload(two), check(two), arm(two)]).toContain('ok armed');
    // Rules flushed by somebody during the trial come back as the trial; started by hand, boot ends no trial either.
    for (const command of ['rules', 'boot']) {
      device.run('nft flush ruleset');
      expect(program(command)).toMatch(/ok loaded/);
      expect(ports()).toEqual(['1002']);
    }
    // Power is cut: nothing of /run and of the kernel is left.
    device.run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    expect(program('boot')).toMatch(/ok loaded/);
    expect(ports()).toEqual(['1001']);
    expect([confirm(two), outcome(two)]).toEqual(['refused not-armed', 'ok rolled-back']);
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
    expect(device.run('ls /etc/cpanel-edge')).toBe('');
  });
  test("all it writes is root's alone", () => {
    expect(deliver(sent(text(1001)))).toContain('ok confirmed');
    expect(device.run('find /etc/cpanel-edge /run/cpanel-edge -perm /077')).toBe('');
  });
});
