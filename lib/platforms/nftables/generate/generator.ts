// Generator of nftables: a policy comes in, an nft script with one table goes out. This folder may not import parsers,
// the evaluator or other platforms.

import { UnmanagedConfig } from '../../../generate/config-generator';
import { createLoaderGenerator } from '../../../generate/netfilter/loader-generator';
import { capabilities } from '../capabilities';
import { lowerClosedGateway } from './gateway/lower-closed-gateway';
import { lowerGateway } from './gateway/lower-gateway';
import { lowerClosedServer, lowerServer } from './host/lower-server';
import { render } from './render';

/** An empty device: the owner's tables are its own, and unmanaged config has no part in them. */
const EMPTY_UNMANAGED: UnmanagedConfig = { text: '', isCaptured: false };

export const generator = createLoaderGenerator(capabilities, EMPTY_UNMANAGED, {
  text: (policy) => render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerServer(policy)),
  closing: (policy) => render(policy.kind === 'gateway' ? lowerClosedGateway(policy) : lowerClosedServer(policy)),
});
