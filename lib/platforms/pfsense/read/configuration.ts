import { Device } from '../../../net/device';
import { PfRules } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { childOf, isSet } from './element';
import { generated } from './generated';
import { releasesOf } from './release';
import { Unloadable } from './unloadable';

const NOTHING: PfRules = { skipped: [], rdr: [], binat: [], nat: [], filter: [] };

/** What pf has loaded on a box with this configuration, if the box could load it. */
export function rulesOfConfiguration(root: XmlElement, device: Device): PfRules {
  // The filter is off: nothing is translated and everything passes.
  if (isSet(childOf(root, 'system'), 'disablefilter')) return NOTHING;
  const [release] = releasesOf(root);
  try {
    return generated(root, device, release!);
  } catch (error) {
    if (!(error instanceof Unloadable)) throw error;
    return { ...NOTHING, unloadable: { line: { number: error.element.line, text: `<${error.element.name}>` }, because: error.because } };
  }
}
