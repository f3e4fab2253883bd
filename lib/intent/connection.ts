import { parseAddress } from '../net/address';
import { Problem } from '../problems/problem';
import { Fields, Place, entriesOf, guarded, textOf } from './fields';
import { wrongHostKey } from './host-key';
import type { ConnectionIntent } from './intent';
import { KEYS } from './keys';
import * as say from './problems/server';

/** A connection with every default chosen; in the shape that deliveries have. */
interface SettledConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeys: readonly string[];
  readonly identityFile?: string;
  readonly agentVariable?: string;
  readonly jump?: SettledConnection;
  readonly userConfiguration: boolean;
}

interface CompiledConnection {
  /** Undefined when there are problems. */
  readonly connection: SettledConnection | undefined;
  readonly rollbackSeconds: number;
  readonly problems: readonly Problem[];
}

const ROLLBACK_SECONDS = 90;
/** Fields that may be said of many connections at once. */
export const CONNECTION_DEFAULTS: readonly string[] = KEYS.connection.filter((key) => key !== 'host');
/** Where people look for a place to put a secret. */
const SECRET_FIELDS = ['password', 'passphrase', 'privateKey', 'secret', 'token'];
const MOST_JUMPS = 4;
/** For the one that is reached without, where defaults have a jump. */
const NO_JUMP = 'none';

/** What is known of a connection from where else it was written of. */
interface Around {
  /** Where the device is reached when nobody says where; `spoiled`: that has problems, which are enough. */
  readonly host?: string | 'spoiled' | undefined;
  /** Fields that were written at another place than `where`. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Fields that stand with it, and that the caller reads. */
  readonly besides?: readonly string[];
}

export function compileConnection(
  where: string,
  intent: ConnectionIntent,
  { host, elsewhere = {}, besides = [] }: Around = {},
): CompiledConnection {
  const problems: Problem[] = [];
  const place = new Place(where, problems);
  let connection: SettledConnection | undefined;
  let rollbackSeconds: number | undefined;
  guarded(place, () => {
    const known = [...KEYS.connection, ...besides];
    const fields = Fields.of(intent, place, 'An object with host and hostKeys', known, false, SECRET_FIELDS);
    if (!fields) return;
    rollbackSeconds = rollbackOf(fields.writtenAt(elsewhere));
    connection = connectionOf(fields.writtenAt(elsewhere), place, 0, host === undefined ? {} : { host });
    if (problems.length === 0 && connection) refuseItself(connection, fields.writtenAt(elsewhere).at('jump'));
  });
  return {
    connection: problems.length === 0 ? connection : undefined,
    rollbackSeconds: rollbackSeconds ?? ROLLBACK_SECONDS,
    problems,
  };
}

const rollbackOf = (fields: Fields): number | undefined =>
  fields.wholeOr('rollbackSeconds', 10, 3600, ROLLBACK_SECONDS);

/** Checks what is said of connections without saying of which: everything but the host. */
export function checkConnectionDefaults(value: unknown, place: Place): void {
  const fields = Fields.of(value, place, "An object: { user: 'admin' }", CONNECTION_DEFAULTS, true, SECRET_FIELDS);
  if (!fields) return;
  rollbackOf(fields);
  connectionOf(fields, place, 0, { host: 'unset', hostKeys: [] });
}

function connectionOf(
  fields: Fields,
  place: Place,
  jumps: number,
  otherwise: Partial<Pick<SettledConnection, 'host' | 'hostKeys'>> = {},
): SettledConnection | undefined {
  for (const key of SECRET_FIELDS) if (fields.has(key)) place.add(say.secretValue(fields.at(key).where));
  const host =
    !fields.has('host') && otherwise.host !== undefined
      ? otherwise.host
      : fields.needed('host', 'its name or address', hostOf);
  const port = fields.wholeOr('port', 1, 65535, 22);
  const user = fields.given('user', userOf, 'root');
  const hostKeys = !fields.has('hostKeys') && otherwise.hostKeys ? otherwise.hostKeys : hostKeysOf(fields, place);
  const identityFile = fields.given('identityFile', pathOf, undefined);
  const agentVariable = fields.given('agentVariable', variableOf, undefined);
  const userConfiguration = fields.flag('userConfiguration', false);
  const jump =
    fields.raw('jump') === NO_JUMP
      ? undefined
      : fields.given('jump', (value, at) => jumpOf(value, at, jumps + 1), undefined);
  if (host === undefined || port === undefined || user === undefined || !hostKeys || userConfiguration === undefined)
    return undefined;
  return {
    host,
    port,
    user,
    hostKeys,
    userConfiguration,
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(agentVariable === undefined ? {} : { agentVariable }),
    ...(jump === undefined ? {} : { jump }),
  };
}

