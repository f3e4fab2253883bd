// Parser of firewalld: a text comes in, a ruleset goes out. This folder may not import generators, policies or other
// platforms, except the parser of nftables.

import { ConfigParser } from '../../../parse/config-parser';
import { LoweredConfig, createParser } from '../../../evaluator/evaluate-config';
import { lowerText as lowerNftables } from '../../nftables/parse/parser';
import { FirewalldFiles, parseFilesOrPolicies, hasPrintedFiles } from './files/firewalld-files';
import { parseSettings } from './files/firewalld-settings';
import { lowerFiles } from './merge-versions';

/**
 * Parses the running rules in the form of `nft list ruleset`, and files in the form of `tail -v -n +1`. The files may
 * be all of a server's, or policies and sets alone; then the zones are unknown.
 */
export const parser: ConfigParser = createParser('firewalld', (text) =>
  hasPrintedFiles(text) ? lowerConfig(parseFilesOrPolicies(text)) : lowerNftables(text),
);

export const lowerConfig = (files: FirewalldFiles): LoweredConfig => ({
  ruleset: lowerFiles(files, parseSettings(files.conf)),
  changedObjects: files.conf ? ['table inet firewalld'] : listPaths(files),
  extendedObjects: [],
});

const listPaths = (files: FirewalldFiles): readonly string[] =>
  Object.values(files.in)
    .flatMap((filesByName) => [...filesByName.values()].map(({ path }) => path))
    .sort();
