import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Option } from 'commander';
import { Pipeline, Project, projectFiles } from '../lib/project/files';
import { made } from './import-files';
import { isFile } from './on-disk';
import { packaged, version } from './version';
import { writeWhole } from './whole-file';

/** Where each provider looks for its workflow. */
const PIPELINES = { github: '.github/workflows/cpanel-edge.yml', gitlab: '.gitlab-ci.yml' } as const;

export type Provider = keyof typeof PIPELINES | 'none';

export const pipelineOption = (): Option =>
  new Option('--pipeline <provider>', 'the workflow that reviews and applies')
    .choices([...Object.keys(PIPELINES), 'none'])
    .default('github');

/** By their paths in the project. */
export const filesOf = (project: Project, provider: Provider): ReadonlyMap<string, string> =>
  projectFiles(project, version(), provider === 'none' ? undefined : workflow(provider));

const workflow = (provider: keyof typeof PIPELINES): Pipeline => ({
  path: PIPELINES[provider],
  text: packaged(`pipelines/${provider}/cpanel-edge.yml`),
});

/** All, or none of them: then what was there before stands as it was. Throws Refusal cli/file-unwritable. */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  const before = new Map<string, Buffer | undefined>();
  try {
    for (const [name, text] of files) {
      const path = join(folder, name);
      made(dirname(path));
      const earlier = isFile(path) ? readFileSync(path) : undefined;
      writeWhole(path, text);
      before.set(path, earlier);
    }
  } catch (error) {
    for (const [path, earlier] of before) {
      if (earlier) writeWhole(path, earlier);
      else rmSync(path, { force: true });
    }
    throw error;
  }
}

export const madeUp = (where: string, values: readonly string[]): readonly string[] =>
  values.length === 0
    ? []
    : [`Made up, so change it in ${where} before anything is delivered:`, ...values.map((value) => `  ${value}`)];

/** What is typed then. A registry may have this version or not: the archive that somebody has is installed alike. */
export const next = (folder: string): readonly string[] => [
  'Next:',
  ...(folder === '.' ? [] : [`  cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`}`]),
  `  npm install PATH/cpanel-edge-${version()}.tgz    # where this command is from; npm install alone, once npm has this version`,
  '  npm test',
  '  npm run plan && npm run review                 # with Terraform',
];
