// The schema of what users write: each object with its keys, types, choices, limits and defaults. Parsers take all of
// them from here. The interfaces beside it have the same fields for editors and docs; tsc compares the two.
//
// A schema accepts some values that a parser refuses: it knows no other field, no other object and no network. Formats
// of addresses, ports and other texts are the parsers', too.

import { z } from 'zod';

/** The most entries of a list of sources, which may come from a program. */
const MAX_SOURCES = 100_000;
/** The most entries of a list that people write. */
const MAX_ENTRIES = 10_000;
export const MAX_SOURCE_SETS = 1000;
export const MAX_LISTENING_PORTS = 5000;

const createText = (maxCharacters: number) => z.string().min(1).max(maxCharacters);
const createInteger = (first: number, last: number) => z.int().min(first).max(last);
const createList = <Entry extends z.ZodType>(entry: Entry, maxEntries = MAX_ENTRIES) =>
  z.array(entry).min(1).max(maxEntries);
const createRecord = <Key extends z.ZodString, Value extends z.ZodType>(key: Key, value: Value, maxKeys: number) =>
  z
    .record(key, value)
    .refine((record) => Object.keys(record).length <= maxKeys)
    .meta({ maxProperties: maxKeys });

/** One line of text for which nothing else is said. */
export const textSchema = createText(300);
export const NAME_PATTERN = /^[a-z][a-z0-9-]{0,62}$/;
export const nameSchema = z.string().regex(NAME_PATTERN);
/** The content of a file. The limit is larger than any configuration in use. */
export const fileContentSchema = createText(16 * 1024 * 1024);
const portSchema = createInteger(1, 65_535);
export const portProtocolSchema = z.enum(['tcp', 'udp', 'dccp', 'sctp', 'udplite']);

// Sources and services

export const sourcesSchema = z.union([z.literal('anywhere'), createList(textSchema, MAX_SOURCES)]);
export const sourceSetsSchema = createRecord(nameSchema, createList(textSchema), MAX_SOURCE_SETS);
const portOrRangeSchema = z.union([portSchema, textSchema]);
export const portsSchema = z.union([portOrRangeSchema, createList(portOrRangeSchema, 1000)]);
/** `8443/tcp`, `49152-65534/tcp`. */
const portTextSchema = z.union([
  z.templateLiteral([z.number(), '/', portProtocolSchema]),
  z.templateLiteral([z.number(), '-', z.number(), '/', portProtocolSchema]),
]);
const reasonSchema = createText(120).optional();

export const namedServiceSchema = z.strictObject({ service: textSchema, from: sourcesSchema.optional() });
export const portsEntrySchema = z.strictObject({
  ports: portsSchema,
  protocol: portProtocolSchema,
  from: sourcesSchema.optional(),
  reason: reasonSchema,
});
export const portsWithProtocolsSchema = z.strictObject({
  ports: z.union([portTextSchema, createList(portTextSchema, 1000)]),
  from: sourcesSchema.optional(),
  reason: reasonSchema,
});
export const protocolEntrySchema = z.strictObject({
  protocol: z.union([z.enum(['icmp', 'icmpv6', 'gre', 'esp', 'ah']), createInteger(1, 254)]),
  types: createList(createInteger(0, 255), 256).optional(),
  from: sourcesSchema.optional(),
  reason: reasonSchema,
});
/** An entry of `services`, `extra`, `open` or `answers`. */
export const serviceSchema = z.union([
  textSchema,
  namedServiceSchema,
  portsEntrySchema,
  portsWithProtocolsSchema,
  protocolEntrySchema,
]);
/** The fields of all objects that an entry may be. */
export const serviceFieldsSchema = z.strictObject({
  service: textSchema.optional(),
  ports: portsSchema.optional(),
  protocol: z.union([portProtocolSchema, protocolEntrySchema.shape.protocol]).optional(),
  types: protocolEntrySchema.shape.types,
  from: sourcesSchema.optional(),
  reason: reasonSchema,
});
export const servicesSchema = createList(serviceSchema, 1000);

export const namedOutboundSchema = z.strictObject({ service: textSchema, to: sourcesSchema.default('anywhere') });
export const outboundPortsSchema = z.strictObject({
  ports: portsSchema,
  protocol: portProtocolSchema,
  to: sourcesSchema.default('anywhere'),
  sourcePorts: createList(portSchema, 1000).optional(),
  reason: reasonSchema,
});
/** The fields of both objects that an entry of `outbound` may be. */
export const outboundFieldsSchema = z.strictObject({
  service: textSchema.optional(),
  ports: portsSchema.optional(),
  protocol: portProtocolSchema.optional(),
  to: sourcesSchema.default('anywhere'),
  sourcePorts: outboundPortsSchema.shape.sourcePorts,
  reason: reasonSchema,
});

