// usage: synthesized.ts PROJECT: what the sample's project synthesized, and that it can start the command. Writes the stack
// without what may differ (versions, folders) to PROJECT/stack.json, for comparison.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [project] = process.argv.slice(2) as [string];
const read = <T>(path: string): T => JSON.parse(readFileSync(join(project, path), 'utf8')) as T;

interface Resource {
  readonly triggers: Readonly<Record<string, string>>;
  readonly provisioner: readonly Readonly<
    Record<string, { readonly environment?: Readonly<Record<string, string>>; readonly command: string }>
  >[];
}
interface Stack {
  '//'?: unknown;
  terraform: { backend?: unknown };
  readonly resource: {
    readonly null_resource: Readonly<Record<string, Resource>>;
    readonly terraform_data: Readonly<Record<string, unknown>>;
  };
}

for (const name of ['cdktf', 'constructs']) {
  ok(!existsSync(join(project, 'node_modules/cpanel-edge/node_modules', name)), `the package brought a copy of ${name} of its own`);
}
deepStrictEqual(readdirSync(join(project, 'cdktf.out/stacks')), ['edge']);

const stack = read<Stack>('cdktf.out/stacks/edge/cdk.tf.json');
const releases = Object.entries(stack.resource.null_resource);
strictEqual(releases.length, 2, 'one release per device and owner');
strictEqual(Object.keys(stack.resource.terraform_data).length, 2, 'one holder per device and owner');

/** `${sensitive("…")}` or `${sensitive(base64encode(…))}`: the base64 text that stands in it. */
function textOf(trigger: string): string {
  const encoded = /([A-Za-z0-9+/]{40,}={0,2})/.exec(trigger)?.[1];
  ok(encoded !== undefined, `no base64 text in ${trigger}`);
  return Buffer.from(encoded, 'base64').toString('utf8');
}

const [gateway, server] = ['gw1', 'web1'].map((device) => {
  const found = releases.filter(([id]) => id.includes(device));
  strictEqual(found.length, 1, `one release of ${device}`);
  return found[0]![1];
}) as [Resource, Resource];
const readable = (resource: Resource): string => Object.entries(resource.triggers).flat().join('\n');
match(readable(gateway), /203\.0\.113\.10/);
match(readable(gateway), /10\.0\.0\.10/);
match(textOf(gateway.triggers.text ?? ''), /203\.0\.113\.10/);
match(textOf(server.triggers.text ?? ''), /\b443\b/);
for (const resource of [gateway, server]) {
  match(JSON.stringify(resource.provisioner), /cpanel-edge|CPANEL_EDGE/);
  ok(!JSON.stringify(resource).includes('${TODO'), 'unfinished text');
}

const command = join(project, 'node_modules/.bin/cpanel-edge');
match(execFileSync(command, ['--help'], { encoding: 'utf8' }), /deliver/);

delete stack['//'];
delete stack.terraform.backend;
writeFileSync(join(project, 'stack.json'), JSON.stringify(stack, null, 2).split(project).join('PROJECT'));
console.log(`package: ${releases.length} releases, their text holds the mapping and the openings, and the command starts`);
