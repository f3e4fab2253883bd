// Generator of firewalld: a server's policy comes in, the text of its files goes out. This folder may not import
// parsers, the evaluator or other platforms.

import { createServerGenerator } from '../../../generate/netfilter/loader-generator';
import { UnmanagedConfig } from '../../../generate/config-generator';
import { capabilities } from '../capabilities';
import { lowerServer } from './lower-server';
import { render } from './render';

/** A server with firewalld whose zones are unknown. */
const ASSUMED_CONFIG: UnmanagedConfig = { text: '==> /etc/firewalld/policies <==\n', isCaptured: false };

export const generator = createServerGenerator(capabilities, ASSUMED_CONFIG, (policy) =>
  render(policy.owner, lowerServer(policy)),
);
