// Defines the published format of `exposure --format json`, as a zod schema and as JSON Schema.
import { z } from 'zod';
import { JSON_SCHEMA } from '../../problems/print-json';
import { ANSWERS } from './answers';
import { describeCount, toJsonSchema, describeText, describeTexts } from '../../report/schema-shapes';

const entrySchema = z.strictObject({
  disposition: z
    .enum(['allowed', 'unknown'])
    .describe('Packets that no entry covers are denied. unknown counts as reachable wherever something is proven.'),
  reason: describeText('The reason if it is unknown; else empty.'),
  except: describeText(
    'Why some clients may be kept out although it is allowed: a limit, or a list whose members are not known; else empty.',
  ),
  fromInternet: z.boolean().describe('Whether packets from the internet may come by one of its start locations.'),
  startLocations: describeTexts(
    'Where the packets enter: `the internet by eth0`, `inside by lan0`, `the server itself`, `localhost`.',
  ),
  destinations: describeTexts(
    'Destinations as the sender names them: addresses, prefixes, `this server` for every address that it has. At most 50.',
  ),
  destinationCount: describeCount('How many destinations there are, shown or not.'),
  service: describeText('`tcp 25,465`, `icmp echo-request`, `all protocols`.'),
  serviceNames: describeTexts('Services that usually listen on these ports.'),
  sources: describeText('`anywhere`, prefixes, or `anywhere but` prefixes.'),
  translatedDestination: describeText('The translated destination: `10.0.0.10 port 22`. Empty: it is not translated.'),
  translatedSource: describeText(
    'The translated source. Empty: it is not translated, or the packets come from outside.',
  ),
  examplePacket: describeText('One packet of the entry.'),
  decidingLines: z
    .array(
      z.strictObject({
        file: describeText('The file of the line; empty if the text is of one file.'),
        number: z.int().describe('Of the line in its file, from 1.'),
        text: describeText('The line.'),
      }),
    )
    .describe('Lines that decide for it, found with a dozen packets; at most 20, of the first 60 entries.'),
});

const sectionSchema = z.strictObject({
  scope: z
    .enum(['host', 'through', 'self', 'device', 'end to end'])
    .describe(
      'host: to the addresses of the device itself; through: to others, through it; self: what it sends; device: all that a device of a stack lets through; end to end: its gateways composed with the servers behind them.',
    ),
  title: describeText('The heading of the section.'),
  entries: z.array(entrySchema).describe('Allowed and unknown packets, each once with its start locations.'),
});

const remarkSchema = z.strictObject({
  code: describeText('Stable: never reused, never renamed.'),
  severity: z.enum(['error', 'warning', 'note']).describe('How bad it is.'),
  where: describeText('The place that it is about.'),
  what: describeText('The mistake, and why it is one.'),
  instead: describeText('The remedy.'),
});

const deviceSchema = z.strictObject({
  name: describeText('The file, or the device and its owner.'),
  format: describeText('The format that was recognized: `nftables`, `nftables of a stack`, …'),
  knownFacts: describeTexts('Facts of the device that were given.'),
  assumptions: describeTexts('Assumptions for facts that were not given. They leave out nothing that is open.'),
  limits: describeTexts('Limits of the text.'),
  ignoredLines: describeTexts('Lines of the file that are not part of the rules.'),
  sections: z.array(sectionSchema),
  deniedReasons: describeTexts('With filters and without entries: why an example packet is denied.'),
  findings: z.array(remarkSchema).describe('Open services that should rarely be open.'),
});

const answerSchema = z.strictObject({
  device: describeText('The file, or the device and its owner.'),
  answer: z
    .enum(ANSWERS)
    .describe(
      'yes: some of it is open to any address; cannotTell: it may be; only: it is open to the addresses of the clause; no: it is closed.',
    ),
  clause: describeText('By which address, to where it is translated, and which line decides.'),
  line: describeText('The question with its answer.'),
  furtherLines: describeTexts('Addresses with another answer, then what comes from inside and goes to other hosts.'),
});

/** The published shape of `cpanel-edge exposure --format json`. */
export const EXPOSURE_SCHEMA = z.strictObject({
  schema: z.literal(JSON_SCHEMA).describe('The version of this shape.'),
  filters: describeText('The filters, in words; empty: everything.'),
  unknown: z.boolean().describe('Whether something that was asked for is unknown.'),
  headline: describeText('The answer in one line.'),
  answer: z
    .enum([...ANSWERS, 'notAsked'])
    .describe('The answer to a question (--service, --port, --from or --to), the worst of all devices first.'),
  answers: z.array(answerSchema).describe('The answer of each device, the worst first; empty without a question.'),
  devices: z.array(deviceSchema).describe('The devices of the sources.'),
});

export const createExposureSchema = (): object =>
  toJsonSchema(EXPOSURE_SCHEMA, `urn:cpanel-edge:exposure:${JSON_SCHEMA}`, 'The exposure of devices');
