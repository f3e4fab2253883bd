import { ConfigParser } from '../../../parse/config-parser';
import { LoweredConfig, createParser } from '../../../evaluator/evaluate-config';
import { lowerText as loweredRules } from '../../nftables/parse/parser';
import { FirewalldFiles, parseFilesOrPolicies, hasPrintedFiles } from './files/firewalld-files';
import { parseSettings } from './files/firewalld-settings';
import { lowerFiles } from './merge-versions';

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
