// Finds the folders of synthesized stacks (cdktf.out) and parses cdk.tf.json files, for `review` and `exposure`.
import { existsSync, readdirSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { parseJson, getMaxBytes, createTooLargeProblem } from '../lib/json/parse-json';
import { Problem, Refusal } from '../lib/problems/problem';
import { scanJson } from '../lib/review/rules/parse-rules-json';
import { isFile, isFolder, getSize } from './file-stats';
import { findOutputFolder } from './target';
import { readFileOrRefuse } from './file-io';
import { findFrameworkCommand } from '../driver/operator-project';

export const STACK_FILE = 'cdk.tf.json';

/**
 * Returns the parsed stack of a file.
 * @throws Refusal cli/plan-unreadable, review/not-readable
 */
export const readStackFile = (path: string): unknown => {
  if (getSize(path) > getMaxBytes()) throw new Refusal([createTooLargeProblem(path)]);
  const bytes = readFileOrRefuse(path, (reason) => createUnreadable(path, reason));
  return parseStack(bytes, path);
};

/**
 * Returns the parsed stack of these bytes. It refuses a key that one object has twice: Terraform takes it for two
 * blocks and runs both, and JSON.parse keeps the last one.
 * @throws Refusal review/not-readable
 */
export function parseStack(bytes: Buffer, name: string): unknown {
  const stack = parseJson(bytes, name, createSynthHint);
  const [first] = scanJson(bytes.toString('utf8')).duplicateKeys;
  if (first === undefined) return stack;
  const message = `One object has the key "${first.key}" twice. Terraform takes it for two blocks, and this review would see the last one alone.`;
  throw new Refusal([{ code: 'review/not-readable', where: name, what: message, instead: createSynthHint() }]);
}

const createSynthHint = (): string => `${findFrameworkCommand()} synth again; then plan again.`;

/**
 * Returns the stacks that the manifest names: folders that the framework left over of an earlier synthesis are in no
 * manifest. Of a project's folder it returns the stacks of the output folder.
 */
export function listStackFolders(folder: string): readonly { readonly name: string; readonly path: string }[] {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    const stacks = join(folder, 'stacks');
    const names = isFolder(stacks) ? readdirSync(stacks).sort() : [];
    const folders = names.map((name) => ({ name, path: join(stacks, name) })).filter(({ path }) => isFolder(path));
    const output = join(folder, findOutputFolder(folder));
    const isProject = folders.length === 0 && isFile(join(folder, 'cdktf.json')) && output !== normalize(folder);
    return isProject ? listStackFolders(output) : folders;
  }
  const json = readStackFile(manifest);
  const stacks = isRecord(json) && isRecord(json['stacks']) ? json['stacks'] : {};
  return Object.entries(stacks).map(([name, entry]) => {
    const working = isRecord(entry) ? entry['workingDirectory'] : undefined;
    if (typeof working !== 'string' || normalize(working).startsWith(`..`) || normalize(working).startsWith(sep))
      throw new Refusal([createOddManifestProblem(manifest, name)]);
    return { name, path: join(folder, working) };
  });
}

export const createUnreadable = (where: string, reason: string): Problem => ({
  code: 'cli/plan-unreadable',
  where,
  what: `It can't be read: ${reason}.`,
  instead: 'a plan file, its JSON, a folder such as cdktf.out, or - for standard input.',
});

const createOddManifestProblem = (where: string, stack: string): Problem => ({
  code: 'cli/manifest-unreadable',
  where,
  what: `It names no folder of its own for the stack ${stack}.`,
  instead: `${findFrameworkCommand()} synth again.`,
});
