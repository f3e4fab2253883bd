// The capabilities of nftables as a platform: what the generator can express, what to write instead of the rest, and
// how a delivery activates rules on a device.

import { NO_EXCESS } from '../../policy/platform-excess';
import { Capabilities } from '../../generate/capabilities';
import { createLinuxGateway } from '../../generate/netfilter/linux-capabilities';

export const capabilities = {
  id: 'nftables',
  name: 'nftables',
  versions: ['nft 1.0.6 (Debian 12)', 'nft 0.9.8 (Debian 11)', 'nft 1.1.3 (Debian 13)'],
  versionCommand: 'nft --version',
  oldest: '0.9.8',
  newest: '1.1',
  owner: { location: "a table's name", maxLength: 60 },
  portProtocols: [6, 17, 33, 132, 136],
  gateway: createLinuxGateway('nftables', {
    pattern: /^[A-Za-z0-9._:@-]{1,15}$/,
    description:
      'the name as "ip link" prints it: at most 15 letters, digits and . _ : @ -, no * (nft would read it as any ending)',
  }),
  server: { ipv6: true, ownPublic: true, outbound: true, sourcePorts: true, replaces: true },
  excess: NO_EXCESS,
  transition: 'atomic',
  commitConfirm: 'yes',
  rebootUndo: true,
} satisfies Capabilities;
