import { Address } from '../net/address';
import { Vantage } from '../net/device';
import { Interned, Pairs } from '../net/interned';
import { PacketMap } from '../net/packet-map';

/**
 * What becomes of the first packet of a connection. What a map doesn't hold is denied, so the zero value denies.
 * `unknown` is never shown as safe. Values are interned: two equal ones are one object.
 */
export type Verdict = { readonly is: 'allowed' } | { readonly is: 'unknown'; readonly because: string };

/** How one field of the header leaves the device: as it came, moved by a distance, or set to one address. */
export type Rewrite =
  | { readonly is: 'kept' }
  | { readonly is: 'moved'; readonly by: bigint }
  | { readonly is: 'set'; readonly to: Address }
  /** Rewritten to something that the reader can't name (a pool, a helper, an interface without a known address). */
  | { readonly is: 'unclear'; readonly because: string };

/** What an allowed packet is when it leaves: to whom and as what. Interned. */
export interface Translation {
  readonly destination: Rewrite;
  /** A number when a port forward sets it. */
  readonly port: 'kept' | number;
  readonly source: Rewrite;
  /** `free` when the device is told to choose another (random flags, a range of ports). A plain masquerade keeps it unless it is taken. */
  readonly sourcePort: 'kept' | 'free';
}

/** All packets that enter at one vantage. `translations` is defined wherever `verdicts` is. */
export interface View {
  readonly vantage: Vantage;
  readonly verdicts: PacketMap<Verdict>;
  readonly translations: PacketMap<Translation>;
  /**
   * The same without what becomes of sources, where a reader knows that by itself: of hosts that are each translated both ways there are as
   * many of these as hosts, and of both together the square of that.
   */
  readonly ending?: PacketMap<Translation>;
}

/** Where packets end that a view lets through, whatever they are seen as. */
export const endingOf = (view: View): PacketMap<Translation> => view.ending ?? withoutSources(view.translations);

export const withoutSources = (map: PacketMap<Translation>): PacketMap<Translation> =>
  map.map(({ destination, port }) => translation({ destination, port }));

/** The relation from the first packet of a connection to its outcome, on one device. */
export interface Exposure {
  readonly views: readonly View[];
}

export const ALLOWED: Verdict = Object.freeze({ is: 'allowed' });
const unknowns = new Interned<string, Verdict>();
export const unknown = (because: string): Verdict =>
  unknowns.of(because, () => Object.freeze({ is: 'unknown', because }));

export const KEPT: Rewrite = Object.freeze({ is: 'kept' });
const moves = new Interned<bigint, Rewrite>();
export const moved = (by: bigint): Rewrite =>
  by === 0n ? KEPT : moves.of(by, () => Object.freeze({ is: 'moved', by }));
const targets = new Interned<Address, Rewrite>();
export const set = (to: Address): Rewrite => targets.of(to, () => Object.freeze({ is: 'set', to }));
const reasons = new Interned<string, Rewrite>();
export const unclear = (because: string): Rewrite =>
  reasons.of(because, () => Object.freeze({ is: 'unclear', because }));

const translations = new Pairs<Rewrite, Rewrite, Map<string, Translation>>();

export function translation(parts: Partial<Translation> = {}): Translation {
  const { destination = KEPT, port = 'kept', source = KEPT, sourcePort = 'kept' } = parts;
  const byPorts = translations.of(destination, source, () => new Map());
  const ports = `${port} ${sourcePort}`;
  let found = byPorts.get(ports);
  if (!found) byPorts.set(ports, (found = Object.freeze({ destination, port, source, sourcePort })));
  return found;
}

export const UNTRANSLATED: Translation = translation();

/**
 * The one form in which translations compare: `set` becomes `moved` wherever the field it sets is a single address,
 * and a move by nothing is `kept`. Every reader and every meaning ends with this.
 */
export function canonicalTranslations(map: PacketMap<Translation>): PacketMap<Translation> {
  const settled = (rewrite: Rewrite, from: bigint): Rewrite =>
    rewrite.is === 'set' ? moved(rewrite.to - from) : rewrite;
  const along = (all: PacketMap<Translation>, axis: 'destination' | 'source'): PacketMap<Translation> =>
    all.values.some((value) => value[axis].is === 'set')
      ? all.mapAlong(axis, (value, range) =>
          value[axis].is === 'set' && range.first === range.last
            ? translation({ ...value, [axis]: settled(value[axis], range.first) })
            : value,
        )
      : all;
  return along(along(map, 'destination'), 'source');
}
