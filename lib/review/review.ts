// The schema and types of a review: the JSON of `cpanel-edge review --format json`, which judging fills and printers
// read. This file may not know how a review is computed or laid out. Printers read these types alone.

import { z } from 'zod';
import { JSON_SCHEMA } from '../problems/print-json';
import { ShapeValue, describeCount, toJsonSchema, describeText, describeTexts } from '../report/schema-shapes';

const remarkShape = {
  code: describeText('Stable: never reused, never renamed. A program may compare it.'),
  where: describeText('The device, owner, mapping, address or plan that it is about, in words.'),
  what: describeText('The mistake, and why it is one.'),
  instead: describeText('The remedy; empty if there is none.'),
};

const stoodSchema = z.exactOptional(
  z
    .boolean()
    .describe(
      'Whether it existed before the change in every possible state of the devices; absent if that is not known, or not asked.',
    ),
);

const writtenSchema = z.exactOptional(
  describeText(
    'The line of the stack that declares it, `stacks/edge.ts:41`, from the project; absent if the plan has no stack beside it.',
  ),
);

const reachedSchema = z.exactOptional(
  describeText('The other line: of the mapping if `sourceLine` is the profile’s, or the other way round.'),
);

const objectionSchema = z.strictObject({
  ...remarkShape,
  subject: z.exactOptional(
    describeText(
      'Tells several of one code at one place apart: `from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere`.',
    ),
  ),
  existedBefore: stoodSchema,
  sourceLine: writtenSchema,
  relatedSourceLine: reachedSchema,
});

const evidenceSchema = z
  .enum(['generated config', 'generated config + captured config', 'running config'])
  .describe('The text that the answer rests on.');

const changeSchema = z.strictObject({
  kind: z
    .enum(['opened', 'closed', 'moved', 'identity', 'unknown'])
    .describe(
      'opened, closed; moved: allowed before and after, with another destination host or port; identity: allowed before and after, with another translated source; unknown: undecided before or after.',
    ),
  scope: z
    .enum(['end to end', 'one device'])
    .describe('Whether gateway and server were composed, or one device was evaluated alone.'),
  device: describeText(
    'The device and its owner, `edge1/hosting`; of a change that is end to end, the gateway and its owner.',
  ),
  startLocation: describeText('Where the packets start, `the internet by wan0`.'),
  fromInternet: z.boolean().describe('Whether they come from the internet.'),
  destinations: describeTexts('Addresses, prefixes or ranges as the sender names them; at most 20.'),
  destinationCount: describeCount('How many there are, shown or not.'),
  service: describeText('`tcp 25,465`, `icmp echo-request`, `all protocols`.'),
  sources: describeText('`anywhere`, prefixes, or `anywhere but` prefixes.'),
  unchangedSources: z.exactOptional(
    describeText('Sources among those that `anywhere but` leaves out which are allowed before and after.'),
  ),
  /** `10.0.0.10 of web1`, `the gateway itself`. */
  destinationHost: describeText(
    'The host that they reach after the change; if it closes, before the change. Empty if there are several.',
  ),
  hostBefore: z.exactOptional(describeText('For moved and identity: the host or source before the change.')),
  hostAfter: z.exactOptional(describeText('For moved and identity: the host or source after the change.')),
  /** None for servers, and for changes that no mapping explains. */
  mappings: describeTexts('Names of the mappings that translate to it.'),
  /** `profile cpanel: https (web), from anywhere`. */
  reason: describeText('The part of the intent that opens it, or why it closes.'),
  /** `198.51.100.7 port 40000 to 203.0.113.10 tcp 3306`. */
  examplePacket: describeText('One packet of the change.'),
  decidingLines: z
    .array(
      z.strictObject({
        device: describeText('The device whose text it is.'),
        number: z.int().describe('Of the line in that text, from 1.'),
        text: describeText('The line.'),
      }),
    )
    .describe('Lines that decide for that packet.'),
  evidence: evidenceSchema,
  followsAddressChange: z.exactOptional(
    z.literal(true).describe('Set if the change only follows from a public address that `addresses` lists.'),
  ),
});

const addressChangeSchema = z.strictObject({
  kind: z
    .enum(['added', 'removed', 'reassigned', 'renumbered'])
    .describe(
      'added, removed; reassigned: to another host, or through another gateway; renumbered: the same host has it in place of `formerExternal`.',
    ),
  external: describeText('The public address, or a range of them.'),
  formerExternal: z.exactOptional(describeText('For renumbered: the address that the host had before.')),
  /** `web2 (10.0.0.11)`. */
  hostBefore: z.exactOptional(describeText('The host that it was translated to before; absent if there was none.')),
  hostAfter: z.exactOptional(
    describeText('The host that it is translated to after the change; absent if there is none.'),
  ),
  gatewayBefore: z.exactOptional(describeText('The gateway and owner that had it before.')),
  gatewayAfter: z.exactOptional(describeText('The gateway and owner that has it after the change.')),
  details: describeTexts(
    'The services that open and close with it, and the records to change beside it; of the first 25.',
  ),
});

