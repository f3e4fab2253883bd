// The shape of a review: the JSON of `cpanel-edge review --format json` and the types that judging fills. This file may
// not know how a review is computed or laid out. Printers read these types alone.

import { z } from 'zod';
import { ShapeValue, describeCount, toJsonSchema, describeText, describeTexts } from '../report/schema-shapes';

/**
 * The version of this shape. The published schema is docs/reference/schemas/review-1.json. A change that readers could notice
 * makes a new version.
 */
export const REVIEW_FORMAT = 1;

const remarkShape = {
  code: describeText('Stable: never reused, never renamed. A program may compare it.'),
  where: describeText('The device, owner, mapping, address or plan that it is about, in words.'),
  what: describeText('What is wrong, and why, in words.'),
  instead: describeText('What to do instead, in words; empty where there is nothing to do.'),
};

const stoodSchema = z.exactOptional(
  z
    .boolean()
    .describe(
      'Whether it was there before the change, whatever state the devices were in; absent where that is not known, or not asked.',
    ),
);

const writtenSchema = z.exactOptional(
  describeText(
    'The line that wrote what it is about, `stacks/edge.ts:41` from the project; absent where the plan has no stack with it.',
  ),
);

const reachedSchema = z.exactOptional(
  describeText(
    'The other line that it takes: of the mapping where `written` is the profile that it opens, or the other way round.',
  ),
);

const objectionSchema = z.strictObject({
  ...remarkShape,
  about: z.exactOptional(
    describeText(
      'Which one it is where several of a code stand at one place, `from the internet by wan0: 203.0.113.10 tcp 3306 from anywhere`.',
    ),
  ),
  stood: stoodSchema,
  written: writtenSchema,
  reached: reachedSchema,
});

const evidenceSchema = z
  .enum(['own text', 'own text + captured surroundings', 'read from the device'])
  .describe('What the answer was read from.');

const changeSchema = z.strictObject({
  kind: z
    .enum(['opened', 'closed', 'moved', 'identity', 'unknown'])
    .describe(
      'opened, closed; moved: allowed before and after, but it reaches another host or port; identity: allowed before and after, but seen as another source; unknown: undecided before or after.',
    ),
  proof: z
    .enum(['end to end', 'one device'])
    .describe('Whether gateway and server were composed, or one device was read alone.'),
  device: describeText(
    'The device and its owner, `edge1/hosting`; of a change that is end to end, the gateway and its owner.',
  ),
  vantage: describeText('Where the packets enter, `the internet by wan0`.'),
  outside: z.boolean().describe('Whether they come from the internet.'),
  destinations: describeTexts('Addresses, prefixes or ranges as the sender names them; at most 20.'),
  destinationCount: describeCount('How many there are, shown or not.'),
  service: describeText('`tcp 25,465`, `icmp echo-request`, `all protocols`.'),
  sources: describeText('`anywhere`, prefixes, or `anywhere but` prefixes.'),
  already: z.exactOptional(
    describeText(
      'Of those that `anywhere but` leaves out: who has it before and after. What opens was open to them, what closes stays so.',
    ),
  ),
  /** `10.0.0.10 of web1`, `the gateway itself`. */
  reaches: describeText('What they reach after the change; for what closes, before it. Empty where it is several.'),
  from: z.exactOptional(describeText('For moved and identity: what it was.')),
  to: z.exactOptional(describeText('For moved and identity: what it becomes.')),
  /** None for servers, and for changes that no mapping explains. */
  mappings: describeTexts('Names of the mappings that lead there.'),
  /** `profile cpanel: https (web), from anywhere`. */
  reason: describeText('The wish that opens it, or why it closes.'),
  /** `198.51.100.7 port 40000 to 203.0.113.10 tcp 3306`. */
  witness: describeText('One packet of it.'),
  lines: z
    .array(
      z.strictObject({
        device: describeText('Whose text it is.'),
        number: z.int().describe('Of the line in that text, from 1.'),
        text: describeText('The line.'),
      }),
    )
    .describe('The lines that decide for that packet.'),
  evidence: evidenceSchema,
});

