import { UnmanagedConfig } from '../../../generate/config-generator';
import { createLoaderGenerator } from '../../../generate/netfilter/loader-generator';
import { capabilities } from '../capabilities';
import { lowerClosedGateway } from './gateway/lower-closed-gateway';
import { lowerGateway } from './gateway/lower-gateway';
import { lowerClosedServer, lowerServer } from './host/lower-server';
import { render } from './render';

/** Our tables are ours alone: nothing that is on the device besides has a part in them. */
const EMPTY_UNMANAGED: UnmanagedConfig = { text: '', captured: false };

export const generator = createLoaderGenerator(capabilities, EMPTY_UNMANAGED, {
  text: (policy) => render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerServer(policy)),
  closing: (policy) => render(policy.kind === 'gateway' ? lowerClosedGateway(policy) : lowerClosedServer(policy)),
});
