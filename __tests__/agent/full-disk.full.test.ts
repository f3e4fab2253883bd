// Tests the agent on a device whose store has no free inodes.

import { underShells } from './under-shell';
import { withoutRoom } from './without-room';

jest.setTimeout(90_000);

underShells(['sh'], 'without room', (under) => withoutRoom(under)('inodes'));
