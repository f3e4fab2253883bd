import { Readable } from '../platform';
import { foreign } from './read/foreign';
import { reader } from './read/reader';

/** What a host's iptables, ip6tables and ipset hold, as their programs print it. Nothing writes it yet. */
export const iptables: Readable = { reader, foreign };
