// Renders the TypeScript source of Terraform stacks: imports, class, constructs and comments; for `init` and the
// imports.

import { TypescriptValue, printTypescriptValue, quoteString } from './print-typescript';

/** The frameworks that a stack can import. The second continues the first, which HashiCorp archived. */
export const FRAMEWORK_NAMES = ['cdktf', 'cdktn'] as const;
export type FrameworkName = (typeof FRAMEWORK_NAMES)[number];
export const DEFAULT_FRAMEWORK: FrameworkName = 'cdktf';

/** The source file of a stack, for a person to continue. */
interface StackSource {
  /** `edge`: its class is EdgeStack. */
  readonly name: string;
  readonly about: string;
  readonly framework: FrameworkName;
  /** The names that it imports from this package. */
  readonly uses: readonly string[];
  /** Whether it reads files beside it. */
  readonly reads?: boolean;
  readonly statements: readonly string[];
}

/** Returns the class name of a stack: `edge-1` is Edge1Stack. */
export const toClassName = (name: string): string =>
  `${name.replace(/(?:^|-+)(\w?)/g, (_, letter: string) => letter.toUpperCase())}Stack`;

export const renderStackSource = ({ name, about, framework, uses, reads = false, statements }: StackSource): string =>
  [
    ...(reads ? ["import { readFileSync } from 'node:fs';"] : []),
    ...renderImports(
      [`import { TerraformStack } from '${framework}';`, "import { Construct } from 'constructs';"],
      uses,
    ),
    `/** ${about} */`,
    `export class ${toClassName(name)} extends TerraformStack {`,
    '  constructor(scope: Construct, id: string) {',
    '    super(scope, id);',
    ...renderComment(4, describeState('a file beside this one', 'it')),
    '',
    ...statements,
    '  }',
    '}',
    '',
  ].join('\n');

/**
 * Renders the source of several stacks, each with a name of its own. Statements refer to them as `this.gateways`, and
 * to the app as `app`.
 */
export const renderStacksSource = (
  { name, about, framework, uses, statements }: Omit<StackSource, 'reads'>,
  stacks: readonly string[],
): string =>
  [
    ...renderImports([`import { App, TerraformStack } from '${framework}';`], uses),
    `/** ${about} */`,
    `export class ${toClassName(name)}s {`,
    ...stacks.map((stackName) => `  readonly ${stackName}: TerraformStack;`),
    '',
    '  constructor(app: App) {',
    ...renderComment(4, describeState('files beside this one, one of each stack', 'each')),
    ...stacks.map((stackName) => `    this.${stackName} = new TerraformStack(app, ${quoteString(stackName)});`),
    '',
    ...statements,
    '  }',
    '}',
    '',
  ].join('\n');

const describeState = (files: string, readers: string): string =>
  `Terraform keeps its state in ${files}. Before a pipeline applies, give ${readers} a backend that locks (PgBackend, S3Backend).`;

const renderImports = (frameworkImports: readonly string[], names: readonly string[]): readonly string[] => [
  ...frameworkImports,
  `import { ${[...names].sort().join(', ')} } from 'cpanel-edge';`,
  '',
];

/**
 * Renders a construct. `before`: the text before it at this indent, nothing or a name that it gets. `scope`: the stack
 * that it is in.
 */
export const renderConstruct = (
  before: string,
  kind: string,
  id: string,
  props: readonly string[],
  {
    indent = 4,
    end = ';',
    scope = 'this',
  }: { readonly indent?: number; readonly end?: string; readonly scope?: string } = {},
): readonly string[] => [
  `${' '.repeat(indent)}${before}new ${kind}(${scope}, ${quoteString(id)}, {`,
  ...props,
  `${' '.repeat(indent)}})${end}`,
];

/** Renders the fields of plain data, such as an intent. */
export const renderFields = (indent: number, values: object): readonly string[] =>
  Object.entries(JSON.parse(JSON.stringify(values)) as Readonly<Record<string, TypescriptValue>>).map(
    ([key, value]) => {
      const margin = ' '.repeat(indent);
      return `${margin}${key}: ${printTypescriptValue(value, margin, key.length + 2)},`;
    },
  );

/** The comment on a connection: where its host keys come from. */
export const HOST_KEYS_COMMENT =
  'Where SSH reaches it, as root, or as the user that "user" names. Its keys are lines of /etc/ssh/ssh_host_*_key.pub, from its console and not from the network.';

const MAX_LINE_LENGTH = 120;

/** Renders a comment on as many lines as it takes. */
export function renderComment(indent: number, text: string): readonly string[] {
  const before = `${' '.repeat(indent)}//`;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > MAX_LINE_LENGTH) lines.push(`${before} ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
