// The table of fields of a release, a connection and an ownership record, each with its name and a description, and
// the comparison of two values field by field.

import { Connection, Release, HealthCheck, listHops } from '../../agent-protocol/release';
import { printAddressLine } from '../../agent-protocol/release-digest';

/** One part of a delivery: its name in the user's file, a description in words, and its value. */
export interface DeliveryField {
  readonly name: string;
  readonly description: string;
  /** The printed value; `none` where it is absent or empty. */
  readonly value: string;
}

type FieldTable<T> = readonly (readonly [
  name: Extract<keyof T, string> | `claims.${string}`,
  words: string,
  print: (value: T) => string,
])[];

const NO_VALUE = 'none';
const printScalar = (value: string | number | boolean | null | undefined): string =>
  value === undefined || value === null || value === '' ? NO_VALUE : String(value);
const printList = (items: readonly string[] | undefined, separator = ', '): string =>
  items === undefined || items.length === 0 ? NO_VALUE : items.join(separator);
const printHealthCheck = ({ protocol, port, from, to, arrives }: HealthCheck): string =>
  `${protocol} ${port} from ${from} to ${to} by ${arrives}`;

/** Every field of a release. The plan shows text, policy and lines themselves, so here they are only compared. */
const RELEASE_FIELDS: FieldTable<Release> = [
  ['format', 'version of the format', ({ format }) => printScalar(format)],
  ['device', 'name of the device', ({ device }) => device],
  ['owner', 'name of the owner', ({ owner }) => owner],
  ['role', 'gateway or server', ({ role }) => role],
  ['platform', 'firewall of the device', ({ platform }) => printScalar(platform)],
  ['digest', 'digest by which the device knows the release', ({ digest }) => printScalar(digest)],
  ['text', 'rules', ({ text }) => text],
  ['policy', 'policy that the device is compared with', ({ policy }) => policy],
  ['lines', 'readable lines of the plan', ({ lines }) => printList(lines, '; ')],
  ['addresses', 'addresses that the device gets', ({ addresses }) => printList(addresses.map(printAddressLine))],
  ['cpnat', 'lines for /var/cpanel/cpnat and cPanel', ({ cpnat }) => printList(cpnat, '; ')],
  ['replaces', 'other firewalls that the device stops and disables', ({ replaces }) => printList(replaces)],
  ['claims.outside', 'public prefixes that the owner owns', ({ claims }) => printList(claims.outside)],
  ['claims.inside', 'inside prefixes that the owner owns', ({ claims }) => printList(claims.inside)],
  ['witnesses', 'health checks', ({ witnesses }) => printList(witnesses.map(printHealthCheck), '; ')],
  ['onRetract', 'state of the device when the release is removed', ({ onRetract }) => onRetract],
  [
    'rollbackSeconds',
    'seconds until an unconfirmed release is rolled back',
    ({ rollbackSeconds }) => printScalar(rollbackSeconds),
  ],
];

const CONNECTION_FIELDS: FieldTable<Connection> = [
  ['host', 'address of the device', ({ host }) => host],
  ['port', 'port of SSH', ({ port }) => printScalar(port)],
  ['user', 'login', ({ user }) => user],
  ['hostKeys', 'host keys that prove the device', ({ hostKeys }) => printList(hostKeys)],
  ['identityFile', 'file of the private key', ({ identityFile }) => printScalar(identityFile)],
  ['agentVariable', 'variable with the socket of the SSH agent', ({ agentVariable }) => printScalar(agentVariable)],
  ['userConfiguration', 'whether ~/.ssh/config is read', ({ userConfiguration }) => printScalar(userConfiguration)],
  ['platform', 'firewall of the device', ({ platform }) => printScalar(platform)],
];

const listFields = <T>(table: FieldTable<T>, subject: T, prefix = ''): readonly DeliveryField[] =>
  table.map(([name, description, printValue]) => ({
    name: `${prefix}${name}`,
    description,
    value: printValue(subject),
  }));

export const listReleaseFields = (release: Release): readonly DeliveryField[] => listFields(RELEASE_FIELDS, release);

/** Returns the fields of a connection, `connection.hostKeys`, and of each jump host, `connection.jump.hostKeys`. */
export const listConnectionFields = (connection: Connection): readonly DeliveryField[] =>
  listHops(connection).flatMap((hop, index) =>
    listFields(CONNECTION_FIELDS, hop, `connection.${'jump.'.repeat(index)}`).map((field) =>
      index === 0 ? field : { ...field, description: `${field.description}, of the jump host` },
    ),
  );

/** The parts of an ownership record's input that no policy decides. An older record doesn't have all of them. */
export interface DeliverySettings {
  readonly connection: Connection;
  readonly onRetract: Release['onRetract'];
  readonly rollbackSeconds?: number | undefined;
  readonly witnesses?: readonly HealthCheck[] | undefined;
}

const SETTING_FIELDS: FieldTable<DeliverySettings> = [
  [
    'rollbackSeconds',
    'seconds until an unconfirmed release is rolled back',
    ({ rollbackSeconds }) => printScalar(rollbackSeconds),
  ],
  ['witnesses', 'health checks', ({ witnesses }) => printList(witnesses?.map(printHealthCheck), '; ')],
  ['onRetract', 'state of the device when the release is removed', ({ onRetract }) => onRetract],
];

export const listSettingFields = (settings: DeliverySettings): readonly DeliveryField[] => [
  ...listConnectionFields(settings.connection),
  ...listFields(SETTING_FIELDS, settings),
];

/** A field with its values before and after. */
export interface FieldChange {
  readonly name: string;
  readonly description: string;
  readonly before: string;
  readonly after: string;
}

/** Returns the fields whose values differ, in the order of the table. A field that one side lacks is `none` there. */
export function compareFields(
  before: readonly DeliveryField[],
  after: readonly DeliveryField[],
): readonly FieldChange[] {
  const [valuesBefore, valuesAfter] = [before, after].map(
    (fields) => new Map(fields.map((field) => [field.name, field.value])),
  );
  const descriptions = new Map([...before, ...after].map((field) => [field.name, field.description]));
  return [...descriptions].flatMap(([name, description]) => {
    const [valueBefore, valueAfter] = [valuesBefore!.get(name) ?? NO_VALUE, valuesAfter!.get(name) ?? NO_VALUE];
    return valueBefore === valueAfter ? [] : [{ name, description, before: valueBefore, after: valueAfter }];
  });
}

/** Returns `connection.port (port of SSH): 22 → 2222`. */
export const printFieldChange = ({ name, description, before, after }: FieldChange): string =>
  `${name} (${description}): ${before} → ${after}`;

/**
 * Returns the names in a release or a connection that no table has. Another version gives them a meaning, or the device
 * ignores them.
 */
export function findUnknownFields(release: object, connection: Connection): readonly string[] {
  const listKnownNames = (table: FieldTable<never>, moreNames: readonly string[] = []): ReadonlySet<string> =>
    new Set([...table.map(([name]) => String(name).split('.')[0]!), ...moreNames]);
  const [releaseNames, connectionNames] = [
    listKnownNames(RELEASE_FIELDS as FieldTable<never>),
    listKnownNames(CONNECTION_FIELDS as FieldTable<never>, ['jump']),
  ];
  return [
    ...Object.keys(release).filter((name) => !releaseNames.has(name)),
    ...listHops(connection).flatMap((hop, index) =>
      Object.keys(hop)
        .filter((name) => !connectionNames.has(name))
        .map((name) => `connection.${'jump.'.repeat(index)}${name}`),
    ),
  ];
}
