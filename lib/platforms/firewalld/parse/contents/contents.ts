import { Condition, Decision, End, LoweredChain, LoweredRule, Said } from '../../../../evaluator/model';
import * as asked from './conditions';
import { Configuration, Policy, Zone } from '../files/configuration';
import { Items, Placed, verdict } from './items';
import { inOrder } from './rich-later';
import { atLeast } from '../files/version';

/** The chains that zones and policies have a part in. */
export const WAYS = ['input', 'forward', 'output', 'prerouting', 'postrouting', 'own'] as const;
export type Way = (typeof WAYS)[number];
export const LIST: Readonly<Record<Way, Placed['list']>> = {
  input: 'filter',
  forward: 'filter',
  output: 'filter',
  prerouting: 'destinations',
  postrouting: 'sources',
  own: 'destinations',
};
const PARTS = ['pre', 'deny', 'allow', 'post'] as const;

export const chain = (called: string, rules: readonly LoweredRule[]): LoweredChain => ({ called, rules: [...rules] });
export const rule = (said: Said, conditions: readonly Condition[], end: End): LoweredRule => ({
  ...said,
  conditions,
  end,
});
export const leads = (is: 'jump' | 'goto', to: LoweredChain): End => ({
  is: 'verdict',
  verdict: { is, chain: to } satisfies Decision,
});
export const ofZone = ({ name, file }: Zone): Said => ({ line: file.line, text: `zone ${name}` });
export const ofPolicy = ({ name, file }: Policy): Said => ({ line: file.line, text: `policy ${name}` });

/** What stands in zones and policies, each once. */
export class Contents {
  private readonly placed = new Map<Zone | Policy, readonly Placed[]>();
  private readonly made = new Map<string, LoweredChain>();

  constructor(
    readonly configuration: Configuration,
    readonly items: Items,
  ) {}

  /** All of it, in the order in which it is asked: rich rules come last. */
  of(owner: Zone | Policy): readonly Placed[] {
    const known = this.placed.get(owner);
    if (known) return known;
    const inverted = 'inverted' in owner && owner.inverted;
    const isSorted = atLeast(this.configuration.version, '2.3');
    const [rules, others] = [
      owner.items.filter(({ name }) => name === 'rule'),
      owner.items.filter(({ name }) => name !== 'rule'),
    ];
    const found = [...others, ...(isSorted ? [...rules].sort(inOrder) : rules)].flatMap((one) =>
      this.items.of(one, inverted),
    );
    this.placed.set(owner, found);
    return found;
  }

  /** Of one list. */
  listed(owner: Zone | Policy, list: Placed['list'] | undefined): readonly LoweredRule[] {
    const own = this.of(owner)
      .filter((one) => one.list === list)
      .sort((a, b) => (a.priority < b.priority ? -1 : a.priority > b.priority ? 1 : 0));
    return PARTS.flatMap((part) => own.filter((one) => one.part === part).map((one) => one.rule));
  }

  policy(policy: Policy, way: Way): LoweredChain {
    return this.once(`policy ${policy.name}, ${way}`, () => {
      const { target } = policy;
      const end =
        LIST[way] !== 'filter' || target === 'continue'
          ? []
          : [rule(ofPolicy(policy), [], verdict(target === 'accept' ? 'accept' : 'drop'))];
      return [...this.listed(policy, LIST[way]), ...end];
    });
  }

  /** Without the policies around it, and its target. */
  zone(zone: Zone, way: Exclude<Way, 'output' | 'own'>): readonly LoweredRule[] {
    const { file, forwards, interfaces, sources } = zone;
    const within: readonly Condition[] =
      !forwards || way !== 'forward'
        ? []
        : [
            // By any interface would be from zone to zone.
            ...interfaces.filter((one) => one !== '+').map((one) => asked.byInterface('out', [one])),
            ...sources.map((one) => this.items.at('destination', one, file.line)),
          ];
    return [
      ...this.listed(zone, way === 'forward' ? undefined : LIST[way]),
      ...within.map((condition) => rule(ofZone(zone), [condition], verdict('accept'))),
    ];
  }

  /** ICMP that a zone takes or refuses as a whole. */
  types(zone: Zone): readonly LoweredRule[] {
    const { target, inverted } = zone;
    return target === 'default' || target === 'unended' || (inverted && target === 'accept')
      ? [rule(ofZone(zone), [asked.ANY_ICMP], verdict(inverted ? 'drop' : 'accept'))]
      : [];
  }

  target = (zone: Zone): readonly LoweredRule[] =>
    zone.target === 'unended' ? [] : [rule(ofZone(zone), [], verdict(zone.target === 'accept' ? 'accept' : 'drop'))];

  once(called: string, make: () => readonly LoweredRule[]): LoweredChain {
    let found = this.made.get(called);
    if (!found) this.made.set(called, (found = chain(called, make())));
    return found;
  }
}
