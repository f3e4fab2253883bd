// Samples for the tests of the driver: an SSH connection, a release, the work of a delivery, the environment with
// which Terraform starts it, and a gateway policy without mappings.

import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { ReleaseMaker } from '../../driver/release-file';
import { OWNER_TOKEN_VARIABLE, encodeWork } from '../../lib/agent-protocol/work-codec';
import { Connection, Release, RELEASE_FORMAT, DeliveryWork } from '../../lib/agent-protocol/release';
import { printDigestInput } from '../../lib/agent-protocol/release-digest';
import { GatewayPolicy } from '../../lib/policy/policy';
import { port } from '../devices';

/** Author and date of a release file. */
export const MADE: ReleaseMaker = { runner: 'ci@runner-1', made: 1_700_000_000 };

export const connectionOf = (parts: Partial<Connection> = {}): Connection => ({
  host: '127.0.0.1',
  port: 22,
  user: 'root',
  hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'],
  userConfiguration: false,
  ...parts,
});

export const releaseOf = (parts: Partial<Release> = {}): Release => {
  const release: Release = {
    format: RELEASE_FORMAT,
    device: 'gw',
    owner: 'web',
    role: 'gateway',
    platform: 'nftables',
    digest: '',
    text: 'table inet cpanel_edge_web\ndelete table inet cpanel_edge_web\ntable inet cpanel_edge_web {\n}\n',
    addresses: [],
    policy: '{}',
    lines: [],
    claims: { outside: ['203.0.113.10'], inside: ['10.0.0.10'] },
    witnesses: [],
    onRetract: 'as before',
    rollbackSeconds: 90,
    ...parts,
  };
  return {
    ...release,
    digest: createHash('sha256').update(printDigestInput(release)).digest('hex'),
  };
};

export const workOf = (release: Partial<Release> = {}, connection: Partial<Connection> = {}): DeliveryWork => ({
  format: RELEASE_FORMAT,
  connection: connectionOf(connection),
  release: releaseOf(release),
});

/** The environment with which Terraform starts a delivery. */
export const startedWith = (release: Release, connection: Connection): Readonly<Record<string, string>> => ({
  ...encodeWork({ format: RELEASE_FORMAT, connection, release }, (bytes) => deflateSync(bytes)),
  [OWNER_TOKEN_VARIABLE]: 'lease-1',
});

/** Arguments that ask for nothing, for a test's device as it is. */
export const asksNothing = (owner = 'web'): GatewayPolicy => ({
  kind: 'gateway',
  device: 'gw',
  owner,
  platform: 'nftables',
  version: '1.0.6',
  establishedSessions: 'terminate',
  virtualIps: [],
  mappings: [],
  interfaces: [port('wan0', 'outside', ['203.0.113.1/24'])],
});
