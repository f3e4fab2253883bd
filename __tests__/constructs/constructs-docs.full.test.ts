// Tests the pages of the constructs (their tables list every property, their examples synthesize), and the examples of
// README.md, add-servers.md and address-block.md: each is a verified stack that delivers what the page says.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack, Testing } from 'cdktf';
import * as ts from 'typescript';
import * as api from '../../constructs/public';
import * as testing from '../../constructs/testing';
import { HOST_KEY, gatewayIn, profileProps, stackOf } from './construct-samples';
import { releasesOf } from './synthesized';

const root = join(__dirname, '../..');
const page = (name: string): string => readFileSync(join(root, 'docs/reference/constructs', `${name}.md`), 'utf8');

/** Pages with the properties that their table must list, in the order in which each example uses the ones before it. */
const PAGES: readonly (readonly [page: string, file: string, type: string])[] = [
  ['defaults', 'defaults', 'DefaultsProps'],
  ['gateway', 'gateway', 'GatewayProps'],
  ['cpanel-firewall-profile', 'cpanel-firewall-profile', 'CpanelFirewallProfileProps'],
  ['cpanel-server', 'cpanel-server', 'CpanelServerProps'],
  ['virtual-ip', 'virtual-ip', 'VirtualIpProps'],
  ['one-to-one-nat', 'one-to-one-nat', 'OneToOneNatProps'],
  ['nat-reflection', 'nat-reflection', 'NatReflectionProps'],
  ['removed-owners', 'removed-owners', 'RemovedOwnersProps'],
];

/** Returns the names of a type's properties, of all members if it is a union. */
function propertiesOf(program: ts.Program, file: string, name: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, 'constructs', `${file}.ts`))!;
  const found = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source)!)
    .find((symbol) => symbol.name === name)!;
  const type = checker.getDeclaredTypeOfSymbol(found);
  const members = type.isUnion() ? type.types : [type];
  return [
    ...new Set(members.flatMap((member) => checker.getPropertiesOfType(member).map((property) => property.name))),
  ].sort();
}

const docs = (name: string): string => readFileSync(join(root, 'docs', `${name}.md`), 'utf8');

/** Sections with an example and the device's text after it, and the services of the profile that they don't repeat. */
const HELD: readonly (readonly [page: string, section: string, services: readonly string[]])[] = [
  ['firewalld', 'A server', ['https']],
  ['csf', 'A server', ['http', 'https']],
  ['apf', 'A server', ['http', 'https']],
  ['nftables', 'A server', ['http', 'https']],
  ['nftables', 'A gateway', ['http', 'https']],
  ['iptables', 'A server', ['http', 'https', 'cpanel', 'webmail']],
  ['iptables', 'A gateway', ['http', 'https', 'cpanel', 'webmail']],
];

const tableOf = (text: string): string[] => [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name!).sort();
const blocksOf = (text: string, kind: string): readonly string[] =>
  [...text.matchAll(/```(\w*)\n([\s\S]*?)```/g)]
    .filter(([, of]) => kind.split(' ').includes(of!))
    .map(([, , block]) => block!);
const exampleOf = (text: string): string => blocksOf(text, 'ts')[0]!;

const plain = (code: string): string =>
  ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None } })
    .outputText;

/** Completes a part of a stack's constructor with the names that the page doesn't explain again. */
function partOf(stack: TerraformStack, code: string, given: Readonly<Record<string, unknown>>): void {
  const all = { ...api, ...given };
  const run = new Function(...Object.keys(all), plain(code)) as (...values: unknown[]) => void;
  run.apply(stack, Object.values(all));
}

/**
 * Completes a page's program with its imports and its App; this expression replaces the App that would write stacks.
 */
function wholeProgram(code: string, result: string): unknown {
  const given = { ...api, App, TerraformStack, Testing };
  const run = new Function(
    ...Object.keys(given),
    plain(code.replace(/^import .*$/gm, '').replace('app.synth();', `return ${result};`)),
  );
  return (run as (...all: unknown[]) => unknown)(...Object.values(given));
}

