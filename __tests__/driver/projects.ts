// Writes the folder of a synthesized stack that delivers a given release.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack, Testing } from 'cdktf';
import { ReleaseResource, emitDelivery } from '../../constructs/internal/emit-delivery';
import { Connection, Release } from '../../lib/agent-protocol/release';

/** Returns a synthesized stack that delivers this release. */
export function stackText(
  release: Release,
  connection: Connection,
  id = 'production',
  as: ReleaseResource = 'terraform_data',
): string {
  const stack = new TerraformStack(new App({ stackTraces: false }), id);
  emitDelivery(stack, release, as, () => ({ release, connection }));
  return Testing.synth(stack);
}

/** Creates a project with these synthesized stacks. */
export function projectIn(root: string, stacks: Readonly<Record<string, string>>): string {
  mkdirSync(root);
  writeFileSync(join(root, 'cdktf.json'), '{ "language": "typescript" }');
  for (const [stack, text] of Object.entries(stacks)) {
    mkdirSync(join(root, 'cdktf.out', 'stacks', stack), { recursive: true });
    writeFileSync(join(root, 'cdktf.out', 'stacks', stack, 'cdk.tf.json'), text);
  }
  return root;
}
