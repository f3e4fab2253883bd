import { Surroundings } from '../../../generate/writer';
import { loader } from '../../../generate/netfilter/loader';
import { capabilities } from '../capabilities';
import { closingGateway } from './gateway/closing';
import { lowerGateway } from './gateway/lower';
import { closingHost, lowerHost } from './host/lower';
import { render } from './render';

/** Our tables are ours alone: nothing that is on the device besides has a part in them. */
const NOTHING: Surroundings = { text: '', captured: false };

export const writer = loader(capabilities, NOTHING, {
  text: (policy) => render(policy.kind === 'gateway' ? lowerGateway(policy) : lowerHost(policy)),
  closing: (policy) => render(policy.kind === 'gateway' ? closingGateway(policy) : closingHost(policy)),
});
