import { PORT_TABLE_112 } from './cpanel-ports-112';
import { OUTBOUND_SERVICES, OutboundPort, SERVICES, Service, ServicePort } from './services';

/** What a preset opens, in the words of the services; administrative ones go to the management's sources alone. */
export interface Preset {
  readonly inbound: readonly (readonly [name: string, Service])[];
  readonly outbound: readonly (readonly [name: string, readonly OutboundPort[]])[];
}

const inbound = (names: string): Preset['inbound'] =>
  names.split(' ').flatMap((name) => {
    const service = SERVICES.get(name);
    return service ? [[name, service] as const] : [];
  });

const outbound = (names: string): Preset['outbound'] =>
  names.split(' ').flatMap((name) => {
    const ports = OUTBOUND_SERVICES.get(name);
    return ports ? [[name, ports] as const] : [];
  });

// Plain HTTP and HTTPS over TCP: presets that need no HTTP/3 outwards.
const WEB_OUT: Preset['outbound'] = [
  ['http', [{ first: 80, last: 80, protocol: 'tcp' }]],
  ['https', [{ first: 443, last: 443, protocol: 'tcp' }]],
];

const administrativePorts = new Set([...SERVICES.values()].filter((service) => service.administrative).flatMap(({ ports }) => ports.map(({ first }) => first)));

/** Every ticked row of version 112. The passive range of FTP is not in the table, so it isn't in this preset either. */
const table: Preset = {
  inbound: PORT_TABLE_112.filter((row) => row.inbound).map((row) => [
    `${row.service} ${row.port}`,
    {
      ports: row.protocols.map((protocol): ServicePort => ({ first: row.port, last: row.port, protocol })),
      administrative: administrativePorts.has(row.port),
    },
  ]),
  outbound: PORT_TABLE_112.filter((row) => row.outbound).map((row) => [
    `${row.service} ${row.port}`,
    row.protocols.map((protocol): OutboundPort => ({
      first: row.port,
      last: row.port,
      protocol,
      ...(row.sourcePorts ? { from: row.sourcePorts } : {}),
    })),
  ]),
};

export const PRESETS: ReadonlyMap<string, Preset> = new Map<string, Preset>([
  ['web', { inbound: inbound('http https http3'), outbound: [...outbound('dns'), ...WEB_OUT] }],
  ['mail', { inbound: inbound('smtp smtps submission imaps pop3s'), outbound: outbound('smtp submission dns spam-checks') }],
  ['dns', { inbound: inbound('dns'), outbound: outbound('dns') }],
  ['panel', { inbound: inbound('cpanel whm webmail webdisk caldav'), outbound: WEB_OUT }],
  ['ftp', { inbound: inbound('ftp'), outbound: outbound('ftp') }],
  ['ssh-admin', { inbound: inbound('ssh'), outbound: [] }],
  ['remote-mysql', { inbound: inbound('mysql'), outbound: [] }],
  ['licensing-minimal', { inbound: inbound('whm'), outbound: [...outbound('licence dns'), ...WEB_OUT] }],
  ['full-v112', table],
]);
