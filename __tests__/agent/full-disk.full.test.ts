// Tests the agent on a device whose store of releases has no free inodes: nothing new is loaded, and an armed release
// rolls back as a whole. Runs on a test device with the real nft.

import { underShells } from './under-shell';
import { withoutRoom } from './without-room';

jest.setTimeout(90_000);

underShells(['sh'], 'the agent on a full disk', (under) => withoutRoom(under)('inodes'));
