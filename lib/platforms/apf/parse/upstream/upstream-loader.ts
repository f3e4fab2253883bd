// Evaluates how APF 2.0.2, as its authors publish it, loads files: whether APF starts, and which rules are loaded.
// `../packaged-loader.ts` does the same for 9.7 of the packages.

import { ApfLoader } from '../loader';
import { UpstreamChains } from './upstream-chains';
import { findUnfollowedLists, findRefusedSettings } from './setting-checks';

/** The loader of v2.0.2 of its authors. */
export const publishedLoader: ApfLoader = {
  start: (files) => {
    // The device check finds out the version that takes these files.
    if (files.opensAlone) return { stops: [], unknownReasons: [] };
    const versionLine = files.findLines('VERSION')?.[0];
    const { line } = versionLine ?? files.find('conf.apf')!;
    if (!versionLine)
      return {
        stops: [],
        unknownReasons: [{ line, what: 'VERSION is not in the text: which APF is in /etc/apf, it says' }],
      };
    const isKnown = /(^|[^\d.])2\.0\.2$/.test(versionLine.text.trim());
    return {
      stops: [],
      unknownReasons: isKnown ? [] : [{ line, what: 'of an APF in /etc/apf only version 2.0.2 is read' }],
    };
  },
  beyond: findUnfollowedLists,
  refused: findRefusedSettings,
  trusted: (settings) => settings.list('IFACE_TRUSTED'),
  asksForRoutes: (settings) => settings.isOn('VF_ROUTE'),
  isInterface: (name, word) => name === word,
  build: (apf, settings, files, ownAddresses) => new UpstreamChains(apf, settings, files, ownAddresses).build(),
  says: (settings) => [
    ...(settings.isOn('USE_IPV6')
      ? []
      : [
          `line ${settings.getPlace('USE_IPV6').line}: USE_IPV6 is off: APF filters nothing of IPv6, and all of it is open`,
        ]),
    `line ${settings.getPlace('SET_REFRESH').line}: with SET_REFRESH, and with apf -e, a source with a line for a port in allow_hosts.rules is let in to all while lists are loaded again`,
    'whether apf.service starts it is in none of its files: it is read as started',
  ],
};
