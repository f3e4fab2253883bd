// Parses an unmanaged text of any platform, and returns the facts of a device that its rules depend on, or the device
// that it describes.

import { Device } from '../../lib/net/device';
import { ConfigFormat, DeviceReferences } from '../../lib/parse/config-format';

/** The facts of a device that rules alone depend on. */
export function mentionsOf({ parsed }: ConfigFormat, text: string): DeviceReferences {
  const rules = parsed(text);
  if (rules.is !== 'rules') throw new Error('it describes its device itself');
  return rules.getReferences();
}

/** The device that a configuration describes. */
export function describedBy({ parsed }: ConfigFormat, text: string): Device {
  const configuration = parsed(text);
  if (configuration.is !== 'configuration') throw new Error('it describes no device');
  return configuration.device();
}
