// The relation from packets to outcomes, which evaluators and specs produce and reports, diffs and the verifier
// consume. It knows addresses and packet sets (lib/net), and no platform, no policy and no file format.

import { Address } from '../net/address';
import { StartLocation } from '../net/device';
import { InternTable, PairInternTable } from '../net/intern-tables';
import { PacketMap } from '../net/packet-map';

/**
 * The outcome of the first packet of a connection. A packet that a map doesn't hold is denied, so the zero value
 * denies. `unknown` is never shown as safe. Values are interned: two equal ones are one object.
 */
export type Disposition =
  /**
   * `except`: why some clients may be kept out all the same (a limit, a list whose members aren't known). A new client
   * that is on no such list gets in, so the packet counts as open.
   */
  { readonly is: 'allowed'; readonly except?: string } | { readonly is: 'unknown'; readonly reason: string };

/** The rewrite of one header field: kept, moved by a distance, or set to one address. */
export type Rewrite =
  | { readonly is: 'kept' }
  | { readonly is: 'moved'; readonly distance: bigint }
  | { readonly is: 'set'; readonly to: Address }
  /** Rewritten to a value that the parser can't determine (a pool, a helper, an interface without a known address). */
  | { readonly is: 'unclear'; readonly reason: string };

/** The translation of an allowed packet when it leaves. Interned. */
export interface Translation {
  readonly destination: Rewrite;
  /** A number if a port forward sets it. */
  readonly port: 'kept' | number;
  readonly source: Rewrite;
  /**
   * `free` if the device is told to choose another port (random flags, a range of ports). A plain masquerade keeps the
   * port unless it is taken.
   */
  readonly sourcePort: 'kept' | 'free';
}

/** All packets that enter at one start location. `translations` is defined wherever `dispositions` is. */
export interface ReachabilityView {
  readonly startLocation: StartLocation;
  readonly dispositions: PacketMap<Disposition>;
  readonly translations: PacketMap<Translation>;
  /**
   * Translations without those of sources, if the evaluator computes them separately. If hosts are translated in both
   * directions, there are as many of these as hosts; together with the sources there are the square of that.
   */
  readonly destinationTranslations?: PacketMap<Translation>;
}

/**
 * Returns the translations of destinations of the packets that a view lets through, whatever happens to their sources.
 */
export const getDestinationTranslations = (view: ReachabilityView): PacketMap<Translation> =>
  view.destinationTranslations ?? dropSourceTranslations(view.translations);

export const dropSourceTranslations = (map: PacketMap<Translation>): PacketMap<Translation> =>
  map.map(({ destination, port }) => createTranslation({ destination, port }));

/** The relation from the first packet of a connection to its outcome, on one device. */
export interface Reachability {
  readonly views: readonly ReachabilityView[];
}

export const ALLOWED: Disposition = Object.freeze({ is: 'allowed' });
const allowedWithExceptions = new InternTable<string, Disposition>();
export const createAllowedExcept = (except: string): Disposition =>
  allowedWithExceptions.getOrCreate(except, () => Object.freeze({ is: 'allowed', except }));

/** Returns whether a disposition lets in more than another, in this order: denied, unknown, with exceptions, allowed. */
export const isWider = (disposition: Disposition | undefined, other: Disposition | undefined): boolean =>
  rankDisposition(disposition) > rankDisposition(other);

const rankDisposition = (disposition: Disposition | undefined): number =>
  disposition === undefined ? 0 : disposition.is === 'unknown' ? 1 : disposition === ALLOWED ? 3 : 2;

const unknownDispositions = new InternTable<string, Disposition>();
export const createUnknown = (reason: string): Disposition =>
  unknownDispositions.getOrCreate(reason, () => Object.freeze({ is: 'unknown', reason }));

export const KEPT: Rewrite = Object.freeze({ is: 'kept' });
const moveRewrites = new InternTable<bigint, Rewrite>();
export const createMove = (distance: bigint): Rewrite =>
  distance === 0n ? KEPT : moveRewrites.getOrCreate(distance, () => Object.freeze({ is: 'moved', distance }));
const targetRewrites = new InternTable<Address, Rewrite>();
export const createTarget = (address: Address): Rewrite =>
  targetRewrites.getOrCreate(address, () => Object.freeze({ is: 'set', to: address }));
const unclearRewrites = new InternTable<string, Rewrite>();
export const createUnclear = (reason: string): Rewrite =>
  unclearRewrites.getOrCreate(reason, () => Object.freeze({ is: 'unclear', reason }));

const translationTable = new PairInternTable<Rewrite, Rewrite, Map<string, Translation>>();

export function createTranslation(parts: Partial<Translation> = {}): Translation {
  const { destination = KEPT, port = 'kept', source = KEPT, sourcePort = 'kept' } = parts;
  const byPorts = translationTable.getOrCreate(destination, source, () => new Map());
  const ports = `${port} ${sourcePort}`;
  let interned = byPorts.get(ports);
  if (!interned) byPorts.set(ports, (interned = Object.freeze({ destination, port, source, sourcePort })));
  return interned;
}

export const UNTRANSLATED: Translation = createTranslation();

/**
 * Returns translations in the one form in which they compare: `set` becomes `moved` if the field that it sets is a
 * single address, and a move by 0 is `kept`. Every evaluator and every spec ends with this.
 */
export function normalizeTranslations(map: PacketMap<Translation>): PacketMap<Translation> {
  const normalizeRewrite = (rewrite: Rewrite, from: bigint): Rewrite =>
    rewrite.is === 'set' ? createMove(rewrite.to - from) : rewrite;
  const normalizeAxis = (input: PacketMap<Translation>, axis: 'destination' | 'source'): PacketMap<Translation> =>
    input.values.some((value) => value[axis].is === 'set')
      ? input.mapAlong(axis, (value, range) =>
          value[axis].is === 'set' && range.first === range.last
            ? createTranslation({ ...value, [axis]: normalizeRewrite(value[axis], range.first) })
            : value,
        )
      : input;
  return normalizeAxis(normalizeAxis(map, 'destination'), 'source');
}