function jumpOf(value: unknown, place: Place, jumps: number): SettledConnection | undefined {
  if (jumps > MOST_JUMPS) return place.add(say.jumpTooDeep(place.where));
  const fields = Fields.of(value, place, 'A connection: { host, hostKeys }', KEYS.jump, true, SECRET_FIELDS);
  return fields && connectionOf(fields, place, jumps);
}

function refuseItself({ host, port, jump }: SettledConnection, place: Place): void {
  if (jumpsOf(jump).some((one) => one.host === host && one.port === port))
    place.add(say.jumpToItself(place.where, host, port));
}

const jumpsOf = (jump: SettledConnection | undefined): readonly SettledConnection[] =>
  jump ? [jump, ...jumpsOf(jump.jump)] : [];

/** Text that is no secret. A secret is noticed first, so that no other problem shows a part of it. */
function referenceOf(
  value: unknown,
  place: Place,
  wanted: string,
  most?: number,
  instead?: string,
): string | undefined {
  if (typeof value === 'string' && /PRIVATE KEY|PuTTY-User-Key-File|b3BlbnNzaC1rZXktdj/.test(value)) {
    return place.add(say.secretValue(place.where, instead));
  }
  return textOf(value, place, wanted, most);
}

function hostOf(value: unknown, place: Place): string | undefined {
  const text = referenceOf(value, place, 'A host name or address, as text');
  if (text === undefined) return undefined;
  if (isHost(text)) return text;
  return place.add(
    endsInNumber(text)
      ? say.noAddress(place.where, text)
      : (hostWithMore(text, place.where) ?? say.badHost(place.where, text)),
  );
}

const isHost = (text: string): boolean =>
  (/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(text) && !endsInNumber(text)) ||
  parseAddress(text) !== undefined;

/** Resolvers take `10.0.0` for 10.0.0.0, and `010.0.0.1` for 8.0.0.1. */
const endsInNumber = (text: string): boolean => /^(?:[A-Za-z0-9._-]*\.)?(?:\d+|0[xX][\dA-Fa-f]*)$/.test(text);

/** `ssh://admin@192.0.2.2:2222`, as other programs take it, and its parts in the fields that take them here. */
function hostWithMore(text: string, where: string): Problem | undefined {
  const rest = text.replace(/^[A-Za-z]+:\/\//, '');
  // Everything behind a colon would be a password.
  if (/^[^@]*:.*@/.test(rest)) return say.secretValue(where);
  // An address of an interface has a length.
  const [, user, bracketed, bare, port] =
    /^(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:[\]/]+))(?::(\d+))?(?:\/\d*)?$/.exec(rest) ?? [];
  const host = bracketed ?? bare;
  return host !== undefined && isHost(host) ? say.hostWithMore(where, text, host, user, port) : undefined;
}

function userOf(value: unknown, place: Place): string | undefined {
  const text = referenceOf(value, place, 'The name of a user, as text');
  if (text === undefined) return undefined;
  // Everything behind a colon would be a password.
  if (text.includes(':')) return place.add(say.secretValue(place.where));
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(text) ? text : place.add(say.badUser(place.where, text));
}

const THE_PUBLIC_ONE =
  'The public key: the line in the .pub file beside it; and a new pair for the host, if this source was shared.';

function hostKeysOf(fields: Fields, place: Place): readonly string[] | undefined {
  if (fields.isRefusedElsewhere('hostKeys')) return undefined;
  if (!fields.has('hostKeys')) return place.add(say.hostKeysMissing(place.where));
  const before = place.problems.length;
  const at = fields.at('hostKeys');
  const instead = 'The public keys of the host, at least one: ["ssh-ed25519 AAAA…"].';
  const keyOf = (entry: unknown, each: Place): string | undefined => {
    const text = referenceOf(entry, each, 'A public host key, as text', 8000, THE_PUBLIC_ONE);
    if (text === undefined) return undefined;
    const wrong = wrongHostKey(each.where, text);
    return wrong ? each.add(wrong) : text;
  };
  const keys = entriesOf(fields.raw('hostKeys'), at, 'A list of public host keys', instead, keyOf, 50);
  return place.problems.length === before ? keys : undefined;
}

function pathOf(value: unknown, place: Place): string | undefined {
  const text = referenceOf(value, place, 'The path of a file, as text');
  if (text === undefined) return undefined;
  if (!/^[^-"'\\][^"'\\]*$/.test(text)) return place.add(say.badPath(place.where, text));
  return /^[/~]/.test(text) ? text : place.add(say.relativePath(place.where, text));
}

function variableOf(value: unknown, place: Place): string | undefined {
  const text = referenceOf(value, place, 'The name of an environment variable, as text');
  if (text === undefined) return undefined;
  return /^[A-Za-z_][A-Za-z0-9_]{0,100}$/.test(text) ? text : place.add(say.badVariable(place.where, text));
}
