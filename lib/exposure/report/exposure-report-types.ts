// Types of the exposure report: devices, their sections, and entries with the reachable services.
// `create-exposure-report.ts` creates it, and text, HTML and JSON are printed from it. Also tests whether an entry is
// from outside, and whether it is reachable.

import type { ReachabilityEntry } from '../../reachability/reachability-list';
import type { StartLocation } from '../../net/device';
import type { ShapeValue } from '../../report/schema-shapes';
import type { EXPOSURE_SCHEMA } from './exposure-schema';

type PublishedExposure = ShapeValue<typeof EXPOSURE_SCHEMA>;

export interface ExposureReport extends Omit<PublishedExposure, 'devices'> {
  readonly devices: readonly DeviceReport[];
  /** Lines below the headline. */
  readonly furtherLines: readonly string[];
}
type PublishedSection = PublishedExposure['devices'][number]['sections'][number];
export type DeviceReport = Omit<PublishedExposure['devices'][number], 'sections'> & {
  readonly sections: readonly SectionReport[];
  /** Sentences of `assumed` by which something may be shown too much, while nothing is left out. */
  readonly wideningAssumptions: readonly string[];
  /**
   * Sentences of `wideningAssumptions` that say which interfaces may lead to the internet. If these don't let in the same, this is
   * the first question.
   */
  readonly possibleUplinks: readonly string[];
};
export type SectionReport = Omit<PublishedSection, 'entries'> & {
  readonly entries: readonly EntryReport[];
  readonly hostNames?: HostNames;
};

/** Names of the hosts that packets go through and come to, if these have names of their own. */
export interface HostNames {
  /** Name of the gateway; empty if it is none of ours. */
  readonly gateway: string;
  /** Names of servers, by their addresses. */
  readonly servers: ReadonlyMap<string, string>;
}

/** An entry with the packets that its words describe. */
export type EntryReport = PublishedSection['entries'][number] &
  Pick<ReachabilityEntry, 'packets' | 'families'> & {
    readonly starts: readonly EntryStart[];
    /** Whether `lines` covers every packet that rules may tell apart by the entry's lists. */
    readonly hasAllLines: boolean;
    /** Whether some of it comes to a server past the gateways that are reported end to end. */
    readonly bypassesGateways: boolean;
  };

/** Returns whether an entry comes from the internet. Networks that the owner declared inside don't count. */
export const isFromOutside = ({ starts }: Pick<EntryReport, 'starts'>): boolean =>
  starts.some(({ side }) => side === 'outside');

export const SIDES = ['outside', 'inside', 'self', 'localhost'] as const;
export type StartSide = (typeof SIDES)[number];

/** One start location of an entry. */
export interface EntryStart {
  readonly startLocation: StartLocation;
  readonly side: StartSide;
  /** The interfaces: `eth0`, `eth0, leaving by eth1`. */
  readonly interfaces: string;
}

/** Returns whether anything that was asked for is let through. */
export const isReachable = ({ devices }: ExposureReport): boolean =>
  devices.some(({ sections }) =>
    sections.some(({ entries }) => entries.some(({ disposition }) => disposition === 'allowed')),
  );
