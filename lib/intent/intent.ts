/**
 * The types of all intents (the plain data that users write for gateways, servers, mappings and profiles), re-exported
 * as one module. lib/intent: intents come in, policies (lib/policy) or problems go out. This folder parses every text
 * and chooses every default, and no other folder does. It may import lib/net, lib/policy and lib/problems: it knows no
 * platform, no generator and no parser. Names are `[a-z][a-z0-9-]*`. Text that holds `${` (a token of another
 * resource) is refused: nothing could be verified about it.
 */
export type * from './connection-intent';
export type * from './device-intent';
export type * from './mapping-intent';
export type * from './service-intent';
export type * from './profile-intent';
export type * from './server-intent';
