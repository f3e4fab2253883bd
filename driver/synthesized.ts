import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { Squeeze, WORK_VARIABLE, decodeWork, isConnection, isRecord } from '../lib/agent-protocol/codec';
import { Connection, Release } from '../lib/agent-protocol/release';
import { allowed } from '../lib/net/work';
import { MORE_WORK } from '../lib/problems/more-work';
import { Problem, Refusal } from '../lib/problems/problem';

/** What a synthesized stack says of one owner on one device. */
export interface Holder {
  /** The stack's folder, as it was asked for. */
  readonly stack: string;
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  readonly connection: Connection;
  /** What the next apply of this folder delivers, and its address in Terraform; undefined where the stack holds none for it. */
  readonly release?: Release;
  readonly address?: string;
}

/** Some ten times what the work of ten thousand mappings takes. */
const MOST_INFLATED = 64 * 1024 * 1024;

/** For all works together that come from one place outside: few bytes become a thousand times as many. Throws Refusal delivering/work-too-large. */
export function inflateWithin(where: string): Squeeze {
  let left = allowed(MOST_INFLATED);
  return (bytes) => {
    try {
      const inflated = inflateSync(bytes, { maxOutputLength: Math.max(1, left) });
      left -= inflated.length;
      return inflated;
    } catch (error) {
      if (isRecord(error) && error['code'] === 'ERR_BUFFER_TOO_LARGE') throw new Refusal([workTooLarge(where)]);
      throw error;
    }
  };
}

const workTooLarge = (where: string): Problem => ({
  code: 'delivering/work-too-large',
  where,
  what: `What it delivers unpacks to more than ${allowed(MOST_INFLATED) / 1024 / 1024} MiB, and no release is that large.`,
  instead: `synthesize the stack again; or its owners in stacks of their own. ${MORE_WORK}`,
});

/** Every holder of the stack in this folder. Throws Refusal cli/stack-unreadable; undefined where the folder holds no stack. */
export function holdersIn(stack: string): readonly Holder[] | undefined {
  const path = join(stack, 'cdk.tf.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isRecord(error) && (error['code'] === 'ENOENT' || error['code'] === 'ENOTDIR')) return undefined;
    throw new Refusal([unreadable(path, error instanceof Error ? error.message : 'It cannot be read.')]);
  }
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new Refusal([unreadable(path, 'It is no whole JSON.')]);
  }
  const resources = isRecord(read) && isRecord(read['resource']) ? read['resource'] : {};
  const data = isRecord(resources['terraform_data']) ? resources['terraform_data'] : {};
  const nulls = isRecord(resources['null_resource']) ? resources['null_resource'] : {};
  return Object.entries(data).flatMap(([id, resource]) => {
    const input = isRecord(resource) ? resource['input'] : undefined;
    if (!id.endsWith('_holder') || !isRecord(input)) return [];
    const name = id.slice(0, -'_holder'.length);
    const release = releaseIn(path, Object.hasOwn(nulls, name) ? nulls[name] : data[name]);
    const address = `${Object.hasOwn(nulls, name) ? 'null_resource' : 'terraform_data'}.${name}`;
    return [
      { ...holderOf(path, id, plain(path, input)), stack, ...(release === undefined ? {} : { release, address }) },
    ];
  });
}

function holderOf(path: string, id: string, input: unknown): Omit<Holder, 'stack'> {
  const { device, owner, role, platform, connection } = isRecord(input) ? input : {};
  if (
    typeof device !== 'string' ||
    typeof owner !== 'string' ||
    (role !== 'gateway' && role !== 'server') ||
    !isConnection(connection)
  ) {
    throw new Refusal([unreadable(path, `${id} holds no device, owner, role and connection.`)]);
  }
  return {
    device,
    owner,
    role,
    connection: { ...(connection as Connection), ...(typeof platform === 'string' ? { platform } : {}) },
  };
}

/** Terraform's templates, which the stack's text has escaped, back to what was meant. Throws Refusal for one that is not escaped. */
function plain(path: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (/(?<!\$)\$\{|(?<!%)%\{/.test(value))
      throw new Refusal([unreadable(path, `"${value}" is known to Terraform only, when it is applied.`)]);
    return value.split('$${').join('${').split('%%{').join('%{');
  }
  if (Array.isArray(value)) return value.map((each) => plain(path, each));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [plain(path, key), plain(path, each)]));
}

/** From the environment of its provisioner, as the driver gets it. Throws Refusal delivering/… */
function releaseIn(where: string, resource: unknown): Release | undefined {
  const provisioners = isRecord(resource) && Array.isArray(resource['provisioner']) ? resource['provisioner'] : [];
  for (const provisioner of provisioners as readonly unknown[]) {
    const exec = isRecord(provisioner) ? provisioner['local-exec'] : undefined;
    const environment = isRecord(exec) ? exec['environment'] : undefined;
    if (!isRecord(environment) || typeof environment[`${WORK_VARIABLE}0`] !== 'string') continue;
    const texts = Object.fromEntries(
      Object.entries(environment).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each]] : [])),
    );
    return decodeWork(texts, inflateWithin(where)).release;
  }
  return undefined;
}

const unreadable = (path: string, what: string): Problem => ({
  code: 'cli/stack-unreadable',
  where: path,
  what,
  instead: 'synthesize the stack again (npx cdktf synth), or name a connection with --connection.',
});
