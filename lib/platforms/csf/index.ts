import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { configFormat } from './parse/foreign';
import { live } from './parse/live';
import { parser } from './parse/reader';
import { generator } from './generate/writer';

/** The only file that sees both halves. It joins them and decides nothing. */
export const csf: Platform = { capabilities, writer: generator, reader: parser, foreign: configFormat, live };
