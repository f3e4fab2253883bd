import { Policy } from '../../../policy/policy';
import { Refusal } from '../../../problems/problem';
import { addressLines } from '../../../writing/netfilter/addresses';
import { closed } from '../../../writing/netfilter/server';
import { Surroundings, Writer } from '../../../writing/writer';
import { closingGateway, lowerGateway } from './gateway';
import { lowerHost } from './host';
import * as problems from './problems';
import { render } from './render';

/** Our chains are ours alone, on a host that holds nothing: what is on it besides has no part in them. */
const NOTHING: Surroundings = {
  text: render((['ip6', 'ip'] as const).map((family) => ({ family, name: 'mangle', chains: [] }))),
  captured: false,
};

export const writer: Writer = {
  write(policy, captured) {
    if (captured !== undefined) throw new Refusal([problems.surroundings(`device ${policy.device}`)]);
    const addresses = policy.kind === 'gateway' ? policy.virtualIps.flatMap(addressLines) : [];
    return { text: render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerHost(policy)), surroundings: NOTHING, addresses };
  },
  closing: (policy: Policy) => render(policy.kind === 'gateway' ? closingGateway(policy) : lowerHost(closed(policy))),
  without: () => NOTHING,
};
