import type { Entry } from '../../reachability/listing';
import type { Vantage } from '../../net/device';
import type { Told } from '../../report/described';
import type { EXPOSURE_SHAPE } from './shape';

type Published = Told<typeof EXPOSURE_SHAPE>;
export const EXPOSURE_FORMAT: Published['format'] = 1;

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
export type SectionReport = Omit<PublishedSection, 'entries'> & {
  readonly entries: readonly EntryReport[];
  readonly places?: Places;
};

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
export const isFromOutside = ({ ways }: Pick<EntryReport, 'ways'>): boolean =>
  ways.some(({ side }) => side === 'outside');

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
