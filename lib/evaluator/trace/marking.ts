import { familyOf } from '../../net/address';
import { Context, Seen, eitherSeen, eitherTracking } from '../context';
import { Marks, perhapsMarked } from '../marks';
import { BaseChain, marksAmong } from '../model';
import { Ending } from './chain';
import { Journey } from './journey';

type Tracking = Context['ct'];

/** How lists leave a packet on its way. */
export class Marking {
  constructor(private readonly journey: Journey) {}

  /** Lists of one priority, any of which may be first: as each is asked, and as they leave the packet. */
  passed(group: readonly BaseChain[], unordered: boolean): { readonly during: Seen; readonly behind: Seen } {
    const { ct, marks } = this.journey.context;
    const met = this.met(group);
    const setting = met.filter((base) => this.journey.settings.of(base).length > 0);
    const [only] = setting;
    if (!only) return { during: { ct, marks }, behind: { ct, marks } };
    if (!unordered && met.length === 1) return { during: { ct, marks }, behind: this.left(only, { ct, marks }) };
    const blurred: Seen = { ct, marks: this.perhaps(setting) };
    const each = setting.map((base) => this.left(base, blurred).ct);
    const maybe = each.reduce(eitherTracking, ct);
    const surely = each.includes('untracked') ? 'untracked' : maybe;
    return { during: { ...blurred, ct: maybe }, behind: { ...blurred, ct: unordered ? maybe : surely } };
  }

  private left(base: BaseChain, seen: Seen): Seen {
    const endings = this.journey.walk(base, 'left', seen).map((ending) => this.told(ending, base, seen));
    const { facts } = this.journey.ruleset;
    const mayNotRun = base.type === 'nat' && !facts.tracks.has(familyOf(this.journey.packet.destination));
    return [...endings, ...(mayNotRun ? [seen] : [])].reduce(eitherSeen);
  }

  private told({ is, as }: Ending, base: BaseChain, seen: Seen): Seen {
    if (as) return as;
    const ct: Tracking = seen.ct === 'none' ? 'leaving' : seen.ct;
    if (is !== 'accept') return { ct, marks: this.perhaps([base]) };
    return { ct: base.chain.sets?.includes('perhaps untracked') ? ct : seen.ct, marks: seen.marks };
  }

  private met(group: readonly BaseChain[]): readonly BaseChain[] {
    const own = familyOf(this.journey.packet.destination);
    return group.filter(({ family }) => (family !== 'ip' && family !== 'ip6') || family === own);
  }

  /** Marks, whatever lists do about them, or don't. */
  perhaps(bases: readonly BaseChain[]): Marks {
    return perhapsMarked(
      this.journey.context.marks,
      marksAmong(bases.flatMap((base) => this.journey.settings.of(base))),
    );
  }
}
