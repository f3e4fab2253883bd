import { Problem } from '../problems/problem';
import * as say from './problems/server';

/** As in known_hosts, without the host part. */
const LINE =
  /^(?:@cert-authority )?([a-z0-9][a-z0-9@.-]{2,60}) (AAAA[A-Za-z0-9+/]{20,}={0,2})(?: [A-Za-z0-9@._:+-]+)*$/;

const ANY = -1;

/**
 * How many bytes each field behind the type has: RFC 4253 section 6.6, RFC 5656 section 3.1 (its points are not
 * compressed, as OpenSSH writes them), RFC 8709 section 4, and PROTOCOL.u2f of OpenSSH.
 */
const FIELDS: ReadonlyMap<string, readonly number[]> = new Map([
  ['ssh-ed25519', [32]],
  ['ssh-rsa', [ANY, ANY]],
  ['ssh-dss', [ANY, ANY, ANY, ANY]],
  ['ecdsa-sha2-nistp256', [8, 65]],
  ['ecdsa-sha2-nistp384', [8, 97]],
  ['ecdsa-sha2-nistp521', [8, 133]],
  ['sk-ssh-ed25519@openssh.com', [32, ANY]],
  ['sk-ecdsa-sha2-nistp256@openssh.com', [8, 65, ANY]],
]);

/** Why a text is no public host key: what it is not, another type than it says, or cut short. */
export function wrongHostKey(where: string, text: string): Problem | undefined {
  const [, named, base64] = LINE.exec(text) ?? [];
  if (named === undefined || base64 === undefined) return somethingElse(where, text);
  const { fields, endsThere } = fieldsOf(bytesOf(base64));
  const [first, ...others] = fields;
  if (!first || base64.length % 4 !== 0) return say.hostKeyNotWhole(where);
  const type = String.fromCharCode(...first);
  if (type !== named) return say.hostKeyOfOtherType(where, type, named);
  const wanted = FIELDS.get(type);
  if (!wanted) return undefined;
  const isWhole =
    endsThere && others.length === wanted.length && others.every((one, at) => [ANY, one.length].includes(wanted[at]!));
  return isWhole ? undefined : say.hostKeyNotWhole(where);
}

/** What people have at hand in place of a key, each by its own words. */
function somethingElse(where: string, text: string): Problem {
  if (/(^|\s)(SHA256:[A-Za-z0-9+/]+|MD5:[0-9a-f:]+)/.test(text)) return say.hostKeyFingerprint(where);
  const [, host, key] = /^(?:@cert-authority )?(\S+) (.+)$/.exec(text) ?? [];
  if (host !== undefined && key !== undefined && LINE.test(key)) return say.hostKeyWithHost(where, host, key);
  if (/^[~.]{0,2}\/[^\s]+$/.test(text)) return say.hostKeyPath(where);
  const [first] = /^AAAA[A-Za-z0-9+/]{20,}={0,2}$/.test(text) ? fieldsOf(bytesOf(text)).fields : [];
  const type = String.fromCharCode(...(first ?? []));
  return FIELDS.has(type) ? say.hostKeyWithoutType(where, type, text) : say.badHostKey(where);
}

/** Fields with their length before them in four bytes, as far as they fit. */
function fieldsOf(bytes: Uint8Array): { readonly fields: readonly Uint8Array[]; readonly endsThere: boolean } {
  const view = new DataView(bytes.buffer);
  const fields: Uint8Array[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) break;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return { fields, endsThere: at === bytes.length };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Of characters that LINE lets through. `delivering` has another one, which this room may not see. */
function bytesOf(base64: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of base64.replace(/=+$/, '')) {
    bits = ((bits << 6) | ALPHABET.indexOf(character)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 255);
  }
  return Uint8Array.from(bytes);
}
