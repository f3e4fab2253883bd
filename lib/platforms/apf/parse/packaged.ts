import { Script, unknownValue } from '../../../parse/shell-values';
import { Chains } from './chains';
import { Files } from './files';
import { Loading } from './loading';

const START = '/etc/default/apf-firewall';

/** apf-firewall 9.7 of Debian. */
export const packaged: Loading = {
  start: startOf,
  beyond: (files, settings) => {
    const version = files.linesOf('VERSION')?.[0];
    const own = settings.isOn('SET_VNET') ? files.names.filter(([name]) => /^vnet\/.*\.rules$/.test(name)) : [];
    return [
      ...(version && !/(^|\D)9\.7(\D|$)/.test(version.text)
        ? [{ line: version.line, what: 'only version 9.7 is read' }]
        : []),
      ...own.map(([name, line]) => ({ line, what: `${name} may change any rule` })),
    ];
  },
  refused: () => [],
  trusted: (settings) => settings.words('IFACE_TRUSTED', settings.text('IFACE_TRUSTED')),
  asksForRoutes: () => true,
  // As `grep -w` finds a name in what `route` prints.
  isInterface: (name, word) =>
    word.length <= name.length && new RegExp(`(?<!\\w)${word.replace(/[^\w.]/g, '\\$&')}(?!\\w)`).test(name),
  build: (apf, settings, files, own, trusted) => new Chains(apf, settings, files, own).build(trusted),
  says: (settings) => [
    'APF 9.7 filters nothing of IPv6: all of it is open',
    ...(settings.isOn('SYSCTL_ROUTE')
      ? []
      : [
          `line ${settings.at('SYSCTL_ROUTE').line}: SYSCTL_ROUTE is off: APF makes the server route, and filters nothing of that`,
        ]),
  ],
};

/** It isn't, until somebody says so. Source: /etc/init.d/apf-firewall. */
function startOf(files: Files): ReturnType<Loading['start']> {
  const file = files.of(START);
  const { line } = file ?? files.of('conf.apf')!;
  if (!file) return { stops: [], doubts: [{ line, what: `${START} is not in the text: it says whether APF starts` }] };
  const { beyond, variables } = new Script(file.text, line, () => false);
  const run = variables.get('RUN');
  const doubt = beyond
    ? 'what a shell makes of this line is not known'
    : run && run.value === undefined
      ? unknownValue(run)
      : undefined;
  if (doubt !== undefined) return { stops: [], doubts: [{ line: (beyond ?? run)!.line, what: doubt }] };
  return {
    stops: run?.value === 'yes' ? [] : [{ line: run?.line ?? line, what: 'RUN is not "yes": APF is not started.' }],
    doubts: [],
  };
}
