// Tests the projects that `init` writes, on every pair of platforms: synthesis, the projects' own tests, and refused
// answers, each at its flag.

import { Testing } from 'cdktf';
import { exposureMatchers } from '../../constructs/testing';
import { Refusal } from '../../lib/problems/problem';
import { parseRules } from '../../lib/review/rules/parse-rules';
import { knownPlatforms } from '../../lib/registry';
import { createProjectFiles } from '../../lib/project/project-files';
import { SEPARATE_STACKS, createProject } from '../../lib/project/create-project';
import { ProjectAnswers, fillAnswers } from '../../lib/project/project-questions';
import { unformatted } from '../import/generated-code';
import { temporaryFolder } from '../temporary-folder';
import { runTest, stackOf, stacksOf } from './projects';
import { drawCases } from '../randomly';

expect.extend(exposureMatchers);

const project = (given: Partial<ProjectAnswers>): ReadonlyMap<string, string> =>
  createProjectFiles(createProject(fillAnswers(given)), '0.1.0');
const apart = (given: Partial<ProjectAnswers>): ReadonlyMap<string, string> =>
  createProjectFiles(createProject(fillAnswers(given), SEPARATE_STACKS), '0.1.0');
const serving = (role: 'gateway' | 'server'): readonly string[] =>
  knownPlatforms.flatMap(({ id, roles }) => (roles.includes(role) ? [id] : []));
const GATEWAYS = serving('gateway');
const PAIRS = GATEWAYS.flatMap((gatewayPlatform) =>
  serving('server').map((serverPlatform) => ({ gatewayPlatform, serverPlatform })),
);

const OTHER = {
  owner: 'shop',
  outsideInterface: 'igb0',
  outsideAddress: '198.51.100.2/29',
  insideInterface: 'igb1',
  insideAddress: '192.168.5.1/25',
  gatewayHost: 'gw.example.net',
  serverAddress: '192.168.5.20',
  publicAddress: '203.0.113.77',
  management: '192.0.2.0/28, 192.0.2.200',
  services: 'https, panel, 8443/tcp',
};

test.each(drawCases(PAIRS, 6))('$gatewayPlatform and $serverPlatform: the defaults can be synthesized', (platforms) => {
  expect([...project(platforms).keys()]).toContain('edge.ts');
});

test('addresses may be in JSON, which the compiler reads', () => {
  const { compilerOptions } = JSON.parse(project({}).get('tsconfig.json')!) as {
    compilerOptions: Record<string, unknown>;
  };
  expect(compilerOptions['resolveJsonModule']).toBe(true);
});

// Each platform once; each registers the test that the project has.
describe.each(
  serving('server').map((serverPlatform, i) => ({ serverPlatform, gatewayPlatform: GATEWAYS[i % GATEWAYS.length]! })),
)('$gatewayPlatform and $serverPlatform, its own test', (platforms) => runTest(project(platforms)));

describe('gateways and servers in two stacks, its own test', () => {
  runTest(apart({}));
  runTest(apart({ ...OTHER, ...PAIRS.at(-1) }));
});

describe('with other values, its own test', () => {
  runTest(project(OTHER));
  runTest(project({ ...OTHER, ...PAIRS.at(-1) }));
});

