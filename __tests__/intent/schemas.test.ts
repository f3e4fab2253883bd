// Compares the schemas of what people write with the interfaces (tsc does), and with what the parsers take of the cases.

import Ajv2020 from 'ajv/dist/2020';
import { z } from 'zod';
import type { CpanelFirewallProfileProps } from '../../constructs/cpanel-firewall-profile';
import type { CpanelServerAttributes, CpanelServerProps } from '../../constructs/cpanel-server';
import type { DefaultsProps } from '../../constructs/defaults';
import type { GatewayProps } from '../../constructs/gateway';
import type { NatReflectionProps } from '../../constructs/nat-reflection';
import type { OneToOneNatProps } from '../../constructs/one-to-one-nat';
import type { PublishOptions } from '../../constructs/publish';
import type { RemovedOwnersProps } from '../../constructs/removed-owners';
import type { VirtualIpProps } from '../../constructs/virtual-ip';
import type { DeliveredServerIntent } from '../../lib/intent/delivered-server';
import type * as intent from '../../lib/intent/intent';
import type { FactsIntent } from '../../lib/intent/facts-intent';
import * as schemas from '../../lib/intent/intent-schemas';
import { platforms } from '../../lib/registry';
import { drawCases } from '../randomly';
import { Wish, caseNames, caseWish, compiled, concerns } from '../support';

/**
 * Returns a type without `readonly`, without suggestions for editors (`string & {}`) and without `undefined` of
 * optional members.
 */
type Plain<T> = T extends string
  ? string extends T
    ? string
    : T
  : T extends readonly (infer Entry)[]
    ? Plain<Entry>[]
    : T extends object
      ? {
          -readonly [Key in keyof T as [Exclude<T[Key], undefined>] extends [never] ? never : Key]: Plain<
            Exclude<T[Key], undefined>
          >;
        }
      : T;
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Returns the keys whose fields differ, optional ones included. */
type DifferingKeys<A, B> = {
  [Key in keyof A | keyof B]-?: Key extends keyof A & keyof B
    ? IsSame<Pick<A, Key>, Pick<B, Key>> extends true
      ? never
      : Key
    : Key;
}[keyof A | keyof B];
/** True if a schema takes exactly what an interface has. */
type Matches<Schema extends z.ZodType, Interface> = IsSame<
  DifferingKeys<Plain<z.input<Schema>>, Plain<Interface>>,
  never
>;
/** Returns all keys of a type, of every member if it is a union. */
type KeysOf<T> = T extends unknown ? keyof T : never;
/** True if the props of a construct have the keys of these schemas, and no other. */
type HasKeys<Props, Shape> = IsSame<KeysOf<Props>, KeysOf<Shape>>;

type Device = typeof schemas.deviceConstructSchema.shape;
type Connection = typeof schemas.connectionSchema;

// The compiler compares: a line that isn't true doesn't compile.
const SAME_TYPES: readonly true[] = [
  true satisfies Matches<typeof schemas.gatewaySchema, intent.GatewayIntent>,
  true satisfies Matches<typeof schemas.serverSchema, intent.ServerIntent>,
  true satisfies Matches<typeof schemas.profileSchema, intent.CpanelFirewallProfileIntent>,
  true satisfies Matches<typeof schemas.mappingSchema, intent.OneToOneNatIntent>,
  true satisfies Matches<typeof schemas.virtualIpSchema, intent.VirtualIpIntent>,
  true satisfies Matches<typeof schemas.natReflectionSchema, intent.NatReflectionIntent>,
  true satisfies Matches<typeof schemas.factsSchema, FactsIntent>,
  true satisfies Matches<typeof schemas.deliveredServerSchema, DeliveredServerIntent>,
  true satisfies Matches<typeof schemas.removedOwnersSchema, RemovedOwnersProps>,
  // A jump host is a connection again; this schema ends the recursion of the type.
  true satisfies IsSame<Plain<Omit<z.input<Connection>, 'jump'>>, Plain<Omit<intent.ConnectionIntent, 'jump'>>>,
  true satisfies HasKeys<intent.ConnectionIntent, Connection['shape']>,
  true satisfies HasKeys<DefaultsProps, typeof schemas.defaultsSchema.shape>,
  true satisfies HasKeys<GatewayProps, typeof schemas.gatewaySchema.shape & Device>,
  true satisfies HasKeys<CpanelServerProps, typeof schemas.serverSchema.shape & Device & { profile: never }>,
  true satisfies HasKeys<CpanelServerAttributes, typeof schemas.deliveredServerSchema.shape & { profile: never }>,
  true satisfies HasKeys<CpanelFirewallProfileProps, typeof schemas.profileSchema.shape>,
  true satisfies HasKeys<OneToOneNatProps, typeof schemas.mappingSchema.shape & { gateway: never }>,
  true satisfies HasKeys<VirtualIpProps, typeof schemas.virtualIpSchema.shape & { gateway: never }>,
  true satisfies HasKeys<NatReflectionProps, typeof schemas.natReflectionSchema.shape & { gateway: never }>,
  true satisfies HasKeys<PublishOptions, typeof schemas.publishOptionsSchema.shape>,
];

