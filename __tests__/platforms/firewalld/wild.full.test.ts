// Compares the exposure of sample firewalld servers, by their files and by the rules that a real firewalld loads, with
// the one written by hand.

import { parser } from '../../../lib/platforms/firewalld/parse/parser';
import { parser as nftables } from '../../../lib/platforms/nftables/parse/parser';
import { EvaluatedConfig } from '../../../lib/parse/config-parser';
import { SERVER, rowsTo, truthRows, verdictRows } from '../server-rows';
import { temporaryFolder } from '../../temporary-folder';
import { EARLIER, LATER, PROGRAMS, describeWith, loadedFrom, printedWithStock } from './daemon';
import { WILD } from './wild-folders';

const folder = temporaryFolder();

const rows = (reading: EvaluatedConfig): readonly string[] =>
  verdictRows(rowsTo(reading)).filter((row) => !/^2001:\S+ icmp/.test(row));

describe.each([
  ['1.1', EARLIER],
  ['1.3', PROGRAMS],
  ['2.3', LATER['2.3']],
  ['2.5', LATER['2.5']],
])('firewalld %s', (_, programs) =>
  describeWith(programs)('folders as servers have them', () => {
    it.each(Object.entries(WILD))('%s', (name, { etc, truth }) => {
      expect(rows(parser.read(printedWithStock(etc, programs), SERVER))).toEqual(truthRows(truth));
      const { state, ruleset } = loadedFrom(etc, folder, programs);
      expect([name, state]).toEqual([name, 'running']);
      expect(rows(nftables.read(ruleset, SERVER))).toEqual(truthRows(truth));
    });
  }),
);
