import { AtLine } from '../../../parse/xtables/made';
import { MadeRules } from '../../../parse/xtables/made-rules';
import { Files } from './files';
import { OwnAddresses } from './hosts';
import { Settings } from './settings';

/** How a version loads its files. */
export interface Loading {
  /** Whether it is started at all, and is the version that is known: why everything is open, or UNKNOWN. */
  start(files: Files): { readonly stops: readonly AtLine[]; readonly doubts: readonly AtLine[] };
  /** What is in the text and not followed. */
  beyond(files: Files, settings: Settings): readonly AtLine[];
  /** For what it loads nothing. */
  refused(settings: Settings): readonly AtLine[];
  /** Interfaces that nothing is asked of. */
  trusted(settings: Settings): readonly string[];
  /** Whether it loads nothing where an interface has no route, and whether one of that name is what it looks for. */
  asksForRoutes(settings: Settings): boolean;
  isInterface(name: string, word: string): boolean;
  /** Adds its rules, in its own order. */
  build(apf: MadeRules, settings: Settings, files: Files, own: OwnAddresses, trusted: readonly string[]): void;
  /** What a person has to know of how it is read. */
  says(settings: Settings): readonly string[];
}