const OF_PLATFORM = { owner: true, platform: true, version: true } as const;
const wishSchema = z.strictObject({
  gateway: schemas.gatewaySchema
    .omit(OF_PLATFORM)
    .extend({
      virtualIps: z.array(schemas.virtualIpSchema).optional(),
      mappings: z.array(schemas.mappingSchema).optional(),
      reflections: z.array(schemas.natReflectionSchema).optional(),
    })
    .optional(),
  servers: z.array(schemas.serverSchema.omit(OF_PLATFORM).extend({ profile: schemas.profileSchema })).optional(),
});
const isValidJson = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  z.toJSONSchema(wishSchema, { target: 'draft-2020-12', io: 'input' }),
);

/** Returns whether the parsers of every platform accept the intent. */
function isParsed(wish: Wish): boolean {
  try {
    return (Object.keys(platforms) as (keyof typeof platforms)[])
      .filter((id) => concerns(wish, id))
      .every((id) => compiled(wish, id).problems.length === 0);
  } catch {
    // The harness itself reads the lists of parts, and accepts nothing else there.
    return false;
  }
}

/** Returns why the schemas refuse the intent. */
function explainRefusal(wish: unknown): string | undefined {
  const parsed = wishSchema.safeParse(wish);
  if (!parsed.success) return `zod: ${z.prettifyError(parsed.error)}`;
  return isValidJson(wish) ? undefined : `JSON schema: ${JSON.stringify(isValidJson.errors)}`;
}

type Path = readonly (string | number)[];

const listPaths = (value: unknown, path: Path = []): readonly Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [
        path,
        ...Object.entries(value).flatMap(([key, inner]) =>
          listPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
        ),
      ];

function replaceAt(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = replaceAt(copy[key], rest, replacement);
  return copy;
}

const OTHER_VALUES: readonly unknown[] = [
  ...[null, true, {}, [], [null], { zz: 1 }, '', 'x y', 'anywhere', 'none', ['10.0.0.9'], 'x'.repeat(20_000)],
  ...[0, -1, 1, 1.5, 22, '22', '22/tcp', [22, '23'], 31, 32, 33, 255, 256, 65_535, 65_536, 1e12],
];

const names = caseNames();

test('the types agree', () => expect(SAME_TYPES.every((isSame) => isSame)).toBe(true));

test.each(names)('%s: zod, the JSON schema and the parsers agree', (name) => {
  const wish = caseWish(name);
  const isAccepted = isParsed(wish);
  expect(isAccepted).toBe(!name.startsWith('refused/'));
  if (isAccepted) expect(explainRefusal(wish)).toBeUndefined();
});

test('zod and the JSON schema accept any value that the parsers accept', () => {
  const changes = names.flatMap((name) => {
    const wish = caseWish(name);
    // The first key is the harness' own.
    const paths = listPaths(wish).filter((path) => path.length > 1);
    return paths.flatMap((path) => OTHER_VALUES.map((value) => ({ name, wish, path, value })));
  });
  const refused = drawCases(changes, 1500).flatMap(({ name, wish, path, value }) => {
    const changed = replaceAt(wish, path, value) as Wish;
    const reason = explainRefusal(changed);
    return reason === undefined || !isParsed(changed)
      ? []
      : [`${name} ${path.join('.')} = ${JSON.stringify(value).slice(0, 40)}: ${reason}`];
  });
  expect(refused).toEqual([]);
});
