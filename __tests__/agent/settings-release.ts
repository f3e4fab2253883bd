// Creates release files for programs with settings files (csf, APF).

import { MADE, releaseOf } from '../driver/samples';
import { Sent, freshToken } from './stream';

const lines = (its: string): readonly string[] => its.split('\n').slice(0, -1);

/** A server's release of settings in another program's files: `kind` is the prefix of its parts' names. */
export function settingsRelease(
  kind: 'cc' | 'ca' | 'cu',
  its: string,
  closed = '',
  owner = 'web',
  claims = ['10.0.0.10'],
): Sent {
  const release = releaseOf({ role: 'server', owner, text: its });
  const [token, identity] = [freshToken(), `server ${owner}`];
  const head = {
    role: 'server',
    owner,
    lease: 'lease-1',
    token,
    digest: release.digest,
    settings: `${kind}-${owner}`,
    'on-retract': 'as-before',
  };
  return {
    release,
    identity: `${identity} ${token}`,
    upload: `upload ${identity} lease-1 ${release.digest} ${token}`,
    file: [
      'cpanel-edge-release 2',
      ...Object.entries({ ...head, ...MADE }).map(([key, value]) => `${key} ${value}`),
      'addresses 0',
      `claims ${claims.length}`,
      ...claims.map((claim) => `inside ${claim}`),
      `closed ${lines(closed).length}`,
      ...lines(closed),
      `text ${lines(its).length}`,
      its,
    ].join('\n'),
  };
}
