import { Device } from '../../../../net/device';
import { asLoaded } from '../../../../parse/pf/resolve/duplicates';
import { NO_RULES, PfRules } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { agreed } from './several-releases';
import { childOf, isSet, textAt } from '../elements/element';
import { generated } from './generated';
import { readable } from './readable';
import { Release, releasesOf } from '../box/release';
import { Unloadable } from '../elements/unloadable';

/**
 * What pf has loaded on a box with this configuration. `unloadable` where the box could not read it, or made rules of it that pf refuses:
 * then it runs what it had before.
 */
export function rulesOfConfiguration(root: XmlElement, device: Device): PfRules {
  const unread = unlessUnloadable(() => {
    readable(root);
    return NO_RULES;
  });
  // Where the filter is off nothing is translated and everything passes.
  if (unread.unloadable) return unread;
  const system = childOf(root, 'system');
  const switchedOff = system && isSet(system, 'disablefilter') ? childOf(system, 'disablefilter') : undefined;
  if (switchedOff) return { ...NO_RULES, off: { number: switchedOff.line } };
  const releases = releasesOf(root);
  const version = textAt(root, 'version').slice(0, 40);
  const because = `releases like ${releases.map(({ name }) => name).join(' and ')} differ here, and version ${version} may do either`;
  return agreed(
    releases.map((release) => rulesBy(root, device, release)),
    because,
  );
}

function rulesBy(root: XmlElement, device: Device, release: Release): PfRules {
  const refuses = release.refusesDuplicates === undefined ? 'unknown' : release.refusesDuplicates ? 'yes' : 'no';
  return asLoaded(
    unlessUnloadable(() => generated(root, device, release)),
    refuses,
  );
}

function unlessUnloadable(make: () => PfRules): PfRules {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Unloadable)) throw error;
    const { element, because } = error;
    return {
      ...NO_RULES,
      unloadable: { line: { number: element.line, text: `<${element.name.slice(0, 40)}>` }, because },
    };
  }
}
