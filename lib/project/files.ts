import { classOf } from '../report/stack-source';
import { Written, printed } from '../report/typescript';
import { Meant, Opening } from './meant';
import { DEPENDENCIES, DEV_DEPENDENCIES } from './versions';

/** Two stacks by their names: the gateways', and the servers'. Undefined: one has both, by the project's name. */
export type Stacks = readonly [gateways: string, servers: string] | undefined;

/** What a project has of its own; all else is the same in each. */
export interface Project {
  /** Of its stack, and of the file that has it. */
  readonly name: string;
  readonly stacks?: Stacks;
  /** That file, and what stands beside it. */
  readonly files: ReadonlyMap<string, string>;
  readonly meant: Meant;
  /** Review rules. */
  readonly rules: object;
}

/** A workflow that is ready to run, and where its provider looks for it. */
export interface Pipeline {
  readonly path: string;
  readonly text: string;
}

/** Where a review looks for a team's rules. */
const RULES = 'cpanel-edge.rules.json';

/** The files of a new project, by their paths in it. `version`: of this package. */
export const projectFiles = (
  { name, stacks, files, meant, rules }: Project,
  version: string,
  pipeline?: Pipeline,
): ReadonlyMap<string, string> =>
  new Map([
    ['package.json', json(packageJson(name, stacks ?? [name], version))],
    ['tsconfig.json', json(TSCONFIG)],
    ['cdktf.json', json(cdktfJson(name))],
    ['main.ts', mainText(name, stacks)],
    ...files,
    [`__tests__/${name}.test.ts`, testText(name, stacks, meant)],
    [RULES, json({ $schema: 'node_modules/cpanel-edge/docs/schemas/rules-1.json', format: 1, ...rules })],
    ['.gitignore', IGNORED],
    ...(pipeline === undefined ? [] : [[pipeline.path, pipeline.text] as const]),
  ]);

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const packageJson = (name: string, stacks: readonly string[], version: string): object => ({
  name,
  version: '0.0.0',
  private: true,
  scripts: {
    synth: 'cdktf synth',
    plan: [
      'cdktf synth',
      ...stacks.flatMap((stack) =>
        ['init', 'plan -out=plan'].map((does) => `terraform -chdir=cdktf.out/stacks/${stack} ${does}`),
      ),
    ].join(' && '),
    review: 'cpanel-edge review',
    test: 'jest',
  },
  dependencies: { ...DEPENDENCIES, 'cpanel-edge': version },
  devDependencies: DEV_DEPENDENCIES,
  jest: { preset: 'ts-jest', testEnvironment: 'node' },
});

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'CommonJS',
    types: ['node', 'jest'],
    strict: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
  },
  exclude: ['node_modules', 'cdktf.out'],
};

const cdktfJson = (name: string): object => ({
  language: 'typescript',
  app: 'npx --no-install ts-node main.ts',
  projectId: name,
  sendCrashReports: 'false',
  terraformProviders: [],
  terraformModules: [],
});

const IGNORED = ['node_modules', 'cdktf.out', 'cdktf.log', '.terraform', '*.tfstate*', ''].join('\n');

const mainText = (name: string, stacks: Stacks): string => `import { App } from 'cdktf';
import { ${classIn(name, stacks)} } from './${name}';

const app = new App();
new ${classIn(name, stacks)}(app${stacks ? '' : `, '${name}'`});
app.synth();
`;

const classIn = (name: string, stacks: Stacks): string => `${classOf(name)}${stacks ? 's' : ''}`;

/** Says once more what is meant, so that a change of the stack has to be meant twice. */
function testText(name: string, stacks: Stacks, { openings, perhaps, remarks }: Meant): string {
  const wider = perhaps.length > 0;
  return [
    "import { Testing } from 'cdktf';",
    "import { exposureMatchers, type WantedExposure } from 'cpanel-edge/testing';",
    `import { ${classIn(name, stacks)} } from '../${name}';`,
    '',
    'expect.extend(exposureMatchers);',
    '',
    ...remarks.map((one) => `// ${one}`),
    ...list('meant', openings),
    ...(wider
      ? [
          '',
          '// Open in part, or nobody can decide it: a single type of ICMP, a limit, a list that the device fills.',
          ...list('perhaps', perhaps),
        ]
      : []),
    '',
    "it('opens what is meant, and nothing else', () => {",
    '  const app = Testing.app();',
    `  new ${classIn(name, stacks)}(app${stacks ? '' : `, '${name}'`});`,
    '  for (const one of meant) expect(app).toExpose(one);',
    `  expect(app).toExposeNothingElse(${wider ? '[...meant, ...perhaps]' : 'meant'});`,
    '});',
    '',
  ].join('\n');
}

function list(name: string, openings: readonly Opening[]): readonly string[] {
  const before = `const ${name}: readonly WantedExposure[] = `;
  return [`${before}${printed(JSON.parse(JSON.stringify(openings)) as Written, '', before.length)};`];
}
