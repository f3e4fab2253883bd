import { getPorts } from '../../net/port-names';
import { PORT_TABLE_112 } from './cpanel-ports-112';
import { NamesIn, OUTBOUND_SERVICES, OutboundPort, SERVICES, Service, ServicePort, namedMapOf } from './services';

/** What a preset opens, in the words of the services. */
interface Preset {
  /** Who gets its administrative services: the management's sources, or only whom its own `from` lists. */
  readonly administrators: 'management' | 'listed';
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
  ['http', getPorts('http')],
  ['https', getPorts('https')],
];

const preset = (names: string, outwards: Preset['outbound']): Preset => ({
  administrators: 'management',
  inbound: inbound(names),
  outbound: outwards,
});

const administrativePorts = new Set(
  [...SERVICES.values()]
    .filter((service) => service.administrative)
    .flatMap(({ ports }) => ports.map(({ first }) => first)),
);

/** Every ticked row of version 112. The passive range of FTP is not in the table, so it isn't in this preset either. */
const table: Preset = {
  administrators: 'management',
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

const ALL = namedMapOf<Preset>()([
  ['web', preset('http https http3', [...outbound('dns'), ...WEB_OUT])],
  ['mail', preset('smtp smtps submission imaps pop3s', outbound('smtp submission dns spam-checks'))],
  ['dns', preset('dns', outbound('dns'))],
  ['panel', preset('cpanel whm webmail webdisk caldav', WEB_OUT)],
  ['ftp', preset('ftp', outbound('ftp'))],
  ['ssh-admin', preset('ssh', [])],
  ['remote-mysql', { ...preset('mysql', []), administrators: 'listed' }],
  [
    'licensing-minimal',
    {
      administrators: 'management',
      // Not administrative here: the licence servers, whose addresses aren't published, call back on it.
      inbound: [['licence-callback', { ports: getPorts('whm'), administrative: false }]],
      outbound: [...outbound('licence dns'), ...WEB_OUT],
    },
  ],
  ['full-v112', table],
]);

export const PRESETS: ReadonlyMap<string, Preset> = ALL;
export type PresetName = NamesIn<typeof ALL>;
