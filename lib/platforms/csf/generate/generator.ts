import { parsePrefix } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { createServerGenerator } from '../../../generate/netfilter/loader-generator';
import { UnmanagedConfig } from '../../../generate/config-generator';
import { capabilities } from '../capabilities';
import { lowerServer } from './lower';
import { render } from './render';

const EVERYBODY_PREFIXES = (['0.0.0.0/0', '::/0'] as const).map((text) => parsePrefix(text)!);

/** A server with csf, of which nobody knows whom it let in: everybody, to all that csf has keys and lines for. */
const ASSUMED_OPEN: UnmanagedConfig = {
  text: render('nobody', {
    ports: () => [ALL_PORTS],
    ping: true,
    denied: [],
    hooked: [],
    lines: EVERYBODY_PREFIXES.flatMap((peer) =>
      (['tcp', 'udp'] as const).map((protocol) => ({ protocol, way: 'in', ports: [ALL_PORTS], peer }) as const),
    ),
  }),
  captured: false,
  supposed: true,
};

export const generator = createServerGenerator(capabilities, ASSUMED_OPEN, (policy) =>
  render(policy.owner, lowerServer(policy)),
);
