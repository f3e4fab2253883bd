import { ConfigParser } from '../../../parse/reader';
import { LoweredConfig, createParser } from '../../../evaluator/reading';
import { lowerText as loweredRules } from '../../nftables/parse/reader';
import { FirewalldFiles, parseFilesOrPolicies, hasPrintedFiles } from './files/files';
import { parseSettings } from './files/settings';
import { lowerFiles } from './versions';

/**
 * Reads what runs, as `nft list ruleset` prints it, and files, as `tail -v -n +1` prints them: all of a server's, or policies and sets alone, of
 * which nobody knows what zones are beside them.
 */
export const parser: ConfigParser = createParser('firewalld', (text) =>
  hasPrintedFiles(text) ? lowerConfig(parseFilesOrPolicies(text)) : loweredRules(text),
);

export const lowerConfig = (files: FirewalldFiles): LoweredConfig => ({
  ruleset: lowerFiles(files, parseSettings(files.conf)),
  touches: files.conf ? ['table inet firewalld'] : listPaths(files),
  addsTo: [],
});

const listPaths = (files: FirewalldFiles): readonly string[] =>
  Object.values(files.in)
    .flatMap((filesByName) => [...filesByName.values()].map(({ path }) => path))
    .sort();
