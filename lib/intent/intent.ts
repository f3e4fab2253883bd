/**
 * What people write. Plain data: every text is parsed and every default is chosen by the compilation in this room
 * and nowhere else. Names are `[a-z][a-z0-9-]*`. Text that holds `${` (a token of another resource) is refused:
 * nothing could be proven of it.
 */
export type * from './connection-intent';
export type * from './device-intent';
export type * from './mapping-intent';
export type * from './service-intent';
export type * from './profile-intent';
export type * from './server-intent';
