import { LINUX } from '../../../lib/delivering/linux';
import { System } from '../../../lib/delivering/system';

/** A loader on Linux. */
export const system: System = {
  ...LINUX,
  unitOf: ({ text, owner }) => (text.startsWith(`slate ${owner}\n`) ? `file ${owner}` : undefined),
};
