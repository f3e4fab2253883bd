import { Policy } from '../../../policy/policy';
import { Refusal } from '../../../problems/problem';
import { addressLines } from '../../../writing/netfilter/addresses';
import { Surroundings, Writer, Written } from '../../../writing/writer';
import { closingGateway } from './gateway/closing';
import { lowerGateway } from './gateway/lower';
import { closingHost, lowerHost } from './host/lower';
import * as problems from './problems';
import { render } from './render';

/** Our tables are ours alone: nothing that is on the device besides has a part in them. */
const NOTHING: Surroundings = { text: '', captured: false };

export const writer: Writer = {
  write(policy: Policy, captured?: string): Written {
    if (captured !== undefined) throw new Refusal([problems.surroundings(`device ${policy.device}`)]);
    const surroundings = NOTHING;
    switch (policy.kind) {
      case 'gateway':
        return { text: render(lowerGateway(policy)), surroundings, addresses: policy.virtualIps.flatMap(addressLines) };
      case 'server':
        return { text: render(lowerHost(policy)), surroundings, addresses: [] };
      default:
        return policy satisfies never;
    }
  },
  closing(policy: Policy): string {
    switch (policy.kind) {
      case 'gateway':
        return render(closingGateway(policy));
      case 'server':
        return render(closingHost(policy));
      default:
        return policy satisfies never;
    }
  },
  without: () => NOTHING,
};
