// Tests the projects that `import --project` writes: they compile and synthesize, and their own test notices each port
// that opens or closes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdktf';
import { exposureMatchers } from '../../constructs/testing';
import { importGateway } from '../../cli/import-gateway';
import { importServer, parseRunningRules } from '../../cli/import-server';
import { ImportResult } from '../../cli/import-files';
import { renderProjectFiles } from '../../cli/write-project';
import { NEIGHBOUR_DISCOVERY, UPKEEP_ICMP } from '../../lib/spec/server-spec';
import { PacketMap } from '../../lib/net/packet-map';
import { toRulePackets } from '../../lib/review/rules/rule-packets';
import { parseRules } from '../../lib/review/rules/parse-rules';
import { StackProject, createProjectForStack } from '../../lib/project/project-for-stack';
import { HOST_KEY } from '../constructs/construct-samples';
import { runTest, stackOf } from '../project/projects';
import { temporaryFolder } from '../temporary-folder';
import { unformatted, wrongIn } from './generated-code';

expect.extend(exposureMatchers);

const ROOT = join(__dirname, '../..');
const folder = temporaryFolder();
const wild = (path: string): string => readFileSync(join(__dirname, '../platforms', path), 'utf8');

const FACTS = `2: eth0    inet 198.51.100.50/24 brd 198.51.100.255 scope global eth0
2: eth0    inet6 2001:db8:0:1::50/64 scope global
default via 198.51.100.1 dev eth0 proto static
`;
const HANDMADE = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif "lo" accept
    ct state established accept
    icmp type { echo-request, timestamp-request } accept
    ip saddr 192.0.2.0/24 tcp dport 2222 accept
    ip saddr != 203.0.113.66 tcp dport { 80, 443, 8000-8010 } accept
    ip protocol ospf accept
  }
}
`;

interface Sample extends StackProject {
  readonly outside: ImportResult['imported']['internetReachability'];
}

const projectOf = (name: string, { files, imported: { internetReachability }, remarks }: ImportResult): Sample => ({
  ...createProjectForStack(name, files, internetReachability, remarks),
  outside: internetReachability,
});

const box = (name: string): string => wild(`pfsense/wild/${name}.xml`);
const gateway = (text: string): Sample =>
  projectOf(
    'edge1',
    importGateway(text, 'config.xml', { device: 'edge1', owner: 'hosting', hostKey: HOST_KEY, globalHelper: true }),
  );

const server = (
  text: string,
  options: { readonly sshPort?: number; readonly platform?: string; readonly platformVersion?: string } = {},
): Sample =>
  projectOf(
    'web-1',
    importServer(parseRunningRules([{ path: '-', text: text + FACTS }])!, {
      device: 'web-1',
      owner: 'hosting',
      hostKey: HOST_KEY,
      sshPort: 22,
      platform: 'nftables',
      platformVersion: '1.0.6',
      ...options,
    }),
  );

const PROJECTS: Readonly<Record<string, Sample>> = {
  'pfSense, two mappings': gateway(box('vpn')),
  'pfSense, sources from aliases': gateway(box('aliases')),
  'pfSense, an undecided list': gateway(box('pfblocker')),
  'pfSense, all but some': gateway(box('small-office')),
  'pfSense, nothing opened': gateway(box('vpn').replace(/<filter>[^]*<\/filter>/, '<filter></filter>')),
  'iptables, IPv4 and IPv6': server(wild('iptables/wild/admin.rules')),
  'iptables, for iptables': server(wild('iptables/wild/admin.rules').replace(/# \/etc\/iptables\/rules\.v6[^]*/, ''), {
    platform: 'iptables',
    platformVersion: '1.8.9',
  }),
  csf: server(wild('iptables/wild/csf.rules')),
  'nftables by hand': server(HANDMADE, { sshPort: 2222 }),
};

const filesIn = (project: StackProject): ReadonlyMap<string, string> => renderProjectFiles(project, 'github');
const textOf = (of: keyof typeof PROJECTS, file: string): string => filesIn(PROJECTS[of]!).get(file)!;

describe.each(Object.entries(PROJECTS))('a project from %s', (_, project) => {
  const files = filesIn(project);
  runTest(files, project.name);

  it('has the files that init writes, and can be synthesized', () => {
    expect([...files.keys()].filter((file) => !project.files.has(file))).toEqual([
      'package.json',
      'tsconfig.json',
      'cdktf.json',
      'main.ts',
      `__tests__/${project.name}.test.ts`,
      'cpanel-edge.rules.json',
      '.gitignore',
      '.github/workflows/cpanel-edge.yml',
    ]);
    expect(Testing.synth(stackOf(files, project.name))).toContain('"null_resource"');
  });
});

describe('the test of such a project', () => {
  it('lists what was open on a gateway, with sources', () =>
    expect(textOf('pfSense, two mappings', '__tests__/edge1.test.ts'))
      .toContain(`// A packet to the private address itself is let through, too.
