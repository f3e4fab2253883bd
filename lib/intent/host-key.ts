// Checks that a text is a complete public SSH host key as in known_hosts, and returns the problem if it isn't.
import { Problem } from '../problems/problem';
import * as say from './problems/server-problems';

/** A line of known_hosts without the host part. */
const HOST_KEY_LINE =
  /^(?:@cert-authority )?([a-z0-9][a-z0-9@.-]{2,60}) (AAAA[A-Za-z0-9+/]{20,}={0,2})(?: [A-Za-z0-9@._:+-]+)*$/;

const ANY_LENGTH = -1;

/**
 * The length in bytes of each field behind the type: RFC 4253 section 6.6, RFC 5656 section 3.1 (its points are not
 * compressed, as OpenSSH writes them), RFC 8709 section 4, and PROTOCOL.u2f of OpenSSH.
 */
const FIELD_LENGTHS: ReadonlyMap<string, readonly number[]> = new Map([
  ['ssh-ed25519', [32]],
  ['ssh-rsa', [ANY_LENGTH, ANY_LENGTH]],
  ['ssh-dss', [ANY_LENGTH, ANY_LENGTH, ANY_LENGTH, ANY_LENGTH]],
  ['ecdsa-sha2-nistp256', [8, 65]],
  ['ecdsa-sha2-nistp384', [8, 97]],
  ['ecdsa-sha2-nistp521', [8, 133]],
  ['sk-ssh-ed25519@openssh.com', [32, ANY_LENGTH]],
  ['sk-ecdsa-sha2-nistp256@openssh.com', [8, 65, ANY_LENGTH]],
]);

/**
 * Returns why a text is no public host key: it is something else, its type isn't the declared one, or it is truncated.
 */
export function checkHostKey(where: string, text: string): Problem | undefined {
  const [, declaredType, base64] = HOST_KEY_LINE.exec(text) ?? [];
  if (declaredType === undefined || base64 === undefined) return describeOtherInput(where, text);
  const { fields, endsThere } = splitKeyFields(decodeBase64(base64));
  const [first, ...valueFields] = fields;
  if (!first || base64.length % 4 !== 0) return say.describeTruncatedHostKey(where);
  const type = String.fromCharCode(...first);
  if (type !== declaredType) return say.describeHostKeyTypeMismatch(where, type, declaredType);
  const expectedLengths = FIELD_LENGTHS.get(type);
  if (!expectedLengths) return undefined;
  const isComplete =
    endsThere &&
    valueFields.length === expectedLengths.length &&
    valueFields.every((field, index) => [ANY_LENGTH, field.length].includes(expectedLengths[index]!));
  return isComplete ? undefined : say.describeTruncatedHostKey(where);
}

/** Returns the problem of a text that people write in place of a key: a fingerprint, a path, a key with its host. */
function describeOtherInput(where: string, text: string): Problem {
  if (/(^|\s)(SHA256:[A-Za-z0-9+/]+|MD5:[0-9a-f:]+)/.test(text)) return say.describeFingerprint(where);
  const [, host, key] = /^(?:@cert-authority )?(\S+) (.+)$/.exec(text) ?? [];
  if (host !== undefined && key !== undefined && HOST_KEY_LINE.test(key))
    return say.describeHostKeyWithHost(where, host, key);
  if (/^[~.]{0,2}\/[^\s]+$/.test(text)) return say.describeHostKeyPath(where);
  const [first] = /^AAAA[A-Za-z0-9+/]{20,}={0,2}$/.test(text) ? splitKeyFields(decodeBase64(text)).fields : [];
  const type = String.fromCharCode(...(first ?? []));
  return FIELD_LENGTHS.has(type) ? say.describeHostKeyWithoutType(where, type, text) : say.describeBadHostKey(where);
}

/** Splits the fields, each after its length in four bytes. `endsThere`: the last field ends where the bytes end. */
function splitKeyFields(bytes: Uint8Array): { readonly fields: readonly Uint8Array[]; readonly endsThere: boolean } {
  const view = new DataView(bytes.buffer);
  const fields: Uint8Array[] = [];
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const end = offset + 4 + view.getUint32(offset);
    if (end > bytes.length) break;
    fields.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  return { fields, endsThere: offset === bytes.length };
}

const BASE64_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Decodes base64 of the characters that HOST_KEY_LINE admits. lib/agent-protocol has another decoder, which this folder
 * may not import.
 */
function decodeBase64(base64: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const character of base64.replace(/=+$/, '')) {
    bits = ((bits << 6) | BASE64_ALPHABET.indexOf(character)) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes.push((bits >> bitCount) & 255);
  }
  return Uint8Array.from(bytes);
}
