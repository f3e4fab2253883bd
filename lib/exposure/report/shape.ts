import { z } from 'zod';
import { count, schemaOf, text, texts } from '../../report/described';

/** The version of this shape; the published schema is docs/schemas/exposure-1.json. A change that readers could notice makes a new one. */
const FORMAT = 1;

const entry = z.strictObject({
  verdict: z
    .enum(['allowed', 'unknown'])
    .describe('What no entry covers is denied. unknown counts as reachable wherever something is proven.'),
  because: text('Why it is unknown; else empty.'),
  outside: z.boolean().describe('Whether packets from the internet may come by one of its vantages.'),
  vantages: texts(
    'Where the packets enter: `the internet by eth0`, `inside by lan0`, `the server itself`, `localhost`.',
  ),
  to: texts(
    'Destinations as the sender names them: addresses, prefixes, `this server` for every address that it has. At most 50.',
  ),
  toCount: count('How many destinations there are, shown or not.'),
  service: text('`tcp 25,465`, `icmp echo-request`, `all protocols`.'),
  names: texts('What listens on these ports as a rule.'),
  from: text('`anywhere`, prefixes, or `anywhere but` prefixes.'),
  becomes: text('Where it ends where that is elsewhere: `10.0.0.10 port 22`. Empty: where it was sent to.'),
  seenAs: text('What its source becomes. Empty: it is kept, or the packets come from outside.'),
  witness: text('One packet of it.'),
  lines: z
    .array(z.strictObject({ number: z.int().describe('Of the line in the text, from 1.'), text: text('The line.') }))
    .describe(
      'The lines that decide for it, as far as a dozen packets of it tell; at most 20, of the first 60 entries.',
    ),
});

const section = z.strictObject({
  about: z
    .enum(['host', 'through', 'self', 'device', 'end to end'])
    .describe(
      'host: to the addresses of the device itself; through: to others, through it; self: what it sends; device: all that a device of a stack lets through; end to end: its gateways composed with the servers behind them.',
    ),
  title: text('In words.'),
  entries: z.array(entry).describe('What passes, each once with the vantages that it holds for.'),
});

const remark = z.strictObject({
  code: text('Stable: never reused, never renamed.'),
  severity: z.enum(['error', 'warning', 'note']).describe('How bad it is.'),
  where: text('What it is about.'),
  what: text('What is wrong, and why.'),
  instead: text('What to do instead.'),
});

const device = z.strictObject({
  name: text('The file, or the device and its owner.'),
  form: text('What it was read as: `nftables`, `nftables of a stack`, …'),
  given: texts('What somebody told of the device.'),
  assumed: texts('What nobody told, and how it is taken: so that nothing open is left out.'),
  limits: texts('What the text cannot say.'),
  leftOut: texts('Lines of the file that are not part of the rules.'),
  sections: z.array(section),
  nothing: texts('Where something was asked for and nothing passes: why one packet of it does not.'),
  remarks: z.array(remark).describe('What is open and rarely should be.'),
});

/** The published shape of `cpanel-edge exposure --format json`. */
export const EXPOSURE_SHAPE = z.strictObject({
  format: z.literal(FORMAT).describe('The version of this shape.'),
  asked: text('The filters, in words; empty: everything.'),
  unknown: z.boolean().describe('Whether something that was asked for is unknown.'),
  headline: text('The answer in one line.'),
  devices: z.array(device).describe('What was read.'),
});

export const exposureSchema = (): object =>
  schemaOf(EXPOSURE_SHAPE, `urn:cpanel-edge:exposure:${FORMAT}`, 'What devices expose');
