import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { foreign } from './read/foreign';
import { live } from './read/live';
import { reader } from './read/reader';
import { writer } from './write/writer';

/** The only file that sees both halves. It joins them and decides nothing. */
export const apf: Platform = { capabilities, writer, reader, foreign, live };
