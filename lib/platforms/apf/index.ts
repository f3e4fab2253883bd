import { Platform } from '../platform';
import { capabilities, published } from './capabilities';
import { foreign } from './parse/foreign';
import * as live from './parse/live';
import { reader } from './parse/reader';
import * as writers from './generate/writer';

/** The only file that sees both halves. It joins them and decides nothing. */
export const apf: Platform = {
  capabilities,
  reader,
  foreign,
  writer: writers.writer,
  live: live.live,
  versions: [{ version: '2.0.2', capabilities: published, writer: writers.published, live: live.published }],
};
