// The platform pfSense as a value: joins generator, parser, capturer and importer, and decides nothing. Only this
// file imports all of them.

import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { capturer } from './capture/capture';
import { importer } from './import/importer';
import { configFormat } from './parse/config-format';
import { live } from './parse/live/live-config';
import { parser } from './parse/parser';
import { generator } from './generate/generator';

/** The platform pfSense. This is the only file that imports every half; it joins them and decides nothing. */
export const pfsense: Platform = {
  capabilities,
  generator,
  parser,
  configFormat,
  live,
  capturer,
  importer,
};
