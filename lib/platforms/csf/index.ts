// The platform csf as a value: joins generator and parser, and decides nothing. Only this file imports both.

import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { configFormat } from './parse/config-format';
import { live } from './parse/running-config';
import { parser } from './parse/parser';
import { generator } from './generate/generator';

/** The platform csf. This is the only file that imports both halves; it joins them and decides nothing. */
export const csf: Platform = { capabilities, generator, parser, configFormat, live };
