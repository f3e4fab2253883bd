// Parses NAT reflection (hairpin NAT) of a mapping or a gateway, with its defaults.

import { Reflection } from '../policy/policy';
import { IntentFields, IntentLocation } from './fields';
import { reflectionSchema } from './intent-schemas';
import { ParsedInterface, resolveInterface } from './interfaces';
import * as say from './problems/gateway-problems';
import * as openings from './problems/service-problems';

/** A reflection with every default chosen. */
export interface ResolvedReflection {
  readonly reflection: Reflection;
  /** Whether the server translates for its own processes. Undefined: it does where its platform can. */
  readonly onServer: boolean | undefined;
}

type ReflectionFields = IntentFields<typeof reflectionSchema>;

/** Returns the interfaces whose hosts reach public addresses by default: neighbours of servers, not guests of a VPN. */
const selectReflectionInterfaces = (interfaces: readonly ParsedInterface[]): readonly string[] =>
  interfaces
    .filter(({ networkInterface }) => networkInterface.role === 'inside' || networkInterface.role === 'dmz')
    .map(({ networkInterface }) => networkInterface.name);

/** Returns the reflection of a mapping without one: cPanel & WHM must reach its own public addresses. */
export const createDefaultReflection = (interfaces: readonly ParsedInterface[]): ResolvedReflection => ({
  reflection: { mode: 'pure-nat', from: selectReflectionInterfaces(interfaces), globalHelper: false },
  onServer: undefined,
});

export function parseReflection(
  fields: ReflectionFields,
  location: IntentLocation,
  interfaces: readonly ParsedInterface[],
): ResolvedReflection | undefined {
  const mode = fields.parseChoice('mode');
  if (mode === undefined) return undefined;
  const isDisabled = mode === 'disabled';
  if (isDisabled && fields.has('from'))
    location.report(
      openings.describeFieldWithoutEffect(fields.getLocation('from').where, 'from', 'a reflection that is disabled'),
    );
  const from = fields.has('from')
    ? parseReflectionInterfaces(fields, location, interfaces)
    : isDisabled
      ? []
      : selectReflectionInterfaces(interfaces);
  const onServer = fields.has('onServer') ? fields.parseOptionalFlag('onServer') : isDisabled ? false : undefined;
  if (isDisabled && fields.has('globalHelper'))
    location.report(
      openings.describeFieldWithoutEffect(
        fields.getLocation('globalHelper').where,
        'globalHelper',
        'a reflection that is disabled',
      ),
    );
  const globalHelper = fields.parseOptionalFlag('globalHelper');
  if (from === undefined || globalHelper === undefined) return undefined;
  return { reflection: { mode, from, globalHelper }, onServer };
}

function parseReflectionInterfaces(
  fields: ReflectionFields,
  location: IntentLocation,
  interfaces: readonly ParsedInterface[],
): readonly string[] | undefined {
  const initialProblemCount = location.problems.length;
  const parseEntry = (entry: unknown, entryLocation: IntentLocation): string | undefined => {
    const networkInterface = resolveInterface(entry, entryLocation, interfaces)?.networkInterface;
    return networkInterface?.role === 'outside'
      ? entryLocation.report(say.describeReflectionOutside(entryLocation.where, networkInterface.name))
      : networkInterface?.name;
  };
  const adviceIfEmpty = "At least one interface; mode: 'disabled' for none.";
  const names = fields.parseEntries('from', 'A list of interfaces', adviceIfEmpty, parseEntry);
  return location.problems.length === initialProblemCount ? [...new Set(names)] : undefined;
}
