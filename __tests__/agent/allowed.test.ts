// Tests the agent under sudo: a login may change only what `bootstrap --allow` permitted (such as csf releases,
// cPanel's NAT file, other firewalls), and nothing that root has delivered otherwise. Runs on a test device with the
// real nft.

import { host as apfHost, textOf as apfText } from './apf/host';
import { CPNAT, onCpanel, says, server } from './cpanel/cpnat-host';
import { host, onCsf, textOf } from './csf/host';
import { sent, tableText } from './stream';

jest.setTimeout(120_000);

/** The agent as sudo starts it for a login. */
const AS_DEPLOY = 'env SUDO_UID=1000 SUDO_USER=deploy';
const LOGIN_FILE = '/etc/cpanel-edge/login-deploy';

/** A login's commands under the device's shell, next to root's. */
const byLogin = ({ run, shell }: { run: (command: string, input?: string) => string; shell: string }) => {
  const asked = (words: string, input = ''): string =>
    run(`${AS_DEPLOY} ${shell} /usr/local/sbin/cpanel-edge-device ${words}`, input).trimEnd().split('\n').at(-1)!;
  return {
    asked,
    /** The words as `bootstrap` writes them. */
    allow: (...words: readonly string[]): string =>
      run(`umask 077; cat >${LOGIN_FILE}`, words.map((word) => `${word}\n`).join('')),
  };
};
const refusedFor = (what: string, allowed = 'none'): string =>
  `cpanel-edge: refused not-allowed login=deploy what=${what} allowed=${allowed}`;

