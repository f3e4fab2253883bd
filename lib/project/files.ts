import { printed } from '../printing/typescript';
import { platforms } from '../registry';
import { Intents, settled } from './intents';
import { Reachable, reachable } from './services';
import { stackText } from './stack';
import { DEPENDENCIES, DEV_DEPENDENCIES } from './versions';
import { Wish } from './wish';

/** A workflow that is ready to run, and where its provider looks for it. */
export interface Pipeline {
  readonly path: string;
  readonly text: string;
}

/** Where a review looks for a team's rules. */
const RULES = 'cpanel-edge.rules.json';
const STACK = 'edge';

/** The files of a new project, by their paths in it. `version`: of this package. Throws Refusal with all that synthesis would refuse. */
export function projectFiles(wish: Wish, version: string, pipeline?: Pipeline): ReadonlyMap<string, string> {
  const found = settled(wish);
  const { profile } = found.intents;
  const services = reachable(profile.services as readonly string[], profile.ping !== undefined);
  const operators = profile.management.from as readonly string[];
  return new Map([
    ['package.json', json(packageJson(version))],
    ['tsconfig.json', json(TSCONFIG)],
    ['cdktf.json', json(CDKTF)],
    ['main.ts', MAIN],
    [`${STACK}.ts`, stackText(found)],
    [`__tests__/${STACK}.test.ts`, testText(found.intents, services, operators)],
    [RULES, json(rules(services, operators))],
    ['.gitignore', IGNORED],
    ...(pipeline === undefined ? [] : [[pipeline.path, pipeline.text] as const]),
  ]);
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const TERRAFORM = `terraform -chdir=cdktf.out/stacks/${STACK}`;

const packageJson = (version: string): object => ({
  name: STACK,
  version: '0.0.0',
  private: true,
  scripts: {
    synth: 'cdktf synth',
    plan: `cdktf synth && ${TERRAFORM} init && ${TERRAFORM} plan -out=plan`,
    review: 'cpanel-edge review',
    test: 'jest',
  },
  dependencies: { ...DEPENDENCIES, 'cpanel-edge': version },
  devDependencies: DEV_DEPENDENCIES,
  jest: { preset: 'ts-jest', testEnvironment: 'node' },
});

const TSCONFIG = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'CommonJS', types: ['node', 'jest'], strict: true, noUnusedLocals: true, noUnusedParameters: true },
    ...{ skipLibCheck: true, noEmit: true },
  },
  exclude: ['node_modules', 'cdktf.out'],
};

const CDKTF = {
  language: 'typescript',
  app: 'npx --no-install ts-node main.ts',
  projectId: STACK,
  sendCrashReports: 'false',
  terraformProviders: [],
  terraformModules: [],
};

const IGNORED = ['node_modules', 'cdktf.out', 'cdktf.log', '.terraform', '*.tfstate*', ''].join('\n');

const MAIN = `import { App } from 'cdktf';
import { EdgeStack } from './${STACK}';

const app = new App();
new EdgeStack(app, '${STACK}');
app.synth();
`;

/** Says once more what is meant, so that a change of the stack has to be meant twice. */
function testText({ gateway, server, virtualIp }: Intents, { byEverybody, byOperators }: Reachable, operators: readonly string[]): string {
  const { directToInside } = platforms[gateway.platform as keyof typeof platforms].capabilities.excess;
  const to = directToInside ? [virtualIp.address, server.addresses![0]!.split('/')[0]!] : virtualIp.address;
  return [
    "import { Testing } from 'cdktf';",
    "import { exposureMatchers } from 'cpanel-edge/testing';",
    `import { EdgeStack } from '../${STACK}';`,
    '',
    'expect.extend(exposureMatchers);',
    '',
    ...(directToInside ? ['// Whoever can send to the private address itself is let through, too.'] : []),
    `const forEverybody = ${printed({ to, service: byEverybody }, '', 'const forEverybody = '.length)};`,
    `const forOperators = ${printed({ to, service: byOperators, from: operators }, '', 'const forOperators = '.length)};`,
    '',
    "it('opens what is meant, and nothing else', () => {",
    `  const stack = new EdgeStack(Testing.app(), '${STACK}');`,
    '  expect(stack).toExpose(forEverybody);',
    '  expect(stack).toExpose(forOperators);',
    '  expect(stack).toExposeNothingElse([forEverybody, forOperators]);',
    '});',
    '',
  ].join('\n');
}

const rules = ({ byEverybody, byOperators }: Reachable, operators: readonly string[]): object => ({
  $schema: 'node_modules/cpanel-edge/docs/schemas/rules-1.json',
  format: 1,
  allowed: [{ services: byEverybody }],
  admin: [{ services: byOperators, from: operators }],
});
