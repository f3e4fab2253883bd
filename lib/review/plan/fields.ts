import { Connection, Release, Witness, hopsOf } from '../../agent-protocol/release';
import { addressLine } from '../../agent-protocol/digest';

/** One part of a delivery, by its name in the user's file, and what it is in words. */
export interface Field {
  readonly name: string;
  readonly words: string;
  /** `none` where it is absent or empty. */
  readonly value: string;
}

type Table<T> = readonly (readonly [
  name: Extract<keyof T, string> | `claims.${string}`,
  words: string,
  print: (of: T) => string,
])[];

const NONE = 'none';
const print = (value: string | number | boolean | null | undefined): string =>
  value === undefined || value === null || value === '' ? NONE : String(value);
const printList = (all: readonly string[] | undefined, separator = ', '): string =>
  all === undefined || all.length === 0 ? NONE : all.join(separator);
const printWitness = ({ protocol, port, from, to, arrives }: Witness): string =>
  `${protocol} ${port} from ${from} to ${to} by ${arrives}`;

/** Every field of a release. The plan shows text, policy and lines themselves, so here they are only compared. */
const RELEASE: Table<Release> = [
  ['format', 'version of the format', ({ format }) => print(format)],
  ['device', 'name of the device', ({ device }) => device],
  ['owner', 'name of the owner', ({ owner }) => owner],
  ['role', 'gateway or server', ({ role }) => role],
  ['platform', 'firewall of the device', ({ platform }) => print(platform)],
  ['digest', 'digest by which the device knows the release', ({ digest }) => print(digest)],
  ['text', 'rules', ({ text }) => text],
  ['policy', 'policy that the device is compared with', ({ policy }) => policy],
  ['lines', 'readable lines of the plan', ({ lines }) => printList(lines, '; ')],
  ['addresses', 'addresses that the device gets', ({ addresses }) => printList(addresses.map(addressLine))],
  ['cpnat', 'lines for /var/cpanel/cpnat and cPanel', ({ cpnat }) => printList(cpnat, '; ')],
  ['replaces', 'other firewalls that the device stops and disables', ({ replaces }) => printList(replaces)],
  ['claims.outside', 'public prefixes that the owner owns', ({ claims }) => printList(claims.outside)],
  ['claims.inside', 'inside prefixes that the owner owns', ({ claims }) => printList(claims.inside)],
  ['witnesses', 'health checks', ({ witnesses }) => printList(witnesses.map(printWitness), '; ')],
  ['onRetract', 'state of the device when the release is removed', ({ onRetract }) => onRetract],
  [
    'rollbackSeconds',
    'seconds until an unconfirmed release is undone',
    ({ rollbackSeconds }) => print(rollbackSeconds),
  ],
];

const CONNECTION: Table<Connection> = [
  ['host', 'address of the device', ({ host }) => host],
  ['port', 'port of SSH', ({ port }) => print(port)],
  ['user', 'login', ({ user }) => user],
  ['hostKeys', 'host keys that prove the device', ({ hostKeys }) => printList(hostKeys)],
  ['identityFile', 'file of the private key', ({ identityFile }) => print(identityFile)],
  ['agentVariable', 'variable with the socket of the SSH agent', ({ agentVariable }) => print(agentVariable)],
  ['userConfiguration', 'whether ~/.ssh/config is read', ({ userConfiguration }) => print(userConfiguration)],
  ['platform', 'firewall of the device', ({ platform }) => print(platform)],
];

const listFields = <T>(table: Table<T>, of: T, prefix = ''): readonly Field[] =>
  table.map(([name, words, value]) => ({ name: `${prefix}${name}`, words, value: value(of) }));

export const releaseFields = (release: Release): readonly Field[] => listFields(RELEASE, release);

/** `connection.hostKeys`, and of each jump host `connection.jump.hostKeys`. */
export const connectionFields = (connection: Connection): readonly Field[] =>
  hopsOf(connection).flatMap((hop, nth) =>
    listFields(CONNECTION, hop, `connection.${'jump.'.repeat(nth)}`).map((field) =>
      nth === 0 ? field : { ...field, words: `${field.words}, of the jump host` },
    ),
  );

/** The parts of a holder's input that no policy decides. An older holder doesn't record all of them. */
export interface Settings {
  readonly connection: Connection;
  readonly onRetract: Release['onRetract'];
  readonly rollbackSeconds?: number | undefined;
  readonly witnesses?: readonly Witness[] | undefined;
}

const SETTINGS: Table<Settings> = [
  [
    'rollbackSeconds',
    'seconds until an unconfirmed release is undone',
    ({ rollbackSeconds }) => print(rollbackSeconds),
  ],
  ['witnesses', 'health checks', ({ witnesses }) => printList(witnesses?.map(printWitness), '; ')],
  ['onRetract', 'state of the device when the release is removed', ({ onRetract }) => onRetract],
];

export const settingFields = (settings: Settings): readonly Field[] => [
  ...connectionFields(settings.connection),
  ...listFields(SETTINGS, settings),
];

/** A field with two values. */
export interface FieldChange {
  readonly name: string;
  readonly words: string;
  readonly before: string;
  readonly after: string;
}

/** The fields whose values differ, in the order of the table. A field that one side lacks is `none` there. */
export function diffFields(before: readonly Field[], after: readonly Field[]): readonly FieldChange[] {
  const [was, will] = [before, after].map((fields) => new Map(fields.map((field) => [field.name, field.value])));
  const words = new Map([...before, ...after].map((field) => [field.name, field.words]));
  return [...words].flatMap(([name, said]) => {
    const [old, now] = [was!.get(name) ?? NONE, will!.get(name) ?? NONE];
    return old === now ? [] : [{ name, words: said, before: old, after: now }];
  });
}

/** `connection.port (port of SSH): 22 → 2222`. */
export const printChange = ({ name, words, before, after }: FieldChange): string =>
  `${name} (${words}): ${before} → ${after}`;

/** Names in a release or a connection that no table has: another version gives them a meaning, or the device ignores them. */
export function findUnknownFields(release: object, connection: Connection): readonly string[] {
  const known = (table: Table<never>, more: readonly string[] = []): ReadonlySet<string> =>
    new Set([...table.map(([name]) => String(name).split('.')[0]!), ...more]);
  const [ofRelease, ofConnection] = [known(RELEASE as Table<never>), known(CONNECTION as Table<never>, ['jump'])];
  return [
    ...Object.keys(release).filter((name) => !ofRelease.has(name)),
    ...hopsOf(connection).flatMap((hop, nth) =>
      Object.keys(hop)
        .filter((name) => !ofConnection.has(name))
        .map((name) => `connection.${'jump.'.repeat(nth)}${name}`),
    ),
  ];
}
