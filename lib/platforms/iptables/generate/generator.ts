// Generator of iptables: a policy comes in, text for `iptables-restore` goes out. This folder may not import parsers,
// the evaluator or other platforms.

import { createLoaderGenerator } from '../../../generate/netfilter/loader-generator';
import { createClosedPolicy } from '../../../generate/netfilter/server-clauses';
import { UnmanagedConfig } from '../../../generate/config-generator';
import { capabilities } from '../capabilities';
import { lowerClosedGateway, lowerGateway } from './lower-gateway';
import { lowerServer } from './lower-server';
import { render } from './print-tables';

/** An empty host: the owner's chains are its own, and unmanaged config has no part in them. */
const EMPTY_UNMANAGED: UnmanagedConfig = {
  text: render((['ip6', 'ip'] as const).map((family) => ({ family, name: 'mangle', chains: [] }))),
  isCaptured: false,
};

export const generator = createLoaderGenerator(capabilities, EMPTY_UNMANAGED, {
  text: (policy) => render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerServer(policy)),
  closing: (policy) =>
    render(policy.kind === 'gateway' ? lowerClosedGateway(policy) : lowerServer(createClosedPolicy(policy))),
});
