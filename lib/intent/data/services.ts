import { PortName, getPorts } from '../../net/port-names';

/** A port of a service. `extra`: not a row of the vendor's table. */
export interface ServicePort {
  readonly first: number;
  readonly last: number;
  readonly protocol: 'tcp' | 'udp';
  readonly extra?: true;
}

export interface Service {
  readonly ports: readonly ServicePort[];
  /** For administrators: nothing written for everybody reaches it. */
  readonly administrative: boolean;
}

export interface OutboundPort extends ServicePort {
  /** Source ports that the connection must have. */
  readonly from?: readonly number[];
}

const tcp = (first: number, last = first): ServicePort => ({ first, last, protocol: 'tcp' });
const udp = (first: number): ServicePort => ({ first, last: first, protocol: 'udp' });
const extra = (port: ServicePort): ServicePort => ({ ...port, extra: true });
const open = <Name extends PortName>(name: Name): readonly [Name, Service] => [
  name,
  { ports: getPorts(name), administrative: false },
];
const administrative = <Name extends PortName>(name: Name): readonly [Name, Service] => [
  name,
  { ports: getPorts(name), administrative: true },
];

/** A map whose names the compiler knows, so that an editor offers them. */
export const namedMapOf =
  <Of>() =>
  <Name extends string>(entries: readonly (readonly [Name, Of])[]): ReadonlyMap<Name, Of> =>
    new Map(entries);
export type NamesIn<In> = In extends ReadonlyMap<infer Name extends string, unknown> ? Name : never;

/** A name means the TLS or normal port only; the plaintext twin has a name of its own that ends in -plain. */
const INBOUND = namedMapOf<Service>()([
  administrative('ssh'),
  open('http'),
  open('https'),
  open('http3'),
  open('smtp'),
  open('smtp-alternate'),
  open('smtps'),
  open('submission'),
  open('imaps'),
  open('imap-plain'),
  open('pop3s'),
  open('pop3-plain'),
  open('dns'),
  open('cpanel'),
  open('cpanel-plain'),
  administrative('whm'),
  administrative('whm-plain'),
  open('webmail'),
  open('webmail-plain'),
  open('webdisk'),
  open('webdisk-plain'),
  open('caldav'),
  open('caldav-plain'),
  open('activesync'),
  administrative('mysql'),
  // Pure-FTPd's passive range on cPanel; the vendor's table has no row for it.
  ['ftp', { ports: [...getPorts('ftp'), extra(tcp(49152, 65534))], administrative: false }],
  ['licence-callback', { ports: getPorts('cpanel', 'whm', 'webmail'), administrative: false }],
]);

const OUTBOUND = namedMapOf<readonly OutboundPort[]>()([
  ['licence', [{ ...tcp(2089), from: [4, 1020] }]],
  ['dns', getPorts('dns')],
  ['http', getPorts('http')],
  ['https', getPorts('https', 'http3')],
  ['smtp', getPorts('smtp')],
  ['submission', getPorts('smtps', 'submission')],
  ['ntp', getPorts('ntp').map(extra)],
  ['spam-checks', [tcp(7), tcp(2703), tcp(6277), udp(6277), tcp(24441), udp(24441)]],
  ['ftp', getPorts('ftp-data', 'ftp')],
  ['rsync', [tcp(873), udp(873)]],
  ['whois', [tcp(43)]],
  ['ident', [tcp(113)]],
  ['rdate', [tcp(37)]],
  ['cpan', [tcp(1)]],
  ['apns', [tcp(2195)]],
  ['apt-keys', [tcp(11371)]],
]);

export const SERVICES: ReadonlyMap<string, Service> = INBOUND;
export type ServiceName = NamesIn<typeof INBOUND>;

export const OUTBOUND_SERVICES: ReadonlyMap<string, readonly OutboundPort[]> = OUTBOUND;
export type OutboundName = NamesIn<typeof OUTBOUND>;
