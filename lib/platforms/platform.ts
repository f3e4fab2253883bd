import { Capturing } from '../reading/capture';
import { Foreign } from '../reading/foreign';
import { Importing } from '../reading/importing';
import { Live } from '../reading/live';
import { Reader } from '../reading/reader';
import { Capabilities } from '../writing/capabilities';
import { Writer } from '../writing/writer';

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
