// Explains, for the parsers of nftables and iptables, why a rule with a host name in place of an address is unknown.

import { quoteForDisplay } from '../../problems/line-problems';

const HOST_NAME = /^(?=.*[a-z])[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i;

/** Returns why the address of a host name isn't known; undefined for a text that is no name. */
export const explainHostName = (text: string): string | undefined =>
  HOST_NAME.test(text)
    ? `${quoteForDisplay(text)} is a name: the program that loads the rules looks its addresses up`
    : undefined;
