import { Policy } from '../../../policy/policy';
import { Writer, Written } from '../../../writing/writer';
import { addressLines } from './gateway/addresses';
import { lowerGateway } from './gateway/lower';
import { lowerHost } from './host/lower';
import { render } from './render';

export const writer: Writer = {
  write(policy: Policy): Written {
    switch (policy.kind) {
      case 'gateway':
        return { text: render(lowerGateway(policy)), addresses: policy.virtualIps.flatMap(addressLines) };
      case 'server':
        return { text: render(lowerHost(policy)), addresses: [] };
      default:
        return policy satisfies never;
    }
  },
};
