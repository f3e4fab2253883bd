// Parses the SSH connection of an intent with its jumps: checks each field, applies the defaults, and refuses secrets.
import { parseAddress } from '../net/address';
import { Problem } from '../problems/problem';
import type { z } from 'zod';
import { IntentFields, IntentLocation, runGuarded, parseText } from './fields';
import { checkHostKey } from './host-key';
import type { ConnectionIntent } from './intent';
import { connectionDefaultsSchema, connectionSchema, jumpSchema } from './intent-schemas';
import * as say from './problems/server-problems';
import { getDefault } from './schema-fields';

/** A connection with every default chosen, in the shape that deliveries have. */
interface ResolvedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeys: readonly string[];
  readonly identityFile?: string;
  readonly agentVariable?: string;
  readonly jump?: ResolvedConnection;
  readonly userConfiguration: boolean;
}

interface CompiledConnection {
  /** Undefined when there are problems. */
  readonly connection: ResolvedConnection | undefined;
  readonly rollbackSeconds: number;
  readonly problems: readonly Problem[];
}

/** Field names under which people try to write a secret. They are refused. */
const SECRET_FIELDS = ['password', 'passphrase', 'privateKey', 'secret', 'token'];
const MAX_JUMPS = 4;
/** Written for a device that is reached without a jump where the defaults have one. */
const NO_JUMP = 'none';

/** Facts about a connection that come from outside its own object. */
interface ConnectionContext {
  /** Host of a device whose connection has none. `spoiled`: its source has problems, which are already reported. */
  readonly host?: string | 'spoiled' | undefined;
  /** Locations of the fields that aren't written at `where`, by key. */
  readonly fieldLocations?: Readonly<Record<string, string>>;
  /** Schema of a connection with further fields, which the caller parses. */
  readonly schema?: z.ZodObject<typeof connectionSchema.shape>;
}

export function compileConnection(
  where: string,
  intent: ConnectionIntent,
  { host, fieldLocations = {}, schema = connectionSchema }: ConnectionContext = {},
): CompiledConnection {
  const problems: Problem[] = [];
  const location = new IntentLocation(where, problems);
  let connection: ResolvedConnection | undefined;
  let rollbackSeconds: number | undefined;
  runGuarded(location, () => {
    const fields = IntentFields.parse(intent, location, schema, 'An object with host and hostKeys', {
      isNested: false,
      refusedKeys: SECRET_FIELDS,
    });
    if (!fields) return;
    rollbackSeconds = parseRollbackSeconds(fields.overrideLocations(fieldLocations));
    connection = parseConnection(
      fields.overrideLocations(fieldLocations),
      location,
      0,
      host === undefined ? {} : { host },
    );
    if (problems.length === 0 && connection)
      refuseSelfJump(connection, fields.overrideLocations(fieldLocations).getLocation('jump'));
  });
  return {
    connection: problems.length === 0 ? connection : undefined,
    rollbackSeconds: rollbackSeconds ?? (getDefault(connectionSchema.shape.rollbackSeconds) as number),
    problems,
  };
}

type HopFields = IntentFields<typeof jumpSchema>;
type ConnectionFields = IntentFields<typeof connectionSchema>;

const parseRollbackSeconds = (fields: ConnectionFields): number | undefined =>
  fields.parseOptionalInteger('rollbackSeconds');

/** Checks the connection fields of defaults: everything but the host. */
export function checkConnectionDefaults(value: unknown, location: IntentLocation): void {
  const fields = IntentFields.parse(value, location, connectionDefaultsSchema, "An object: { user: 'admin' }", {
    refusedKeys: SECRET_FIELDS,
  });
  if (!fields) return;
  // All fields of a connection but `host`, all optional: the fallback has those that are required.
  const connectionFields = fields as unknown as ConnectionFields;
  parseRollbackSeconds(connectionFields);
  parseConnection(connectionFields, location, 0, { host: 'unset', hostKeys: [] });
}

