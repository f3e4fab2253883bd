import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { capturing } from './capture/capture';
import { importing } from './import/importing';
import { foreign } from './parse/foreign';
import { live } from './parse/live/places';
import { reader } from './parse/reader';
import { writer } from './generate/writer';

/** The only file that sees every half. It joins them and decides nothing. */
export const pfsense: Platform = { capabilities, writer, reader, foreign, live, capturing, importing };