describe('a project', () => {
  it('opens the chosen services to any source, and SSH and WHM to operators only', () => {
    const stack = stackOf(project({ services: 'https,panel', management: '192.0.2.0/28' }));
    expect(stack).toExpose('tcp 443,2078,2080,2083,2096 on 203.0.113.10 from anywhere');
    expect(stack).toExpose('tcp 22,2087 on 203.0.113.10 from 192.0.2.0/28');
    expect(stack).not.toExpose('tcp 22,2087 on 203.0.113.10 from anywhere but 192.0.2.0/28');
    expect(stack).not.toExpose('tcp 25,80,3306 on 203.0.113.10');
  });

  it("has the versions of most tests, and names the command that prints a device's version", () => {
    const written = project({ serverPlatform: 'firewalld' }).get('edge.ts')!;
    const said =
      /As "(.*)" prints it there\. A delivery is refused where its first two numbers are\s+(?:\/\/ )?others\.\n\s+version: '(.*)',/g;
    expect([...written.matchAll(said)].map(([, by, version]) => [by, version])).toEqual([
      ['nft --version', '1.0.6'],
      ['firewall-cmd --version', '1.3.3'],
    ]);
    // Only once if both are the same.
    expect([...project({}).get('edge.ts')!.matchAll(said)]).toHaveLength(1);
  });

  it('has a test that notices one more port', () => {
    const files = new Map(project({}));
    const stack = files.get('edge.ts')!;
    files.set('edge.ts', stack.replace("'panel']", "'panel', 'imap-plain']"));
    expect(files.get('edge.ts')).not.toBe(stack);
    const meant = [
      { to: '203.0.113.10', service: ['web', 'mail', 'dns', 'cpanel', 'webmail', 'webdisk', 'caldav'] },
      { to: '203.0.113.10', service: ['ssh', 'whm'], from: ['198.51.100.0/24'] },
    ];
    expect(files.get('__tests__/edge.test.ts')).toContain(`const meant: readonly WantedExposure[] = [
  { to: '203.0.113.10', service: ['web', 'mail', 'dns', 'cpanel', 'webmail', 'webdisk', 'caldav'] },
  { to: '203.0.113.10', service: ['ssh', 'whm'], from: ['198.51.100.0/24'] },
];`);
    expect(() => expect(stackOf(files)).toExposeNothingElse(meant)).toThrow('tcp 143');
    expect(stackOf(project({}))).toExposeNothingElse(meant);
  });

  it('with two stacks has each device in its own, plans both, and its test covers the servers of the other stack', () => {
    const files = new Map(apart({}));
    const stacks = stacksOf(files);
    expect(Object.values(stacks).map(({ node }) => node.id)).toEqual(['gateways', 'servers']);
    const deliveries = Object.values(stacks).map((stack) => [
      ...new Set(Testing.synth(stack).match(/"device": "(\w+)"/g)),
    ]);
    expect(deliveries).toEqual([['"device": "gw1"'], ['"device": "web1"']]);
    expect((JSON.parse(files.get('package.json')!) as { scripts: Record<string, string> }).scripts['plan']).toBe(
      'cdktf synth && terraform -chdir=cdktf.out/stacks/gateways init && terraform -chdir=cdktf.out/stacks/gateways plan -out=plan' +
        ' && terraform -chdir=cdktf.out/stacks/servers init && terraform -chdir=cdktf.out/stacks/servers plan -out=plan',
    );
    files.set('edge.ts', files.get('edge.ts')!.replace("'panel']", "'panel', 'imap-plain']"));
    expect(() =>
      expect(stacksOf(files)['gateways']).toExposeNothingElse([{ to: '203.0.113.10', service: ['web'] }]),
    ).toThrow(/tcp .*143/);
    expect(apart({}).get('cpanel-edge.rules.json')).toBe(project({}).get('cpanel-edge.rules.json'));
  });

  it('has review rules that allow the same', () => {
    const text = project({ services: 'https,panel,8443/tcp', management: '192.0.2.0/28' }).get(
      'cpanel-edge.rules.json',
    )!;
    expect(parseRules(text, 'rules')).toEqual({
      format: 1,
      allowed: [{ services: ['https', 'cpanel', 'webmail', 'webdisk', 'caldav', '8443/tcp'] }],
      admin: [{ services: ['ssh', 'whm'], from: ['192.0.2.0/28'] }],
    });
  });

  it("takes a public address outside the gateway's networks for a routed one, and says so", () => {
    const stack = project({ publicAddress: '198.51.100.20' }).get('edge.ts')!;
    expect(stack).toContain("publicPrefixes: [{ prefix: '198.51.100.20', delivery: 'routed' }]");
    expect(stack).toContain("gateway.publish(server, '198.51.100.20');");
    expect(stackOf(project({ publicAddress: '198.51.100.20' }))).toExpose('tcp 443 on 198.51.100.20 from anywhere');
    expect(stack.replace(/\n *\/\//g, '')).toContain(
      'it is taken for one that the provider routes to it: write the whole prefix',
    );
    expect(project({}).get('edge.ts')).not.toContain('publicPrefixes');
  });

  it('depends on exactly this version, without ranges', () => {
    const { dependencies, devDependencies } = JSON.parse(project({}).get('package.json')!) as Record<
      string,
      Record<string, string>
    >;
    expect(dependencies).toMatchObject({ 'cpanel-edge': '0.1.0' });
    for (const one of Object.values({ ...dependencies, ...devDependencies })) expect(one).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

const folder = temporaryFolder();
test('code is formatted', () => {
  const files = [{}, { ...OTHER, ...PAIRS.at(-1) }].flatMap((given) => [...project(given), ...apart(given)]);
  const code = files.flatMap(([path, text]) => (path.endsWith('.ts') ? [text] : []));
  expect(code).toHaveLength(12);
  expect(unformatted(folder, code)).toBe('');
});

describe('wrong options', () => {
  function problemsOf(given: Partial<ProjectAnswers>): Refusal['problems'] {
    try {
      project(given);
      return [];
    } catch (error) {
      return (error as Refusal).problems;
    }
  }
  const places = (given: Partial<ProjectAnswers>): readonly string[] =>
    problemsOf(given).map(({ code, where }) => `${code} at ${where}`);

  it('are reported at their flags, all at once, each once', () => {
    expect(
      places({
        owner: 'Shop',
        gatewayVersion: 'new',
        outsideAddress: '203.0.113.2',
        gatewayHost: '-oProxyCommand=x',
        gatewayHostKey: 'AAAA',

        serverVersion: 'old',
        serverHostKey: '',
        management: '198.51.100.1/24',
        services: 'htps,https',
        publicAddress: '203.0.113.999',
      }),
    ).toEqual([
      'intent/bad-host at --gateway-host',
      'intent/bad-host-key at --gateway-host-key',
      'intent/empty-text at --server-host-key',
      'intent/bad-name at --owner',
      'intent/bad-version at --gateway-version',
      'intent/bad-address at --outside-address',
      'intent/bad-address at --public-address',
      'intent/bad-version at --server-version',
      'intent/host-bits-set at --management',
      'intent/unknown-service at --services',
    ]);
  });

  test.each<[Partial<ProjectAnswers>, string]>([
    [{ gatewayPlatform: 'toaster' }, 'intent/unknown-platform at --gateway-platform'],
    [{ serverPlatform: 'toaster' }, 'intent/unknown-platform at --server-platform'],
    [{ insideAddress: '10.0.0.1' }, 'intent/bad-address at --inside-address'],
    [{ insideAddress: 'inside' }, 'intent/bad-address at --inside-address'],
    [{ insideAddress: '10.0.0.0/33' }, 'intent/bad-address at --inside-address'],
    [{ serverAddress: '10.0.9.10' }, 'intent/inside-not-behind at --server-address'],
    [{ publicAddress: '203.0.113.2' }, 'intent/public-is-own-address at --public-address'],
    [{ publicAddress: '10.0.0.5' }, 'intent/public-on-other-interface at --public-address'],
    [{ insideInterface: "x'); process.exit(0); ('" }, 'intent/bad-interface-name at --inside-interface'],
    [{ owner: "x' + process.env.HOME + '" }, 'intent/bad-name at --owner'],
    [{ services: 'web,mysql' }, 'intent/administrators-unset at --services'],
    [{ services: '${x}' }, 'intent/unknown-at-synth at --services'],
    [{ management: '' }, 'intent/empty-text at --management'],
  ])('%j: %s', (given, where) => expect(places(given)).toEqual([where]));

  test.each<[Partial<ProjectAnswers>, remedy: string, taken: Partial<ProjectAnswers>]>([
    [{ services: 'web,ssh' }, '--services: Nothing for it: --management says who reaches SSH.', { services: 'web' }],
    [
      { services: 'whm' },
      '--services: --services panel: it opens whm to the networks of --management alone.',
      { services: 'panel' },
    ],
    [
      { services: 'web,mysql' },
      "--services: Nothing here: in edge.ts, once it is written, { service: 'mysql', from: ['198.51.100.7'] } says who reaches it.",
      { services: 'web' },
    ],
    [
      { services: 'remote-mysql' },
      "--services: Nothing here: in edge.ts, once it is written, { service: 'remote-mysql', from: ['198.51.100.7'] } says who reaches it.",
      {},
    ],
    [{ services: 'web,' }, '--services: A value between the commas, or no --services at all.', {}],
    ...['anywhere', 'office', '0.0.0.0/0'].map(
      (management): [Partial<ProjectAnswers>, string, Partial<ProjectAnswers>] => [
        { management },
        "--management: The operators' networks: --management 198.51.100.0/24.",
        { management: '198.51.100.0/24' },
      ],
    ),
    [
      { gatewayHost: 'root@gw1.example.net:22' },
      '--gateway-host: --gateway-host gw1.example.net: user and port are said in edge.ts.',
      { gatewayHost: 'gw1.example.net' },
    ],
    [
      { gatewayHost: '203.0.113.256' },
      '--gateway-host: A name or an address: --gateway-host 192.0.2.1.',
      { gatewayHost: '203.0.113.2' },
    ],
    [
      { insideInterface: 'wan' },
      '--inside-interface: Another one, or only one of the two.',
      { insideInterface: 'lan' },
    ],
    [
      { publicAddress: '10.0.0.10' },
      '--public-address: The public address, one that the provider leads to the gateway: --public-address 203.0.113.10.',
      { publicAddress: '203.0.113.10' },
    ],
  ])('%j is refused with an example: %s', (given, remedy, taken) => {
    expect(problemsOf(given).map(({ where, instead }) => `${where}: ${instead}`)).toEqual([remedy]);
    expect(problemsOf(taken)).toEqual([]);
  });
});
