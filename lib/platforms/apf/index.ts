import { Platform } from '../platform';
import { capabilities, published } from './capabilities';
import { foreign } from './read/foreign';
import * as live from './read/live';
import { reader } from './read/reader';
import * as writers from './write/writer';

/** The only file that sees both halves. It joins them and decides nothing. */
export const apf: Platform = {
  capabilities,
  reader,
  foreign,
  writer: writers.writer,
  live: live.live,
  versions: [{ version: '2.0.2', capabilities: published, writer: writers.published, live: live.published }],
};
