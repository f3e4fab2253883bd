import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack, Testing } from 'cdktf';
import * as ts from 'typescript';
import * as api from '../../constructs/public';
import * as testing from '../../constructs/testing';
import { stackOf } from './construct-samples';

const root = join(__dirname, '../..');
const page = (name: string): string => readFileSync(join(root, 'docs/constructs', `${name}.md`), 'utf8');

/** Pages with the properties that their table must list, in the order in which each example uses what stands before it. */
const PAGES: readonly (readonly [page: string, file: string, type: string])[] = [
  ['defaults', 'defaults', 'DefaultsProps'],
  ['gateway', 'gateway', 'GatewayProps'],
  ['cpanel-firewall-profile', 'cpanel-firewall-profile', 'CpanelFirewallProfileProps'],
  ['cpanel-server', 'cpanel-server', 'CpanelServerProps'],
  ['virtual-ip', 'virtual-ip', 'VirtualIpProps'],
  ['one-to-one-nat', 'one-to-one-nat', 'OneToOneNatProps'],
  ['nat-reflection', 'nat-reflection', 'NatReflectionProps'],
  ['retired', 'retired', 'RemovedOwnersProps'],
];

/** Names of a type's properties, those of every member of a union included. */
function propertiesOf(program: ts.Program, file: string, name: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, 'constructs', `${file}.ts`))!;
  const found = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).find((symbol) => symbol.name === name)!;
  const type = checker.getDeclaredTypeOfSymbol(found);
  const members = type.isUnion() ? type.types : [type];
  return [...new Set(members.flatMap((member) => checker.getPropertiesOfType(member).map((property) => property.name)))].sort();
}

const tableOf = (text: string): string[] => [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name!).sort();
const exampleOf = (text: string): string => /```ts\n([\s\S]*?)```/.exec(text)![1]!;

const plain = (code: string): string =>
  ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None } }).outputText;

/** A page's program with its imports and its App; what this expression is where it would write its stacks. */
function wholeProgram(code: string, result: string): unknown {
  const given = { ...api, App, TerraformStack, Testing };
  const run = new Function(...Object.keys(given), plain(code.replace(/^import .*$/gm, '').replace('app.synth();', `return ${result};`)));
  return (run as (...all: unknown[]) => unknown)(...Object.values(given));
}

describe('the pages', () => {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config as { compilerOptions: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const program = ts.createProgram([join(root, 'constructs/public.ts')], options);

  it.each(PAGES)('%s lists every property, and no other', (name, file, type) => {
    expect(tableOf(page(name))).toEqual(propertiesOf(program, file, type));
  });

  it('there is one for each construct', () => {
    const constructs = Object.keys(api).sort();
    const shown = PAGES.map(([name]) => page(name)).join('\n');
    expect(constructs.filter((name) => !shown.includes(`new ${name}(`) && !shown.includes(`${name}.on(`))).toEqual([]);
    expect(readdirSync(join(root, 'docs/constructs')).sort()).toEqual([...PAGES.map(([name]) => `${name}.md`), 'testing.md'].sort());
  });

  it('name what the entry for tests has', () => {
    expect(Object.keys(testing).filter((name) => !page('testing').includes(`\`${name}`))).toEqual([]);
  });

  it.each([
    [
      'their examples, one after the other',
      () => PAGES.map(([name]) => exampleOf(page(name))).join('\n'),
      ['edge1_hosting', 'mail1_hosting'],
    ],
    ['pfSense’s example', () => exampleOf(readFileSync(join(root, 'docs/pfsense.md'), 'utf8')), ['edge1_hosting']],
  ])('%s: a stack that is proven', (_, code, releases) => {
    const stack = stackOf('docs');
    const names = Object.keys(api);
    const run = new Function('stack', ...names, plain(code())) as (stack: TerraformStack, ...given: unknown[]) => void;
    run(stack, ...names.map((name) => api[name as keyof typeof api]));
    expect(Object.keys((JSON.parse(Testing.synth(stack)) as { resource: Record<string, object> }).resource['null_resource']!)).toEqual(
      releases,
    );
  });

  it('the README’s example is 12 lines, and the one that the packed package synthesizes', () => {
    const example = exampleOf(readFileSync(join(root, 'README.md'), 'utf8'));
    expect(example).toBe(readFileSync(join(root, 'scripts/package/sample/main.ts'), 'utf8'));
    expect(example.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(12);
  });

  it('gateways and servers in two stacks: each proven, and neither asks anything of the other’s state', () => {
    const [, code] = [...readFileSync(join(root, 'docs/growing.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, one]) => one!);
    const texts = wholeProgram(code!, '[gateways, servers].map((one) => Testing.synth(one))') as readonly string[];
    const stacks = texts.map((text) => JSON.parse(text) as Record<string, Record<string, object>>);
    expect(stacks.map(({ resource }) => Object.keys(resource!['null_resource']!))).toEqual([['gw1_shop'], ['web1_shop', 'web2_shop']]);
    expect(stacks.map((stack) => Object.keys(stack).filter((key) => key === 'data' || key === 'output'))).toEqual([[], []]);
  });

  it('servers in waves: a stack each, of one program', () => {
    const program = exampleOf(readFileSync(join(root, 'docs/environments.md'), 'utf8'));
    const texts = wholeProgram(program, 'app.node.children.map((one) => Testing.synth(one))') as readonly string[];
    const stacks = texts.map((text) => JSON.parse(text) as Record<string, Record<string, object>>);
    expect(stacks.map(({ resource }) => Object.keys(resource!['null_resource']!))).toEqual([['web1_shop'], ['web2_shop']]);
  });

  it('the README’s example, and what it is written out: the same to the byte', () => {
    const synthesized = ['README.md', 'docs/written-out.md'].map((file) =>
      wholeProgram(exampleOf(readFileSync(join(root, file), 'utf8')), 'Testing.synth(stack)'),
    );
    expect(synthesized[0]).toContain('203.0.113.10');
    expect(synthesized[0]).toBe(synthesized[1]);
  });
});
