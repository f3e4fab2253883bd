import { inflateSync } from 'node:zlib';
import { TerraformStack, Testing } from 'cdktf';
import { decodeWork } from '../../lib/delivering/codec';
import { Release } from '../../lib/delivering/release';

type Json = Record<string, unknown>;

/** What Terraform receives, parsed. */
export const synthesized = (stack: TerraformStack): Json => JSON.parse(Testing.synth(stack)) as Json;

const unwrapped = (value: string): string => Buffer.from(/^\$\{sensitive\("(.*)"\)\}$/.exec(value)![1]!, 'base64').toString('utf8');

interface LocalExec {
  readonly environment: Record<string, string>;
}

/** The releases that a stack's provisioners carry, by the name of their resource. */
export function releasesOf(stack: TerraformStack): ReadonlyMap<string, Release> {
  const resources = synthesized(stack)['resource'] as Record<string, Record<string, { provisioner: { 'local-exec': LocalExec }[] }>>;
  return new Map(
    Object.values(resources).flatMap((byName) =>
      Object.entries(byName)
        .filter(([name]) => !name.endsWith('_holder'))
        .map(([name, { provisioner }]) => [name, decodeWork(provisioner[0]!['local-exec'].environment, inflateSync).release]),
    ),
  );
}

/**
 * What Terraform receives as a person reads it: the text by lines in place of its base64, and the work, whose bytes differ between
 * builds of zlib, as what it says beside the release. That work and triggers hold one release is checked on the way.
 */
export function readable(stack: TerraformStack): Json {
  const releases = releasesOf(stack);
  const visit = (value: unknown, key: string, path: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((each) => visit(each, key, path));
    if (typeof value === 'object' && value !== null) {
      const work = Object.keys(value).some((name) => name.startsWith('CPANEL_EDGE_WORK_'));
      const kept = Object.entries(value).filter(([name]) => !name.startsWith('CPANEL_EDGE_WORK_'));
      const inner = Object.fromEntries(kept.map(([name, each]) => [name, visit(each, name, [...path, name])]));
      return work ? { ...inner, CPANEL_EDGE_WORK: workOf(value as Record<string, string>) } : inner;
    }
    if (typeof value !== 'string' || !value.startsWith('${sensitive(')) return value;
    const release = releases.get(path.find((name) => releases.has(name))!)!;
    const text = unwrapped(value);
    if (text !== release[key as 'text' | 'policy']) throw new Error(`The trigger ${path.join('.')} is not what the work carries.`);
    return key === 'text' ? text.split('\n') : 'as in the work';
  };
  return visit(synthesized(stack), '', []) as Json;
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
