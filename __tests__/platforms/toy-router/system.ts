import { System } from '../../../lib/delivering/system';
import { dialogue } from './dialogue';

/** A router without a shell. */
export const system: System = {
  fixes: {
    by: 'pages',
    interfaces: 'its manual: set interface',
    enable: (name) => `set interface ${name} up`,
    forwarding: () => 'it always forwards',
    routeTo: (address) => `set route ${address}`,
    routesOf: (address) => `show route ${address}`,
  },
  runs: { is: 'dialogue', dialogue },
  releaseForm: 1,
  unitOf: ({ text, owner }) => (text.startsWith(`toy ${owner}\n`) ? `filters ${owner}` : undefined),
  refusals: {},
  bootFaults: {},
};
