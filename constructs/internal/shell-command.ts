import { App, TerraformElement, TerraformStack } from 'cdktf';

type CommandScope = ConstructorParameters<typeof TerraformElement>[0];

/**
 * `exec`: the driver takes the shell's place, so that an interrupted Terraform kills it and not a shell in front of it. The path leads
 * from the stack's output folder to this package's own command, also where a plan is applied on another machine with the same layout.
 */
export const renderShellCommand = (scope: CommandScope, verb: 'deliver' | 'retract'): string =>
  `exec \${CPANEL_EDGE:-${quoteShell(computeRelativePath(getStackFolder(scope), getBuiltCommand(__dirname)))}} ${verb}`;

function getStackFolder(scope: CommandScope): string {
  const { outdir } = App.of(scope);
  return `${outdir.startsWith('/') ? outdir : `${process.cwd()}/${outdir}`}/stacks/${TerraformStack.of(scope).node.id}`;
}

/**
 * Whether Terraform can start the command where this file is: a shell finds nothing in an archive of Yarn's Plug'n'Play, nor in the folders that
 * only its loader knows, nor beside a bundle that has this file's code and none of its neighbours.
 */
export const hasCommand = (folder = __dirname): boolean =>
  folder.endsWith('/constructs/internal') && !/\.zip\/|\/__virtual__\//.test(folder);

/** This file is `constructs/internal/` of the repository, or of `dist/` where the package is built. */
function getBuiltCommand(folder: string): string {
  const root = folder.split('/').slice(0, -2).join('/');
  return `${root.endsWith('/dist') ? root : `${root}/dist`}/cli/main.js`;
}

function computeRelativePath(from: string, to: string): string {
  const [start, end] = [splitPath(from), splitPath(to)];
  let same = 0;
  while (same < start.length && start[same] === end[same]) same += 1;
  return [...start.slice(same).map(() => '..'), ...end.slice(same)].join('/');
}

function splitPath(path: string): readonly string[] {
  const out: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') out.pop();
    else if (step !== '' && step !== '.') out.push(step);
  }
  return out;
}

const quoteShell = (text: string): string => (/^[\w./@+-]+$/.test(text) ? text : `'${text.split("'").join(`'\\''`)}'`);
