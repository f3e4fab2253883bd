// Tests of deliveries by the agent for pfSense to a simulated box, declared for each version of the box's functions:
// the basic ones (program.test.ts) and further ones (program.full.test.ts).

import { Api } from '../machine';
import { Mapped } from '../box-configuration';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';

/** A first delivery, a rollback, a release that closes, and a removal. */
export const basics = (api: Api): void => {
  const { box, wordOf, upload, check, arm, confirm, rollback, deliver, retract, config, descrs, ours, runs, status } =
    stepsOnBox(api);

  test('a first release: entries at their places, one revision, rules, then addresses', () => {
    const before = descrs();
    expect(deliver(sent([MAIL, WWW]))).toBe(DELIVERED);
    expect(descrs().filter((descr) => !descr.startsWith('cpanel-edge:'))).toEqual(before);
    expect(ours().length).toBe(6);
    const rules = [...config().matchAll(/<tracker>(\d+)<\/tracker>/g)].map(([, tracker]) => Number(tracker));
    expect(rules).toEqual([1700000001, expect.any(Number), expect.any(Number), 1700000002, 1700000003]);
    expect(rules[1]).toBeGreaterThanOrEqual(3_000_000_000);
    // The separator stays above the rule that it stood above.
    expect(config()).toContain('<row>fr3</row>');
    expect(/<onetoone>\s*<external>([^<]*)/.exec(config())?.[1]).toBe('203.0.113.10');
    expect(box().read('/var/box/revisions')).toMatch(/^cpanel-edge: release [0-9a-f]{12} of web\n$/);
    expect(runs()).toContain('binat on igb0 inet from 10.0.1.50 to any -> 203.0.113.10\n');
    expect(runs()).toMatch(/to 10\.0\.1\.51 port = 80 .*ridentifier 3/);
    expect(box().read('/var/box/steps')).toBe('up 203.0.113.10 1\nup 203.0.113.11 1\n');
    expect(box().read('/var/box/addresses')).toContain('igb0 203.0.113.11 32');
    expect(status('state')).toBe('confirmed');
    expect(status('rules')).toBe('as-loaded');
  });

  test('a rollback leaves the configuration as it was, byte for byte', () => {
    const before = config();
    const release = sent([MAIL]);
    expect([upload(release), wordOf(check(release)), arm(release)]).toEqual(['ok uploaded', 'ok checked', 'ok armed']);
    expect(rollback(release)).toBe('cpanel-edge: ok rolled-back digest=none from=armed');
    expect(config()).toBe(before);
    expect(runs()).not.toContain('203.0.113.10');
    expect(box().read('/var/box/addresses')).not.toContain('203.0.113.10');
    expect(box().read('/var/box/steps')).toBe('up 203.0.113.10 1\ndown 203.0.113.10 1\n');
    expect(box().program('status')).toMatch(/^cpanel-edge: ok status protocol=11 armed=no$/);
    expect([confirm(release), rollback(release)]).toEqual([
      'refused not-armed',
      'cpanel-edge: ok rolled-back digest=none from=nothing',
    ]);
  });

  test('a change of a host’s rules ends only the connections that they no longer accept', () => {
    const state = (line: string, id: string): string =>
      `all tcp ${line}       ESTABLISHED:ESTABLISHED\n   age 00:00:10, expires in 23:59:59, 5:3 pkts, 300:200 bytes, rule 78\n   id: ${id} creatorid: 1a2b3c4d\n   origif: igb0\n`;
    const also = (port: string): Mapped => ({ ...MAIL, port });
    expect(deliver(sent([also('443')]))).toBe(DELIVERED);
    box().write(
      '/var/pf/states',
      [
        state('10.0.1.50:443 (203.0.113.10:443) <- 198.51.100.7:50000', '0100000000000001'),
        state('198.51.100.7:50000 -> 10.0.1.50:443', '0100000000000002'),
        state('10.0.1.50:8443 (203.0.113.10:8443) <- 198.51.100.8:50000', '0100000000000003'),
        state('10.0.1.30:443 (203.0.113.3:443) <- 198.51.100.8:50000', '0100000000000004'),
        state('10.0.1.50:40000 (203.0.113.10:40000) -> 198.51.100.9:25', '0100000000000005'),
      ].join(''),
    );
    expect(deliver(sent([also('8443')]))).toBe(DELIVERED);
    expect(box().read('/var/pf/killed')).toBe(
      '-k id -k 0100000000000001/1a2b3c4d\n-k id -k 0100000000000002/1a2b3c4d\n',
    );
    // If pf's listing is too short, all connections of the host end.
    box().write('/var/pf/killed', '');
    box().write('/var/pf/states', 'all tcp 10.0.1.50:8443 <- 198.51.100.8:50000 ESTABLISHED:ESTABLISHED\n');
    expect(deliver(sent([also('25')]))).toBe(DELIVERED);
    expect(box().read('/var/pf/killed')).toBe('-k 0.0.0.0/0 -k 10.0.1.50\n');
  });

  test('a removal leaves the box as it was; another owner token is refused; forgetting keeps the entries', () => {
    const before = config();
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(retract('lease-2')).toBe('cpanel-edge: refused foreign-lease lease=lease-1');
    const foreign = sent([MAIL], {}, {}, 'lease-2');
    upload(foreign);
    expect(check(foreign)).toBe('cpanel-edge: refused foreign-lease lease=lease-1');
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    expect(config()).toBe(before);
    expect(box().read('/var/pf/killed')).toContain('-k 10.0.1.50');
    expect(box().has('/usr/local/etc/rc.d/cpanel_edge.sh')).toBe(false);
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(wordOf(box().program('forget gateway web lease-2'))).toBe('refused foreign-lease');
    expect(box().program('forget gateway web lease-1')).toBe('cpanel-edge: ok forgotten left=rules');
    expect(retract()).toBe('cpanel-edge: ok retracted left=rules');
    expect([ours().length, status('state')]).toEqual([3, 'kept']);
    expect(deliver(sent([MAIL, WWW], {}, {}, 'lease-2'))).toBe(DELIVERED);
    expect(status('lease')).toBe('lease-2');
  });
};

