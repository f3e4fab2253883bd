import { Platform } from '../platform';
import { capabilities } from './capabilities';
import { capturing } from './capture/capture';
import { importing } from './import/importing';
import { foreign } from './read/foreign';
import { live } from './read/live/places';
import { reader } from './read/reader';
import { writer } from './write/writer';

/** The only file that sees every half. It joins them and decides nothing. */
export const pfsense: Platform = { capabilities, writer, reader, foreign, live, capturing, importing };
