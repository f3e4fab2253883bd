// Returns the shell command with which Terraform's provisioners start the driver: the built cli/main.js with the verb
// `deliver` or `retract`.
import { IConstruct } from 'constructs';
import { findStack, getOutputFolder } from './framework';

/**
 * Returns the command that Terraform runs. `exec` makes the driver replace the shell, so that an interrupted Terraform
 * kills the driver. The path is relative to the stack's output folder, so that a plan can be applied on another machine
 * with the same layout.
 */
export const renderShellCommand = (scope: IConstruct, verb: 'deliver' | 'retract'): string =>
  `exec \${CPANEL_EDGE:-${quoteShell(computeRelativePath(getStackFolder(scope), getBuiltCommand(__dirname)))}} ${verb}`;

function getStackFolder(scope: IConstruct): string {
  const folder = getOutputFolder(scope);
  return `${folder.startsWith('/') ? folder : `${process.cwd()}/${folder}`}/stacks/${findStack(scope)!.node.id}`;
}

/**
 * Returns whether Terraform can start the command beside this file. A shell can't read an archive of Yarn's Plug'n'Play
 * or its virtual folders, and a bundle has only this file's code.
 */
export const hasCommand = (folder = __dirname): boolean =>
  folder.endsWith('/constructs/internal') && !/\.zip\/|\/__virtual__\//.test(folder);

/**
 * Returns the path of the built command. This file is in `constructs/internal/` of the repository, or of `dist/` in the
 * built package.
 */
function getBuiltCommand(folder: string): string {
  const root = folder.split('/').slice(0, -2).join('/');
  return `${root.endsWith('/dist') ? root : `${root}/dist`}/cli/main.js`;
}

function computeRelativePath(sourcePath: string, targetPath: string): string {
  const [start, end] = [splitPath(sourcePath), splitPath(targetPath)];
  let commonLength = 0;
  while (commonLength < start.length && start[commonLength] === end[commonLength]) commonLength += 1;
  return [...start.slice(commonLength).map(() => '..'), ...end.slice(commonLength)].join('/');
}

function splitPath(path: string): readonly string[] {
  const resolvedSteps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') resolvedSteps.pop();
    else if (step !== '' && step !== '.') resolvedSteps.push(step);
  }
  return resolvedSteps;
}

const quoteShell = (text: string): string => (/^[\w./@+-]+$/.test(text) ? text : `'${text.split("'").join(`'\\''`)}'`);
