// The tables of services that intents name: inbound ones (https, mysql) and outbound ones (licence), with ports,
// protocols, directions, and which are for administrators.

import { PortName, getPorts } from '../../net/port-names';

/** A port of a service. `extra`: the vendor's table has no row for it. */
export interface ServicePort {
  readonly first: number;
  readonly last: number;
  readonly protocol: 'tcp' | 'udp';
  readonly extra?: true;
}

export interface ServiceDefinition {
  readonly ports: readonly ServicePort[];
  /** Whether the service is for administrators. Sources of the whole profile don't apply to it. */
  readonly administrative: boolean;
}

export interface OutboundPort extends ServicePort {
  /** Source ports that the connection must have. */
  readonly from?: readonly number[];
}

const createTcpPort = (first: number, last = first): ServicePort => ({ first, last, protocol: 'tcp' });
const createUdpPort = (first: number): ServicePort => ({ first, last: first, protocol: 'udp' });
const markExtra = (port: ServicePort): ServicePort => ({ ...port, extra: true });
const createOpenService = <Name extends PortName>(name: Name): readonly [Name, ServiceDefinition] => [
  name,
  { ports: getPorts(name), administrative: false },
];
const createAdministrativeService = <Name extends PortName>(name: Name): readonly [Name, ServiceDefinition] => [
  name,
  { ports: getPorts(name), administrative: true },
];

/** A map whose names the compiler knows, so that an editor offers them. */
export const createNamedMap =
  <Of>() =>
  <Name extends string>(entries: readonly (readonly [Name, Of])[]): ReadonlyMap<Name, Of> =>
    new Map(entries);
export type MapNames<In> = In extends ReadonlyMap<infer Name extends string, unknown> ? Name : never;

/** A name means the TLS or normal port only. The plaintext twin has a name of its own that ends in -plain. */
const INBOUND_SERVICES = createNamedMap<ServiceDefinition>()([
  createAdministrativeService('ssh'),
  createOpenService('http'),
  createOpenService('https'),
  createOpenService('http3'),
  createOpenService('smtp'),
  createOpenService('smtp-alternate'),
  createOpenService('smtps'),
  createOpenService('submission'),
  createOpenService('imaps'),
  createOpenService('imap-plain'),
  createOpenService('pop3s'),
  createOpenService('pop3-plain'),
  createOpenService('dns'),
  createOpenService('cpanel'),
  createOpenService('cpanel-plain'),
  createAdministrativeService('whm'),
  createAdministrativeService('whm-plain'),
  createOpenService('webmail'),
  createOpenService('webmail-plain'),
  createOpenService('webdisk'),
  createOpenService('webdisk-plain'),
  createOpenService('caldav'),
  createOpenService('caldav-plain'),
  createOpenService('activesync'),
  createAdministrativeService('mysql'),
  // Pure-FTPd's passive range on cPanel; the vendor's table has no row for it.
  ['ftp', { ports: [...getPorts('ftp'), markExtra(createTcpPort(49152, 65534))], administrative: false }],
  ['licence-callback', { ports: getPorts('cpanel', 'whm', 'webmail'), administrative: false }],
]);

const OUTBOUND_SERVICE_MAP = createNamedMap<readonly OutboundPort[]>()([
  ['licence', [{ ...createTcpPort(2089), from: [4, 1020] }]],
  ['dns', getPorts('dns')],
  ['http', getPorts('http')],
  ['https', getPorts('https', 'http3')],
  ['smtp', getPorts('smtp')],
  ['submission', getPorts('smtps', 'submission')],
  ['ntp', getPorts('ntp').map(markExtra)],
  [
    'spam-checks',
    [
      createTcpPort(7),
      createTcpPort(2703),
      createTcpPort(6277),
      createUdpPort(6277),
      createTcpPort(24441),
      createUdpPort(24441),
    ],
  ],
  ['ftp', getPorts('ftp-data', 'ftp')],
  ['rsync', [createTcpPort(873), createUdpPort(873)]],
  ['whois', [createTcpPort(43)]],
  ['ident', [createTcpPort(113)]],
  ['rdate', [createTcpPort(37)]],
  ['cpan', [createTcpPort(1)]],
  ['apns', [createTcpPort(2195)]],
  ['apt-keys', [createTcpPort(11371)]],
]);

export const SERVICES: ReadonlyMap<string, ServiceDefinition> = INBOUND_SERVICES;
export type ServiceName = MapNames<typeof INBOUND_SERVICES>;

export const OUTBOUND_SERVICES: ReadonlyMap<string, readonly OutboundPort[]> = OUTBOUND_SERVICE_MAP;
export type OutboundName = MapNames<typeof OUTBOUND_SERVICE_MAP>;
