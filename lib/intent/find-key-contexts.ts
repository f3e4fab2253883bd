// Returns, in words, the objects of an intent that take a given key (`a Gateway`, `connection: { host: … }`), for the
// problem of a misplaced key.
import type { z } from 'zod';
import * as schemas from './intent-schemas';
import { getKeys } from './schema-fields';

/** How messages print the place of a key, by the object that takes it. */
const KEY_CONTEXTS: readonly (readonly [schema: z.ZodObject, print: (key: string) => string])[] = [
  [schemas.gatewaySchema, () => 'a Gateway'],
  [schemas.serverSchema, () => 'a CpanelServer'],
  [schemas.deviceConstructSchema, () => 'a Gateway or CpanelServer'],
  [schemas.connectionSchema, (key) => `connection: { ${key}: … }`],
  [schemas.mappingSchema, () => 'a OneToOneNat'],
  [schemas.reflectionSchema, (key) => `reflection: { ${key}: … }`],
  [schemas.virtualIpSchema, () => 'a VirtualIp'],
  [schemas.carpSchema, (key) => `carp: { ${key}: … }`],
  [schemas.profileSchema, () => 'a CpanelFirewallProfile'],
  [schemas.managementSchema, (key) => `management: { ${key}: … }`],
  [schemas.serviceFieldsSchema, (key) => `an entry of services or open: { ${key}: … }`],
  [schemas.interfaceSchema, (key) => `an entry of a Gateway's interfaces: { ${key}: … }`],
  [schemas.cpnatSchema, (key) => `cpnat: { ${key}: … }`],
];

/** Returns the places that take a key. Returns none if more than two do: the key is then no hint at the place. */
export function findKeyContexts(key: string): readonly string[] {
  const contexts = KEY_CONTEXTS.filter(([schema]) => getKeys(schema).includes(key));
  return contexts.length > 2 ? [] : contexts.map(([, print]) => print(key));
}
