import { loader } from '../../../generate/netfilter/loader';
import { closed } from '../../../generate/netfilter/server';
import { Surroundings } from '../../../generate/writer';
import { capabilities } from '../capabilities';
import { closingGateway, lowerGateway } from './gateway';
import { lowerHost } from './host';
import { render } from './render';

/** Our chains are ours alone, on a host that holds nothing: what is on it besides has no part in them. */
const NOTHING: Surroundings = {
  text: render((['ip6', 'ip'] as const).map((family) => ({ family, name: 'mangle', chains: [] }))),
  captured: false,
};

export const writer = loader(capabilities, NOTHING, {
  text: (policy) => render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerHost(policy)),
  closing: (policy) => render(policy.kind === 'gateway' ? closingGateway(policy) : lowerHost(closed(policy))),
});
