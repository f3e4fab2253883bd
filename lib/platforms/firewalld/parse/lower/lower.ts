import { Problem } from '../../../../problems/problem';
import {
  BaseChain,
  Condition,
  End,
  LoweredRule,
  LoweredRuleset,
  NETFILTER,
  TextFacts,
} from '../../../../evaluator/model';
import { ByPoints } from './by-points';
import { ByZones } from './by-zones';
import * as asked from '../contents/conditions';
import { Configuration, Policy, Zone, directRules } from '../files/configuration';
import { Contents, chain, leads, rule } from '../contents/contents';
import { Dispatch, isActive, isUsed } from './dispatch';
import { Files } from '../files/files';
import { Items, verdict } from '../contents/items';
import { refuseWays } from './refused-ways';
import { OWN } from '../files/said';
import { Settings } from '../files/settings';
import { Version, atLeast, dropsInvalid } from '../files/version';

/** What that firewalld would load, and all that is wrong with the files. Source: firewall/core/nftables.py of firewalld 1.3.3 and 2.3.1. */
export function lowerAs(
  version: Version,
  files: Files,
  settings: Settings,
): { readonly lowered: LoweredRuleset; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const facts: TextFacts = {
    connectionMarks: false,
    helpers: false,
    tracks: new Set(['ip', 'ip6']),
    learned: new Set(),
  };
  const configuration = new Configuration(files, settings.defaultZone, version, problems);
  const items = new Items(configuration, facts);
  const contents = new Contents(configuration, items);
  refuseWays(configuration);
  const bases = basesOf(contents, settings);
  checkUnasked(contents);
  items.checkOwn();
  const direct = directRules(files.direct);
  const lowered = { bases: direct === undefined ? bases : [...bases, ...unclear(direct)], facts, box: NETFILTER };
  // Several chains look at one element.
  return { lowered, problems: [...new Map(problems.map((one) => [`${one.where} ${one.what}`, one])).values()] };
}

/** Rules of iptables beside firewalld's may drop a packet, or lead it elsewhere. */
const unclear = (line: number): readonly BaseChain[] =>
  ['prerouting', 'output'].map((hook) => {
    const end: End = { is: 'opaque', because: `line ${line}: direct.xml has rules of iptables` };
    return base('filter', hook, -1000, [{ line, text: 'direct.xml', conditions: [], end }], 'direct rules');
  });

const base = (
  type: 'filter' | 'nat',
  hook: string,
  priority: number,
  rules: readonly LoweredRule[],
  called = `${type}_${hook.toUpperCase()}`,
): BaseChain => ({
  type,
  hook,
  priority,
  chain: chain(called, rules),
  devices: [],
  policy: 'accept',
  line: 1,
  family: 'inet',
});

function basesOf(contents: Contents, settings: Settings): readonly BaseChain[] {
  const { version } = contents.configuration;
  const dispatch: Dispatch = atLeast(version, '2.0') ? new ByPoints(contents) : new ByZones(contents);
  const drop = verdict('drop');
  const goingOn = rule(OWN('established'), [asked.GOING_ON], verdict('accept'));
  const started = (lo: 'in' | 'out'): LoweredRule =>
    rule(OWN('lo'), [asked.byInterface(lo, ['lo'])], verdict('accept'));
  const invalid = rule(OWN('invalid'), [asked.INVALID], drop);
  const sixToFour = settings.refuses6to4 ? [rule(OWN('RFC3964_IPv4'), [asked.TO_6TO4], drop)] : [];
  const { early, late } = reversePath(settings, version);
  const translated = translatedOf(contents, settings);
  const asking = (way: 'input' | 'forward'): readonly LoweredRule[] => {
    const start = [goingOn, translated(way)];
    const before = way === 'forward' ? sixToFour : [];
    const dropping = dropsInvalid(version);
    const at = (place: typeof dropping): readonly LoweredRule[] => (place === dropping ? [invalid] : []);
    const all = [
      ...start,
      ...at('first'),
      started('in'),
      ...at('behind lo'),
      ...before,
      ...dispatch.led(way),
      ...at('last'),
    ];
    return [...all, rule(OWN('nothing else passes'), [], drop)];
  };
  const answers = atLeast(version, '0.9.5') ? [goingOn] : [];
  const own = atLeast(version, '2.3') ? [translated('output')] : [];
  return [
    base('filter', 'prerouting', 10, early),
    base('nat', 'prerouting', -90, dispatch.led('prerouting')),
    base('nat', 'output', -90, dispatch.led('own')),
    base('nat', 'postrouting', 110, dispatch.led('postrouting')),
    base('filter', 'input', 10, asking('input')),
    base('filter', 'forward', 10, [...late, ...asking('forward')]),
    base('filter', 'output', 10, [...answers, ...own, started('out'), ...sixToFour, ...dispatch.led('output')]),
  ];
}

/** What comes from where answers wouldn't go, as it comes in, and of what goes through alone. The words that say so are of 2.2 and later. */
function reversePath(
  { reversePath: word }: Settings,
  version: Version,
): { readonly early: LoweredRule[]; readonly late: LoweredRule[] } {
  const said = OWN('IPv6_rpfilter');
  const dropped = (way: Condition): LoweredRule => rule(said, [asked.ofFamily('ip6'), way], verdict('drop'));
  const isLate = atLeast(version, '2.2') && word.endsWith('-forward');
  if (word === 'no') return { early: [], late: [] };
  const way =
    word === 'strict' || (isLate && word.startsWith('strict')) ? asked.NO_WAY_BACK : asked.PERHAPS_NO_WAY_BACK;
  return isLate
    ? { early: [], late: [dropped(way)] }
    : { early: [rule(OWN('neighbours'), asked.NEIGHBOURS, verdict('accept')), dropped(way)], late: [] };
}

/** What becomes of what anybody translates: it passes, or that alone which goes to a port that is forwarded. */
function translatedOf(
  contents: Contents,
  { isStrict }: Settings,
): (way: 'input' | 'forward' | 'output') => LoweredRule {
  const { configuration } = contents;
  if (!isStrict || !atLeast(configuration.version, '2.3'))
    return () => rule(OWN('what is translated passes'), [asked.TRANSLATED], verdict('accept'));
  const owners: readonly (Zone | Policy)[] = [
    ...configuration.zones.filter((one) => isUsed(one, configuration)),
    ...configuration.policies.filter((one) => isActive(one, configuration)),
  ];
  const forwarded = owners.flatMap((owner) =>
    contents.of(owner).flatMap(({ forwards, rule: its }) => {
      if (!forwards) return [];
      const way = 'from' in owner && owner.from.includes('HOST') ? 'output' : forwards.elsewhere ? 'forward' : 'input';
      return [{ way, rule: rule(its, [asked.toPortAtFirst(forwards.from)], verdict('accept')) }];
    }),
  );
  return (way) =>
    rule(
      OWN('StrictForwardPorts'),
      [asked.TRANSLATED],
      leads(
        'jump',
        chain(`what is translated, ${way}`, [
          ...forwarded.filter((one) => one.way === way).map((one) => one.rule),
          rule(OWN('StrictForwardPorts'), [], verdict('drop')),
        ]),
      ),
    );
}

/** Zones and policies that nothing leads to are read, too. */
function checkUnasked({ configuration, items }: Contents): void {
  const { zones, policies, fallback } = configuration;
  for (const one of zones) if (one !== fallback && !isUsed(one, configuration)) items.check(one.items);
  for (const one of policies) if (!isActive(one, configuration)) items.check(one.items);
}