const meant: readonly WantedExposure[] = [
  { to: ['10.0.1.50', '203.0.113.10'], service: ['https'] },
  { to: ['10.0.1.51', '203.0.113.11'], service: ['ssh'], from: ['198.51.100.0/24'] },
];
`));

  it("lists what was open on a server, and apart what it can't express exactly", () =>
    expect(textOf('nftables by hand', '__tests__/web-1.test.ts')).toContain(`const meant: readonly WantedExposure[] = [
  { to: '198.51.100.50', service: ['ping', 'protocol 89'] },
  { to: '198.51.100.50', service: ['http', 'https', '8000-8010/tcp'], from: 'anywhere but 203.0.113.66' },
  { to: '198.51.100.50', service: ['2222/tcp'], from: ['192.0.2.0/24'] },
  { to: '2001:db8:0:1::50', service: ['ping', 'protocol 89'] },
];

// Open in part, or not decidable: a single type of ICMP, a limit, a list that the device fills.
const perhaps: readonly WantedExposure[] = [
  { to: '198.51.100.50', service: ['icmp'] },
  { to: '2001:db8:0:1::50', service: ['icmpv6'] },
];
`));

  it('lists what is unknown apart', () => {
    const text = textOf('pfSense, an undecided list', '__tests__/edge1.test.ts');
    expect(text).toMatch(/const meant: readonly WantedExposure\[\] = \[\];\n\n\/\/.*\nconst perhaps: .*'https'/);
    expect(text).toContain('toExposeNothingElse([...meant, ...perhaps])');
  });

  it('notices one port more and one less', () => {
    const files = new Map(filesIn(PROJECTS['pfSense, two mappings']!));
    const stack = files.get('edge1.ts')!;
    const meant = [
      { to: ['10.0.1.50', '203.0.113.10'], service: ['https'] },
      { to: ['10.0.1.51', '203.0.113.11'], service: ['ssh'], from: ['198.51.100.0/24'] },
    ];
    files.set('edge1.ts', stack.replace('ports: 443', 'ports: [443, 993]'));
    expect(() => expect(stackOf(files, 'edge1')).toExposeNothingElse(meant)).toThrow('tcp 993');
    files.set('edge1.ts', stack.replace('ports: 443', 'ports: 993'));
    expect(() => expect(stackOf(files, 'edge1')).toExpose(meant[0]!)).toThrow('tcp 443');
  });
});

describe('its review rules', () => {
  it.each(Object.entries(PROJECTS))(
    "of %s allow what is reachable, except for what they can't express",
    (_, { unnamed, outside, ...project }) => {
      const { allowed = PacketMap.ALL } = toRulePackets(
        parseRules(filesIn({ ...project, unnamed }).get('cpanel-edge.rules.json')!, 'rules'),
      );
      const beyond = outside.reachable.subtract(allowed).subtract(UPKEEP_ICMP.unite(NEIGHBOUR_DISCOVERY));
      expect(beyond.isEmpty).toBe(unnamed.length === 0);
    },
  );

  it('name a host if another one is open differently, and nothing that opens nothing', () => {
    expect(PROJECTS['pfSense, two mappings']!.rules).toEqual({
      allowed: [
        { services: ['https'], to: ['10.0.1.50', '203.0.113.10'] },
        { services: ['ssh'], from: ['198.51.100.0/24'], to: ['10.0.1.51', '203.0.113.11'] },
      ],
    });
    expect(PROJECTS['csf']).toMatchObject({
      rules: {
        allowed: [
          { services: ['https', 'whm', '53/udp'] },
          { services: ['mysql'], from: ['192.0.2.16/28'], to: ['198.51.100.50'] },
        ],
      },
      unnamed: [],
    });
    expect(PROJECTS['pfSense, nothing opened']!.rules).toEqual({});
  });

  it("can't express everything that is open, and say so", () => {
    expect(PROJECTS['nftables by hand']!.unnamed).toEqual([
      'protocol 89 on 198.51.100.50',
      'protocol 89 on 2001:db8:0:1::50',
      'icmp on 198.51.100.50',
    ]);
  });
});

it('code is formatted and compiles', () => {
  const each = Object.values(PROJECTS).flatMap((project, n) =>
    [...filesIn(project)].flatMap(([path, text]): [string, string][] =>
      path.endsWith('.ts') ? [[`${n}/${path}`, text]] : [],
    ),
  );
  expect(each).toHaveLength(3 * Object.keys(PROJECTS).length);
  expect(
    unformatted(
      folder,
      each.map(([, text]) => text),
    ),
  ).toBe('');
  const [one] = each.filter(([path]) => path.endsWith('edge1.ts'));
  const files = new Map(
    [...each, ['wrong/edge1.ts', one![1].replace("mode: 'disabled'", "mode: 'sometimes'")] as const].map(
      ([path, text]) => [
        join(ROOT, 'projects', path),
        text.replace(/'cpanel-edge(\/testing)?'/, (_, testing?: string) =>
          testing === undefined ? `'${join(ROOT, 'constructs/public')}'` : `'${join(ROOT, 'constructs/testing')}'`,
        ),
      ],
    ),
  );
  // This shows that the compiler really checks.
  expect(wrongIn(files)).toEqual([expect.stringMatching(/^projects\/wrong\/edge1\.ts: /)]);
});
