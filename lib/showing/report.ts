import { z } from 'zod';
import { Entry } from '../exposure/listing';
import { Vantage } from '../net/device';
import { Told, count, schemaOf, text, texts } from '../printing/described';

/** The version of this shape; the published schema is docs/schemas/exposure-1.json. A change that readers could notice makes a new one. */
export const EXPOSURE_FORMAT = 1;

const entry = z.strictObject({
  verdict: z
    .enum(['allowed', 'unknown'])
    .describe('What no entry covers is denied. unknown counts as reachable wherever something is proven.'),
  because: text('Why it is unknown; else empty.'),
  outside: z.boolean().describe('Whether packets from the internet may come by one of its vantages.'),
  vantages: texts('Where the packets enter: `the internet by eth0`, `inside by lan0`, `the server itself`, `localhost`.'),
  to: texts('Destinations as the sender names them: addresses, prefixes, `this server` for every address that it has. At most 50.'),
  toCount: count('How many destinations there are, shown or not.'),
  service: text('`tcp 25,465`, `icmp echo-request`, `all protocols`.'),
  names: texts('What listens on these ports as a rule.'),
  from: text('`anywhere`, prefixes, or `anywhere but` prefixes.'),
  becomes: text('Where it ends where that is elsewhere: `10.0.0.10 port 22`. Empty: where it was sent to.'),
  seenAs: text('What its source becomes. Empty: it is kept, or the packets come from outside.'),
  witness: text('One packet of it.'),
  lines: z
    .array(z.strictObject({ number: z.int().describe('Of the line in the text, from 1.'), text: text('The line.') }))
    .describe('The lines that decide for it, as far as a dozen packets of it tell; at most 20, of the first 60 entries.'),
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
  format: z.literal(EXPOSURE_FORMAT).describe('The version of this shape.'),
  asked: text('The filters, in words; empty: everything.'),
  unknown: z.boolean().describe('Whether something that was asked for is unknown.'),
  headline: text('The answer in one line.'),
  devices: z.array(device).describe('What was read.'),
});

type Published = Told<typeof EXPOSURE_SHAPE>;
export interface ExposureReport extends Omit<Published, 'devices'> {
  readonly devices: readonly DeviceReport[];
}
type PublishedSection = Published['devices'][number]['sections'][number];
export type DeviceReport = Omit<Published['devices'][number], 'sections'> & {
  readonly sections: readonly SectionReport[];
  /** Those of `assumed` by which something may be shown too much, and nothing is left out. */
  readonly supposed: readonly string[];
  /** Those of `supposed` that say which interfaces may lead to the internet: that is what to ask first where they don't let in the same. */
  readonly perhapsUplinks: readonly string[];
};
export type SectionReport = Omit<PublishedSection, 'entries'> & { readonly entries: readonly EntryReport[]; readonly places?: Places };

/** What packets go through and come to, where that has names of its own. */
export interface Places {
  /** Empty: nothing of ours. */
  readonly gateway: string;
  /** By their addresses. */
  readonly servers: ReadonlyMap<string, string>;
}

/** With what its words say. */
export type EntryReport = PublishedSection['entries'][number] &
  Pick<Entry, 'packets' | 'families'> & {
    readonly ways: readonly Way[];
    /** Whether every packet was asked that rules may tell apart by its lists. */
    readonly allLines: boolean;
    /** Whether some of it comes to a server past the gateways that are told end to end. */
    readonly pastGateways: boolean;
  };

/** What its owner told to be inside doesn't come from the internet. */
export const isFromOutside = ({ ways }: Pick<EntryReport, 'ways'>): boolean => ways.some(({ side }) => side === 'outside');

export const SIDES = ['outside', 'inside', 'self', 'localhost'] as const;
export type Side = (typeof SIDES)[number];

/** One of its vantages. */
export interface Way {
  readonly vantage: Vantage;
  readonly side: Side;
  /** `eth0`, `eth0, leaving by eth1`. */
  readonly by: string;
}

/** Whether anything of what was asked for is let through. */
export const isReachable = ({ devices }: ExposureReport): boolean =>
  devices.some(({ sections }) => sections.some(({ entries }) => entries.some(({ verdict }) => verdict === 'allowed')));

export const exposureSchema = (): object => schemaOf(EXPOSURE_SHAPE, `urn:cpanel-edge:exposure:${EXPOSURE_FORMAT}`, 'What devices expose');
