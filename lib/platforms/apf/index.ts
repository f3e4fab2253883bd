import { Readable } from '../platform';
import { foreign } from './read/foreign';
import { reader } from './read/reader';

/** What is read of it; nothing is written. */
export const apf: Readable = { reader, foreign };