describe('the pages', () => {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config as {
    compilerOptions: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const program = ts.createProgram([join(root, 'constructs/public.ts')], options);

  it.each(PAGES)('%s lists every property and no others', (name, file, type) => {
    expect(tableOf(page(name))).toEqual(propertiesOf(program, file, type));
  });

  it('there is one for each construct', () => {
    const constructs = Object.keys(api).sort();
    const shown = PAGES.map(([name]) => page(name)).join('\n');
    expect(constructs.filter((name) => !shown.includes(`new ${name}(`) && !shown.includes(`${name}.on(`))).toEqual([]);
    expect(readdirSync(join(root, 'docs/reference/constructs')).sort()).toEqual(
      [...PAGES.map(([name]) => `${name}.md`), 'testing.md'].sort(),
    );
  });

  it('name every export of the testing entry point', () => {
    expect(Object.keys(testing).filter((name) => !page('testing').includes(`\`${name}`))).toEqual([]);
  });

  it.each([
    [
      'their examples, one after the other',
      () => PAGES.map(([name]) => exampleOf(page(name))).join('\n'),
      ['edge1_hosting', 'mail1_hosting'],
    ],
    ['pfSense’s example', () => exampleOf(docs('how-to/platforms/pfsense')), ['edge1_hosting']],
  ])('%s: a verified stack', (_, code, releases) => {
    const stack = stackOf('docs');
    const names = Object.keys(api);
    const run = new Function('stack', ...names, plain(code())) as (stack: TerraformStack, ...given: unknown[]) => void;
    run(stack, ...names.map((name) => api[name as keyof typeof api]));
    expect(
      Object.keys(
        (JSON.parse(Testing.synth(stack)) as { resource: Record<string, object> }).resource['null_resource']!,
      ),
    ).toEqual(releases);
  });

  it.each(HELD)(
    '%s, %s: the example is verified, and the shown text is on the device, line by line',
    (name, section, services) => {
      const text = docs(`how-to/platforms/${name}`)
        .split(`\n### ${section}\n`)[1]!
        .split(/\n##+ /)[0]!;
      const stack = stackOf('docs');
      const profile = new api.CpanelFirewallProfile(stack, 'web', {
        services,
        sources: 'anywhere',
        management: { from: ['198.51.100.0/28'], port: 22 },
      });
      partOf(stack, exampleOf(text), { profile, connection: { host: '10.0.0.1', hostKeys: [HOST_KEY] } });
      const [release] = [...releasesOf(stack).values()];
      const held = release!.text.split('\n');
      const shown = blocksOf(text, ' text xml');
      expect(shown.length).toBeGreaterThan(0);
      for (const block of shown) {
        let from = 0;
        for (const line of block.split('\n').filter((one) => one !== '' && one !== '…')) {
          const at = held.indexOf(line, from);
          expect(`${line}${at < 0 ? ' is not behind what stands above it' : ''}`).toBe(line);
          from = at + 1;
        }
      }
    },
  );

  it("the further server of add-servers.md: it and the gateway get a delivery, the first server doesn't", () => {
    const [more] = blocksOf(docs('how-to/add-servers'), 'ts');
    const readme = exampleOf(readFileSync(join(root, 'README.md'), 'utf8'));
    const host2 = { host: '10.0.0.11', hostKeys: [HOST_KEY] };
    const digests = [
      readme,
      readme.replace('app.synth();', `const host2 = ${JSON.stringify(host2)};\n${more!}app.synth();`),
    ].map((code) =>
      Object.fromEntries(
        [...releasesOf(wholeProgram(code, 'stack') as TerraformStack)].map(([name, { digest }]) => [name, digest]),
      ),
    );
    expect(Object.keys(digests[1]!)).toEqual(['gw1_shop', 'web1_shop', 'web2_shop']);
    expect(digests[1]!['web1_shop']).toBe(digests[0]!['web1_shop']);
    expect(digests[1]!['gw1_shop']).not.toBe(digests[0]!['gw1_shop']);
  });

  it.each([
    ['how-to/replace-firewall', 0],
    ['how-to/cpnat', 0],
  ])('%s: the server accepts what the example adds', (name, index) => {
    const stack = stackOf('docs');
    const profile = new api.CpanelFirewallProfile(stack, 'web', profileProps);
    const connection = { hostKeys: [HOST_KEY] };
    const server = {
      owner: 'shop',
      platform: 'nftables',
      version: '1.0.6',
      addresses: ['10.0.0.10/24'],
      trustedNetworks: 'none',
      profile,
      connection,
    };
    const example = blocksOf(docs(name), 'ts')[index]!;
    partOf(stack, `gateway.publish(${example.trim().replace(/;$/, '')}, '203.0.113.10');`, {
      server,
      gateway: gatewayIn(stack),
    });
    expect([...releasesOf(stack).keys()].sort()).toEqual(['edge1_hosting', 'web1_shop']);
  });

  it('the block of addresses in address-block.md: it is routed, without a virtual IP', () => {
    const stack = stackOf('docs');
    const given = {
      owner: 'shop',
      platform: 'nftables',
      version: '1.0.6',
      connection: { host: '192.0.2.2', hostKeys: [HOST_KEY] },
    };
    const profile = new api.CpanelFirewallProfile(stack, 'web', profileProps);
    const server = new api.CpanelServer(stack, 'web1', {
      ...given,
      platform: 'nftables' as const,
      connection: { hostKeys: [HOST_KEY] },
      addresses: ['10.0.0.10/24'],
      trustedNetworks: 'none' as const,
      profile,
    });
    partOf(stack, blocksOf(docs('how-to/address-block'), 'ts')[0]!, { stack, server, profile, gw1: given });
    const text = releasesOf(stack).get('gw1_shop')!.text;
    expect(text).toContain('203.0.113.17');
    expect(text).toContain('203.0.113.24/29');
    expect(JSON.stringify(Testing.synth(stack))).not.toContain('virtual ip');
  });

  it('the two gateways of address-block.md: each has its own address of the block only', () => {
    const stack = stackOf('docs');
    const both = { owner: 'shop', platform: 'nftables' as const, version: '1.0.6' };
    api.Defaults.on(stack, { ...both, management: { from: ['198.51.100.0/24'], port: 22 } });
    const profile = new api.CpanelFirewallProfile(stack, 'web', { services: ['https'], sources: 'anywhere' });
    const server = (id: string, address: string): api.CpanelServer =>
      new api.CpanelServer(stack, id, {
        addresses: [`${address}/24`],
        trustedNetworks: 'none',
        profile,
        connection: { hostKeys: [HOST_KEY] },
      });
    const [web1, web2] = [server('web1', '10.0.0.10'), server('web2', '10.0.0.11')];
    const [one, other] = ['203.0.113.18', '203.0.113.19'].map((host) => ({ host, hostKeys: [HOST_KEY] }));
    partOf(stack, blocksOf(docs('how-to/address-block'), 'ts')[1]!, { stack, web1, web2, one, other });
    const addresses = (name: string): readonly string[] =>
      releasesOf(stack)
        .get(name)!
        .addresses.map(({ kind, address }) => `${kind} ${address}`);
    expect([addresses('gw1_shop'), addresses('gw2_shop')]).toEqual([
      ['alias 203.0.113.20/28'],
      ['alias 203.0.113.21/28'],
    ]);
  });

  it('the README’s example has 12 lines, and is the one that the packed package synthesizes', () => {
    const example = exampleOf(readFileSync(join(root, 'README.md'), 'utf8'));
    expect(example).toBe(readFileSync(join(root, 'scripts/package/sample/main.ts'), 'utf8'));
    expect(example.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(12);
  });

  it("gateways and servers in two stacks: each is verified, and neither reads the other's state", () => {
    const [, code] = blocksOf(docs('how-to/add-servers'), 'ts');
    const texts = wholeProgram(code!, '[gateways, servers].map((one) => Testing.synth(one))') as readonly string[];
    const stacks = texts.map((text) => JSON.parse(text) as Record<string, Record<string, object>>);
    expect(stacks.map(({ resource }) => Object.keys(resource!['null_resource']!))).toEqual([
      ['gw1_shop'],
      ['web1_shop', 'web2_shop'],
    ]);
    expect(stacks.map((stack) => Object.keys(stack).filter((key) => key === 'data' || key === 'output'))).toEqual([
      [],
      [],
    ]);
  });

  it('servers in waves: one stack each, in one program', () => {
    const program = exampleOf(docs('how-to/environments'));
    const texts = wholeProgram(program, 'app.node.children.map((one) => Testing.synth(one))') as readonly string[];
    const stacks = texts.map((text) => JSON.parse(text) as Record<string, Record<string, object>>);
    expect(stacks.map(({ resource }) => Object.keys(resource!['null_resource']!))).toEqual([
      ['web1_shop'],
      ['web2_shop'],
    ]);
  });

  it('the README’s example synthesizes exactly the same as its long form', () => {
    const synthesized = ['README.md', 'docs/reference/written-out.md'].map((file) =>
      wholeProgram(exampleOf(readFileSync(join(root, file), 'utf8')), 'Testing.synth(stack)'),
    );
    expect(synthesized[0]).toContain('203.0.113.10');
    expect(synthesized[0]).toBe(synthesized[1]);
  });
});
