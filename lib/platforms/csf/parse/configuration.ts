// Returns the iptables rules that csf loads at a start: from csf.conf, lists and hook scripts, or the saved rules that
// FASTSTART restores. If csf loads none, returns the reasons.

import { LineNote, createHiddenRules, createOpenRuleset } from '../../../parse/xtables/load-notes';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { parseXtables } from '../../../parse/xtables/parse-xtables';
import { buildRuleset } from './build-ruleset';
import { CsfFiles, HOOK_FOLDERS, STATE_FOLDER } from './csf-files';
import { CsfHook, findHooks } from './hook-scripts';
import { messages } from './parse-problems';
import { CsfRuleset } from './csf-ruleset';
import { CsfSettings } from './csf-settings';

/** The rules that csf runs after a start, with notes for the operator. */
interface CsfConfiguration {
  readonly saved: ParsedXtables;
  /** Reasons why everything is open. */
  readonly stops: readonly LineNote[];
  readonly skipped: readonly LineNote[];
  readonly notes: readonly LineNote[];
}

/** Returns what csf loads from its files. Source: csf.pl of csf 15.10, from its start to doinitup and dostart. */
export function loadConfiguration(files: CsfFiles, text: string): CsfConfiguration {
  const settings = new CsfSettings(files);
  const noteFile = (path: string, what: string): readonly LineNote[] => {
    const file = files.files.get(path);
    return file ? [{ line: file.line, what }] : [];
  };
  const noteIf = (holds: boolean, key: string, what: string): readonly LineNote[] =>
    holds ? [{ line: settings.getPlace(key).line, what }] : [];
  const startFailures = [
    ...settings.stops,
    ...noteFile('/etc/csf/csf.disable', 'csf is disabled.'),
    ...noteFile('/etc/csf/csf.error', 'csf could not start, and does not try again at boot.'),
  ];
  const saved = startFailures.length > 0 ? undefined : findSavedRules(files, settings, text);
  const csf = saved || startFailures.length > 0 ? undefined : buildRuleset(settings, files);
  const stops = [
    ...startFailures,
    ...noteIf(
      startFailures.length === 0 && settings.isOn('TESTING'),
      'TESTING',
      'TESTING is on: cron takes all rules away minutes after they are loaded, and they stay away.',
    ),
    ...(csf?.stops ?? []),
  ];
  const hooks = findHooks(files, text);
  if (csf) addHooks(csf, hooks, files);
  if (stops.length > 0) return { saved: createOpenRuleset(stops[0]!), stops, skipped: [], notes: [] };
  const runs = saved ?? csf!.build();
  const before =
    'the server was shut down, and starts with the rules that it had then, whatever csf.conf, csf.allow and csf.deny say now';
  const notes = [
    ...(saved ? noteFile(SAVED_RULES_PATH, before) : []),
    ...noteIf(!settings.hasIpv6, 'IPV6', 'IPV6 is off, so csf keeps nothing out that comes by IPv6'),
  ];
  // It isn't known whether the hooks ran before the shutdown.
  const hidden = saved ? hooks.flatMap(({ line, path }) => createHiddenRules(line, explainHook(path))) : [];
  return { saved: { ...runs, hidden: [...runs.hidden, ...hidden] }, stops, skipped: csf?.skipped ?? [], notes };
}

/**
 * Adds the rules of hooks after all that csf makes. csf 14 and 16 run one of two hooks of the same name, and the fork
 * runs both.
 */
function addHooks(csf: CsfRuleset, hooks: readonly CsfHook[], files: CsfFiles): void {
  const hasOneHook = !files.files.has(POST_HOOK) || !files.files.has(FORK_POST_HOOK);
  for (const { path, line, rules } of hooks)
    if (!hasOneHook || !rules?.every((rule) => csf.addHookRule(rule))) csf.noteUnknown({ line }, explainHook(path));
}

const [FORK_POST_HOOK, POST_HOOK] = HOOK_FOLDERS.map((folder) => `${folder}/csfpost.sh`) as [string, string];
const explainHook = (path: string): string => `${path} may change any rule`;

const SAVED_RULES_PATH = `${STATE_FOLDER}csf.4.saved`;

/**
 * Returns the saved rules: with FASTSTART a server restarts with the rules from before its shutdown, whatever its files
 * say.
 */
function findSavedRules(files: CsfFiles, settings: CsfSettings, text: string): ParsedXtables | undefined {
  const paths = [SAVED_RULES_PATH, ...(settings.hasIpv6 ? [`${STATE_FOLDER}csf.6.saved`] : [])];
  const savedFiles = paths.map((path) => files.files.get(path));
  if (!settings.isOn('FASTSTART') || savedFiles.some((file) => !file)) return undefined;
  const sets = settings.isOn('LF_IPSET') ? files.files.get(`${STATE_FOLDER}csf.4.ipsets`) : undefined;
  // Each line keeps its position in the whole text.
  const lines = text.split('\n').map(() => '');
  for (const file of [...savedFiles, sets])
    file?.text.split('\n').forEach((line, at) => (lines[file.line - 1 + at] = line));
  const saved = parseXtables(`${lines.join('\n')}\n`, messages);
  const open = createOpenRuleset({ line: settings.getPlace('IPV6').line }).tables.filter(
    ({ family }) => family === 'ip6',
  );
  return settings.hasIpv6 ? saved : { ...saved, tables: [...saved.tables, ...open] };
}