// The firewall profile

export const managementSchema = z.strictObject({
  from: sourcesSchema,
  port: z.union([portSchema, z.templateLiteral([z.number(), '/tcp'])]),
});
export const profileSchema = z.strictObject({
  name: nameSchema,
  services: servicesSchema,
  sources: sourcesSchema.optional(),
  management: managementSchema,
  blocked: createList(textSchema, MAX_SOURCES).optional(),
  outbound: z
    .union([z.literal('anywhere'), createList(z.union([textSchema, namedOutboundSchema, outboundPortsSchema]), 1000)])
    .default('anywhere'),
  ping: z.union([sourcesSchema, z.literal('nobody')]).default('nobody'),
  extra: servicesSchema.optional(),
  sourceSets: sourceSetsSchema.optional(),
  cpanelVersion: textSchema.default('112'),
});

// Connections

const hopFields = {
  host: textSchema,
  port: portSchema.default(22),
  user: textSchema.default('root'),
  hostKeys: createList(createText(8000), 50),
  identityFile: textSchema.optional(),
  agentVariable: textSchema.optional(),
  // The annotation ends the recursion of the type.
  jump: z.union([z.literal('none'), z.lazy((): z.ZodType => jumpSchema)]).optional(),
  userConfiguration: z.boolean().default(false),
};
export const jumpSchema = z.strictObject(hopFields);
export const connectionSchema = z.strictObject({
  ...hopFields,
  rollbackSeconds: createInteger(10, 3600).default(90),
});
/** A connection whose fields may come from elsewhere. */
const partialConnectionSchema = connectionSchema.partial();
/** The fields that defaults may set for many connections at once: all but `host`. */
export const connectionDefaultsSchema = partialConnectionSchema.omit({ host: true });

// Devices

export const healthCheckSchema = z.strictObject({
  interface: textSchema.optional(),
  from: textSchema,
  to: textSchema,
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  port: portSchema,
});
export const deviceSchema = z.strictObject({
  device: nameSchema,
  owner: nameSchema,
  platform: textSchema,
  version: createText(40),
  establishedSessions: z.enum(['terminate', 'keep']).default('terminate'),
  healthChecks: createList(healthCheckSchema, 100).optional(),
  adopt: textSchema.optional(),
});
/** The props of device constructs that are no fields of the intent: connection and kind of the release resource. */
export const deviceConstructSchema = z.strictObject({
  connection: partialConnectionSchema.optional(),
  releaseResource: z.enum(['null_resource', 'terraform_data']).default('null_resource'),
});

// Gateways

export const publicPrefixSchema = z.strictObject({ prefix: textSchema, delivery: z.enum(['on-link', 'routed']) });
export const interfaceSchema = z.strictObject({
  name: textSchema,
  role: z.enum(['outside', 'inside', 'dmz', 'vpn']),
  addresses: createList(textSchema),
  publicPrefixes: createList(publicPrefixSchema).optional(),
  routes: createList(textSchema).optional(),
  terminatesVpn: z.boolean().default(false),
});
/** An interface in one line: `wan: outside 203.0.113.2/24`. */
const interfaceLineSchema = z.templateLiteral([z.string(), ': ', interfaceSchema.shape.role, ' ', z.string()]);
export const gatewaySchema = z.strictObject({
  ...deviceSchema.shape,
  interfaces: createList(z.union([interfaceSchema, interfaceLineSchema]), 256),
  sourceSets: sourceSetsSchema.optional(),
  capturedConfig: fileContentSchema.optional(),
});

export const carpSchema = z.strictObject({
  vhid: createInteger(1, 255),
  advertiseSeconds: createInteger(1, 254).default(1),
  skew: createInteger(0, 254).default(0),
});
export const virtualIpSchema = z.strictObject({
  name: nameSchema,
  interface: textSchema.optional(),
  address: textSchema,
  mask: createInteger(1, 32).optional(),
  kind: z.enum(['ip-alias', 'carp', 'proxy-arp', 'other']).optional(),
  carp: carpSchema.optional(),
  answers: servicesSchema.optional(),
});

