import { Platform } from '../../../lib/platforms/platform';
import { capabilities } from './capabilities';
import { live } from './read/live';
import { foreign, reader } from './read/reader';
import { writer } from './write/writer';

export const slate: Platform = { capabilities, writer, reader, foreign, live };
