// The toy platform `slate`, which shows and tests what a new platform needs.

import { Platform } from '../../../lib/platforms/platform';
import { capabilities } from './capabilities';
import { live } from './parse/live';
import { configFormat, parser } from './parse/parser';
import { generator } from './generate/generator';

export const slate: Platform = { capabilities, generator, parser, configFormat, live };
