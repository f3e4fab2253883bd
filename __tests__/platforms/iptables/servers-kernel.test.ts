// Loads the golden iptables text of each server case into a kernel: by real packets only what the case permits may
// pass.

import { askKernels } from '../server-cases-in-kernel';
import { BACK_ENDS, canUseIptables, inPlaceOf } from './kernel';

askKernels(
  'iptables',
  BACK_ENDS.map((backEnd) => ({
    name: `iptables-${backEnd}`,
    tools: ['iptables', 'ipset'],
    load: (place, text) => inPlaceOf((command, input) => place.run(command, input), text, backEnd),
  })),
  canUseIptables(),
);
