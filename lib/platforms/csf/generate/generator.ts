// Generates config for csf. In: a server's policy. Out: the owner's parts of csf's files. This folder knows no parser,
// no evaluator and no spec.

import { parsePrefix } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { createServerGenerator } from '../../../generate/netfilter/loader-generator';
import { UnmanagedConfig } from '../../../generate/config-generator';
import { capabilities } from '../capabilities';
import { lowerServer } from './lower-server';
import { render } from './render';

const EVERYBODY_PREFIXES = (['0.0.0.0/0', '::/0'] as const).map((text) => parsePrefix(text)!);

/**
 * Assumed config of a server with csf whose allowed peers aren't known: every peer, to everything that csf has keys and
 * lines for.
 */
const ASSUMED_OPEN: UnmanagedConfig = {
  text: render('nobody', {
    ports: () => [ALL_PORTS],
    ping: true,
    denied: [],
    hooked: [],
    lines: EVERYBODY_PREFIXES.flatMap((peer) =>
      (['tcp', 'udp'] as const).map((protocol) => ({ protocol, direction: 'in', ports: [ALL_PORTS], peer }) as const),
    ),
  }),
  isCaptured: false,
  isAssumed: true,
};

export const generator = createServerGenerator(capabilities, ASSUMED_OPEN, (policy) =>
  render(policy.owner, lowerServer(policy)),
);
