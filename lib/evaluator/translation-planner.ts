// Plans the destination translations of the first hook: groups packets by their result and moves all of one batch at
// once, so that ten thousand mappings need few steps.

import {
  Rewrite,
  Translation,
  createMove,
  createTarget,
  createTranslation,
  createUnclear,
} from '../reachability/reachability';
import { getFamily } from '../net/address';
import { AddressMove } from '../net/packet';
import { Range, contains, toSingleRange } from '../net/range';
import { rewriteRange } from './translation-actions';
import { EvaluationEnvironment } from './evaluation-environment';
import { PacketState } from './packet-context';
import { ACCEPT, ChainOutcome } from './chain-outcomes';
import { REDIRECT_REASON, FAMILY_REASON } from './pass-outcomes';

/**
 * The result of the first hook for a packet: its translation, the reason why it may be dropped, and its state behind
 * the hook. Interned by hand.
 */
export interface TranslationStep {
  readonly action: ChainOutcome;
  readonly dropReason: string;
  readonly state: PacketState;
}

/** Packets whose destinations are moved at once. */
export interface MoveBatch {
  readonly moves: Map<bigint, AddressMove>;
  readonly port: number | undefined;
  /** Ranges that are translated to themselves: connection tracking doesn't count that as translated. */
  readonly same: Range[];
}

type TranslationPlan = { readonly dropReason: string; readonly skipsFilter: boolean; readonly state: PacketState } & (
  | { readonly is: 'kept'; readonly dnat: boolean }
  | { readonly is: 'batch'; readonly batch: MoveBatch }
  | { readonly is: 'unclear'; readonly reason: string; readonly pool: (ChainOutcome & { is: 'pool' }) | undefined }
);

/** Plans where packets go from the first hook, by what is done with them. */
export class TranslationPlanner {
  private readonly batchesByKey = new Map<string, MoveBatch[]>();
  private readonly plans = new Map<unknown, Map<string, TranslationPlan>>();

  constructor(
    private readonly hook: 'prerouting' | 'output',
    private readonly iif: string | undefined,
    private readonly environment: EvaluationEnvironment,
  ) {}

  getPlan({ action, dropReason: reason, state }: TranslationStep, range: Range): TranslationPlan {
    const common = { dropReason: reason, state };
    if (action === ACCEPT)
      return this.internPlan('kept', common, () => ({ is: 'kept', ...common, dnat: false, skipsFilter: false }));
    const target = this.findTarget(action, range);
    const skipsFilter = 'skipsFilter' in action && action.skipsFilter === true;
    if (typeof target === 'string') {
      const pool = action.is === 'pool' ? action : undefined;
      return this.internPlan(pool ?? target, common, () => ({
        is: 'unclear',
        reason: target,
        ...common,
        pool,
        skipsFilter,
      }));
    }
    const { to, port } = target;
    if (to.first === range.first && to.last === range.last && port === undefined) {
      const dnat = this.environment.kernel.translates === 'all';
      return this.internPlan(`kept ${dnat} ${skipsFilter}`, common, () => ({
        is: 'kept',
        ...common,
        dnat,
        skipsFilter,
      }));
    }
    const batch = this.getBatch(range, to, port, `${port} ${skipsFilter} ${buildStateKey(state)}`);
    return this.internPlan(batch, common, () => ({ is: 'batch', batch, ...common, skipsFilter }));
  }

  getTranslation({ action }: TranslationStep, range: Range): Translation {
    if (action === ACCEPT) return createTranslation();
    const target = this.findTarget(action, range);
    if (typeof target === 'string') {
      const port = action.is === 'pool' ? action.port : undefined;
      return createTranslation({ destination: createUnclear(target), ...(port === undefined ? {} : { port }) });
    }
    // The width of the range doesn't decide: the addresses beside an address have nothing to do with its translation.
    const isSingleTarget = action.is === 'redirect' || (action.is === 'rewrite' && action.address?.is === 'set');
    const rewrite: Rewrite = isSingleTarget
      ? createTarget(target.to.first as never)
      : createMove(target.to.first - range.first);
    return createTranslation({ destination: rewrite, ...(target.port === undefined ? {} : { port: target.port }) });
  }

  /** Returns the range that packets for `range` are translated to, or the reason why it isn't known. */
  private findTarget(
    action: ChainOutcome,
    range: Range,
  ): { readonly to: Range; readonly port: number | undefined } | string {
    switch (action.is) {
      case 'rewrite': {
        const to = action.address ? rewriteRange(action.address, range) : range;
        if (!to) return 'it is mapped by blocks';
        if (getFamily(to.first) !== getFamily(range.first)) return FAMILY_REASON;
        return { to, port: action.port };
      }
      case 'redirect': {
        const family = getFamily(range.first);
        if (this.hook === 'output') {
          const loopback = family === 'ip' ? 0x7f000001n : (1n << 32n) + 1n;
          return { to: toSingleRange(loopback), port: action.port };
        }
        const to = this.iif ? this.environment.routing.findRedirectTarget(this.iif, family) : undefined;
        return to === undefined ? REDIRECT_REASON : { to: toSingleRange(to), port: action.port };
      }
      case 'pool':
      case 'unknown':
      case 'altered':
        return action.reason;
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

  /**
   * Returns the batch for a move. The moves of a batch don't overlap: moves of one range to several targets are spread
   * over several batches.
   */
  private getBatch(range: Range, to: Range, port: number | undefined, key: string): MoveBatch {
    let keyBatches = this.batchesByKey.get(key);
    if (!keyBatches) this.batchesByKey.set(key, (keyBatches = []));
    for (const batch of keyBatches) {
      const knownMove = batch.moves.get(range.first);
      if (!knownMove) return this.addMove(batch, range, to);
      if (knownMove.to.first === to.first && knownMove.to.last === to.last) return batch;
    }
    const batch: MoveBatch = { moves: new Map<bigint, AddressMove>(), port, same: [] };
    keyBatches.push(batch);
    return this.addMove(batch, range, to);
  }

  private addMove(batch: MoveBatch, range: Range, to: Range): MoveBatch {
    batch.moves.set(range.first, { from: range, to });
    if (to.first === range.first && to.last === range.last) batch.same.push(range);
    else if (to.first === to.last && contains(range, to.first)) batch.same.push(to);
    return batch;
  }

  private internPlan(
    key: unknown,
    { dropReason: reason, state }: Pick<TranslationPlan, 'dropReason' | 'state'>,
    make: () => TranslationPlan,
  ): TranslationPlan {
    let plansByState = this.plans.get(key);
    if (!plansByState) this.plans.set(key, (plansByState = new Map<string, TranslationPlan>()));
    const stateKey = `${buildStateKey(state)} ${reason}`;
    let plan = plansByState.get(stateKey);
    if (!plan) plansByState.set(stateKey, (plan = make()));
    return plan;
  }
}

const buildStateKey = ({ ct, marks }: PacketState): string => `${ct} ${marks.key}`;
