import { AtLine, hiddenIn, withoutRules } from '../../../parse/xtables/made';
import { Saved } from '../../../parse/xtables/saved';
import { parseSaved } from '../../../parse/xtables/parse-saved';
import { builtFrom } from './chains';
import { Files, HOOK_FOLDERS, STATE } from './files';
import { Hook, hooksIn } from './hooks';
import { say } from './problems';
import { Ruleset } from './ruleset';
import { Settings } from './settings';

/** What csf runs of its files after a start, and what a person has to know of that. */
interface Configuration {
  readonly saved: Saved;
  /** Why everything is open. */
  readonly stops: readonly AtLine[];
  readonly skipped: readonly AtLine[];
  readonly notes: readonly AtLine[];
}

/** Source: csf.pl of csf 15.10, from its start to doinitup and dostart. */
export function configurationOf(files: Files, text: string): Configuration {
  const settings = new Settings(files);
  const where = (path: string, what: string): readonly AtLine[] => {
    const file = files.all.get(path);
    return file ? [{ line: file.line, what }] : [];
  };
  const when = (holds: boolean, key: string, what: string): readonly AtLine[] =>
    holds ? [{ line: settings.at(key).line, what }] : [];
  const never = [
    ...settings.stops,
    ...where('/etc/csf/csf.disable', 'csf is disabled.'),
    ...where('/etc/csf/csf.error', 'csf could not start, and does not try again at boot.'),
  ];
  const saved = never.length > 0 ? undefined : savedAtShutdown(files, settings, text);
  const csf = saved || never.length > 0 ? undefined : builtFrom(settings, files);
  const stops = [
    ...never,
    ...when(
      never.length === 0 && settings.isOn('TESTING'),
      'TESTING',
      'TESTING is on: cron takes all rules away minutes after they are loaded, and they stay away.',
    ),
    ...(csf?.stops ?? []),
  ];
  const hooks = hooksIn(files, text);
  if (csf) addHooks(csf, hooks, files);
  if (stops.length > 0) return { saved: withoutRules(stops[0]!), stops, skipped: [], notes: [] };
  const runs = saved ?? csf!.saved();
  const before =
    'the server was shut down, and starts with the rules that it had then, whatever csf.conf, csf.allow and csf.deny say now';
  const notes = [
    ...(saved ? where(SAVED, before) : []),
    ...when(!settings.ipv6, 'IPV6', 'IPV6 is off, so csf keeps nothing out that comes by IPv6'),
  ];
  // Whether they were run before the shutdown nobody here knows.
  const hidden = saved ? hooks.flatMap(({ line, path }) => hiddenIn(line, mayChange(path))) : [];
  return { saved: { ...runs, hidden: [...runs.hidden, ...hidden] }, stops, skipped: csf?.skipped ?? [], notes };
}

/** What hooks do, behind all that csf makes. csf 14 and 16 run one of two that are called alike, and the fork both. */
function addHooks(csf: Ruleset, hooks: readonly Hook[], files: Files): void {
  const isOne = !files.all.has(POST) || !files.all.has(OTHER_POST);
  for (const { path, line, rules } of hooks)
    if (!isOne || !rules?.every((rule) => csf.addBy(rule))) csf.doubt({ line }, mayChange(path));
}

const [OTHER_POST, POST] = HOOK_FOLDERS.map((folder) => `${folder}/csfpost.sh`) as [string, string];
const mayChange = (path: string): string => `${path} may change any rule`;

const SAVED = `${STATE}csf.4.saved`;

/** With FASTSTART a server that was shut down starts with the rules that it had, whatever its files say. */
function savedAtShutdown(files: Files, settings: Settings, text: string): Saved | undefined {
  const paths = [SAVED, ...(settings.ipv6 ? [`${STATE}csf.6.saved`] : [])];
  const found = paths.map((path) => files.all.get(path));
  if (!settings.isOn('FASTSTART') || found.some((file) => !file)) return undefined;
  const sets = settings.isOn('LF_IPSET') ? files.all.get(`${STATE}csf.4.ipsets`) : undefined;
  // Each line where it is in the whole text.
  const lines = text.split('\n').map(() => '');
  for (const file of [...found, sets]) file?.text.split('\n').forEach((line, at) => (lines[file.line - 1 + at] = line));
  const saved = parseSaved(`${lines.join('\n')}\n`, say);
  const open = withoutRules({ line: settings.at('IPV6').line }).tables.filter(({ family }) => family === 'ip6');
  return settings.ipv6 ? saved : { ...saved, tables: [...saved.tables, ...open] };
}
