import { AtLine, hiddenIn, withoutRules } from '../../../reading/xtables/made';
import { Hidden, Saved } from '../../../reading/xtables/saved';
import { parseSaved } from '../../../reading/xtables/parse-saved';
import { builtFrom } from './chains';
import { Files, HOOK_FOLDERS, STATE, trimmed } from './files';
import { say } from './problems';
import { Ruleset } from './ruleset';
import { Settings } from './settings';

/** What csf runs of its files after a start, and what a person has to know of that. */
export interface Configuration {
  readonly saved: Saved;
  /** Why everything is open. */
  readonly stops: readonly AtLine[];
  readonly skipped: readonly AtLine[];
  /** The line because of which nothing is asked of IPv6. */
  readonly withoutIpv6: number | undefined;
  /** The line with which rules begin that were saved at a shutdown, and that it starts with. */
  readonly savedBefore?: number;
}

const HOOKS = HOOK_FOLDERS.flatMap((folder) => [`${folder}/csfpre.sh`, `${folder}/csfpost.sh`]);

/** Source: csf.pl of csf 15.10, from its start to doinitup and dostart. */
export function configurationOf(files: Files, text: string): Configuration {
  const settings = new Settings(files);
  const withoutIpv6 = settings.ipv6 ? undefined : settings.at('IPV6').line;
  const ends = (stops: readonly AtLine[]): Configuration => ({ saved: withoutRules(stops[0]!), stops, skipped: [], withoutIpv6 });
  const off = ['disable', 'error'].flatMap((name): readonly AtLine[] => {
    const file = files.all.get(`/etc/csf/csf.${name}`);
    return file
      ? [{ line: file.line, what: name === 'disable' ? 'csf is disabled.' : 'csf could not start, and does not try again at boot.' }]
      : [];
  });
  if (settings.stops.length + off.length > 0) return ends([...settings.stops, ...off]);
  const testing = settings.isOn('TESTING')
    ? [
        {
          line: settings.at('TESTING').line,
          what: 'TESTING is on: cron takes all rules away minutes after they are loaded, and they stay away.',
        },
      ]
    : [];
  const keptOver = savedAtShutdown(files, settings, text);
  const csf: Ruleset | undefined = keptOver ? undefined : builtFrom(settings, files);
  const stops = [...testing, ...(csf?.stops ?? [])];
  if (stops.length > 0) return ends(stops);
  const saved = keptOver ?? csf!.saved();
  return {
    saved: { ...saved, hidden: [...saved.hidden, ...hooks(files)] },
    stops,
    skipped: csf?.skipped ?? [],
    withoutIpv6,
    ...(keptOver ? { savedBefore: files.all.get(SAVED)!.line } : {}),
  };
}

/** A shell that reads the hook itself; any other program does what it likes. */
const SHELL = /^#![ \t]*(\/usr\/bin\/env[ \t]+|(\/usr)?(\/local)?\/bin\/)(ba|da|k|z|a)?sh([ \t]+-[eux]+)*[ \t]*$/;

/** What a hook does, nobody here follows; one of remarks alone does nothing. */
const hooks = (files: Files): readonly Hidden[] =>
  HOOKS.flatMap((path) => {
    const lines = files.linesOf(path) ?? [];
    const [first] = lines;
    const isOthers = first !== undefined && first.text.startsWith('#!') && !SHELL.test(trimmed(first.text));
    const line = isOthers ? first.line : lines.find(({ text }) => /^[^#]/.test(trimmed(text)))?.line;
    return line === undefined ? [] : hiddenIn(line, `${path} may change any rule`);
  });

const SAVED = `${STATE}csf.4.saved`;

/** With FASTSTART a server that was shut down starts with the rules that it had, whatever its files say. */
function savedAtShutdown(files: Files, settings: Settings, text: string): Saved | undefined {
  const paths = [SAVED, ...(settings.ipv6 ? [`${STATE}csf.6.saved`] : [])];
  const found = paths.map((path) => files.all.get(path));
  if (!settings.isOn('FASTSTART') || found.some((file) => !file)) return undefined;
  const sets = settings.isOn('LF_IPSET') ? files.all.get(`${STATE}csf.4.ipsets`) : undefined;
  // Each line where it is in the whole text.
  const lines = text.split('\n').map(() => '');
  for (const file of [...found, ...(sets ? [sets] : [])]) file!.text.split('\n').forEach((line, at) => (lines[file!.line - 1 + at] = line));
  const saved = parseSaved(`${lines.join('\n')}\n`, say);
  const open = withoutRules({ line: settings.at('IPV6').line }).tables.filter(({ family }) => family === 'ip6');
  return settings.ipv6 ? saved : { ...saved, tables: [...saved.tables, ...open] };
}
