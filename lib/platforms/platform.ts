import { Capturing } from '../parse/capture';
import { Foreign } from '../parse/foreign';
import { Importing } from '../parse/importing';
import { Live } from '../parse/live';
import { Reader } from '../parse/reader';
import { Capabilities } from '../generate/capabilities';
import { Writer } from '../generate/writer';

/** What is read of any device: of a platform that nothing writes yet, all there is. */
export interface Readable {
  readonly reader: Reader;
  readonly foreign: Foreign;
}

/** A target format: a value, not a class. */
export interface Platform extends Readable {
  readonly capabilities: Capabilities;
  readonly writer: Writer;
  readonly live: Live;
  /** Versions to which something else is written: of these it can something else, too. */
  readonly versions?: readonly (Pick<Platform, 'capabilities' | 'writer' | 'live'> & { readonly version: string })[];
  /** Of editors: what they edit can be captured. */
  readonly capturing?: Capturing;
  /** Where others' entries can become an intent. */
  readonly importing?: Importing;
}
