// Creates the files of a new project (package.json, tsconfig.json, cdktf.json, main.ts, test, review rules, pipeline)
// by path, around a stack that `init` or an import makes.

import { FrameworkName, toClassName } from '../report/render-stack-source';
import { TypescriptValue, printTypescriptValue } from '../report/print-typescript';
import { ExpectedExposure, ExposedService } from './expected-exposure';

/** The dependencies of a new project. The package test installs and runs exactly these versions. */
const FRAMEWORK_DEPENDENCIES: Readonly<Record<FrameworkName, Readonly<Record<string, string>>>> = {
  cdktf: { cdktf: '0.21.0', constructs: '10.8.1' },
  cdktn: { cdktn: '0.24.0', constructs: '10.7.2' },
};

const createDevDependencies = (framework: FrameworkName): Readonly<Record<string, string>> => ({
  '@types/jest': '30.0.0',
  '@types/node': '26.6.6',
  [`${framework}-cli`]: FRAMEWORK_DEPENDENCIES[framework][framework]!,
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  'ts-node': '10.9.2',
  typescript: '5.9.3',
});

/**
 * The names of two stacks: the gateways' and the servers'. Undefined: one stack has both, and the project's name.
 */
export type StackNames = readonly [gateways: string, servers: string] | undefined;

/** The parts of a project that differ from other projects. */
export interface Project {
  /** Name of its stack, and of the file with the stack. */
  readonly name: string;
  readonly framework: FrameworkName;
  readonly stacks?: StackNames;
  /** The content of that file and of the files beside it, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly expectedExposure: ExpectedExposure;
  /** Review rules. */
  readonly rules: object;
}

/** A workflow that is ready to run, and the path at which its provider looks for it. */
export interface Pipeline {
  readonly path: string;
  readonly text: string;
}

/** The file in which a review looks for a team's rules. */
const RULES_FILE = 'cpanel-edge.rules.json';

/** Returns the files of a new project, by path. `version` is that of this package. */
export const createProjectFiles = (
  { name, framework, stacks, files, expectedExposure: expected, rules }: Project,
  version: string,
  pipeline?: Pipeline,
): ReadonlyMap<string, string> =>
  new Map([
    ['package.json', printJsonFile(createPackageJson(name, framework, stacks ?? [name], version))],
    ['tsconfig.json', printJsonFile(TSCONFIG)],
    ['cdktf.json', printJsonFile(createCdktfJson(name))],
    ['main.ts', renderMain(name, framework, stacks)],
    ...files,
    [`__tests__/${name}.test.ts`, renderTest(name, framework, stacks, expected)],
    [
      RULES_FILE,
      printJsonFile({ $schema: 'node_modules/cpanel-edge/docs/reference/schemas/rules-1.json', format: 1, ...rules }),
    ],
    ['.gitignore', GITIGNORE],
    ...(pipeline === undefined ? [] : [[pipeline.path, pipeline.text] as const]),
  ]);

const printJsonFile = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const createPackageJson = (
  name: string,
  framework: FrameworkName,
  stacks: readonly string[],
  version: string,
): object => ({
  name,
  version: '0.0.0',
  private: true,
  scripts: {
    synth: `${framework} synth`,
    plan: [
      `${framework} synth`,
      ...stacks.flatMap((stack) =>
        ['init', 'plan -out=plan'].map((command) => `terraform -chdir=cdktf.out/stacks/${stack} ${command}`),
      ),
    ].join(' && '),
    review: 'cpanel-edge review',
    test: 'jest',
  },
  dependencies: { ...FRAMEWORK_DEPENDENCIES[framework], 'cpanel-edge': version },
  devDependencies: createDevDependencies(framework),
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

const createCdktfJson = (name: string): object => ({
  language: 'typescript',
  app: 'npx --no-install ts-node main.ts',
  projectId: name,
  sendCrashReports: 'false',
  terraformProviders: [],
  terraformModules: [],
});

const GITIGNORE = ['node_modules', 'cdktf.out', 'cdktf.log', '.terraform', '*.tfstate*', ''].join('\n');

const renderMain = (
  name: string,
  framework: FrameworkName,
  stacks: StackNames,
): string => `import { App } from '${framework}';
import { ${getStackClass(name, stacks)} } from './${name}';

const app = new App();
new ${getStackClass(name, stacks)}(app${stacks ? '' : `, '${name}'`});
app.synth();
`;

const getStackClass = (name: string, stacks: StackNames): string => `${toClassName(name)}${stacks ? 's' : ''}`;

/** Renders the test. It repeats the intended exposure, so that a change must be made in the stack and in the test. */
function renderTest(
  name: string,
  framework: FrameworkName,
  stacks: StackNames,
  { openings, perhaps, remarks }: ExpectedExposure,
): string {
  const hasUncertain = perhaps.length > 0;
  return [
    `import { Testing } from '${framework}';`,
    "import { exposureMatchers, type WantedExposure } from 'cpanel-edge/testing';",
    `import { ${getStackClass(name, stacks)} } from '../${name}';`,
    '',
    'expect.extend(exposureMatchers);',
    '',
    ...remarks.map((remarkText) => `// ${remarkText}`),
    ...renderExposures('meant', openings),
    ...(hasUncertain
      ? [
          '',
          '// Open in part, or not decidable: a single type of ICMP, a limit, a list that the device fills.',
          ...renderExposures('perhaps', perhaps),
        ]
      : []),
    '',
    "it('opens what is meant, and nothing else', () => {",
    '  const app = Testing.app();',
    `  new ${getStackClass(name, stacks)}(app${stacks ? '' : `, '${name}'`});`,
    '  for (const one of meant) expect(app).toExpose(one);',
    `  expect(app).toExposeNothingElse(${hasUncertain ? '[...meant, ...perhaps]' : 'meant'});`,
    '});',
    '',
  ].join('\n');
}

function renderExposures(name: string, openings: readonly ExposedService[]): readonly string[] {
  const declaration = `const ${name}: readonly WantedExposure[] = `;
  return [
    `${declaration}${printTypescriptValue(JSON.parse(JSON.stringify(openings)) as TypescriptValue, '', declaration.length)};`,
  ];
}
