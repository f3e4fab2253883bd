// Reads the ownership records with their releases from a synthesized stack (cdktf.out).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { BytesTransform, WORK_VARIABLE, decodeWork, isConnection, isRecord } from '../lib/agent-protocol/work-codec';
import { Connection, Release } from '../lib/agent-protocol/release';
import { computeLimit } from '../lib/net/step-budget';
import { RAISE_BUDGET_HINT } from '../lib/problems/step-budget-problems';
import { Problem, Refusal } from '../lib/problems/problem';

/** One owner on one device in a synthesized stack. */
export interface OwnershipRecord {
  /** The stack's folder in the caller's form. */
  readonly stack: string;
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  readonly connection: Connection;
  /**
   * The release that the next apply of this folder delivers, and its address in Terraform; undefined if the stack has
   * none for it.
   */
  readonly release?: Release;
  readonly address?: string;
}

/** About ten times the size of the work for ten thousand mappings. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/**
 * Returns the inflater for all works from one untrusted place, with a common limit: few bytes may inflate to a thousand
 * times as many.
 *
 * @throws Refusal delivering/work-too-large.
 */
export function createInflater(resourceName: string): BytesTransform {
  let bytesLeft = computeLimit(MAX_INFLATED_BYTES);
  return (bytes) => {
    try {
      const inflated = inflateSync(bytes, { maxOutputLength: Math.max(1, bytesLeft) });
      bytesLeft -= inflated.length;
      return inflated;
    } catch (error) {
      if (isRecord(error) && error['code'] === 'ERR_BUFFER_TOO_LARGE')
        throw new Refusal([createWorkTooLargeProblem(resourceName)]);
      throw error;
    }
  };
}

const createWorkTooLargeProblem = (where: string): Problem => ({
  code: 'delivering/work-too-large',
  where,
  what: `What it delivers unpacks to more than ${computeLimit(MAX_INFLATED_BYTES) / 1024 / 1024} MiB, and no release is that large.`,
  instead: `synthesize the stack again; or its owners in stacks of their own. ${RAISE_BUDGET_HINT}`,
});

/**
 * Returns every ownership record of the stack in this folder; undefined if the folder has no stack.
 *
 * @throws Refusal cli/stack-unreadable.
 */
export function readOwnershipRecords(stack: string): readonly OwnershipRecord[] | undefined {
  const path = join(stack, 'cdk.tf.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isRecord(error) && (error['code'] === 'ENOENT' || error['code'] === 'ENOTDIR')) return undefined;
    throw new Refusal([createUnreadableProblem(path, error instanceof Error ? error.message : 'It cannot be read.')]);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal([createUnreadableProblem(path, 'It is no whole JSON.')]);
  }
  const resources = isRecord(json) && isRecord(json['resource']) ? json['resource'] : {};
  const data = isRecord(resources['terraform_data']) ? resources['terraform_data'] : {};
  const nulls = isRecord(resources['null_resource']) ? resources['null_resource'] : {};
  return Object.entries(data).flatMap(([id, resource]) => {
    const input = isRecord(resource) ? resource['input'] : undefined;
    if (!id.endsWith('_holder') || !isRecord(input)) return [];
    const name = id.slice(0, -'_holder'.length);
    const release = findRelease(path, Object.hasOwn(nulls, name) ? nulls[name] : data[name]);
    const address = `${Object.hasOwn(nulls, name) ? 'null_resource' : 'terraform_data'}.${name}`;
    return [
      {
        ...parseOwnershipRecord(path, id, unescapeTemplates(path, input)),
        stack,
        ...(release === undefined ? {} : { release, address }),
      },
    ];
  });
}

function parseOwnershipRecord(path: string, id: string, input: unknown): Omit<OwnershipRecord, 'stack'> {
  const { device, owner, role, platform, connection } = isRecord(input) ? input : {};
  if (
    typeof device !== 'string' ||
    typeof owner !== 'string' ||
    (role !== 'gateway' && role !== 'server') ||
    !isConnection(connection)
  ) {
    throw new Refusal([createUnreadableProblem(path, `${id} holds no device, owner, role and connection.`)]);
  }
  return {
    device,
    owner,
    role,
    connection: { ...(connection as Connection), ...(typeof platform === 'string' ? { platform } : {}) },
  };
}

/**
 * Returns the value with Terraform's escaped templates unescaped.
 *
 * @throws Refusal for a template that is not escaped.
 */
function unescapeTemplates(path: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (/(?<!\$)\$\{|(?<!%)%\{/.test(value))
      throw new Refusal([createUnreadableProblem(path, `"${value}" is known to Terraform only, when it is applied.`)]);
    return value.split('$${').join('${').split('%%{').join('%{');
  }
  if (Array.isArray(value)) return value.map((item) => unescapeTemplates(path, item));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [unescapeTemplates(path, key), unescapeTemplates(path, item)]),
  );
}

/**
 * Returns the release in the environment of its provisioner, like the driver gets it.
 *
 * @throws Refusal delivering/…
 */
function findRelease(resourceName: string, resource: unknown): Release | undefined {
  const provisioners = isRecord(resource) && Array.isArray(resource['provisioner']) ? resource['provisioner'] : [];
  for (const provisioner of provisioners as readonly unknown[]) {
    const exec = isRecord(provisioner) ? provisioner['local-exec'] : undefined;
    const environment = isRecord(exec) ? exec['environment'] : undefined;
    if (!isRecord(environment) || typeof environment[`${WORK_VARIABLE}0`] !== 'string') continue;
    const texts = Object.fromEntries(
      Object.entries(environment).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
    );
    return decodeWork(texts, createInflater(resourceName)).release;
  }
  return undefined;
}

const createUnreadableProblem = (path: string, what: string): Problem => ({
  code: 'cli/stack-unreadable',
  where: path,
  what,
  instead: 'synthesize the stack again, or name a connection with --connection.',
});
