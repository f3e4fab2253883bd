import { Platform } from '../platform';
import { capabilities, published } from './capabilities';
import { configFormat } from './parse/foreign';
import * as live from './parse/live';
import { parser } from './parse/reader';
import * as writers from './generate/writer';

/** The only file that sees both halves. It joins them and decides nothing. */
export const apf: Platform = {
  capabilities,
  reader: parser,
  foreign: configFormat,
  writer: writers.generator,
  live: live.live,
  versions: [
    { version: '2.0.2', capabilities: published, writer: writers.publishedGenerator, live: live.publishedLive },
  ],
};
