// Helpers for tests of boots: a release with a closing text (the text that is loaded in place of a release that fails
// to load), and shell commands that make its stored text unloadable or empty.

import { Sent, freshToken, sent, tableText } from '../stream';
import { HOME, VIP } from './next-start';

/** A release with a closing text. The port of the release is 7000 lower than the port of the closing text. */
export const closed = (port: number): Sent =>
  sent({ text: tableText(port), addresses: [VIP] }, 'lease-1', freshToken(), tableText(port + 7000));

/** Makes a stored text one that nft refuses, and updates its digest. */
export const REFUSED = `sed -i '/^text /,$s/dport/frobnicate/' ${HOME}/release && cd ${HOME} && \
  sed -i "s/^digest .*/digest $({ sed '1,/^text /d' release; echo alias wan0 203.0.113.10\\/32; } | sha256sum | cut -d ' ' -f 1)/" release`;

/** Empties the stored text, and updates its digest. */
export const EMPTIED = `cd ${HOME} && sed -i '/^text /,$d' release && echo text 0 >>release && \
  sed -i "s/^digest .*/digest $(echo alias wan0 203.0.113.10/32 | sha256sum | cut -d ' ' -f 1)/" release`;
