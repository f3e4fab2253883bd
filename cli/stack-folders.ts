import { existsSync, readdirSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { isRecord } from '../lib/agent-protocol/codec';
import { jsonFrom, mostBytes, tooLarge } from '../lib/json/json';
import { Problem, Refusal } from '../lib/problems/problem';
import { scan } from '../lib/review/rules/json';
import { isFile, isFolder, sizeOf } from './on-disk';
import { outputFolder } from './target';
import { readWhole } from './whole-file';

export const STACK_FILE = 'cdk.tf.json';

/** Throws Refusal cli/plan-unreadable, review/not-readable. */
export const stackFile = (path: string): unknown => {
  if (sizeOf(path) > mostBytes()) throw new Refusal([tooLarge(path)]);
  const bytes = readWhole(path, (why) => unreadable(path, why));
  return stackFrom(bytes, path);
};

/**
 * A stack of these bytes, parsed. Terraform takes a key that one object has twice for two blocks, and runs what is in both; JSON.parse keeps the last
 * one. Throws Refusal review/not-readable.
 */
export function stackFrom(bytes: Buffer, name: string): unknown {
  const instead = 'npx cdktf synth again; then plan again.';
  const stack = jsonFrom(bytes, name, instead);
  const [first] = scan(bytes.toString('utf8')).twice;
  if (first === undefined) return stack;
  const what = `One object has the key "${first.key}" twice. Terraform takes it for two blocks, and this review would see the last one alone.`;
  throw new Refusal([{ code: 'review/not-readable', where: name, what, instead }]);
}

/** As the manifest names them; what cdktf left over of a former synthesis is in no manifest. Of a project's folder, those of its output. */
export function stackFolders(folder: string): readonly { readonly name: string; readonly path: string }[] {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    const stacks = join(folder, 'stacks');
    const names = isFolder(stacks) ? readdirSync(stacks).sort() : [];
    const found = names.map((name) => ({ name, path: join(stacks, name) })).filter(({ path }) => isFolder(path));
    const output = join(folder, outputFolder(folder));
    const isProject = found.length === 0 && isFile(join(folder, 'cdktf.json')) && output !== normalize(folder);
    return isProject ? stackFolders(output) : found;
  }
  const read = stackFile(manifest);
  const stacks = isRecord(read) && isRecord(read['stacks']) ? read['stacks'] : {};
  return Object.entries(stacks).map(([name, one]) => {
    const working = isRecord(one) ? one['workingDirectory'] : undefined;
    if (typeof working !== 'string' || normalize(working).startsWith(`..`) || normalize(working).startsWith(sep))
      throw new Refusal([oddManifest(manifest, name)]);
    return { name, path: join(folder, working) };
  });
}

export const unreadable = (where: string, why: string): Problem => ({
  code: 'cli/plan-unreadable',
  where,
  what: `It can't be read: ${why}.`,
  instead: 'a plan file, its JSON, a folder such as cdktf.out, or - for standard input.',
});

const oddManifest = (where: string, stack: string): Problem => ({
  code: 'cli/manifest-unreadable',
  where,
  what: `It names no folder of its own for the stack ${stack}.`,
  instead: 'npx cdktf synth again.',
});
