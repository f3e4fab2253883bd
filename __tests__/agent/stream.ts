// Release files and table texts for the agent's tests: each table has one port, by which a test recognises the
// release that runs.

import { Release } from '../../lib/agent-protocol/release';
import { renderReleaseFile } from '../../driver/release-file';
import { MADE, releaseOf } from '../driver/samples';

/** A table whose one rule drops packets to a port, by which a test recognises the release that runs. */
export const tableText = (port: number, table = 'cpanel_edge_web'): string =>
  [
    `table inet ${table}`,
    `delete table inet ${table}`,
    `table inet ${table} {`,
    '    chain ce_forward {',
    '        type filter hook input priority filter; policy accept;',
    `        tcp dport ${port} drop comment "of a # and {"`,
    '    }',
    '}',
    '',
  ].join('\n');

export interface Sent {
  readonly release: Release;
  readonly file: string;
  readonly identity: string;
  readonly upload: string;
}

let count = 0;
export const freshToken = (): string => (0xabc0_0000_0000_0000n + BigInt((count += 1))).toString(16);

export function sent(
  parts: Partial<Release> = {},
  lease = 'lease-1',
  token = freshToken(),
  closed = '',
): Sent & { readonly token: string } {
  const release = releaseOf(parts);
  const identity = `${release.role} ${release.owner}`;
  return {
    release,
    token,
    identity: `${identity} ${token}`,
    upload: `upload ${identity} ${lease} ${release.digest} ${token}`,
    file: renderReleaseFile(release, lease, token, MADE, closed),
  };
}
