import { LINUX } from '../../../lib/agent-protocol/linux';
import { System } from '../../../lib/agent-protocol/system';

/** A loader on Linux. */
export const system: System = {
  ...LINUX,
  unitOf: ({ text, owner }) => (text.startsWith(`slate ${owner}\n`) ? `file ${owner}` : undefined),
};
