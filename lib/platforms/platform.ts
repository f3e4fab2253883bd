import { ConfigCapturer } from '../parse/capture';
import { ConfigFormat } from '../parse/foreign';
import { ConfigImporter } from '../parse/importing';
import { RunningConfigInspector } from '../parse/live';
import { ConfigParser } from '../parse/reader';
import { Capabilities } from '../generate/capabilities';
import { ConfigGenerator } from '../generate/writer';

/** What is read of any device: of a platform that nothing writes yet, all there is. */
export interface ReadablePlatform {
  readonly reader: ConfigParser;
  readonly foreign: ConfigFormat;
}

/** A target format: a value, not a class. */
export interface Platform extends ReadablePlatform {
  readonly capabilities: Capabilities;
  readonly writer: ConfigGenerator;
  readonly live: RunningConfigInspector;
  /** Versions to which something else is written: of these it can something else, too. */
  readonly versions?: readonly (Pick<Platform, 'capabilities' | 'writer' | 'live'> & { readonly version: string })[];
  /** Of editors: what they edit can be captured. */
  readonly capturing?: ConfigCapturer;
  /** Where others' entries can become an intent. */
  readonly importing?: ConfigImporter;
}
