// The platform iptables as a value: joins generator and parser, and decides nothing. Only this file imports both.

import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { configFormat } from './parse/config-format';
import { live } from './parse/running-config';
import { parser } from './parse/parser';
import { generator } from './generate/generator';

/**
 * The iptables platform. Only this file imports both the generator and the parser. It joins them and decides nothing.
 */
export const iptables: Platform = {
  capabilities,
  generator,
  parser,
  configFormat,
  live,
};
