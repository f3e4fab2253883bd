// Evaluates how APF 9.7 (the package of Debian and Ubuntu) loads files: whether APF starts, and which rules are
// loaded. `upstream/upstream-loader.ts` does the same for 2.0.2.

import { ShellScript, describeUnknownValue } from '../../../parse/shell-script';
import { PackagedChains } from './packaged-chains';
import { ApfFiles } from './apf-files';
import { ApfLoader } from './loader';

const START_PATH = '/etc/default/apf-firewall';

/** The loader of apf-firewall 9.7 of Debian. */
export const packagedLoader: ApfLoader = {
  start: checkStart,
  beyond: (files, settings) => {
    const version = files.findLines('VERSION')?.[0];
    const ruleFiles = settings.isOn('SET_VNET') ? files.names.filter(([name]) => /^vnet\/.*\.rules$/.test(name)) : [];
    return [
      ...(version && !/(^|\D)9\.7(\D|$)/.test(version.text)
        ? [{ line: version.line, what: 'only version 9.7 is read' }]
        : []),
      ...ruleFiles.map(([name, line]) => ({ line, what: `${name} may change any rule` })),
    ];
  },
  refused: () => [],
  trusted: (settings) => settings.splitWords('IFACE_TRUSTED', settings.getText('IFACE_TRUSTED')),
  asksForRoutes: () => true,
  // Matches like `grep -w` finds a name in the output of `route`.
  isInterface: (name, word) =>
    word.length <= name.length && new RegExp(`(?<!\\w)${word.replace(/[^\w.]/g, '\\$&')}(?!\\w)`).test(name),
  build: (apf, settings, files, ruleFiles, trusted) =>
    new PackagedChains(apf, settings, files, ruleFiles).build(trusted),
  says: (settings) => [
    'APF 9.7 filters nothing of IPv6: all of it is open',
    ...(settings.isOn('SYSCTL_ROUTE')
      ? []
      : [
          `line ${settings.getPlace('SYSCTL_ROUTE').line}: SYSCTL_ROUTE is off: APF makes the server route, and filters nothing of that`,
        ]),
  ],
};

/**
 * Returns whether APF is started: by default it isn't, until the operator sets RUN. Source: /etc/init.d/apf-firewall.
 */
function checkStart(files: ApfFiles): ReturnType<ApfLoader['start']> {
  const file = files.find(START_PATH);
  const { line } = file ?? files.find('conf.apf')!;
  if (!file)
    return {
      stops: [],
      unknownReasons: [{ line, what: `${START_PATH} is not in the text: it says whether APF starts` }],
    };
  const { unsupported: beyond, variables } = new ShellScript(file.text, line, () => false);
  const run = variables.get('RUN');
  const reason = beyond
    ? 'what a shell makes of this line is not known'
    : run && run.value === undefined
      ? describeUnknownValue(run)
      : undefined;
  if (reason !== undefined) return { stops: [], unknownReasons: [{ line: (beyond ?? run)!.line, what: reason }] };
  return {
    stops: run?.value === 'yes' ? [] : [{ line: run?.line ?? line, what: 'RUN is not "yes": APF is not started.' }],
    unknownReasons: [],
  };
}
