// Types of the functions by which the driver verifies what a device runs, and of the device's facts that they need.
// The caller passes the functions in: the driver doesn't know the verifier.

import { Release } from '../lib/agent-protocol/release';
import { DeviceVerification } from '../lib/verifier/verify-device';
import { CpanelNat } from './cpanel-nat';
import { CpanelRules } from './cpanel-rules';

/** Facts of the device besides its rules. */
export interface LiveFacts {
  /** Output of `ip -o addr show`. */
  readonly addresses: string;
  /** Output of `ip -o link show`. */
  readonly links: string;
  /** Output of `ip -o route show table all`, both families, without the kernel's own entries. */
  readonly routes: string;
  readonly forwarding: { readonly ip: boolean; readonly ip6: boolean };
  /**
   * Tables that the listed rules don't show. Beside nft's rules, tables of iptables-legacy: family, table, and number
   * of rules or `unknown`. Beside those of iptables, tables of nft: `nft`, family, table.
   */
  readonly legacyTables: readonly string[];
  /** Version output of the program that has the rules: `nft --version`. */
  readonly version: string;
  /**
   * The platform in whose form the rules were listed; undefined if the agent doesn't report it (before protocol 11, and
   * on pfSense).
   */
  readonly platform?: string | undefined;
  /** Undefined without cPanel, if it isn't known, and if the agent is too old to report it. */
  readonly cpanelRules?: CpanelRules;
  /** Undefined in the same cases. */
  readonly cpanelNat?: CpanelNat;
}

/** Verifies the rules that a device runs against the release's policy. `ruleset` is its whole live configuration. */
export type VerifyRelease = (release: Release, ruleset: string, facts: LiveFacts) => DeviceVerification;

/** Returns the text that a device loads if it can't load the release; '' for a platform that loads its rules itself. */
export type RenderClosedText = (release: Release) => string;

/** Compares the facts that synthesis assumed with the device's own, before anything is loaded. */
export type CompareFacts = (release: Release, facts: LiveFacts) => DeviceVerification;
