import { Reflection } from '../policy/policy';
import { Fields, Place, entriesOf } from './fields';
import { KnownInterface, knownInterfaceOf } from './interfaces';
import * as say from './problems/gateway';
import * as openings from './problems/openings';

/** A reflection complete, and whether the server itself gets it: undefined where it does that can. */
export interface SettledReflection {
  readonly reflection: Reflection;
  readonly onServer: boolean | undefined;
}

const MODES = ['nat-proxy', 'pure-nat', 'disabled', 'system-default'] as const;

/** Whose hosts reach public addresses when nobody says it: neighbours of servers, not guests of a VPN. */
const reflectedFrom = (interfaces: readonly KnownInterface[]): readonly string[] =>
  interfaces.filter(({ has }) => has.role === 'inside' || has.role === 'dmz').map(({ has }) => has.name);

/** What a mapping has that says nothing: cPanel & WHM must reach its own public addresses. */
export const defaultReflection = (interfaces: readonly KnownInterface[]): SettledReflection => ({
  reflection: { mode: 'pure-nat', from: reflectedFrom(interfaces), globalHelper: false },
  onServer: undefined,
});

export function reflectionOf(
  fields: Fields,
  place: Place,
  interfaces: readonly KnownInterface[],
): SettledReflection | undefined {
  const mode = fields.choice('mode', MODES);
  if (mode === undefined) return undefined;
  const disabled = mode === 'disabled';
  if (disabled && fields.has('from'))
    place.add(openings.withoutEffect(fields.at('from').where, 'from', 'a reflection that is disabled'));
  const from = fields.has('from')
    ? fromOf(fields.raw('from'), fields.at('from'), interfaces)
    : disabled
      ? []
      : reflectedFrom(interfaces);
  const onServer = fields.has('onServer') || disabled ? fields.flag('onServer', false) : undefined;
  if (disabled && fields.has('globalHelper'))
    place.add(openings.withoutEffect(fields.at('globalHelper').where, 'globalHelper', 'a reflection that is disabled'));
  const globalHelper = fields.flag('globalHelper', false);
  if (from === undefined || globalHelper === undefined) return undefined;
  return { reflection: { mode, from, globalHelper }, onServer };
}

function fromOf(value: unknown, place: Place, interfaces: readonly KnownInterface[]): readonly string[] | undefined {
  const before = place.problems.length;
  const read = (entry: unknown, at: Place): string | undefined => {
    const found = knownInterfaceOf(entry, at, interfaces)?.has;
    return found?.role === 'outside' ? at.add(say.reflectionOutside(at.where, found.name)) : found?.name;
  };
  const none = "At least one interface; mode: 'disabled' for none.";
  const names = entriesOf(value, place, 'A list of interfaces', none, read, 256);
  return place.problems.length === before ? [...new Set(names)] : undefined;
}
