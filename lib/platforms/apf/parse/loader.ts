// The type ApfLoader: how one version of APF loads its files to iptables rules. `packaged-loader.ts` (9.7) and
// `upstream/upstream-loader.ts` (2.0.2) have one each.

import { LineNote } from '../../../parse/xtables/load-notes';
import { CommandRulesBuilder } from '../../../parse/xtables/command-rules-builder';
import { ApfFiles } from './apf-files';
import { OwnAddresses } from './packaged-host-lists';
import { ApfSettings } from './apf-settings';

/** Loads the files of one version. */
export interface ApfLoader {
  /** Returns why everything is open, or UNKNOWN: APF isn't started, or is another version. */
  start(files: ApfFiles): { readonly stops: readonly LineNote[]; readonly unknownReasons: readonly LineNote[] };
  /** Returns notes on parts of the text that aren't followed. */
  beyond(files: ApfFiles, settings: ApfSettings): readonly LineNote[];
  /** Returns the reasons for which APF loads nothing. */
  refused(settings: ApfSettings): readonly LineNote[];
  /** Returns the interfaces that APF doesn't filter. */
  trusted(settings: ApfSettings): readonly string[];
  /**
   * Returns whether APF loads nothing if an interface has no route; `isInterface` returns whether a name is the one
   * that it looks for.
   */
  asksForRoutes(settings: ApfSettings): boolean;
  isInterface(name: string, word: string): boolean;
  /** Adds the version's rules, in its own order. */
  build(
    apf: CommandRulesBuilder,
    settings: ApfSettings,
    files: ApfFiles,
    own: OwnAddresses,
    trusted: readonly string[],
  ): void;
  /** Returns notes on the interpretation for the operator. */
  says(settings: ApfSettings): readonly string[];
}
