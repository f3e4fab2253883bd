import { serverLoader } from '../../../generate/netfilter/loader';
import { Surroundings } from '../../../generate/writer';
import { capabilities } from '../capabilities';
import { lowerHost } from './host';
import { render } from './render';

/** A server with firewalld, of which nobody knows what its zones are. */
const NOTHING: Surroundings = { text: '==> /etc/firewalld/policies <==\n', captured: false };

export const writer = serverLoader(capabilities, NOTHING, (policy) => render(policy.owner, lowerHost(policy)));