onCsf('a login on a server with csf', (device) => {
  const { asked, allow } = byLogin(device);
  const { step, delivered, run, program, conf, fresh } = device;
  const { says: told } = device;
  const logins = (): readonly string[] =>
    program('status')
      .split('\n')
      .filter((line) => line.startsWith('|login='));
  afterEach(() => fresh());

  test('may deliver a csf release only if bootstrap allowed it; root may always', () => {
    allow();
    const before = conf();
    const release = host(textOf(80));
    expect(asked(release.upload, release.file)).toBe(refusedFor('csf'));
    expect(conf()).toBe(before);
    expect(run('ls /etc/cpanel-edge')).toBe('login-deploy\n');
    allow('apf', 'cpnat', 'replace');
    expect(asked(release.upload, release.file)).toBe(refusedFor('csf', 'apf/cpnat/replace'));
    allow('csf');
    expect(asked(release.upload, release.file)).toMatch(/^cpanel-edge: ok uploaded/);
    expect(logins()).toEqual(['|login=deploy allows=csf by=bootstrap']);
    // The permission is taken back during the delivery.
    allow();
    expect(asked(`check ${release.identity}`)).toBe(refusedFor('csf'));
    const two = host(textOf(80));
    expect(delivered(two, ['upload', 'check'])).toEqual(['ok uploaded', 'ok checked']);
    expect(asked(`arm ${two.identity} 300`)).toBe(refusedFor('csf'));
    expect([step('arm', two), step('confirm', two)]).toEqual(['ok armed', 'ok confirmed']);
    expect(logins()).toEqual(['|login=deploy allows=none by=bootstrap']);
  });

  test('may replace or remove a csf release of root only if bootstrap allowed it', () => {
    allow();
    expect(delivered(host(textOf(80)))).toContain('ok confirmed');
    const before = conf();
    const table = sent({ role: 'server', text: tableText(1001, 'cpanel_edge_web_host') });
    expect(asked(table.upload, table.file)).toBe(refusedFor('csf'));
    expect(asked('retract server web lease-1 abcdabcdabcdabcd')).toBe(refusedFor('csf'));
    // The message contains no owner token that the login doesn't know: `status` prints each of them.
    expect(asked('forget server web lease-1')).toBe(refusedFor('csf'));
    expect(conf()).toBe(before);
    allow('csf');
    expect(asked('retract server web lease-1 abcdabcdabcdabcd')).toMatch(/^cpanel-edge: ok retracted/);
  });

  test('may confirm a csf release that root armed, or accept edits of one, only if bootstrap allowed it', () => {
    allow();
    const release = host(textOf(80));
    expect(delivered(release, ['upload', 'check', 'arm'])).toContain('ok armed');
    expect(asked(`confirm ${release.identity}`)).toBe(refusedFor('csf'));
    expect(step('confirm', release)).toBe('ok confirmed');
    run('sed -i \'s/^TCP_IN = .*/TCP_IN = "80,3306"/\' /etc/csf/csf.conf');
    expect(told('rules')).toBe('edited');
    expect(asked(`accept ${told('fingerprint')}`)).toBe(refusedFor('csf'));
    expect(program(`accept ${told('fingerprint')}`)).toMatch(/ok accepted/);
  });

  test('with a bootstrap older than the permissions has those that the confirmed release uses, and status lists them', () => {
    const first = host(textOf(80));
    expect(asked(first.upload, first.file)).toBe(refusedFor('csf'));
    expect(delivered(host(textOf(80)))).toContain('ok confirmed');
    run('mkdir -p /etc/sudoers.d; : >/etc/sudoers.d/cpanel-edge-deploy');
    expect(logins()).toEqual(['|login=deploy allows=csf by=confirmed-release']);
    const other = host(textOf(443, 'blog'), '', 'blog', ['10.0.0.11']);
    expect(asked(other.upload, other.file)).toBe(refusedFor('csf'));
    const next = host(textOf(443));
    expect(asked(next.upload, next.file)).toMatch(/^cpanel-edge: ok uploaded/);
    expect(asked(`check ${next.identity}`)).toMatch(/^cpanel-edge: ok checked/);
    expect(asked(`arm ${next.identity} 300`)).toMatch(/^cpanel-edge: ok armed/);
    expect(asked(`confirm ${next.identity}`)).toMatch(/^cpanel-edge: ok confirmed/);
    allow();
    const after = host(textOf(8080));
    expect(asked(after.upload, after.file)).toBe(refusedFor('csf'));
    run('rm /etc/sudoers.d/cpanel-edge-deploy');
  });

  test('has no permissions if its file has none, or if sudo does not name the login', () => {
    const release = host(textOf(80));
    allow('# csf', 'csf apf', 'CSF', ' csf', '*', 'csfx');
    expect(asked(release.upload, release.file)).toBe(refusedFor('csf'));
    const ofApf = apfHost(apfText(80));
    expect(asked(ofApf.upload, ofApf.file)).toBe(refusedFor('apf'));
    for (const [user, login] of [
      ['', 'unknown'],
      ['../login-deploy', 'unknown'],
      ['nobody', 'nobody'],
    ] as const) {
      const next = host(textOf(80));
      expect(
        run(`env SUDO_UID=1000 'SUDO_USER=${user}' /usr/local/sbin/cpanel-edge-device ${next.upload}`, next.file),
      ).toBe(`cpanel-edge: refused not-allowed login=${login} what=csf allowed=none\n`);
    }
  });
});

onCpanel('a login on a server with cPanel', (device) => {
  const { asked, allow } = byLogin(device);
  const { run, delivered } = device;
  afterEach(() => void run(`rm -f ${LOGIN_FILE}`));

  test('may deliver lines of the NAT file, and replace another firewall, only if bootstrap allowed each', () => {
    const both = (): ReturnType<typeof server> => server(says('10.0.0.10 203.0.113.10'), { replaces: ['ufw'] });
    const deliver = (): string => {
      const one = both();
      return asked(one.upload, one.file);
    };
    allow();
    expect(deliver()).toBe(refusedFor('cpnat/replace'));
    allow('cpnat');
    expect(deliver()).toBe(refusedFor('replace', 'cpnat'));
    allow('replace');
    expect(deliver()).toBe(refusedFor('cpnat', 'replace'));
    allow('cpnat', 'replace');
    expect(deliver()).toMatch(/^cpanel-edge: ok uploaded/);
  });

  test('may not undo what root wrote into the NAT file', () => {
    allow();
    expect(delivered(server(says('10.0.0.10 203.0.113.10')))).toContain('ok confirmed');
    const plain = server();
    expect(asked(plain.upload, plain.file)).toBe(refusedFor('cpnat'));
    expect(asked('retract server web lease-1 abcdabcdabcdabcd')).toBe(refusedFor('cpnat'));
    expect(run(`cat ${CPNAT}`)).toBe('10.0.0.10 203.0.113.10\n');
  });
});
