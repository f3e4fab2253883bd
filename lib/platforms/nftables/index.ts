import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { foreign } from './parse/foreign';
import { live } from './parse/live';
import { reader } from './parse/reader';
import { writer } from './generate/writer';

/** The only file that sees both halves. It joins them and decides nothing. */
export const nftables: Platform = { capabilities, writer, reader, foreign, live };
