// The platform APF as a value: joins generator and parser, and decides nothing. Only this file imports both.

import { Platform } from '../platform';
import { capabilities, published } from './capabilities';
import { configFormat } from './parse/config-format';
import * as live from './parse/running-config';
import { parser } from './parse/parser';
import * as writers from './generate/generator';

/** The platform APF. This is the only file that imports both halves; it joins them and decides nothing. */
export const apf: Platform = {
  capabilities,
  parser,
  configFormat,
  generator: writers.generator,
  live: live.live,
  versions: [
    { version: '2.0.2', capabilities: published, generator: writers.publishedGenerator, live: live.publishedLive },
  ],
};
