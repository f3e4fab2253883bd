// Presets, such as `web`, `mail` and `panel`: the services that each opens, and the outbound ports that these need.
// Profiles name them.

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

/** The services that a preset opens, and the ports that it needs outbound. */
interface Preset {
  /** Sources of its administrative services: those of the management, or only those of the entry's own `from`. */
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

// Plain HTTP and HTTPS over TCP, for presets that need no outbound HTTP/3.
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

/** Every ticked row of version 112. The table has no passive range of FTP, so this preset has none either. */
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
      // The port isn't administrative here: the licence servers call back on it, and their addresses aren't published.
      inbound: [['licence-callback', { ports: getPorts('whm'), administrative: false }]],
      outbound: [...listOutboundPorts('licence dns'), ...WEB_OUTBOUND],
    },
  ],
  ['full-v112', TABLE_PRESET],
]);

export const PRESETS: ReadonlyMap<string, Preset> = PRESET_MAP;
export type PresetName = MapNames<typeof PRESET_MAP>;
