import { UnmanagedConfig } from '../../../generate/writer';
import { createLoaderGenerator } from '../../../generate/netfilter/loader';
import { capabilities } from '../capabilities';
import { lowerClosedGateway } from './gateway/closing';
import { lowerGateway } from './gateway/lower';
import { lowerClosedServer, lowerServer } from './host/lower';
import { render } from './render';

/** Our tables are ours alone: nothing that is on the device besides has a part in them. */
const EMPTY_UNMANAGED: UnmanagedConfig = { text: '', captured: false };

export const generator = createLoaderGenerator(capabilities, EMPTY_UNMANAGED, {
  text: (policy) => render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerServer(policy)),
  closing: (policy) => render(policy.kind === 'gateway' ? lowerClosedGateway(policy) : lowerClosedServer(policy)),
});