export const reflectionSchema = z.strictObject({
  mode: z.enum(['nat-proxy', 'pure-nat', 'disabled', 'system-default']),
  from: createList(textSchema, 256).optional(),
  onServer: z.boolean().optional(),
  globalHelper: z.boolean().default(false),
});
export const natReflectionSchema = reflectionSchema.extend({ mapping: nameSchema.optional() });

export const serverInternalSchema = z.strictObject({ server: textSchema, address: textSchema.optional() });
export const exclusionSchema = z.strictObject({ internal: textSchema.optional(), peer: textSchema.optional() });
export const mappingSchema = z.strictObject({
  name: nameSchema,
  virtualIp: nameSchema.optional(),
  external: textSchema.optional(),
  internal: z.union([textSchema, serverInternalSchema]),
  destination: sourcesSchema.default('anywhere'),
  exclude: createList(exclusionSchema, 1000).optional(),
  open: servicesSchema.optional(),
  profile: profileSchema.optional(),
  inboundOnly: z.boolean().default(false),
  reflection: reflectionSchema.optional(),
  description: createText(200).optional(),
  enabled: z.boolean().default(true),
});

// Servers

export const serverInterfaceSchema = z.strictObject({
  name: textSchema,
  addresses: createList(textSchema),
  routes: createList(textSchema).optional(),
});
export const factsSchema = z.strictObject({
  hasAccounts: z.boolean().optional(),
  serviceSubdomains: z.boolean().optional(),
  redirectsToTls: z.boolean().optional(),
  eximOldTls: z.boolean().optional(),
  system: textSchema.optional(),
  cpanel: textSchema.optional(),
  autossl: textSchema.optional(),
  myip: textSchema.optional(),
  rolesOff: z.array(textSchema).max(MAX_ENTRIES).optional(),
  firewalls: z.array(textSchema).max(MAX_ENTRIES).optional(),
  plans: z.array(textSchema).max(MAX_ENTRIES).optional(),
  listens: createRecord(z.string(), textSchema, MAX_LISTENING_PORTS).optional(),
  passiveFtp: textSchema.optional(),
  cpnat: z.union([z.enum(['absent', 'empty']), createList(z.string().max(300))]).optional(),
});
export const cpnatPairSchema = z.strictObject({ local: textSchema, public: textSchema });
export const passiveFtpSchema = z.strictObject({ address: textSchema.optional(), ports: textSchema.optional() });
export const cpnatSchema = z.strictObject({
  natMode: z.enum(['on', 'off']).default('on'),
  pairs: createList(cpnatPairSchema).optional(),
  serverInUse: z.enum(['refuse', 'change']).default('refuse'),
  myip: textSchema.optional(),
  passiveFtp: passiveFtpSchema.optional(),
});
export const serverSchema = z.strictObject({
  ...deviceSchema.shape,
  addresses: createList(textSchema).optional(),
  interface: textSchema.default('eth0'),
  interfaces: createList(serverInterfaceSchema, 256).optional(),
  trustedNetworks: z.union([z.literal('none'), createList(textSchema, MAX_SOURCES)]),
  trustedConnections: z.enum(['unmanaged', 'listed']).default('unmanaged'),
  facts: factsSchema.optional(),
  cpnat: cpnatSchema.optional(),
  replaces: createList(textSchema).optional(),
  onRemove: z.enum(['keep closed', 'as before']).default('keep closed'),
});
/** A server that another app delivers. */
export const deliveredServerSchema = z.strictObject({ device: nameSchema, addresses: createList(textSchema) });

// Props that only constructs have

export const defaultsSchema = z.strictObject({
  owner: nameSchema.optional(),
  platform: textSchema.optional(),
  version: deviceSchema.shape.version.optional(),
  releaseResource: deviceConstructSchema.shape.releaseResource.unwrap().optional(),
  connection: connectionDefaultsSchema.optional(),
  trustedNetworks: serverSchema.shape.trustedNetworks.optional(),
  management: managementSchema.optional(),
  sourceSets: sourceSetsSchema.optional(),
});
export const ownershipSchema = z.strictObject({ device: nameSchema, owner: nameSchema });
export const removedOwnersSchema = z.strictObject({ owners: createList(ownershipSchema) });

const publishedMappingSchema = mappingSchema.omit({ virtualIp: true, external: true, internal: true }).partial();
/** The options of `publish`, by the object that they are passed to: the mapping, or a virtual IP made for it. */
export const publishSchemas = {
  mapping: publishedMappingSchema,
  virtualIp: virtualIpSchema.omit({ name: true, address: true }),
};
export const publishOptionsSchema = publishedMappingSchema.extend(publishSchemas.virtualIp.shape);
