// Synthesizes a stack in a test, and returns the Terraform JSON and the releases in it.

import { inflateSync } from 'node:zlib';
import { TerraformStack, Testing } from 'cdktf';
import { decodeWork } from '../../lib/agent-protocol/work-codec';
import { Release } from '../../lib/agent-protocol/release';

type Json = Record<string, unknown>;

/** Returns the parsed Terraform JSON of a stack. */
export const synthesized = (stack: TerraformStack): Json => JSON.parse(Testing.synth(stack)) as Json;

interface LocalExec {
  readonly environment: Record<string, string>;
}

/** The releases that a stack's provisioners carry, by the name of their resource. */
export function releasesOf(stack: TerraformStack): ReadonlyMap<string, Release> {
  const resources = synthesized(stack)['resource'] as Record<
    string,
    Record<string, { provisioner: { 'local-exec': LocalExec }[] }>
  >;
  return new Map(
    Object.values(resources).flatMap((byName) =>
      Object.entries(byName)
        .filter(([name]) => !name.endsWith('_holder'))
        .map(([name, { provisioner }]) => [
          name,
          decodeWork(provisioner[0]!['local-exec'].environment, inflateSync).release,
        ]),
    ),
  );
}

/**
 * Returns the Terraform JSON in readable form: the text by lines instead of base64, and the work, whose bytes differ
 * between builds of zlib, by its content beside the release. It also asserts that work and variables have the same
 * release.
 */
export function readable(stack: TerraformStack): Json {
  const releases = releasesOf(stack);
  const visit = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((each) => visit(each, path));
    if (typeof value === 'object' && value !== null) {
      const work = Object.keys(value).some((name) => name.startsWith('CPANEL_EDGE_WORK_'));
      const kept = Object.entries(value).filter(([name]) => !name.startsWith('CPANEL_EDGE_WORK_'));
      const inner = Object.fromEntries(kept.map(([name, each]) => [name, visit(each, [...path, name])]));
      return work ? { ...inner, CPANEL_EDGE_WORK: workOf(value as Record<string, string>) } : inner;
    }
    const [, name, part] = /^variable (.*)_(text|policy) default$/.exec(path.join(' ')) ?? [];
    if (name === undefined) return value;
    const text = Buffer.from(value as string, 'base64').toString('utf8');
    if (text !== releases.get(name)![part as 'text' | 'policy'])
      throw new Error(`The ${path.join('.')} is not what the work carries.`);
    return part === 'text' ? text.split('\n') : 'as in the work';
  };
  return visit(synthesized(stack), []) as Json;
}

function workOf(environment: Readonly<Record<string, string>>): Json {
  const { connection, release } = decodeWork(environment, inflateSync);
  const { text, policy, lines, ...rest } = release;
  return {
    connection,
    release: {
      ...rest,
      digest: `${release.digest.length} digits`,
      text: `${text.length > 0}`,
      policy: `${policy.length > 0}`,
      lines: lines.length,
    },
  };
}
