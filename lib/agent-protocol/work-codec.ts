// Encodes a release and its connection in environment variables, in which Terraform passes them to the driver, and
// decodes and checks them there.

import { Problem, Refusal } from '../problems/problem';
import { RELEASE_FORMAT, Release, DeliveryWork } from './release';

/**
 * Names in the provisioner's environment: the work in pieces, and the owner token. Terraform puts every piece in one
 * string of the process.
 */
export const WORK_VARIABLE = 'CPANEL_EDGE_WORK_';
export const OWNER_TOKEN_VARIABLE = 'CPANEL_EDGE_LEASE';
/** The owner token of another state that this delivery may adopt. */
export const ADOPT_VARIABLE = 'CPANEL_EDGE_ADOPT';
export const FORGET_VARIABLE = 'CPANEL_EDGE_FORGET';

/** One string of the environment, name and `=` included, must stay under 128 KiB (Linux' MAX_ARG_STRLEN). */
export const PIECE_CHARACTERS = 120_000;
/** The limit for all pieces together. Above it synth refuses: the owner has to be split. */
export const MAX_WORK_CHARACTERS = 768 * 1024;

/** Takes and returns bytes: `zlib.deflateSync` and a bounded `zlib.inflateSync`, passed in because lib is pure. */
export type BytesTransform = (bytes: Uint8Array) => Uint8Array;

/**
 * Encodes work as the variables of an environment: JSON, deflated, base64, in pieces. Each piece holds their number, so
 * a missing one is noticed. `madeBy`: version of the package, which the driver doesn't read.
 *
 * @throws Refusal delivering/too-much-work.
 */
