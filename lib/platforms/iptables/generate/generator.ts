import { createLoaderGenerator } from '../../../generate/netfilter/loader-generator';
import { createClosedPolicy } from '../../../generate/netfilter/server-clauses';
import { UnmanagedConfig } from '../../../generate/config-generator';
import { capabilities } from '../capabilities';
import { lowerClosedGateway, lowerGateway } from './lower-gateway';
import { lowerServer } from './lower-server';
import { render } from './render';

/** Our chains are ours alone, on a host that holds nothing: what is on it besides has no part in them. */
const EMPTY_UNMANAGED: UnmanagedConfig = {
  text: render((['ip6', 'ip'] as const).map((family) => ({ family, name: 'mangle', chains: [] }))),
  captured: false,
};

export const generator = createLoaderGenerator(capabilities, EMPTY_UNMANAGED, {
  text: (policy) => render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerServer(policy)),
  closing: (policy) =>
    render(policy.kind === 'gateway' ? lowerClosedGateway(policy) : lowerServer(createClosedPolicy(policy))),
});