const deviceSchema = z.strictObject({
  device: describeText('Its name.'),
  owner: describeText('The owner of the release.'),
  role: z
    .enum(['gateway', 'server'])
    .describe('The firewall that owns the public addresses, or a cPanel host behind it.'),
  plan: describeText('The plan that has it.'),
  /** `first release`, `changed`, `same exposure, new program`, `retired: …`. */
  action: describeText('The plan’s action, in words.'),
  before: describeText('The releases that it may run before, if that is uncertain; else empty.'),
  evidence: evidenceSchema,
  sessions: describeText('Whether established sessions on closed ports end.'),
  delivery: describeText('How the delivery activates the release, and rolls back.'),
  settings: z.exactOptional(
    describeTexts(
      'Settings of the delivery that change, `connection.port (port of SSH): 22 → 2222`; of a first release all of them, without former values.',
    ),
  ),
  textDiff: describeTexts(
    'Lines that differ between the two texts, after + or -; at most 200. One that says more of them has neither.',
  ),
});

const lintSchema = z.strictObject({
  ...remarkShape,
  severity: z.enum(['error', 'warning', 'note']).describe('An error is objected to unless it is acknowledged.'),
  page: describeText('The page that explains the rule.'),
  existedBefore: stoodSchema,
  sourceLine: writtenSchema,
  relatedSourceLine: reachedSchema,
  acknowledged: z.exactOptional(
    z
      .strictObject({
        reason: describeText('Why it is accepted.'),
        expires: describeText('The last day on which that counts, YYYY-MM-DD.'),
      })
      .describe('Its acknowledgement in the review rules.'),
  ),
});

const planSchema = z.strictObject({
  name: describeText('The stack or the file.'),
  /** `Terraform 1.11.4`. */
  madeBy: describeText(
    'The program that made it, and its version; `Terraform or OpenTofu` where the plan does not tell which.',
  ),
  command: z.exactOptional(
    describeText(
      'The program that delivers, a path from the folder of the apply; absent if nothing is delivered. If it is not there, CPANEL_EDGE has to name it.',
    ),
  ),
  unmanagedChanged: describeTexts('Addresses of resources of other packages that change.'),
  unmanagedUnchanged: describeCount('How many of them do not change.'),
});

/**
 * The published shape of `cpanel-edge review --format json`: everything that a review says, decided and in words.
 * Printers only lay it out.
 */
export const REVIEW_SHAPE = z.strictObject({
  schema: z.literal(JSON_SCHEMA).describe('The version of this shape.'),
  verdict: z
    .enum(['nothing to object to', 'warnings', 'objections', 'unknown'])
    .describe(
      'unknown wins over objections, they over warnings that the change brings and that are not acknowledged. The exit status is 0, 0, 1 and 3, in this order.',
    ),
  /** `tcp 3306 opens to the internet on 203.0.113.10; 1 objection`. */
  headline: describeText('One line for a person.'),
  counts: z
    .strictObject({
      opened: describeCount('Changes of this kind.'),
      closed: describeCount('Changes of this kind.'),
      moved: describeCount('Changes of this kind.'),
      identity: describeCount('Changes of this kind.'),
      unknown: describeCount('Changes of this kind.'),
      devices: describeCount('Devices that the change touches.'),
      addresses: describeCount('Public addresses whose host changes.'),
    })
    .describe('How many there are of each.'),
  addresses: z
    .array(addressChangeSchema)
    .describe('Public addresses whose host changes, sorted by address; at most 300.'),
  objections: z.array(objectionSchema).describe('Reasons not to apply the plan.'),
  unknown: z.array(z.strictObject(remarkShape)).describe('Undecided questions.'),
  notes: z.array(z.strictObject(remarkShape)).describe('Facts that a reviewer should know.'),
  changes: z.array(changeSchema).describe('Changes of reachability, the worst first.'),
  devices: z.array(deviceSchema).describe('Every device of the plans, changed or not.'),
  findings: z.array(lintSchema).describe('Findings of lint, acknowledged or not.'),
  plans: z.array(planSchema).describe('The plans of the review.'),
  coverage: describeText('The packets that the review covers.'),
  rules: z.exactOptional(
    z
      .strictObject({ name: describeText('The file.'), changes: describeTexts('Differences from the former rules.') })
      .describe('The review rules that were enforced; absent: none were given.'),
  ),
});

export type Review = ShapeValue<typeof REVIEW_SHAPE>;
/** One block of packets that changes, in the words of a network engineer. */
export type Change = Review['changes'][number];
/** A public address whose host changes. */
export type AddressChange = Review['addresses'][number];
export type DeviceReview = Review['devices'][number];
export type LintRemark = Review['findings'][number];
export type Objection = Review['objections'][number];
/** A remark: a stable code, where it is, what is wrong and why, what to do instead. */
export type Remark = Review['notes'][number];

export const createReviewSchema = (): object =>
  toJsonSchema(
    REVIEW_SHAPE,
    `urn:cpanel-edge:review:${JSON_SCHEMA}`,
    'A review of what a Terraform plan opens and closes',
  );
