import { Written, printed, quoted } from './typescript';

/** The file of a stack, for a person to go on with. */
interface StackSource {
  /** `edge`: its class is EdgeStack. */
  readonly name: string;
  readonly about: string;
  /** What it uses of this package. */
  readonly uses: readonly string[];
  /** Whether it reads files beside it. */
  readonly reads?: boolean;
  readonly statements: readonly string[];
}

/** `edge-1` is Edge1Stack. */
export const classOf = (name: string): string =>
  `${name.replace(/(?:^|-+)(\w?)/g, (_, letter: string) => letter.toUpperCase())}Stack`;

export const stackSource = ({ name, about, uses, reads = false, statements }: StackSource): string =>
  [
    ...(reads ? ["import { readFileSync } from 'node:fs';"] : []),
    ...imported(["import { TerraformStack } from 'cdktf';", "import { Construct } from 'constructs';"], uses),
    `/** ${about} */`,
    `export class ${classOf(name)} extends TerraformStack {`,
    '  constructor(scope: Construct, id: string) {',
    '    super(scope, id);',
    ...remark(4, stateIn('a file beside this one', 'it')),
    '',
    ...statements,
    '  }',
    '}',
    '',
  ].join('\n');

/** The same of several stacks, each by a name of its own; statements say `this.gateways`, and `app` for all of them. */
export const stacksSource = (
  { name, about, uses, statements }: Omit<StackSource, 'reads'>,
  stacks: readonly string[],
): string =>
  [
    ...imported(["import { App, TerraformStack } from 'cdktf';"], uses),
    `/** ${about} */`,
    `export class ${classOf(name)}s {`,
    ...stacks.map((one) => `  readonly ${one}: TerraformStack;`),
    '',
    '  constructor(app: App) {',
    ...remark(4, stateIn('files beside this one, one of each stack', 'each')),
    ...stacks.map((one) => `    this.${one} = new TerraformStack(app, ${quoted(one)});`),
    '',
    ...statements,
    '  }',
    '}',
    '',
  ].join('\n');

const stateIn = (files: string, whom: string): string =>
  `Terraform keeps its state in ${files}. Before a pipeline applies, give ${whom} a backend that locks (PgBackend, S3Backend).`;

const imported = (others: readonly string[], uses: readonly string[]): readonly string[] => [
  ...others,
  `import { ${[...uses].sort().join(', ')} } from 'cpanel-edge';`,
  '',
];

/** `before` it stands at this indent: nothing, or a name that it gets. `scope`: the stack that it is in. */
export const construct = (
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
  `${' '.repeat(indent)}${before}new ${kind}(${scope}, ${quoted(id)}, {`,
  ...props,
  `${' '.repeat(indent)}})${end}`,
];

/** Of plain data, as an intent is. */
export const fields = (indent: number, of: object): readonly string[] =>
  Object.entries(JSON.parse(JSON.stringify(of)) as Readonly<Record<string, Written>>).map(([key, value]) => {
    const before = ' '.repeat(indent);
    return `${before}${key}: ${printed(value, before, key.length + 2)},`;
  });

/** Of a connection: where the keys are from. */
export const HOST_KEYS =
  'Where SSH reaches it, as root, or as the user that "user" names. Its keys are lines of /etc/ssh/ssh_host_*_key.pub, from its console and not from the network.';

const WIDTH = 120;

/** A comment, on as many lines as it takes. */
export function remark(indent: number, text: string): readonly string[] {
  const before = `${' '.repeat(indent)}//`;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > WIDTH) lines.push(`${before} ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
