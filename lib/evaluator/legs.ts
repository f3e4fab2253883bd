import { Rewrite, Translation, moved, set, translation, unclear } from '../reachability/exposure';
import { familyOf } from '../net/address';
import { Move } from '../net/packet';
import { Range, contains, point } from '../net/range';
import { rewritten } from './actions';
import { Environment } from './environment';
import { Seen } from './context';
import { ACCEPT, Outcome } from './outcomes';
import { NOT_THE_FIRST, OTHER_FAMILY } from './egress';

/** What the first hook does with a packet: how it is translated, whether it may be dropped, and what it is behind it. Interned by hand. */
export interface Step {
  readonly action: Outcome;
  readonly doubt: string;
  readonly seen: Seen;
}

/** Packets whose destinations are moved at once. */
export interface Batch {
  readonly moves: Map<bigint, Move>;
  readonly port: number | undefined;
  /** Translated to what they were: connection tracking doesn't count that as translated. */
  readonly same: Range[];
}

type Leg = { readonly doubt: string; readonly skips: boolean; readonly seen: Seen } & (
  | { readonly is: 'kept'; readonly dnat: boolean }
  | { readonly is: 'batch'; readonly batch: Batch }
  | { readonly is: 'unclear'; readonly because: string; readonly pool: (Outcome & { is: 'pool' }) | undefined }
);

/** Where packets go from the first hook, by what is done with them. */
export class Legs {
  private readonly batches = new Map<string, Batch[]>();
  private readonly legs = new Map<unknown, Map<string, Leg>>();

  constructor(
    private readonly hook: 'prerouting' | 'output',
    private readonly iif: string | undefined,
    private readonly environment: Environment,
  ) {}

  legFor({ action, doubt, seen }: Step, range: Range): Leg {
    const all = { doubt, seen };
    if (action === ACCEPT) return this.interned('kept', all, () => ({ is: 'kept', ...all, dnat: false, skips: false }));
    const target = this.target(action, range);
    const skips = 'skipsFilter' in action && action.skipsFilter === true;
    if (typeof target === 'string') {
      const pool = action.is === 'pool' ? action : undefined;
      return this.interned(pool ?? target, all, () => ({ is: 'unclear', because: target, ...all, pool, skips }));
    }
    const { to, port } = target;
    if (to.first === range.first && to.last === range.last && port === undefined) {
      const dnat = this.environment.box.translates === 'all';
      return this.interned(`kept ${dnat} ${skips}`, all, () => ({ is: 'kept', ...all, dnat, skips }));
    }
    const batch = this.batchFor(range, to, port, `${port} ${skips} ${keyOf(seen)}`);
    return this.interned(batch, all, () => ({ is: 'batch', batch, ...all, skips }));
  }

  targetOf({ action }: Step, range: Range): Translation {
    if (action === ACCEPT) return translation();
    const target = this.target(action, range);
    if (typeof target === 'string') {
      const port = action.is === 'pool' ? action.port : undefined;
      return translation({ destination: unclear(target), ...(port === undefined ? {} : { port }) });
    }
    // Not by how wide the range is: what stands beside an address has nothing to do with what becomes of it.
    const one = action.is === 'redirect' || (action.is === 'rewrite' && action.address?.is === 'set');
    const rewrite: Rewrite = one ? set(target.to.first as never) : moved(target.to.first - range.first);
    return translation({ destination: rewrite, ...(target.port === undefined ? {} : { port: target.port }) });
  }

  /** Where packets for that range go, or why that can't be said. */
  private target(action: Outcome, range: Range): { readonly to: Range; readonly port: number | undefined } | string {
    switch (action.is) {
      case 'rewrite': {
        const to = action.address ? rewritten(action.address, range) : range;
        if (!to) return 'it is mapped by blocks';
        if (familyOf(to.first) !== familyOf(range.first)) return OTHER_FAMILY;
        return { to, port: action.port };
      }
      case 'redirect': {
        const family = familyOf(range.first);
        if (this.hook === 'output') {
          const loopback = family === 'ip' ? 0x7f000001n : (1n << 32n) + 1n;
          return { to: point(loopback), port: action.port };
        }
        const to = this.iif ? this.environment.surroundings.redirectedTo(this.iif, family) : undefined;
        return to === undefined ? NOT_THE_FIRST : { to: point(to), port: action.port };
      }
      case 'pool':
      case 'unknown':
      case 'altered':
        return action.because;
      case 'masquerade':
        return 'a masquerade of a destination';
      case 'accept':
      case 'drop':
      case 'left':
      case 'pass':
      case 'either':
        return { to: range, port: undefined };
    }
  }

  /** The moves of a batch don't overlap; what leads one range to several targets is spread over several. */
  private batchFor(range: Range, to: Range, port: number | undefined, key: string): Batch {
    let list = this.batches.get(key);
    if (!list) this.batches.set(key, (list = []));
    for (const batch of list) {
      const known = batch.moves.get(range.first);
      if (!known) return this.join(batch, range, to);
      if (known.to.first === to.first && known.to.last === to.last) return batch;
    }
    const batch: Batch = { moves: new Map<bigint, Move>(), port, same: [] };
    list.push(batch);
    return this.join(batch, range, to);
  }

  private join(batch: Batch, range: Range, to: Range): Batch {
    batch.moves.set(range.first, { from: range, to });
    if (to.first === range.first && to.last === range.last) batch.same.push(range);
    else if (to.first === to.last && contains(range, to.first)) batch.same.push(to);
    return batch;
  }

  private interned(key: unknown, { doubt, seen }: Pick<Leg, 'doubt' | 'seen'>, make: () => Leg): Leg {
    let some = this.legs.get(key);
    if (!some) this.legs.set(key, (some = new Map<string, Leg>()));
    const told = `${keyOf(seen)} ${doubt}`;
    let found = some.get(told);
    if (!found) some.set(told, (found = make()));
    return found;
  }
}

const keyOf = ({ ct, marks }: Seen): string => `${ct} ${marks.key}`;
