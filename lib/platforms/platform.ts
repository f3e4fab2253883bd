import { ConfigCapturer } from '../parse/config-capturer';
import { ConfigFormat } from '../parse/config-format';
import { ConfigImporter } from '../parse/config-importer';
import { RunningConfigInspector } from '../parse/running-config';
import { ConfigParser } from '../parse/config-parser';
import { Capabilities } from '../generate/capabilities';
import { ConfigGenerator } from '../generate/config-generator';

/** What is read of any device: of a platform that nothing writes yet, all there is. */
export interface ReadablePlatform {
  readonly parser: ConfigParser;
  readonly configFormat: ConfigFormat;
}

/** A target format: a value, not a class. */
export interface Platform extends ReadablePlatform {
  readonly capabilities: Capabilities;
  readonly generator: ConfigGenerator;
  readonly live: RunningConfigInspector;
  /** Versions to which something else is written: of these it can something else, too. */
  readonly versions?: readonly (Pick<Platform, 'capabilities' | 'generator' | 'live'> & { readonly version: string })[];
  /** Of editors: what they edit can be captured. */
  readonly capturer?: ConfigCapturer;
  /** Where others' entries can become an intent. */
  readonly importer?: ConfigImporter;
}