/** The other effects of a delivery on a box. */
export const further = (api: Api): void => {
  const { box, wordOf, upload, check, arm, trial, rollback, deliver, retract, config, ours, runs } = stepsOnBox(api);

  test('an update changes, keeps and ends the right entries and states, and a repeated one loads nothing', () => {
    expect(deliver(sent([MAIL, WWW]))).toBe(DELIVERED);
    expect(box().read('/var/pf/killed')).toBe('');
    expect(upload(sent([MAIL, WWW]))).toBe('ok running');
    expect(deliver(sent([{ ...MAIL, port: '8443' }]))).toBe(DELIVERED);
    expect(runs()).not.toContain('10.0.1.51');
    expect(runs()).toContain('to 10.0.1.50 port = 8443');
    expect(box().read('/var/box/addresses')).not.toContain('203.0.113.11');
    const killed = box().read('/var/pf/killed');
    // No states of the host whose port changed, all of the removed one.
    for (const address of ['10.0.1.51', '203.0.113.11']) expect(killed).toContain(`-k 0.0.0.0/0 -k ${address}\n`);
    expect(killed).not.toContain('10.0.1.30');
    expect(box().read('/var/box/revisions').split('\n').length).toBe(3);
  });

  test('a list that loses an entry closes connections as a rule does', () => {
    const listed = { ...MAIL, inside: '10.0.1.50', port: 'ce_ports' };
    expect(deliver(sent([listed], { lists: { ce_ports: '80 443', ce_hosts: '10.0.1.50/32 10.0.1.51/32' } }))).toBe(
      DELIVERED,
    );
    expect(runs()).toMatch(/port = 443 /);
    expect(box().program('read')).toMatch(/# pfctl -t ce_hosts -T show\n\| {3}10\.0\.1\.50\n\| {3}10\.0\.1\.51\n/);
    box().write(
      '/var/pf/states',
      'all tcp 10.0.1.50:443 (203.0.113.10:443) <- 198.51.100.7:50000       ESTABLISHED:ESTABLISHED\n   id: 0a creatorid: 1b\nall tcp 10.0.1.50:80 (203.0.113.10:80) <- 198.51.100.7:50001       ESTABLISHED:ESTABLISHED\n   id: 0c creatorid: 1b\n',
    );
    expect(deliver(sent([listed], { lists: { ce_ports: '80', ce_hosts: '10.0.1.50/32' } }))).toBe(DELIVERED);
    expect(box().read('/var/pf/killed')).toBe('-k id -k 0a/1b\n');
    // A table with other entries in pf means that the load failed.
    box().write('/var/pf/tables', 'table <ce_hosts> { 10.0.1.50 10.0.1.99 }\n');
    expect(upload(sent([listed], { lists: { ce_ports: '80', ce_hosts: '10.0.1.50/32' } }))).toBe('ok uploaded');
  });

  test('adds entries to an empty section', () => {
    box().write(
      '/cf/conf/config.xml',
      box()
        .read('/cf/conf/config.xml')
        .replace(/<(virtualip|nat|filter)>[^]*<\/\1>/g, '<$1></$1>'),
    );
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(ours().length).toBe(3);
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    expect(config()).not.toMatch(/<(virtualip|onetoone|rule)>/);
  });

  test('a rollback ends no session and restores the former release', () => {
    expect(deliver(sent([MAIL, WWW]))).toBe(DELIVERED);
    const before = config();
    const two = sent([MAIL]);
    trial(two);
    expect(box().read('/var/pf/killed')).toBe('');
    expect(rollback(two)).toMatch(/ok rolled-back digest=[0-9a-f]{64} from=armed$/);
    expect(config()).toBe(before);
    expect(box().read('/var/box/addresses')).toContain('203.0.113.11');
    expect(box().read('/var/pf/killed')).toBe('');
    expect(upload(sent([MAIL, WWW]))).toBe('ok running');
  });

  test('a CARP password is made on the box, stays over updates, and is never printed', () => {
    const carp = { ...MAIL, mode: 'carp' } as const;
    const password = (): string | undefined => /<password><!\[CDATA\[([0-9a-f]{16})\]\]/.exec(config())?.[1];
    expect(deliver(sent([carp]))).toBe(DELIVERED);
    const first = password();
    expect(first).toBeDefined();
    expect(deliver(sent([{ ...carp, port: '25' }]))).toBe(DELIVERED);
    expect(password()).toBe(first);
    const third = sent([WWW]);
    trial(third);
    expect(wordOf(rollback(third))).toBe('ok rolled-back');
    expect(password()).toBe(first);
    expect(box().read('/var/box/addresses')).toContain('203.0.113.10 32 vhid 9');
    for (const command of ['read', 'status', 'facts', 'look']) {
      const said = box().program(command);
      for (const secret of [first!, 'of-the-office', 'secretsecret', 'bcrypt', 'ssl-certref', 'hostname'])
        expect(said).not.toContain(secret);
    }
  });

  test('owners have their own entries and may not use another owner’s addresses', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const other = sent([WWW], { owner: 'web2' });
    expect(deliver(other)).toBe(DELIVERED);
    expect(ours().filter((descr) => descr.startsWith('cpanel-edge:web/')).length).toBe(3);
    const clash = sent([{ ...WWW, outside: '203.0.113.10' }], { owner: 'web2' });
    upload(clash);
    expect(check(clash)).toBe('cpanel-edge: refused claimed owner=web prefix=203.0.113.10');
    expect(retract('lease-1', 'web2')).toBe('cpanel-edge: ok retracted left=nothing');
    expect(ours().length).toBe(3);
    expect(upload(sent([MAIL]))).toBe('ok running');
  });

  test('the global helper is set with consent, and unset by the last release that needs it', () => {
    const set = (): boolean => config().includes('<enablenatreflectionhelper>');
    const hairpin = { ...MAIL, reflected: true };
    const release = sent([hairpin], { helper: true });
    expect([upload(release), wordOf(check(release)), arm(release), set()]).toEqual([
      'ok uploaded',
      'ok checked',
      'ok armed',
      true,
    ]);
    expect([wordOf(rollback(release)), set()]).toEqual(['ok rolled-back', false]);
    expect([deliver(sent([hairpin], { helper: true })), deliver(sent([WWW], { owner: 'two', helper: true }))]).toEqual([
      DELIVERED,
      DELIVERED,
    ]);
    expect([retract(), set()]).toEqual(['cpanel-edge: ok retracted left=nothing', true]);
    expect([retract('lease-1', 'two'), set()]).toEqual(['cpanel-edge: ok retracted left=nothing', false]);
    box().saves('$config["system"]["enablenatreflectionhelper"] = "yes"');
    expect([deliver(sent([hairpin], { helper: true })), retract(), set()]).toEqual([
      DELIVERED,
      'cpanel-edge: ok retracted left=nothing',
      true,
    ]);
  });
};
