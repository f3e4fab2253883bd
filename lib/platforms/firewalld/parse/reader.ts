import { Reader } from '../../../parse/reader';
import { Lowered, readerOf } from '../../../evaluator/reading';
import { lowered as loweredRules } from '../../nftables/parse/reader';
import { Files, filesOrPoliciesOf, isOfFiles } from './files/files';
import { settingsOf } from './files/settings';
import { lower } from './versions';

/**
 * Reads what runs, as `nft list ruleset` prints it, and files, as `tail -v -n +1` prints them: all of a server's, or policies and sets alone, of
 * which nobody knows what zones are beside them.
 */
export const reader: Reader = readerOf('firewalld', (text) =>
  isOfFiles(text) ? lowered(filesOrPoliciesOf(text)) : loweredRules(text),
);

export const lowered = (files: Files): Lowered => ({
  ruleset: lower(files, settingsOf(files.conf)),
  touches: files.conf ? ['table inet firewalld'] : pathsOf(files),
  addsTo: [],
});

const pathsOf = (files: Files): readonly string[] =>
  Object.values(files.in)
    .flatMap((some) => [...some.values()].map(({ path }) => path))
    .sort();
