import type { ReachabilityEntry } from '../../reachability/reachability-list';
import type { StartLocation } from '../../net/device';
import type { ShapeValue } from '../../report/schema-shapes';
import type { EXPOSURE_SCHEMA } from './exposure-schema';

type PublishedExposure = ShapeValue<typeof EXPOSURE_SCHEMA>;
export const EXPOSURE_FORMAT: PublishedExposure['format'] = 1;

export interface ExposureReport extends Omit<PublishedExposure, 'devices'> {
  readonly devices: readonly DeviceReport[];
}
type PublishedSection = PublishedExposure['devices'][number]['sections'][number];
export type DeviceReport = Omit<PublishedExposure['devices'][number], 'sections'> & {
  readonly sections: readonly SectionReport[];
  /** Those of `assumed` by which something may be shown too much, and nothing is left out. */
  readonly supposed: readonly string[];
  /** Those of `supposed` that say which interfaces may lead to the internet: that is what to ask first where they don't let in the same. */
  readonly perhapsUplinks: readonly string[];
};
export type SectionReport = Omit<PublishedSection, 'entries'> & {
  readonly entries: readonly EntryReport[];
  readonly places?: HostNames;
};

/** What packets go through and come to, where that has names of its own. */
export interface HostNames {
  /** Empty: nothing of ours. */
  readonly gateway: string;
  /** By their addresses. */
  readonly servers: ReadonlyMap<string, string>;
}

/** With what its words say. */
export type EntryReport = PublishedSection['entries'][number] &
  Pick<ReachabilityEntry, 'packets' | 'families'> & {
    readonly ways: readonly EntryStart[];
    /** Whether every packet was asked that rules may tell apart by its lists. */
    readonly allLines: boolean;
    /** Whether some of it comes to a server past the gateways that are told end to end. */
    readonly pastGateways: boolean;
  };

/** What its owner told to be inside doesn't come from the internet. */
export const isFromOutside = ({ ways }: Pick<EntryReport, 'ways'>): boolean =>
  ways.some(({ side }) => side === 'outside');

export const SIDES = ['outside', 'inside', 'self', 'localhost'] as const;
export type StartSide = (typeof SIDES)[number];

/** One of its vantages. */
export interface EntryStart {
  readonly vantage: StartLocation;
  readonly side: StartSide;
  /** `eth0`, `eth0, leaving by eth1`. */
  readonly by: string;
}

/** Whether anything of what was asked for is let through. */
export const isReachable = ({ devices }: ExposureReport): boolean =>
  devices.some(({ sections }) => sections.some(({ entries }) => entries.some(({ verdict }) => verdict === 'allowed')));
