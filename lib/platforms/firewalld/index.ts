import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { configFormat } from './parse/config-format';
import { live } from './parse/live';
import { parser } from './parse/parser';
import { generator } from './generate/generator';

/** The only file that sees both halves. It joins them and decides nothing. */
export const firewalld: Platform = {
  capabilities,
  generator: generator,
  parser: parser,
  configFormat: configFormat,
  live,
};
