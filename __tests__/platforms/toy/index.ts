// The toy platform `slate`, which shows and tests what a new platform needs.

import { Platform } from '../../../lib/platforms/platform';
import { capabilities } from './capabilities';
import { live } from './parse/live';
import { foreign, reader } from './parse/reader';
import { writer } from './generate/writer';

export const slate: Platform = { capabilities, generator: writer, parser: reader, configFormat: foreign, live };
