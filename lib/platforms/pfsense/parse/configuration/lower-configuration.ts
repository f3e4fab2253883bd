// Lowers pfSense's config.xml to the rules that pf has loaded on the box, whatever its release; or finds that the box
// can't load them.

import { Device } from '../../../../net/device';
import { dropRefusedDuplicates } from '../../../../parse/pf/resolve/duplicates';
import { EMPTY_PF_RULES, PfRules } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { mergeReleases } from './merge-releases';
import { findChild, isSet, getText } from '../elements/element';
import { lowerRelease } from './lower-release';
import { checkReadable } from './check-readable';
import { ReleaseBehavior, findReleases } from '../box/release-behavior';
import { Unloadable } from '../elements/unloadable';

/**
 * Returns the rules that pf has loaded on a box with this configuration. They are `unloadable` if the box can't read
 * the configuration, or if pf refuses its rules: then the box keeps running its earlier rules.
 */
export function lowerConfiguration(root: XmlElement, device: Device): PfRules {
  const unread = catchUnloadable(() => {
    checkReadable(root);
    return EMPTY_PF_RULES;
  });
  // If the filter is off, the box translates nothing and passes everything.
  if (unread.unloadable) return unread;
  const system = findChild(root, 'system');
  const switchedOff = system && isSet(system, 'disablefilter') ? findChild(system, 'disablefilter') : undefined;
  if (switchedOff) return { ...EMPTY_PF_RULES, filterOff: { number: switchedOff.line } };
  const releases = findReleases(root);
  const version = getText(root, 'version').slice(0, 40);
  const reason = `releases like ${releases.map(({ name }) => name).join(' and ')} differ here, and version ${version} may do either`;
  return mergeReleases(
    releases.map((release) => lowerForRelease(root, device, release)),
    reason,
  );
}

function lowerForRelease(root: XmlElement, device: Device, release: ReleaseBehavior): PfRules {
  const refuses = release.refusesDuplicates === undefined ? 'unknown' : release.refusesDuplicates ? 'yes' : 'no';
  return dropRefusedDuplicates(
    catchUnloadable(() => lowerRelease(root, device, release)),
    refuses,
  );
}

function catchUnloadable(lower: () => PfRules): PfRules {
  try {
    return lower();
  } catch (error) {
    if (!(error instanceof Unloadable)) throw error;
    const { element, reason } = error;
    return {
      ...EMPTY_PF_RULES,
      unloadable: { line: { number: element.line, text: `<${element.name.slice(0, 40)}>` }, reason },
    };
  }
}