export function encodeWork(work: DeliveryWork, deflate: BytesTransform, madeBy?: string): Record<string, string> {
  const text = encodeBase64(
    deflate(new TextEncoder().encode(JSON.stringify(madeBy === undefined ? work : { ...work, madeBy }))),
  );
  if (text.length > MAX_WORK_CHARACTERS) throw new Refusal([createTooMuchWork(work, text.length)]);
  const count = Math.max(1, Math.ceil(text.length / PIECE_CHARACTERS));
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${WORK_VARIABLE}${index}`,
      `${count}:${text.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS)}`,
    ]),
  );
}

/**
 * Decodes the work in an environment.
 *
 * @throws Refusal delivering/no-work, work-incomplete, work-unreadable or foreign-format.
 */
export const decodeWork = (
  environment: Readonly<Record<string, string | undefined>>,
  inflate: BytesTransform,
): DeliveryWork => unpackWork(environment, inflate).work;

/** The work, and the version of the package that synthesized it, which older stacks don't have. */
interface UnpackedWork {
  readonly work: DeliveryWork;
  readonly madeBy?: string;
  /** Unknown names beside the work, which are ignored. */
  readonly unknownKeys: readonly string[];
}

/**
 * Decodes the work like `decodeWork`, with what stands beside it.
 *
 * @throws the same.
 */
export function unpackWork(
  environment: Readonly<Record<string, string | undefined>>,
  inflate: BytesTransform,
): UnpackedWork {
  const text = listPieces(environment).join('');
  let work: unknown;
  try {
    work = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(inflate(decodeBase64(text))));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([createUnreadableWork('It is not what cpanel-edge wrote: base64 of deflated JSON.')]);
  }
  const format = isRecord(work) ? work['format'] : undefined;
  if (format !== RELEASE_FORMAT) throw new Refusal([createForeignFormat(format)]);
  const badParts = findBadParts(work);
  if (badParts.length > 0)
    throw new Refusal([
      createUnreadableWork(
        `Parts of the release or of its connection are missing, or of another kind: ${badParts.join(', ')}.`,
      ),
    ]);
  const {
    format: workFormat,
    connection,
    release,
    madeBy,
    ...unknownParts
  } = work as DeliveryWork & { readonly madeBy?: string };
  return {
    work: { format: workFormat, connection, release },
    unknownKeys: Object.keys(unknownParts),
    ...(madeBy === undefined ? {} : { madeBy }),
  };
}

function listPieces(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const first = /^([1-9]\d?):/.exec(environment[`${WORK_VARIABLE}0`] ?? '');
  if (!first) throw new Refusal([NO_WORK]);
  return Array.from({ length: Number(first[1]) }, (_, index) => {
    const piece = environment[`${WORK_VARIABLE}${index}`];
    if (piece === undefined || !piece.startsWith(first[0]))
      throw new Refusal([createIncompleteWork(index, Number(first[1]))]);
    return piece.slice(first[0].length);
  });
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** Terraform may keep an undefined attribute as null. */
const isAbsent = (value: unknown): boolean => value === undefined || value === null;

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isRecordList = (
  value: unknown,
  texts: readonly string[],
  isValid: (record: Record<string, unknown>) => boolean = () => true,
): boolean =>
  Array.isArray(value) &&
  value.every((record) => isRecord(record) && texts.every((key) => isText(record[key])) && isValid(record));
const isNonNegativeInteger = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** Returns the names of the parts that are missing or have another type. Empty: it is valid work. */
function findBadParts(work: unknown): readonly string[] {
  const { connection, release, madeBy } = isRecord(work) ? work : {};
  const releaseFields: Record<string, unknown> = isRecord(release) ? release : {};
  const badReleaseParts = RELEASE_PARTS.filter(([name, isGood]) => !isGood(releaseFields[name])).map(
    ([name]) => `release.${name}`,
  );
  return [
    ...(isConnection(connection) ? [] : ['connection']),
    ...(isRecord(release) ? badReleaseParts : ['release']),
    ...(madeBy === undefined || isText(madeBy) ? [] : ['madeBy']),
  ];
}

const createMemberCheck =
  (...members: readonly unknown[]) =>
  (value: unknown): boolean =>
    members.includes(value);

const RELEASE_PARTS: readonly (readonly [name: keyof Release, isGood: (value: unknown) => boolean])[] = [
  ['format', createMemberCheck(RELEASE_FORMAT)],
  ...(['device', 'owner', 'platform', 'digest', 'text', 'policy'] as const).map((name) => [name, isText] as const),
  ['role', createMemberCheck('gateway', 'server')],
  ['onRetract', createMemberCheck('keep closed', 'as before')],
  ['addresses', (value) => isRecordList(value, ['kind', 'interface', 'address'])],
  ['witnesses', (value) => isHealthCheckList(value)],
  ['lines', isTexts],
  ['cpnat', (value) => value === undefined || isTexts(value)],
  ['replaces', (value) => value === undefined || isTexts(value)],
  ['claims', (value) => isRecord(value) && isTexts(value['outside']) && isTexts(value['inside'])],
  ['rollbackSeconds', isNonNegativeInteger],
];

export const isHealthCheckList = (value: unknown): boolean =>
  isRecordList(value, ['arrives', 'from', 'to', 'protocol'], ({ port }) => isNonNegativeInteger(port));

/**
 * The most jump hosts in a row: no real connection has more. A connection may contain itself as often as its text is
 * long.
 */
const MAX_JUMPS = 8;

export function isConnection(value: unknown, jumpsLeft = MAX_JUMPS): boolean {
  if (!isRecord(value) || jumpsLeft < 0) return false;
  const { host, port, user, hostKeys, jump, userConfiguration } = value;
  const hasTexts = ['identityFile', 'agentVariable', 'platform'].every(
    (key) => isAbsent(value[key]) || isText(value[key]),
  );
  return (
    isText(host) &&
    isNonNegativeInteger(port) &&
    isText(user) &&
    isTexts(hostKeys) &&
    hasTexts &&
    (isAbsent(userConfiguration) || typeof userConfiguration === 'boolean') &&
    (jump === undefined || isConnection(jump, jumpsLeft - 1))
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const INVALID_VALUE = 255;
const BASE64_VALUES = new Uint8Array(128).fill(INVALID_VALUE);
[...ALPHABET].forEach((character, value) => (BASE64_VALUES[character.charCodeAt(0)] = value));

// Buffer belongs to node, and btoa takes no bytes, so base64 is implemented here.
function encodeBase64(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    groups.push(
      ALPHABET[bits >> 18]! +
        ALPHABET[(bits >> 12) & 63]! +
        (at + 1 < bytes.length ? ALPHABET[(bits >> 6) & 63]! : '=') +
        (at + 2 < bytes.length ? ALPHABET[bits & 63]! : '='),
    );
  }
  return groups.join('');
}

/**
 * Decodes base64.
 *
 * @throws RangeError.
 */
export function decodeBase64(text: string): Uint8Array {
  const end = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (text.length % 4 !== 0) throw new RangeError('cut off');
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let bits = 0;
  let bitCount = 0;
  let target = 0;
  for (let at = 0; at < end; at += 1) {
    const value = BASE64_VALUES[text.charCodeAt(at)] ?? INVALID_VALUE;
    if (value === INVALID_VALUE) throw new RangeError('foreign character');
    bits = ((bits << 6) | value) & 0xffffff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[target] = (bits >> bitCount) & 255;
      target += 1;
    }
  }
  return bytes;
}

const createTooMuchWork = (work: DeliveryWork, characters: number): Problem => ({
  code: 'delivering/too-much-work',
  where: `${work.release.device}/${work.release.owner}`,
  what: `The release takes ${characters} characters compressed, and a provisioner's environment carries ${MAX_WORK_CHARACTERS}.`,
  instead: 'split the owner into two owners on the same device.',
});

const NO_WORK: Problem = {
  code: 'delivering/no-work',
  where: `${WORK_VARIABLE}0`,
  what: 'The environment holds no work for the driver.',
  instead: 'let Terraform start this command; by hand, use verify, accept or bootstrap.',
};

const createIncompleteWork = (index: number, count: number): Problem => ({
  code: 'delivering/work-incomplete',
  where: `${WORK_VARIABLE}${index}`,
  what: `Piece ${index + 1} of ${count} is missing or belongs to other work.`,
  instead: 'apply again; if it stays, the plan was made by another version of cpanel-edge.',
});

const createUnreadableWork = (what: string): Problem => ({
  code: 'delivering/work-unreadable',
  where: `${WORK_VARIABLE}0`,
  what,
  instead: 'plan again with the version of cpanel-edge that applies.',
});

const createForeignFormat = (format: unknown): Problem => ({
  code: 'delivering/foreign-format',
  where: `${WORK_VARIABLE}0`,
  what: `The work has format ${JSON.stringify(format) ?? 'none'}; this driver works on format ${RELEASE_FORMAT} only. Nothing was sent.`,
  instead: 'plan and apply with the same version of cpanel-edge.',
});
