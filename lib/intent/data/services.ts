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
const open = (...ports: ServicePort[]): Service => ({ ports, administrative: false });
const administrative = (...ports: ServicePort[]): Service => ({ ports, administrative: true });

/** A map whose names the compiler knows, so that an editor offers them. */
export const namedMapOf =
  <Of>() =>
  <Name extends string>(entries: readonly (readonly [Name, Of])[]): ReadonlyMap<Name, Of> =>
    new Map(entries);
export type NamesIn<In> = In extends ReadonlyMap<infer Name extends string, unknown> ? Name : never;

/** A name means the TLS or normal port only; the plaintext twin has a name of its own that ends in -plain. */
const INBOUND = namedMapOf<Service>()([
  ['ssh', administrative(tcp(22))],
  ['http', open(tcp(80))],
  ['https', open(tcp(443))],
  ['http3', open(udp(443))],
  ['smtp', open(tcp(25))],
  ['smtp-alternate', open(tcp(26))],
  ['smtps', open(tcp(465))],
  ['submission', open(tcp(587))],
  ['imaps', open(tcp(993))],
  ['imap-plain', open(tcp(143))],
  ['pop3s', open(tcp(995))],
  ['pop3-plain', open(tcp(110))],
  ['dns', open(tcp(53), udp(53))],
  ['cpanel', open(tcp(2083))],
  ['cpanel-plain', open(tcp(2082))],
  ['whm', administrative(tcp(2087))],
  ['whm-plain', administrative(tcp(2086))],
  ['webmail', open(tcp(2096))],
  ['webmail-plain', open(tcp(2095))],
  ['webdisk', open(tcp(2078))],
  ['webdisk-plain', open(tcp(2077))],
  ['caldav', open(tcp(2080))],
  ['caldav-plain', open(tcp(2079))],
  ['activesync', open(tcp(2091))],
  ['mysql', administrative(tcp(3306))],
  // Pure-FTPd's passive range on cPanel; the vendor's table has no row for it.
  ['ftp', open(tcp(21), extra(tcp(49152, 65534)))],
  ['licence-callback', open(tcp(2083), tcp(2087), tcp(2096))],
]);

const OUTBOUND = namedMapOf<readonly OutboundPort[]>()([
  ['licence', [{ ...tcp(2089), from: [4, 1020] }]],
  ['dns', [tcp(53), udp(53)]],
  ['http', [tcp(80)]],
  ['https', [tcp(443), udp(443)]],
  ['smtp', [tcp(25)]],
  ['submission', [tcp(465), tcp(587)]],
  ['ntp', [extra(udp(123))]],
  ['spam-checks', [tcp(7), tcp(2703), tcp(6277), udp(6277), tcp(24441), udp(24441)]],
  ['ftp', [tcp(20), tcp(21)]],
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
