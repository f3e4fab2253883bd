// Tests, on texts by hand and on texts with one random edit, that the parser refuses the nftables texts that the real
// nft refuses, and accepts those that it accepts.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRuleset } from '../../../../lib/platforms/nftables/parse/parse-ruleset';
import { lowerRuleset } from '../../../../lib/platforms/nftables/parse/lower-ruleset';
import { listJumpTargets } from '../../../../lib/evaluator/ruleset-model';
import { Random } from '../../../fuzz/random';
import { describeKernel } from '../../../evaluator/kernel/kernel-tests';
import { editedOnce } from './edits';
import { NftNamespace } from './namespace';
import { REFUSED, TAKEN, TAKEN_SINCE } from './texts';
import { caseFile, caseNames } from '../../../support';
import { codesOf } from '../../../problems';
import { checkShares, inTime, seeded, times } from '../../../randomly';

const RUNS = times(200);
const SEED = seeded(1);

const codes = (text: string): readonly string[] => codesOf(() => lowerRuleset(parseRuleset(text)));

/** The parts of a text that aren't understood, or may match or not. */
function doubts(text: string): readonly string[] {
  const parsed = parseRuleset(text);
  const { baseChains } = lowerRuleset(parsed);
  const statements = parsed.tables.flatMap(({ chains }) =>
    [...chains.values()].flatMap(({ rules }) => rules.flatMap((rule) => rule.statements)),
  );
  const chains = new Set(baseChains.map(({ chain }) => chain));
  const found = statements.flatMap((one) =>
    one.is === 'opaque' || one.is === 'perhaps' ? [`${one.is} ${one.what}`] : [],
  );
  for (const { rules } of chains)
    for (const { conditions, action } of rules) {
      found.push(
        ...conditions.flatMap((one) => (one.is === 'doubt' ? [one.reason] : [])),
        ...(action?.is === 'opaque' ? [action.reason] : []),
      );
      for (const next of listJumpTargets(action)) chains.add(next);
    }
  return found.map((one) => one.replace(/\bline \d+/g, 'line'));
}

/** Whether a list has more of some entry than another list. */
const hasMore = (doubted: readonly string[], than: readonly string[]): boolean =>
  doubted.some((one) => doubted.filter((other) => other === one).length > than.filter((other) => other === one).length);

describe('a text that nft refuses', () => {
  it.each(REFUSED)('is refused: %s', (_, text, wanted) =>
    expect([...new Set(codes(text))]).toEqual([`nftables/${wanted}`]),
  );
  it.each(TAKEN)('is accepted if it is changed a little: %s', (_, text) => expect(codes(text)).toEqual([]));
  it.each(TAKEN_SINCE)('is accepted, as older versions do: %s', (_, text) => expect(codes(text)).toEqual([]));
});

/**
 * `iif` needs a device that exists when the text is loaded; new versions refuse some texts that old ones accept twice;
 * and they accept the port of a session only after its protocol.
 */
const ALLOWED_DIFFERENCES = [/Interface does not exist/, /symbolic invalid expressions/];
const NEEDLESS = ['nftables/said-twice', 'nftables/two-hooks'];

describeKernel(
  'nft itself',
  () => new NftNamespace(),
  (namespace) => {
    it.each(REFUSED.filter(([, , code]) => !NEEDLESS.includes(`nftables/${code}`)))('refuses it, too: %s', (_, text) =>
      expect(namespace().refuses(text)).toBeDefined(),
    );
    it.each(TAKEN)('accepts it, too: %s', (_, text) => expect(namespace().refuses(text)).toBeUndefined());

    it(
      `refuses nothing that the parser accepts, of ${RUNS} texts with one edit`,
      () => {
        const goldens = caseNames()
          .map((name) => caseFile(name, 'nftables.golden'))
          .filter((path) => existsSync(path));
        const wild = ['cpanel', 'docker', 'fail2ban', 'firewalld', 'handmade'].map((name) =>
          join(__dirname, '..', 'wild', `${name}.nft`),
        );
        const texts = [...goldens, ...wild].map((path) => readFileSync(path, 'utf8'));
        const counted = { refused: 0, taken: 0 };
        for (const seed of inTime(Array.from({ length: RUNS }, (_, n) => SEED + n))) {
          const random = new Random(seed);
          const text = random.oneOf(texts);
          const edited = editedOnce(text, random);
          const said = namespace().refuses(edited);
          // A script, because the parser assumes that a listing comes from a kernel.
          const [script, before] = [edited, text].map((one) => `flush ruleset\n${one}`) as [string, string];
          const ours = codes(script);
          counted[said === undefined ? 'taken' : 'refused'] += 1;
          if (said === undefined && !NEEDLESS.includes(ours[0] ?? ''))
            expect({ seed, edited, ours }).toEqual({ seed, edited, ours: [] });
          const noticed =
            ours.length > 0 ||
            hasMore(doubts(script), doubts(before)) ||
            ALLOWED_DIFFERENCES.some((one) => one.test(said ?? ''));
          if (said !== undefined && !noticed) expect({ seed, edited, said }).toEqual('noticed');
        }
        const tried = counted.refused + counted.taken;
        checkShares(tried, () => expect(Math.min(counted.refused, counted.taken)).toBeGreaterThan(tried / 8));
      },
      RUNS * 1_000,
    );
  },
);
