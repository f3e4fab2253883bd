import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterRestart } from '../../driver/next-start';
import { bootFaults, systems } from '../../lib/systems';
import { builtCommand, Printed, typed } from '../built-command';
import { TestDevice, canHaveDevice } from '../device/machine';
import { sent, tableText } from '../device/stream';
import { lookAt } from '../driver/doctor/samples';
import { foreign, live, server, verify } from '../driver/drift-samples';
import { projectIn, stackText } from '../driver/projects';
import { asksNothing, connectionOf, releaseOf } from '../driver/samples';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { encodePolicy } from '../../lib/proving/policy-codec';
import { page } from './says';
import { SshStandIn } from './ssh-stand-in';

const { says, inLab } = page('verify.md');
const built = builtCommand();
const folder = temporaryFolder();
jest.setTimeout(60_000);

describe('devices that nobody reaches', () => {
  const names = Array.from({ length: 9 }, (_, n) => `gw${n}`);
  const jump = connectionOf({ host: '127.0.0.2', user: 'hop' });
  const stacks = names.map((device) => [device, stackText(releaseOf({ device }), connectionOf({ jump }), device)] as const);
  let project = '';
  beforeAll(() => (project = projectIn(join(folder, 'nine'), Object.fromEntries(stacks))));

  says('Eight devices are asked at once. On a terminal it says how many have answered where that takes longer than a second', () => {
    const ssh = new SshStandIn(join(folder, 'slow'), 1.2, 8);
    const command = `'${process.execPath}' '${join(built, 'cli', 'main.js')}' verify`;
    const env = { PATH: ssh.path, HOME: process.env['HOME'] };
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd: project, encoding: 'utf8', env });
    expect([ssh.atOnce(), stdout.match(/could not be asked/g)?.length]).toEqual([8, 9]);
    expect(stdout).toContain('devices asked: 8 of 9');
  });

  says('in a pipe nothing of it is printed', () => {
    const ssh = new SshStandIn(join(folder, 'slow-too'), 1.2);
    const { status, out, said } = typed(built, ['verify', 'gw1'], { cwd: project, env: { PATH: ssh.path } });
    expect([status, out, said]).toEqual([
      2,
      '',
      expect.stringMatching(/^driver\/unreachable at .*\n {2}instead: .*\nNothing was changed .*\n$/),
    ]);
  });

  says('`--user` and `--identity-file` stand in for what the intent says; host, host keys and jump hosts stay.', () => {
    const asked = (name: string, ...words: readonly string[]): string => {
      const ssh = new SshStandIn(join(folder, name));
      typed(built, ['verify', 'gw1', ...words], { cwd: project, env: { PATH: ssh.path } });
      return ssh.configurations().replaceAll(/cpanel-edge-run-\w+/g, 'run');
    };
    const key = join(folder, 'monitor');
    writeFileSync(key, '');
    const before = asked('as-intent');
    expect(before).toMatch(/ {2}User root\n[^]* {2}ProxyJump cpanel-edge-jump-1\n[^]* {2}HostName 127\.0\.0\.2\n[^]* {2}User hop\n/);
    expect(asked('as-reader', '--user', 'monitor', '--identity-file', key)).toBe(
      before.replace('User root', 'User monitor').replace('IdentityAgent $SSH_AUTH_SOCK', `IdentityFile "${key}"\n  IdentitiesOnly yes`),
    );
  });
});

describe('a restart brings', () => {
  const after = (fault: string): string => afterRestart({ state: 'confirmed', digest: 'a'.repeat(64), boot: [fault] });
  const found = (words: string): readonly string[] => Object.keys(bootFaults).filter((fault) => after(fault) === words);

  says('`perhaps nothing of it`, where a unit or what it starts is not as written', () =>
    expect(found('perhaps nothing of it')).toEqual(
      Object.keys(bootFaults).filter((fault) => /^(unit|loader|drop-in|plugin|service|firewalld|csf|apf)-/.test(fault)),
    ),
  );
  says('`not this release`, where the stored one is damaged', () => expect(found('not this release')).toEqual(['release-damaged']));
  says('on pfSense `what its configuration holds`, where something of ours is gone', () =>
    expect(found('what its configuration holds')).toEqual(Object.keys(systems.pfsense.bootFaults)),
  );
});

says('An interface that is down is there, and [doctor](doctor.md) says so', () => {
  const links = '2: eth0: <BROADCAST,MULTICAST> mtu 1500 state DOWN\n';
  const { facts } = lookAt(server);
  const found = (text: string): readonly string[] =>
    verify({ ...lookAt(server), facts: { ...facts, links: text } }, { holders: [server] }).owners[0]!.differs;
  expect([found(links), found('1: lo: <LOOPBACK,UP,LOWER_UP>\n')]).toEqual([[], ['the device has no interface eth0.']]);
});

describe("others' rules", () => {
  const under = (rule: string, more = ''): readonly boolean[] => {
    const table = foreign(`${more}\t\ttype filter hook input priority 0; policy accept;\n\t\t${rule}`, 'inet');
    const { narrower, lines } = verify(
      live(server, (rules) => rules + table),
      { holders: [server] },
    );
    return [narrower, lines.some((line) => line.startsWith('  no drift: perhaps closed there: '))];
  };
  says("What others' limits, sets and unknown matches leave in doubt isn't counted", () => {
    for (const doubtful of ['limit rate 10/second drop', 'meta cgroup 7 drop']) expect(under(doubtful)).toEqual([false, true]);
    expect(under('tcp dport 443 drop')).toEqual([true, false]);
  });
});

