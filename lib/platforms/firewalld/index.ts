import { Readable } from '../platform';
import { foreign } from './read/foreign';
import { reader } from './read/reader';

/** Read and not written: what firewalld would load from its files. */
export const firewalld: Readable = { reader, foreign };
