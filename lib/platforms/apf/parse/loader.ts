import { LineNote } from '../../../parse/xtables/load-notes';
import { CommandRulesBuilder } from '../../../parse/xtables/command-rules-builder';
import { ApfFiles } from './apf-files';
import { OwnAddresses } from './host-lists';
import { ApfSettings } from './apf-settings';

/** How a version loads its files. */
export interface ApfLoader {
  /** Whether it is started at all, and is the version that is known: why everything is open, or UNKNOWN. */
  start(files: ApfFiles): { readonly stops: readonly LineNote[]; readonly doubts: readonly LineNote[] };
  /** What is in the text and not followed. */
  beyond(files: ApfFiles, settings: ApfSettings): readonly LineNote[];
  /** For what it loads nothing. */
  refused(settings: ApfSettings): readonly LineNote[];
  /** Interfaces that nothing is asked of. */
  trusted(settings: ApfSettings): readonly string[];
  /** Whether it loads nothing where an interface has no route, and whether one of that name is what it looks for. */
  asksForRoutes(settings: ApfSettings): boolean;
  isInterface(name: string, word: string): boolean;
  /** Adds its rules, in its own order. */
  build(
    apf: CommandRulesBuilder,
    settings: ApfSettings,
    files: ApfFiles,
    own: OwnAddresses,
    trusted: readonly string[],
  ): void;
  /** What a person has to know of how it is read. */
  says(settings: ApfSettings): readonly string[];
}
