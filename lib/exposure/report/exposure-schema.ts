// Defines the published format of `exposure --format json`, as a zod schema and as JSON Schema.
import { z } from 'zod';
import { describeCount, toJsonSchema, describeText, describeTexts } from '../../report/schema-shapes';

/**
 * The version of this shape. The published schema is docs/reference/schemas/exposure-1.json. A change that programs could notice
 * needs a new version.
 */
const FORMAT_VERSION = 1;

const entrySchema = z.strictObject({
  verdict: z
    .enum(['allowed', 'unknown'])
    .describe('What no entry covers is denied. unknown counts as reachable wherever something is proven.'),
  because: describeText('Why it is unknown; else empty.'),
  outside: z.boolean().describe('Whether packets from the internet may come by one of its vantages.'),
  vantages: describeTexts(
    'Where the packets enter: `the internet by eth0`, `inside by lan0`, `the server itself`, `localhost`.',
  ),
  to: describeTexts(
    'Destinations as the sender names them: addresses, prefixes, `this server` for every address that it has. At most 50.',
  ),
  toCount: describeCount('How many destinations there are, shown or not.'),
  service: describeText('`tcp 25,465`, `icmp echo-request`, `all protocols`.'),
  names: describeTexts('What listens on these ports as a rule.'),
  from: describeText('`anywhere`, prefixes, or `anywhere but` prefixes.'),
  becomes: describeText('Where it ends where that is elsewhere: `10.0.0.10 port 22`. Empty: where it was sent to.'),
  seenAs: describeText('What its source becomes. Empty: it is kept, or the packets come from outside.'),
  witness: describeText('One packet of it.'),
  lines: z
    .array(
      z.strictObject({ number: z.int().describe('Of the line in the text, from 1.'), text: describeText('The line.') }),
    )
    .describe(
      'The lines that decide for it, as far as a dozen packets of it tell; at most 20, of the first 60 entries.',
    ),
});

const sectionSchema = z.strictObject({
  about: z
    .enum(['host', 'through', 'self', 'device', 'end to end'])
    .describe(
      'host: to the addresses of the device itself; through: to others, through it; self: what it sends; device: all that a device of a stack lets through; end to end: its gateways composed with the servers behind them.',
    ),
  title: describeText('In words.'),
  entries: z.array(entrySchema).describe('What passes, each once with the vantages that it holds for.'),
});

const remarkSchema = z.strictObject({
  code: describeText('Stable: never reused, never renamed.'),
  severity: z.enum(['error', 'warning', 'note']).describe('How bad it is.'),
  where: describeText('What it is about.'),
  what: describeText('What is wrong, and why.'),
  instead: describeText('What to do instead.'),
});

const deviceSchema = z.strictObject({
  name: describeText('The file, or the device and its owner.'),
  form: describeText('What it was read as: `nftables`, `nftables of a stack`, …'),
  given: describeTexts('What somebody told of the device.'),
  assumed: describeTexts('What nobody told, and how it is taken: so that nothing open is left out.'),
  limits: describeTexts('What the text cannot say.'),
  leftOut: describeTexts('Lines of the file that are not part of the rules.'),
  sections: z.array(sectionSchema),
  nothing: describeTexts('Where something was asked for and nothing passes: why one packet of it does not.'),
  remarks: z.array(remarkSchema).describe('What is open and rarely should be.'),
});

/** The published shape of `cpanel-edge exposure --format json`. */
export const EXPOSURE_SCHEMA = z.strictObject({
  format: z.literal(FORMAT_VERSION).describe('The version of this shape.'),
  asked: describeText('The filters, in words; empty: everything.'),
  unknown: z.boolean().describe('Whether something that was asked for is unknown.'),
  headline: describeText('The answer in one line.'),
  devices: z.array(deviceSchema).describe('What was read.'),
});

export const createExposureSchema = (): object =>
  toJsonSchema(EXPOSURE_SCHEMA, `urn:cpanel-edge:exposure:${FORMAT_VERSION}`, 'What devices expose');
