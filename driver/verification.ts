import { Release } from '../lib/agent-protocol/release';
import { DeviceVerification } from '../lib/verifier/verify-device';
import { CpanelNat } from './cpanel-nat';
import { CpanelRules } from './cpanel-rules';

/** What was read on the device besides its rules. */
export interface LiveFacts {
  /** As `ip -o addr show` prints it. */
  readonly addresses: string;
  /** As `ip -o link show` prints it. */
  readonly links: string;
  /** As `ip -o route show table all` prints it, both families, without the kernel's own entries. */
  readonly routes: string;
  readonly forwarding: { readonly ip: boolean; readonly ip6: boolean };
  /**
   * What the rules that were read don't show. Beside nft's, tables of iptables-legacy: family, table, and number of rules or `unknown`; beside those
   * of iptables, tables of nft: `nft`, family, table.
   */
  readonly legacyTables: readonly string[];
  /** As the program prints it that has the rules: `nft --version`. */
  readonly version: string;
  /** The platform in whose form the rules were read; undefined where the program doesn't say it (before protocol 11, and on pfSense). */
  readonly platform?: string | undefined;
  /** Undefined where there is no cPanel, where it isn't known, and where the program is too old to say it. */
  readonly cpanelRules?: CpanelRules;
  /** Likewise. */
  readonly cpanelNat?: CpanelNat;
}

/** Compares what a device runs with what the release's policy asks for. `ruleset` is its live configuration, whole. */
export type VerifyRelease = (release: Release, ruleset: string, facts: LiveFacts) => DeviceVerification;

/** What a device loads where it can't load the release; '' for a platform that loads its rules itself. */
export type RenderClosedText = (release: Release) => string;

/** Compares the facts that synthesis rested on with the device's own, before anything is loaded. */
export type CompareFacts = (release: Release, facts: LiveFacts) => DeviceVerification;
