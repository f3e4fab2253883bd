// The user projects in which the npm package is tested, each with its installer, module system and versions of
// cdktf. `make-project.ts` creates them.
export type Framework = 'cdktf' | 'cdktn';

/** A user's project that installs the tarball. */
export interface Project {
  readonly name: string;
  /**
   * Its folder in `projects/`. With `template` the unchanged files of `cdktf init --template=typescript` come first.
   */
  readonly files: 'template' | 'commonjs' | 'es-module';
  readonly installer: 'npm' | 'pnpm' | 'yarn';
  /** The framework that its files import. */
  readonly framework: Framework;
  readonly dependencies: Readonly<Partial<Record<Framework | 'aliased', string>> & Record<'constructs', string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** The quick tier runs this project, too. */
  readonly isQuick?: true;
  /** The commands to run after the install, in a shell that finds the project's programs. */
  readonly run: readonly string[];
}

// The template's own scripts, and the command that its cdktf.json has cdktf run.
const AS_IN_THE_TEMPLATE = [
  'npm run --silent build',
  'npx --no-install ts-node main.ts',
  'npm test --silent -- --ci=false',
];

/** Runs a program of the project and fails if it loads a package. */
const runWithout = (program: string, unwanted: Framework): string =>
  `node -e "require('./${program}'); const loaded = Object.keys(require.cache).filter((file) => file.includes('/node_modules/${unwanted}/')); if (loaded.length > 0) throw new Error(loaded[0] + ' is loaded')"`;

/**
 * The projects have each value at least once, not every combination: both frameworks with every installer but one, the
 * oldest and the newest constructs that each takes, TypeScript 5.0 to 7.0, the ways to find a module. The unchanged
 * template needs TypeScript 5. With 6 its own test doesn't find the types of Jest. With 7 ts-node and ts-jest don't
 * find the compiler.
 */
export const PROJECTS: readonly Project[] = [
  {
    name: 'template-cdktn',
    files: 'template',
    framework: 'cdktn',
    installer: 'pnpm',
    dependencies: { cdktn: '0.24.0', constructs: '10.7.2' },
    devDependencies: {
      '@jest/globals': '29.7.0', // pnpm gives a project what it names, and nothing else
      '@types/jest': '29.5.14',
      '@types/node': '20.19.43',
      jest: '29.7.0',
      'ts-jest': '29.4.15',
      'ts-node': '10.9.2',
      typescript: '5.0.4',
    },
    run: AS_IN_THE_TEMPLATE,
  },
  {
    name: 'template-cdktf',
    isQuick: true,
    files: 'template',
    framework: 'cdktf',
    installer: 'npm',
    dependencies: { cdktf: '0.21.0', constructs: '10.8.1' },
    devDependencies: {
      '@types/jest': '30.0.0',
      '@types/node': '26.6.6',
      jest: '30.5.2',
      'ts-jest': '29.4.15',
      'ts-node': '10.9.2',
      typescript: '5.9.3',
    },
    run: AS_IN_THE_TEMPLATE,
  },
  {
    name: 'es-module-cdktf',
    files: 'es-module',
    framework: 'cdktf',
    installer: 'yarn',
    dependencies: { cdktf: '0.21.0', constructs: '10.4.2' },
    devDependencies: { '@types/node': '20.19.43', typescript: '7.0.2', 'typescript-6': 'npm:typescript@6.0.3' },
    run: ['tsc', 'node node_modules/typescript-6/bin/tsc -p tsconfig.bundler.json', 'node main.js', 'node exposure.js'],
  },
  {
    name: 'es-module-cdktn',
    files: 'es-module',
    framework: 'cdktn',
    installer: 'yarn',
    dependencies: { cdktn: '0.24.0', constructs: '10.7.2' },
    devDependencies: { '@types/node': '20.19.43', typescript: '6.0.3' },
    run: ['tsc', 'node main.js', 'node exposure.js'],
  },
  {
    name: 'commonjs-cdktn',
    files: 'commonjs',
    framework: 'cdktn',
    installer: 'npm',
    dependencies: { cdktn: '0.24.0', constructs: '10.6.0' },
    devDependencies: { '@types/node': '20.19.43', typescript: '5.9.3' },
    run: ['tsc', 'node main.js', 'node exposure.js'],
  },
  {
    // Each program loads its own framework alone. A framework under another name is refused.
    name: 'both-frameworks',
    isQuick: true,
    files: 'commonjs',
    framework: 'cdktn',
    installer: 'npm',
    dependencies: { cdktf: '0.21.0', cdktn: '0.24.0', aliased: 'npm:cdktn@0.24.0', constructs: '10.7.2' },
    devDependencies: { '@types/node': '20.19.43', typescript: '5.9.3' },
    run: [
      'tsc',
      runWithout('main.js', 'cdktf'),
      `sed 's/"cdktn"/"cdktf"/' main.js >former.js && CDKTF_OUTDIR=former.out ${runWithout('former.js', 'cdktn')}`,
      `sed 's/"cdktn"/"aliased"/' main.js >aliased.js && ! CDKTF_OUTDIR=aliased.out node aliased.js 2>refused`,
      'grep constructs/no-framework refused',
      'node exposure.js',
    ],
  },
];