describe('an account that may only read', () => {
  says('An account may be both: `bootstrap --user deploy --reader monitor`.', () => {
    const { status, out } = typed(built, ['bootstrap', '--user', 'deploy', '--reader', 'monitor']);
    const users = [...out.matchAll(/^echo '(\w+) ALL=\(root\) NOPASSWD: EXEC: (.*)' >"\$rules"/gm)].map(([, user, may]) => [
      user,
      may!.includes('arm *'),
    ]);
    const each = [
      ['deploy', true],
      ['monitor', false],
    ];
    // Once for each kind of device.
    expect([status, users]).toEqual([0, [...each, ...each]]);
  });

  inLab([
    [
      '`upload`, `arm`, `confirm`, `retract`, `accept` and all others are refused by sudo, as is any further word.',
      'a reading account may read and nothing else',
    ],
    [
      'What `look` is asked for comes on its standard input and is checked there',
      'what look is asked for is words, or nothing is looked at',
    ],
    ['verify and doctor need no right to change anything.', 'a reading account is enough for verify and doctor'],
  ]);
});

inLab([
  [
    'A delivery writes and enables again what differs.',
    'units that were disabled or taken away are a difference, and the next delivery mends and names it',
  ],
]);

describeWhere(
  canHaveDevice,
  'verify of a device',
  'root on Linux',
)('a device and one that nobody reaches', () => {
  let device: TestDevice;
  let project = '';
  const releases = ['web', 'blog'].map((owner) =>
    releaseOf({
      owner,
      text: tableText(1001, `cpanel_edge_${owner}`),
      policy: encodePolicy(asksNothing(owner)),
      claims: { outside: [], inside: [] },
    }),
  );
  beforeAll(async () => {
    device = await TestDevice.start(folder);
    const stacks = releases.map((release) => [release.owner, stackText(release, device.connection())] as const);
    const dead = stackText(releaseOf({ device: 'off' }), connectionOf({ port: 1 }));
    project = projectIn(join(folder, 'one'), { ...Object.fromEntries(stacks), off: dead });
    for (const release of releases) {
      const { upload, file, identity } = sent(release);
      for (const words of [upload, `check ${identity}`, `arm ${identity} 60`, `confirm ${identity}`]) device.program(words, file);
    }
  });
  afterAll(() => device.stop());
  const run = (words: readonly string[], input = ''): Printed => typed(built, ['verify', ...words], { cwd: project, input });

  const stateOf = (owner: string): string => {
    const { policy, text } = releases.find((release) => release.owner === owner)!;
    const [type, mode] = ['terraform_data', 'managed'];
    const triggers = { policy: btoa(policy), text: btoa(text), lease: 'lease-1' };
    const resources = [
      { mode, type, name: `gw_${owner}_holder`, values: { id: 'lease-1', input: { device: 'gw', owner, role: 'gateway' } } },
      { mode, type, name: `gw_${owner}`, values: { id: '1', triggers_replace: triggers } },
    ];
    return JSON.stringify({ format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources } } });
  };
  says('`--state` may be given several times, for several stacks.', () => {
    writeFileSync(join(project, 'web.json'), stateOf('web'));
    const [one, both] = [run(['gw', '--state', 'web.json']), run(['gw', '--state', 'web.json', '--state', '-'], stateOf('blog'))];
    expect(one).toMatchObject({
      status: 1,
      out: expect.stringMatching(/^gw: gateway blog\n[^]*^ {2}differs: Terraform's state records nothing of it/m) as string,
    });
    expect(both).toMatchObject({ status: 0, said: '' });
  });

  says(
    'one could not be asked (the last line says that nothing was changed), or wrong use. It wins over 1; what differs is printed as well',
    () => {
      expect(run(['gw']).status).toBe(0);
      device.run('nft add rule inet cpanel_edge_blog ce_forward tcp dport 9 drop');
      const [alone, all] = [run(['gw']), run([])];
      device.program('rules');
      expect([alone.status, all.status]).toEqual([1, 2]);
      expect([alone.said, all.said]).toEqual([
        '',
        expect.stringMatching(/\nNothing was changed on any device\. Mend that, and ask again\.\n$/),
      ]);
      expect(all.out).toMatch(/^gw: gateway blog\n[^]* {2}differs: somebody edited our rules by hand\n[^]*^off could not be asked$/m);
      expect(run(['--nothing']).status).toBe(2);
    },
  );

  says('`found` (per owner: `same`, `differs`, `narrower` and `notes` in words, `drift` as data, `afterRestart`, `next`)', () => {
    device.run('nft add rule inet cpanel_edge_blog ce_forward tcp dport 9 drop');
    const { found } = JSON.parse(run(['gw', '--json']).out) as { found: Readonly<Record<string, unknown>>[] };
    device.program('rules');
    const words = ['role', 'owner', 'same', 'differs', 'narrower', 'notes', 'drift', 'afterRestart'].sort();
    expect(found.map((one) => Object.keys(one).sort())).toEqual([['next', ...words].sort(), words]);
  });

  says('it holds no lock while it is being listened to', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`).join();
    device.run('nft -f -', `table ip many { set them { type ipv4_addr; elements = { ${many} }; }; }`);
    const free = 'flock -n /run/cpanel-edge/mutex echo free || echo held';
    expect(device.run(`/usr/local/sbin/cpanel-edge-device read | (sleep 1; ${free}; wc -c)`)).toMatch(/^free\n\d{6,}\n$/);
    device.run('nft delete table ip many');
  });
});
