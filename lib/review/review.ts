import { Severity } from '../lint/rule';

/** The version of this shape; the published schema is docs/schemas/review-1.json. A change that readers could notice makes a new one. */
export const REVIEW_FORMAT = 1;

/** Everything that a review says, decided and in words. Printers only lay it out; `--json` is this object. */
export interface Review {
  readonly format: typeof REVIEW_FORMAT;
  /** `unknown` wins over `objections`, they over `warnings`: the change brings some that nobody has acknowledged. Exit status 3, 1, 0 and 0. */
  readonly verdict: 'nothing to object to' | 'warnings' | 'objections' | 'unknown';
  /** One line for a reviewer: `tcp 3306 opens to the internet on 203.0.113.10; 1 objection`. */
  readonly headline: string;
  readonly counts: Readonly<Record<Change['kind'], number>> & { readonly devices: number };
  /** What the change must not be applied with. Every one has a code. */
  readonly objections: readonly Remark[];
  /** What could not be decided. */
  readonly unknown: readonly Remark[];
  /** What a reviewer should know, and that nobody objects to: a first release, program-only, foreign resources, acknowledged lint. */
  readonly notes: readonly Remark[];
  /** What changes for whom, the worst first: end to end where servers are known, per public address and vantage. */
  readonly changes: readonly Change[];
  /** Every device of the plans, changed or not. */
  readonly devices: readonly DeviceReview[];
  /** Every lint finding, acknowledged or not. */
  readonly lint: readonly LintRemark[];
  readonly plans: readonly PlanRemark[];
  /** What the proof is about, in one sentence. */
  readonly universe: string;
  /** The review policy that was enforced, and what changed in it; undefined: none was given. */
  readonly policy?: { readonly name: string; readonly changed: readonly string[] };
}

/** A thing to say: a stable code, where, what is wrong and why, what to do instead (empty for notes). */
export interface Remark {
  readonly code: string;
  readonly where: string;
  readonly what: string;
  readonly instead: string;
}

/** One block of packets that changes, in the words of a network engineer. */
export interface Change {
  /**
   * `opened`, `closed`; `moved`: allowed before and after, but it reaches another host or port; `identity`: allowed before and after, but
   * seen as another source (what the server is seen as outside, what it sees of its clients); `unknown`: undecided before or after.
   */
  readonly kind: 'opened' | 'closed' | 'moved' | 'identity' | 'unknown';
  /** Whether gateway and server were composed, or only one device's word stands. */
  readonly proof: 'end to end' | 'one device';
  /** `device/owner` whose change it is; for end to end the gateway's. */
  readonly device: string;
  /** `the internet by wan0`, `inside by lan0`, `the device itself`. */
  readonly vantage: string;
  /** Whether that vantage is outside: the internet. */
  readonly outside: boolean;
  /** Prefixes, ranges or `any IPv4`: at most 20 of them, and how many there are. */
  readonly destinations: readonly string[];
  readonly destinationCount: number;
  /** `tcp 25,465`, `icmp echo-request`, `all protocols`. */
  readonly service: string;
  /** Who: `anywhere`, prefixes, or `anywhere but …`. */
  readonly sources: string;
  /** What it reaches after the change (before it, for what closes): `10.0.0.10 of web1`, `the gateway itself`. Empty where it is several. */
  readonly reaches: string;
  /** For `moved` and `identity`: what it was and what it becomes. */
  readonly from?: string;
  readonly to?: string;
  /** Names of the mappings that lead there; empty for servers and for what is nobody's. */
  readonly mappings: readonly string[];
  /** Which wish opens it, or why it closes: `profile cpanel: https (web), from anywhere`. */
  readonly reason: string;
  /** One packet of it: `198.51.100.7 port 40000 to 203.0.113.10 tcp 3306`. */
  readonly witness: string;
  /** The lines of the text that decide for the witness, by device. */
  readonly lines: readonly { readonly device: string; readonly number: number; readonly text: string }[];
  readonly evidence: 'own text' | 'own text + captured surroundings' | 'read from the device';
}

export interface DeviceReview {
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  readonly plan: string;
  /** In words: `first release`, `changed`, `same exposure, new program`, `retired: …`. */
  readonly action: string;
  /** What it may run before, where that isn't sure: `an apply failed: it runs the newest applied release or the tainted one`. */
  readonly before: string;
  readonly evidence: Change['evidence'];
  /** What becomes of sessions on what closes. */
  readonly sessions: string;
  /** How it changes over: the platform's transition and undo, in words. */
  readonly delivery: string;
  /** Lines that differ between the two texts; at most 200, prefixed `+`, `-`. */
  readonly textDiff: readonly string[];
}

export interface LintRemark extends Remark {
  readonly severity: Severity;
  /** Where the rule is explained. */
  readonly page: string;
  readonly acknowledged?: { readonly reason: string; readonly expires: string };
}

export interface PlanRemark {
  readonly name: string;
  readonly terraformVersion: string;
  readonly foreignChanged: readonly string[];
  readonly foreignUnchanged: number;
}
