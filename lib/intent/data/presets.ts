import { getPorts } from '../../net/port-names';
import { PORT_TABLE_112 } from './cpanel-ports-112';
import {
  MapNames,
  OUTBOUND_SERVICES,
  OutboundPort,
  SERVICES,
  ServiceDefinition,
  ServicePort,
  createNamedMap,
} from './services';

/** What a preset opens, in the words of the services. */
interface Preset {
  /** Who gets its administrative services: the management's sources, or only whom its own `from` lists. */
  readonly administrators: 'management' | 'listed';
  readonly inbound: readonly (readonly [name: string, ServiceDefinition])[];
  readonly outbound: readonly (readonly [name: string, readonly OutboundPort[]])[];
}

const listInboundServices = (names: string): Preset['inbound'] =>
  names.split(' ').flatMap((name) => {
    const service = SERVICES.get(name);
    return service ? [[name, service] as const] : [];
  });

const listOutboundPorts = (names: string): Preset['outbound'] =>
  names.split(' ').flatMap((name) => {
    const ports = OUTBOUND_SERVICES.get(name);
    return ports ? [[name, ports] as const] : [];
  });

// Plain HTTP and HTTPS over TCP: presets that need no HTTP/3 outwards.
const WEB_OUTBOUND: Preset['outbound'] = [
  ['http', getPorts('http')],
  ['https', getPorts('https')],
];

const createPreset = (names: string, outboundPorts: Preset['outbound']): Preset => ({
  administrators: 'management',
  inbound: listInboundServices(names),
  outbound: outboundPorts,
});

const ADMINISTRATIVE_PORTS = new Set(
  [...SERVICES.values()]
    .filter((service) => service.administrative)
    .flatMap(({ ports }) => ports.map(({ first }) => first)),
);

/** Every ticked row of version 112. The passive range of FTP is not in the table, so it isn't in this preset either. */
const TABLE_PRESET: Preset = {
  administrators: 'management',
  inbound: PORT_TABLE_112.filter((row) => row.inbound).map((row) => [
    `${row.service} ${row.port}`,
    {
      ports: row.protocols.map((protocol): ServicePort => ({ first: row.port, last: row.port, protocol })),
      administrative: ADMINISTRATIVE_PORTS.has(row.port),
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

const PRESET_MAP = createNamedMap<Preset>()([
  ['web', createPreset('http https http3', [...listOutboundPorts('dns'), ...WEB_OUTBOUND])],
  ['mail', createPreset('smtp smtps submission imaps pop3s', listOutboundPorts('smtp submission dns spam-checks'))],
  ['dns', createPreset('dns', listOutboundPorts('dns'))],
  ['panel', createPreset('cpanel whm webmail webdisk caldav', WEB_OUTBOUND)],
  ['ftp', createPreset('ftp', listOutboundPorts('ftp'))],
  ['ssh-admin', createPreset('ssh', [])],
  ['remote-mysql', { ...createPreset('mysql', []), administrators: 'listed' }],
  [
    'licensing-minimal',
    {
      administrators: 'management',
      // Not administrative here: the licence servers, whose addresses aren't published, call back on it.
      inbound: [['licence-callback', { ports: getPorts('whm'), administrative: false }]],
      outbound: [...listOutboundPorts('licence dns'), ...WEB_OUTBOUND],
    },
  ],
  ['full-v112', TABLE_PRESET],
]);

export const PRESETS: ReadonlyMap<string, Preset> = PRESET_MAP;
export type PresetName = MapNames<typeof PRESET_MAP>;
