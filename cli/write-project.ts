// Renders and writes the files of a new project, for `cpanel-edge init` and `cpanel-edge import`. A failure restores
// the earlier files.
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Option } from 'commander';
import { FrameworkName } from '../lib/report/render-stack-source';
import { Pipeline, Project, createProjectFiles } from '../lib/project/project-files';
import { createFolder } from './import-files';
import { isFile } from './file-stats';
import { readPackaged, getVersion } from './package-files';
import { writeAtomically } from './file-io';

/** The path at which each provider looks for its workflow. */
const PIPELINES = { github: '.github/workflows/cpanel-edge.yml', gitlab: '.gitlab-ci.yml' } as const;

export type Provider = keyof typeof PIPELINES | 'none';

export const createPipelineOption = (): Option =>
  new Option('--pipeline <provider>', 'the workflow that reviews and applies')
    .choices([...Object.keys(PIPELINES), 'none'])
    .default('github');

/** Returns the texts of a project's files by their paths in the project. */
export const renderProjectFiles = (project: Project, provider: Provider): ReadonlyMap<string, string> =>
  createProjectFiles(
    project,
    getVersion(),
    provider === 'none' ? undefined : loadWorkflow(provider, project.framework),
  );

const loadWorkflow = (provider: keyof typeof PIPELINES, framework: FrameworkName): Pipeline => ({
  path: PIPELINES[provider],
  text: readPackaged(`pipelines/${provider}/cpanel-edge.yml`).replaceAll(
    'npx --no-install cdktf ',
    `npx --no-install ${framework} `,
  ),
});

/**
 * Writes all files, or none: a failure restores what was there before.
 * @throws Refusal cli/file-unwritable
 */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  const before = new Map<string, Buffer | undefined>();
  try {
    for (const [name, text] of files) {
      const path = join(folder, name);
      createFolder(dirname(path));
      const formerContent = isFile(path) ? readFileSync(path) : undefined;
      writeAtomically(path, text);
      before.set(path, formerContent);
    }
  } catch (error) {
    for (const [path, formerContent] of before) {
      if (formerContent) writeAtomically(path, formerContent);
      else rmSync(path, { force: true });
    }
    throw error;
  }
}

export const formatMadeUp = (fileNames: string, values: readonly string[]): readonly string[] =>
  values.length === 0
    ? []
    : [
        `Examples, so change them in ${fileNames} before anything is delivered:`,
        ...values.map((value) => `  ${value}`),
      ];

/** Returns the commands to type next. They install the archive, because a registry may not have this version. */
export const formatNextSteps = (folder: string): readonly string[] => [
  'Next:',
  ...(folder === '.' ? [] : [`  cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`}`]),
  `  npm install PATH/cpanel-edge-${getVersion()}.tgz    # where this command is from; npm install alone, once npm has this version`,
  '  npm test',
  '  npm run plan && npm run review                 # with Terraform',
];