function parseConnection(
  fields: HopFields,
  location: IntentLocation,
  jumpDepth: number,
  fallback: Partial<Pick<ResolvedConnection, 'host' | 'hostKeys'>> = {},
): ResolvedConnection | undefined {
  for (const key of SECRET_FIELDS)
    if (fields.has(key)) location.report(say.describeSecretValue(fields.getLocation(key).where));
  const host =
    !fields.has('host') && fallback.host !== undefined
      ? fallback.host
      : fields.parseRequired('host', 'its name or address', parseHost);
  const port = fields.parseOptionalInteger('port');
  const user = fields.parseOptional('user', parseUser, fields.getDefault('user'));
  const hostKeys = !fields.has('hostKeys') && fallback.hostKeys ? fallback.hostKeys : parseHostKeys(fields, location);
  const identityFile = fields.parseOptional('identityFile', parsePath, undefined);
  const agentVariable = fields.parseOptional('agentVariable', parseVariable, undefined);
  const userConfiguration = fields.parseOptionalFlag('userConfiguration');
  const jump =
    fields.getValue('jump') === NO_JUMP
      ? undefined
      : fields.parseOptional(
          'jump',
          (value, fieldLocation) => parseJump(value, fieldLocation, jumpDepth + 1),
          undefined,
        );
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

function parseJump(value: unknown, location: IntentLocation, jumpDepth: number): ResolvedConnection | undefined {
  if (jumpDepth > MAX_JUMPS) return location.report(say.describeTooManyJumps(location.where));
  const fields = IntentFields.parse(value, location, jumpSchema, 'A connection: { host, hostKeys }', {
    refusedKeys: SECRET_FIELDS,
  });
  return fields && parseConnection(fields, location, jumpDepth);
}

function refuseSelfJump({ host, port, jump }: ResolvedConnection, location: IntentLocation): void {
  if (listJumps(jump).some((hop) => hop.host === host && hop.port === port))
    location.report(say.describeSelfJump(location.where, host, port));
}

const listJumps = (jump: ResolvedConnection | undefined): readonly ResolvedConnection[] =>
  jump ? [jump, ...listJumps(jump.jump)] : [];

/** Parses text that is no secret. The check for a secret comes first, so that no other problem shows a part of it. */
function parseReference(
  value: unknown,
  location: IntentLocation,
  expected: string,
  secretAdvice?: string,
  schema?: z.ZodType,
): string | undefined {
  if (typeof value === 'string' && /PRIVATE KEY|PuTTY-User-Key-File|b3BlbnNzaC1rZXktdj/.test(value)) {
    return location.report(say.describeSecretValue(location.where, secretAdvice));
  }
  return parseText(value, location, expected, schema);
}

function parseHost(value: unknown, location: IntentLocation): string | undefined {
  const text = parseReference(value, location, 'A host name or address, as text');
  if (text === undefined) return undefined;
  if (isHost(text)) return text;
  return location.report(
    endsInNumber(text)
      ? say.describeBadNumericHost(location.where, text)
      : (findHostPartsProblem(text, location.where) ?? say.describeBadHost(location.where, text)),
  );
}

const isHost = (text: string): boolean =>
  (/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(text) && !endsInNumber(text)) ||
  parseAddress(text) !== undefined;

/** Whether the host ends in a number. Resolvers take `10.0.0` for 10.0.0.0, and `010.0.0.1` for 8.0.0.1. */
const endsInNumber = (text: string): boolean => /^(?:[A-Za-z0-9._-]*\.)?(?:\d+|0[xX][\dA-Fa-f]*)$/.test(text);

/**
 * Returns the problem of a host that is written with its parts, as other programs take it:
 * `ssh://admin@192.0.2.2:2222`. The problem names the fields that take the parts.
 */
function findHostPartsProblem(text: string, where: string): Problem | undefined {
  const authority = text.replace(/^[A-Za-z]+:\/\//, '');
  // The text behind a colon would be a password.
  if (/^[^@]*:.*@/.test(authority)) return say.describeSecretValue(where);
  // The pattern ends in an optional length, as an interface's address has one.
  const [, user, bracketedHost, bareHost, port] =
    /^(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:[\]/]+))(?::(\d+))?(?:\/\d*)?$/.exec(authority) ?? [];
  const host = bracketedHost ?? bareHost;
  return host !== undefined && isHost(host) ? say.describeHostWithParts(where, text, host, user, port) : undefined;
}

function parseUser(value: unknown, location: IntentLocation): string | undefined {
  const text = parseReference(value, location, 'The name of a user, as text');
  if (text === undefined) return undefined;
  // The text behind a colon would be a password.
  if (text.includes(':')) return location.report(say.describeSecretValue(location.where));
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(text)
    ? text
    : location.report(say.describeBadUser(location.where, text));
}

const PUBLIC_KEY_ADVICE =
  'The public key: the line in the .pub file beside it; and a new pair for the host, if this source was shared.';

function parseHostKeys(fields: HopFields, location: IntentLocation): readonly string[] | undefined {
  if (fields.isRefusedElsewhere('hostKeys')) return undefined;
  if (!fields.has('hostKeys')) return location.report(say.describeMissingHostKeys(location.where));
  const initialProblemCount = location.problems.length;
  const adviceIfEmpty = 'The public keys of the host, at least one: ["ssh-ed25519 AAAA…"].';
  const parseKey = (entry: unknown, entryLocation: IntentLocation): string | undefined => {
    const text = parseReference(
      entry,
      entryLocation,
      'A public host key, as text',
      PUBLIC_KEY_ADVICE,
      jumpSchema.shape.hostKeys.element,
    );
    if (text === undefined) return undefined;
    const keyProblem = checkHostKey(entryLocation.where, text);
    return keyProblem ? entryLocation.report(keyProblem) : text;
  };
  const keys = fields.parseEntries('hostKeys', 'A list of public host keys', adviceIfEmpty, parseKey);
  return location.problems.length === initialProblemCount ? keys : undefined;
}

function parsePath(value: unknown, location: IntentLocation): string | undefined {
  const text = parseReference(value, location, 'The path of a file, as text');
  if (text === undefined) return undefined;
  if (!/^[^-"'\\][^"'\\]*$/.test(text)) return location.report(say.describeBadPath(location.where, text));
  return /^[/~]/.test(text) ? text : location.report(say.describeRelativePath(location.where, text));
}

function parseVariable(value: unknown, location: IntentLocation): string | undefined {
  const text = parseReference(value, location, 'The name of an environment variable, as text');
  if (text === undefined) return undefined;
  return /^[A-Za-z_][A-Za-z0-9_]{0,100}$/.test(text)
    ? text
    : location.report(say.describeBadVariable(location.where, text));
}
