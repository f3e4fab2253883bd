// The capabilities of the toy platform `slate`: a server's firewall for incoming packets.

import { NO_EXCESS } from '../../../lib/policy/platform-excess';
import { Capabilities } from '../../../lib/generate/capabilities';

/** A server's firewall that filters incoming packets and translates nothing. */
export const capabilities = {
  id: 'slate',
  name: 'Slate',
  versions: ['1, which nobody has'],
  versionCommand: 'slate version',
  owner: { location: 'the first line of its file', maxLength: 20 },
  portProtocols: [6, 17],
  server: {
    ipv6: true,
    ownPublic: { what: 'Slate translates nothing.', instead: 'names that lead to the local addresses.' },
    outbound: { what: 'Slate does not look at what a server sends.', instead: "outbound 'anywhere'." },
    sourcePorts: { what: 'Slate does not look at what a server sends.', instead: "outbound 'anywhere'." },
    replaces: { what: 'Slate has no other firewall beside it.', instead: 'no "replaces".' },
  },
  excess: NO_EXCESS,
  transition: 'atomic',
  commitConfirm: 'yes',
  rebootUndo: true,
} satisfies Capabilities;
