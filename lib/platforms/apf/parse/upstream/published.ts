import { Loading } from '../loading';
import { UpstreamChains } from './chains';
import { beyondLists, refusedSettings } from './checks';

/** v2.0.2 of its authors. */
export const published: Loading = {
  start: (files) => {
    // Which one it is that takes these, the device is asked.
    if (files.opensAlone) return { stops: [], doubts: [] };
    const said = files.linesOf('VERSION')?.[0];
    const { line } = said ?? files.of('conf.apf')!;
    if (!said)
      return { stops: [], doubts: [{ line, what: 'VERSION is not in the text: which APF is in /etc/apf, it says' }] };
    const isKnown = /(^|[^\d.])2\.0\.2$/.test(said.text.trim());
    return { stops: [], doubts: isKnown ? [] : [{ line, what: 'of an APF in /etc/apf only version 2.0.2 is read' }] };
  },
  beyond: beyondLists,
  refused: refusedSettings,
  trusted: (settings) => settings.listed('IFACE_TRUSTED'),
  asksForRoutes: (settings) => settings.isOn('VF_ROUTE'),
  isInterface: (name, word) => name === word,
  build: (apf, settings, files, own) => new UpstreamChains(apf, settings, files, own).build(),
  says: (settings) => [
    ...(settings.isOn('USE_IPV6')
      ? []
      : [`line ${settings.at('USE_IPV6').line}: USE_IPV6 is off: APF filters nothing of IPv6, and all of it is open`]),
    `line ${settings.at('SET_REFRESH').line}: with SET_REFRESH, and with apf -e, whoever has a line for a port in allow_hosts.rules is let in to all while lists are loaded again`,
    'whether apf.service starts it is in none of its files: it is read as started',
  ],
};
