import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { capturer } from './capture/capture';
import { importer } from './import/importing';
import { configFormat } from './parse/foreign';
import { live } from './parse/live/places';
import { parser } from './parse/reader';
import { generator } from './generate/writer';

/** The only file that sees every half. It joins them and decides nothing. */
export const pfsense: Platform = {
  capabilities,
  writer: generator,
  reader: parser,
  foreign: configFormat,
  live,
  capturing: capturer,
  importing: importer,
};
