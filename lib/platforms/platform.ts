// The type of a platform: capabilities, generator, parser, config format and running-config inspector, and for some a
// capturer and an importer. Each platform's index.ts has one value of it.

import { ConfigCapturer } from '../parse/config-capturer';
import { ConfigFormat } from '../parse/config-format';
import { ConfigImporter } from '../parse/config-importer';
import { RunningConfigInspector } from '../parse/running-config';
import { ConfigParser } from '../parse/config-parser';
import { Capabilities } from '../generate/capabilities';
import { ConfigGenerator } from '../generate/config-generator';

/** The parsing half of a platform. It is all there is for a platform without a generator. */
export interface ReadablePlatform {
  readonly parser: ConfigParser;
  readonly configFormat: ConfigFormat;
}

/** A target format, as a value and not a class. */
export interface Platform extends ReadablePlatform {
  readonly capabilities: Capabilities;
  readonly generator: ConfigGenerator;
  readonly live: RunningConfigInspector;
  /** Versions with a different config. Each entry replaces the platform's own capabilities, generator and inspector. */
  readonly versions?: readonly (Pick<Platform, 'capabilities' | 'generator' | 'live'> & { readonly version: string })[];
  /** Captures the config that the platform edits. Undefined if the platform is no editor. */
  readonly capturer?: ConfigCapturer;
  /** Turns unmanaged entries into an intent. Undefined if the platform has no importer. */
  readonly importer?: ConfigImporter;
}