const deviceSchema = z.strictObject({
  device: describeText('Its name.'),
  owner: describeText('Whose release on that device.'),
  role: z
    .enum(['gateway', 'server'])
    .describe('The firewall that owns the public addresses, or a cPanel host behind it.'),
  plan: describeText('The plan it is in.'),
  /** `first release`, `changed`, `same exposure, new program`, `retired: …`. */
  action: describeText('What the plan does with it, in words.'),
  before: describeText('What it may run before, where that is not sure; else empty.'),
  evidence: evidenceSchema,
  sessions: describeText('What becomes of sessions on what closes.'),
  delivery: describeText('How it changes over, and how it goes back.'),
  settings: z.exactOptional(
    describeTexts(
      'Parts of its delivery that are no rules and change, `connection.port (port of SSH): 22 → 2222`; of a first release all of them, without the value of before.',
    ),
  ),
  textDiff: describeTexts(
    'Lines that differ between the two texts, after + or -; at most 200. One that says more of them has neither.',
  ),
});

const lintSchema = z.strictObject({
  ...remarkShape,
  severity: z.enum(['error', 'warning', 'note']).describe('An error is objected to unless it is acknowledged.'),
  page: describeText('Where the rule is explained.'),
  stood: stoodSchema,
  written: writtenSchema,
  reached: reachedSchema,
  acknowledged: z.exactOptional(
    z
      .strictObject({
        reason: describeText('Why it is accepted.'),
        expires: describeText('The last day on which that counts, YYYY-MM-DD.'),
      })
      .describe('By whom looked at it, in the review rules.'),
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
      'The program that delivers, a path from the folder in which the plan is applied; absent where nothing is delivered. Where it is not there, CPANEL_EDGE has to name it.',
    ),
  ),
  foreignChanged: describeTexts('Resources that are not of this package and change, by address.'),
  foreignUnchanged: describeCount('How many of them do not change.'),
});

/**
 * The published shape of `cpanel-edge review --format json`: everything that a review says, decided and in words.
 * Printers only lay it out.
 */
export const REVIEW_SHAPE = z.strictObject({
  format: z.literal(REVIEW_FORMAT).describe('The version of this shape.'),
  verdict: z
    .enum(['nothing to object to', 'warnings', 'objections', 'unknown'])
    .describe(
      'unknown wins over objections, they over warnings that the change brings and nobody has acknowledged. The exit status is 0, 0, 1 and 3, in this order.',
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
    })
    .describe('How many there are of each.'),
  objections: z.array(objectionSchema).describe('Why this must not be applied.'),
  unknown: z.array(z.strictObject(remarkShape)).describe('What could not be decided.'),
  notes: z.array(z.strictObject(remarkShape)).describe('What a reviewer should know, and nobody objects to.'),
  changes: z.array(changeSchema).describe('What changes for whom, the worst first.'),
  devices: z.array(deviceSchema).describe('Every device of the plans, changed or not.'),
  lint: z.array(lintSchema).describe('Every finding, acknowledged or not.'),
  plans: z.array(planSchema).describe('What was read.'),
  universe: describeText('Which packets the answers are about.'),
  policy: z.exactOptional(
    z
      .strictObject({ name: describeText('The file.'), changed: describeTexts('How it differs from the one before.') })
      .describe('The review rules that were enforced; absent: none were given.'),
  ),
});

export type Review = ShapeValue<typeof REVIEW_SHAPE>;
/** One block of packets that changes, in the words of a network engineer. */
export type Change = Review['changes'][number];
export type DeviceReview = Review['devices'][number];
export type LintRemark = Review['lint'][number];
export type Objection = Review['objections'][number];
/** A remark: a stable code, where it is, what is wrong and why, what to do instead. */
export type Remark = Review['notes'][number];

export const createReviewSchema = (): object =>
  toJsonSchema(
    REVIEW_SHAPE,
    `urn:cpanel-edge:review:${REVIEW_FORMAT}`,
    'A review of what a Terraform plan opens and closes',
  );
