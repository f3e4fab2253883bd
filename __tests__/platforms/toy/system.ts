// The DeviceSystem of the toy platform `slate`.

import { LINUX } from '../../../lib/agent-protocol/linux-system';
import { DeviceSystem } from '../../../lib/agent-protocol/device-system';

/** A loader on Linux. */
export const system: DeviceSystem = {
  ...LINUX,
  findUnit: ({ text, owner }) => (text.startsWith(`slate ${owner}\n`) ? `file ${owner}` : undefined),
};
